/** Private talks between one buyer and one producer, as they travel: words, files, offers, the record. */
import { Type, type Static } from 'typebox';
import { Day, Exact, Id, Instant, Money, Nullable, OneOf, Sha256, Text, Tonnes } from './common.ts';
import { ClauseRedlineView } from './contract-terms.ts';
import { DeliveryTerm, ListingSummary, PartyView, TransportMode } from './listings.ts';
import { CurrencyCode, Decimal } from './quality.ts';

const Side = OneOf(['buyer', 'seller']);
const Bilingual = Exact({ zh: Type.String(), en: Type.String() });

export const NEGOTIATION_STATES = ['open', 'agreed', 'ended'] as const;
export const OFFER_STATES = [
  'proposed',
  'countered',
  'accepted',
  'rejected',
  'expired',
  'withdrawn',
] as const;
export type NegotiationOfferState = (typeof OFFER_STATES)[number];
export const ENTRY_KINDS = [
  'opened',
  'message',
  'attachment',
  'offer',
  'acceptance',
  'rejection',
  'withdrawal',
  'expiry',
  'ended',
] as const;

export const MESSAGE_CHARACTERS_MAX = 4_000;
/** With the third that base64 adds it fits one request. */
export const ATTACHMENT_BYTES_MAX = 4 * 1024 * 1024;
export const ATTACHMENT_TYPES = [
  'application/pdf',
  'image/png',
  'image/jpeg',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'text/csv',
  'text/plain',
] as const;

/** A published number that a formula is computed with, in major units per tonne. */
export const Quotation = Exact({
  index: Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_]{0,39}$' }),
  date: Day,
  value: Decimal,
  /** Where it can be read again. */
  source: Text(120),
});
export type Quotation = Static<typeof Quotation>;

export const OfferPrice = Type.Union([
  Exact({ kind: Type.Literal('fixed'), perTonne: Decimal }),
  Exact({
    kind: Type.Literal('formula'),
    /** In the language of packages/coal; its names are indices with a quotation each. */
    expression: Type.String({ maxLength: 100_000 }),
    quotations: Type.Array(Quotation, { maxItems: 66 }),
  }),
]);

export const OfferTerms = Exact({
  kind: OneOf(['spot', 'long_term']),
  quantity: Decimal,
  /** Percent either way. */
  tolerance: Decimal,
  currency: CurrencyCode,
  price: OfferPrice,
  deliveryTerm: DeliveryTerm,
  /** Null: the lot's own place. */
  deliveryPlaceId: Nullable(Id),
  windowFrom: Day,
  windowTo: Day,
  transport: TransportMode,
  payment: Exact({
    /** Percent of the value, paid into escrow before the coal leaves. */
    provisionalPercent: Decimal,
    provisionalWithinDays: Type.Integer(),
    latePercentPerDay: Decimal,
  }),
  /** A quality clause (packages/coal); null: the standard clause for what the lot promises. */
  quality: Nullable(Type.Object({}, { additionalProperties: true })),
  /** Of a long-term contract; null: equal parts for the months of the window. */
  months: Nullable(Type.Array(Exact({ month: Type.String(), quantity: Decimal }), { maxItems: 36 })),
});
export type OfferTerms = Static<typeof OfferTerms>;

export const NewOffer = Exact({
  terms: OfferTerms,
  /** The very second after which nobody can accept it. */
  validUntil: Instant,
  /** The last offer that its author had before it, of whichever side; null: there is none. */
  answers: Nullable(Sha256),
});
export type NewOffer = Static<typeof NewOffer>;

/** One value that differs from the offer before, in both languages; null where it is not there. */
export const OfferChange = Exact({
  path: Type.String(),
  label: Bilingual,
  from: Nullable(Bilingual),
  to: Nullable(Bilingual),
});
export type OfferChange = Static<typeof OfferChange>;

export const FormulaView = Exact({
  typed: Type.String(),
  /** Canonical text: what is hashed and signed. */
  expression: Type.String(),
  hash: Sha256,
  quotations: Type.Array(Quotation),
});

/** Price against one certified value: straight lines between points, nothing where the coal may be refused. */
export const PayoffCurveView = Exact({
  ruleId: Type.String(),
  label: Bilingual,
  unit: Type.String(),
  reference: Type.String(),
  /** Minor units are already major ones; `start` and `end` are null where there is no price. */
  pieces: Type.Array(
    Exact({
      from: Type.Number(),
      to: Type.Number(),
      start: Nullable(Type.Number()),
      end: Nullable(Type.Number()),
    }),
  ),
});
export type PayoffCurveView = Static<typeof PayoffCurveView>;

export const OfferView = Exact({
  version: Type.Integer(),
  sha256: Sha256,
  side: Side,
  person: Type.String(),
  /** As the clock of the exchange sees it now. */
  state: OneOf(OFFER_STATES),
  createdAt: Instant,
  expiresAt: Instant,
  decidedAt: Nullable(Instant),
  terms: OfferTerms,
  deliveryPlace: PartyName(),
  /** Per tonne: as offered, or what the formula makes of its quotations. */
  price: Money,
  quantity: Tonnes,
  total: Money,
  formula: Nullable(FormulaView),
  /** Against the offer before; empty for the first. */
  changes: Type.Array(OfferChange),
});
export type OfferView = Static<typeof OfferView>;

function PartyName() {
  return Exact({ name: Type.String(), nameZh: Nullable(Type.String()) });
}

export const EntryView = Exact({
  n: Type.Integer(),
  kind: OneOf(ENTRY_KINDS),
  side: Nullable(Side),
  person: Nullable(Type.String()),
  at: Instant,
  /** Of a message, or why an offer was rejected. */
  text: Nullable(Type.String()),
  offerVersion: Nullable(Type.Integer()),
  attachment: Nullable(
    Exact({
      id: Id,
      name: Type.String(),
      mediaType: Type.String(),
      bytes: Type.Integer(),
      sha256: Sha256,
    }),
  ),
  hash: Sha256,
});
export type EntryView = Static<typeof EntryView>;

export const NegotiationSummary = Exact({
  id: Id,
  state: OneOf(NEGOTIATION_STATES),
  /** The caller's side; null for the centre. */
  mine: Nullable(Side),
  buyer: PartyView,
  seller: PartyView,
  listing: ListingSummary,
  requestId: Nullable(Id),
  updatedAt: Instant,
  unread: Type.Integer(),
  /** The last offer, whatever became of it. */
  offer: Nullable(
    Exact({
      version: Type.Integer(),
      side: Side,
      state: OneOf(OFFER_STATES),
      price: Money,
      currency: CurrencyCode,
      quantity: Tonnes,
      expiresAt: Instant,
    }),
  ),
  contractId: Nullable(Id),
  /** Now, on the clock that offers expire by. */
  serverTime: Instant,
});
export type NegotiationSummary = Static<typeof NegotiationSummary>;

export const NegotiationView = Exact({
  ...NegotiationSummary.properties,
  entries: Type.Array(EntryView),
  /** Oldest first. */
  offers: Type.Array(OfferView),
  /** What a first offer would say: the lot, or the answer to the request. */
  startingTerms: OfferTerms,
});
export type NegotiationView = Static<typeof NegotiationView>;

export const OfferPreview = Exact({
  price: Money,
  total: Money,
  formula: Nullable(FormulaView),
  changes: Type.Array(OfferChange),
  redline: Type.Array(ClauseRedlineView),
  curves: Type.Array(PayoffCurveView),
});
export type OfferPreview = Static<typeof OfferPreview>;

/** The talk as it can be shown to others: every entry with the hash that chains it to the one before. */
export const TranscriptView = Exact({
  schema: Type.Literal('seam.negotiation-transcript.1'),
  negotiationId: Id,
  listingId: Id,
  requestId: Nullable(Id),
  buyer: PartyView,
  seller: PartyView,
  entries: Type.Array(
    Exact({
      n: Type.Integer(),
      kind: OneOf(ENTRY_KINDS),
      side: Nullable(Side),
      personId: Nullable(Type.String()),
      person: Nullable(Type.String()),
      at: Instant,
      /** Canonical JSON of what was said, offered or done. */
      body: Type.String(),
      prevHash: Nullable(Sha256),
      hash: Sha256,
    }),
  ),
});
export type TranscriptView = Static<typeof TranscriptView>;
