/** What an owner may ask for beyond the bidding: a standstill, bidders who wait, a place in a catalogue. */
import { Type } from 'typebox';
import { Exact, Id, Tonnes } from './common.ts';

const NINETY_DAYS = 7_776_000;
const Lasting = (minimum: number) => Type.Integer({ minimum, maximum: NINETY_DAYS });

export const WaitingTerms = Exact({
  /** Next best bidders who keep their security; 0: winners have deadlines, nobody waits. */
  biddersMaximum: Type.Integer({ minimum: 0, maximum: 9 }),
  /** A winner that has not confirmed by then has lapsed. */
  confirmSeconds: Lasting(1),
  /** From the confirmation to the signatures of both parties. */
  signSeconds: Lasting(1),
  /** A waiting bidder may leave so long after the close; absent: not by itself. */
  withdrawAfterSeconds: Type.Optional(Lasting(0)),
});

/** Most that one bidder, or a group of them, may win of a catalogue: so many lots, or so many tonnes. */
export const LotsCapTerms = Type.Union([
  Exact({ unit: Type.Literal('lots'), maximum: Type.Integer({ minimum: 1, maximum: 1_000 }) }),
  Exact({ unit: Type.Literal('quantity'), maximum: Tonnes }),
]);

/** The first lot says what holds for all; those after it name the first. They come in the order they are put up. */
export const CatalogueTerms = Type.Union([
  Exact({
    /** Between the end of one lot and the opening of the next. */
    pauseSeconds: Type.Integer({ minimum: 0, maximum: 604_800 }),
    cap: Type.Optional(LotsCapTerms),
    /** Companies that count as one bidder. */
    groupIds: Type.Optional(Type.Array(Type.Array(Id, { maxItems: 100 }), { maxItems: 100 })),
  }),
  Exact({ firstAuctionId: Id }),
]);

/** Fields of every format's scheduling. */
export const afterCloseFields = {
  /** The award is provisional so long after the close, and complaints are heard. */
  standstillSeconds: Type.Optional(Lasting(1)),
  waiting: Type.Optional(WaitingTerms),
  catalogue: Type.Optional(CatalogueTerms),
};
