/** Before a bid: what it takes to win, what a bid would lead to, and why one's own wins what it wins. */
import { Type, type Static } from 'typebox';
import { Exact, Instant, Money, Nullable, OneOf, Tonnes } from './common.ts';

/** What a bid would lead to if it came now, or why it would be refused. Promises nothing. */
export const BidPreview = Exact({
  taken: Type.Boolean(),
  /** Why not. */
  code: Nullable(Type.String()),
  /** What would be taken. */
  accepted: Type.Record(Type.String(), Type.String()),
  rank: Nullable(Type.Integer()),
  allocated: Nullable(Tonnes),
  /** Per tonne, if bidding ended then; null: it would win nothing, or nobody can know. */
  price: Nullable(Money),
  /** Of all it would win. */
  cost: Nullable(Money),
  /** What must be set aside before it counts. */
  securityRequired: Money,
  /** Of a reverse auction: what it is ranked by. */
  score: Nullable(Type.String()),
  closesAt: Instant,
  /** False where rivals have hidden maxima or instructions that may answer. */
  certain: Type.Boolean(),
});
export type BidPreview = Static<typeof BidPreview>;

/** Why the caller's standing bid wins what it wins. */
export const BidExplanation = Exact({
  code: OneOf([
    'wins_all',
    'wins_the_rest',
    'wins_a_share',
    'insists_on_more',
    'price_below_margin',
    'larger_bid_first',
    'earlier_bid_first',
    'share_rounds_to_nothing',
  ] as const),
  allocated: Tonnes,
  /** What it would win if it insisted on nothing. */
  offered: Tonnes,
  /** The price at which somebody below it wins, when it wins nothing. */
  wonBelowAt: Nullable(Money),
});

export const BidOutlook = Exact({
  /** Lowest (in buying: highest) price that would win `quantity` now; null: none would, or it is not told. */
  priceToWin: Nullable(Money),
  /** Of the price asked about; null: no price was given, or bidders are not to see each other. */
  preview: Nullable(BidPreview),
  explanation: Nullable(BidExplanation),
  seq: Type.Integer(),
  serverTime: Instant,
});
export type BidOutlook = Static<typeof BidOutlook>;
