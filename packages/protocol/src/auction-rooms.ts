/**
 * What happens in an auction, by format, as its frames tell it: `room` is what everybody sees, `my.room` what
 * only its bidder does. Absolute, like all of a frame. What is secret is not there before it is opened, nor is
 * any sign of it: no count, no frame.
 */
import { Type, type Static } from 'typebox';
import { OfferMerit } from './auction-terms.ts';
import { Exact, Instant, Money, Nullable, OneOf, Tonnes } from './common.ts';

export const HYBRID_PHASES = [
  'opening_pause',
  'dutch',
  'sealed_pause',
  'sealed',
  'best_bid_pause',
  'best_bid',
  'ended',
] as const;

/** One bid that stands, best first. `allocated` is what it would win if the auction closed now. */
export const StandingLine = Exact({
  rank: Type.Integer(),
  /** Holds for this auction only, the same for every viewer. */
  bidder: Type.String(),
  price: Money,
  quantity: Tonnes,
  allocated: Tonnes,
  mine: Type.Boolean(),
  /** Of a reverse auction: what the offer is ranked by, major units per tonne, four decimals. */
  score: Type.Optional(Type.String()),
});

const Named = Exact({ bidder: Type.String(), price: Money, mine: Type.Boolean() });

export const OpenedBidLine = Exact({
  bidder: Type.String(),
  price: Money,
  quantity: Tonnes,
  minimumAcceptable: Tonnes,
  merit: Nullable(OfferMerit),
  score: Nullable(Type.String()),
  /** Why it does not count: a fault code, or the reason of its disqualification; null: it counts. */
  excluded: Nullable(Type.String()),
  mine: Type.Boolean(),
});

export const LiveRoom = Type.Union([
  /** All there is to see is the standing. */
  Exact({ format: Type.Literal('english') }),
  Exact({ format: Type.Literal('reverse_open') }),
  Exact({
    format: Type.Literal('clock'),
    /** From 1. */
    round: Type.Integer(),
    price: Money,
    /** Of the next round; null in the last. */
    nextPrice: Nullable(Money),
    endsAt: Instant,
    /** All wanted together in the round before; null in the first, and where it is not shown. */
    demand: Nullable(Tonnes),
    stopped: Type.Boolean(),
  }),
  Exact({
    format: Type.Literal('dutch'),
    /** From 0. */
    step: Type.Integer(),
    price: Money,
    /** When the price falls and to what; null: it will not. */
    endsAt: Nullable(Instant),
    nextPrice: Nullable(Money),
    remaining: Tonnes,
    /** In the order they were made. */
    sales: Type.Array(Exact({ ...Named.properties, quantity: Tonnes })),
  }),
  Exact({
    format: Type.Literal('dutch_hybrid'),
    phase: OneOf(HYBRID_PHASES),
    /** Of the Dutch phase, from 0. */
    step: Type.Integer(),
    price: Money,
    nextPrice: Nullable(Money),
    endsAt: Instant,
    dutchWinner: Nullable(Named),
    /** Null while they are sealed. */
    sealed: Nullable(Type.Array(Named)),
  }),
  Exact({
    format: Type.Literal('sealed_bid'),
    phase: OneOf(['submission', 'opening'] as const),
    /** Of the phase. */
    endsAt: Instant,
    /** Null while bids may still be sealed. */
    sealedCount: Nullable(Type.Integer()),
    /** Whose part of the opening key was given. */
    sharesGiven: Type.Array(OneOf(['owner', 'exchange'] as const)),
    decrypted: Type.Boolean(),
    /** In the order they were opened. */
    opened: Type.Array(OpenedBidLine),
    /** Null before the opening, and where there is none. */
    reservePrice: Nullable(Money),
  }),
  Exact({
    format: Type.Literal('reverse_rounds'),
    phase: OneOf(['entry', 'rounds', 'announcement'] as const),
    /** From 1; null outside the rounds. The standing is empty while the entry is sealed. */
    round: Nullable(Type.Integer()),
    /** Null in a pause. */
    turnOf: Nullable(Type.String()),
    /** Whose turns the round has, the first first. */
    order: Type.Array(Type.String()),
    endsAt: Instant,
  }),
]);
export type LiveRoom = Static<typeof LiveRoom>;

export const MyRoom = Type.Union([
  Exact({
    format: Type.Literal('english'),
    /** The own instruction of a stepped auction. */
    autoBid: Nullable(Exact({ limit: Money, step: Money })),
  }),
  Exact({
    format: Type.Literal('clock'),
    /** In this round; null: nothing yet, and at its end one is out. */
    stated: Nullable(Tonnes),
    /** Most one may state now; "0.000": one has left. */
    quantityMaximum: Tonnes,
  }),
  Exact({
    format: Type.Literal('dutch'),
    bought: Tonnes,
    /** Price of all bought, by each sale's own price. */
    cost: Money,
  }),
  Exact({
    format: Type.Literal('dutch_hybrid'),
    /** Which command the phase takes from this bidder; null: none. */
    command: Nullable(OneOf(['accept_price', 'offer_price'] as const)),
    priceMinimum: Nullable(Money),
    /** Lowest price that wins if nobody follows; null where nobody can know. */
    priceToWin: Nullable(Money),
    isDutchWinner: Type.Boolean(),
    /** The own offer of this phase, or under seal. */
    offered: Nullable(Money),
  }),
  Exact({
    format: Type.Literal('sealed_bid'),
    /** The own sealed bid: evidence for its bidder; null: none. */
    sealed: Nullable(Exact({ seq: Type.Integer(), digest: Type.String(), quantityMaximum: Tonnes })),
    opened: Type.Boolean(),
  }),
  Exact({
    format: Type.Literal('reverse_rounds'),
    /** The own offer of the entry, or published last. */
    entered: Type.Boolean(),
    isMyTurn: Type.Boolean(),
    /** When one's next turn begins, as far as that is known; null: it was the last. */
    nextTurnAt: Nullable(Instant),
    /** Highest price that improves by the least step with the merit of the last offer. */
    priceMaximum: Nullable(Money),
    /** What one has offered in the running turn; nobody else sees it yet. */
    pending: Nullable(Exact({ price: Money, quantity: Tonnes, merit: Nullable(OfferMerit) })),
    /** Of the own last offer. */
    merit: Nullable(OfferMerit),
  }),
  Exact({
    format: Type.Literal('reverse_open'),
    /** Highest price that is taken now with the merit of the own last offer; null: no price would be. */
    priceMaximum: Nullable(Money),
    merit: Nullable(OfferMerit),
  }),
]);
export type MyRoom = Static<typeof MyRoom>;
