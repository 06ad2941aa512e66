/**
 * What an auction is put up with, by format. `ScheduleAuctionBody` is what its owner writes; `FormatTerms` the
 * same, complete, as everybody reads it. Money is per tonne, masses are tonnes, durations whole seconds.
 *
 * Who sells puts up a lot (`listingId`), who buys a request (`requestId`): the winners of a buyer's auction
 * then sell to its owner.
 */
import { Type, type Static } from 'typebox';
import { afterCloseFields } from './auction-after-close.ts';
import { Exact, Id, Instant, Money, Nullable, OneOf, Tonnes, VISIBILITIES } from './common.ts';

export const AUCTION_FORMATS = [
  'english',
  'clock',
  'dutch',
  'dutch_hybrid',
  'sealed_bid',
  'reverse_rounds',
  'reverse_open',
] as const;
export const AuctionFormat = OneOf(AUCTION_FORMATS);
export type AuctionFormat = (typeof AUCTION_FORMATS)[number];

export const HundredthPercent = Type.String({
  pattern: '^\\d{1,3}(\\.\\d{1,2})?$',
  description: 'Percent, two decimals at most',
});
/** 0.01 to 100, four decimals at most. */
export const Coefficient = Type.String({ pattern: '^\\d{1,3}(\\.\\d{1,4})?$' });
export const Digest = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256, hexadecimal' });
const Seconds = (minimum: number, maximum = 86_400) => Type.Integer({ minimum, maximum });

export const BidSecurityTerms = Type.Union([
  Exact({ mode: Type.Literal('per_tonne'), amountPerTonne: Money }),
  Exact({ mode: Type.Literal('percent_of_start'), percent: HundredthPercent }),
  Exact({ mode: Type.Literal('fixed'), amount: Money }),
]);

const ClockTime = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', description: 'hh:mm' });
const extending = {
  extensionsMax: Type.Integer({ minimum: 0, maximum: 1_000 }),
  /** The close never moves past this long after the planned close. */
  hardEndAfterSeconds: Type.Integer({ minimum: 0, maximum: 604_800 }),
};

/** How bids that change the standing move the close. Without a mode: a window. */
export const SoftCloseTerms = Type.Union([
  Exact({
    mode: Type.Optional(Type.Literal('window')),
    windowSeconds: Type.Integer({ minimum: 0, maximum: 86_400 }),
    extensionSeconds: Type.Integer({ minimum: 0, maximum: 86_400 }),
    ...extending,
  }),
  /** The first bid earns one extension after the planned close, and each bid in it restarts it. */
  Exact({
    mode: Type.Literal('phase'),
    extensionSeconds: Type.Integer({ minimum: 1, maximum: 86_400 }),
    ...extending,
  }),
  /** The auction ends when no bid has come for so long. */
  Exact({
    mode: Type.Literal('cooloff'),
    quietSeconds: Type.Integer({ minimum: 1, maximum: 86_400 }),
    /** Local times of an offset from UTC; without a morning the stop is the end. */
    dailyStop: Type.Optional(
      Exact({
        stop: ClockTime,
        resume: Type.Optional(ClockTime),
        utcOffset: Type.String({ pattern: '^[+-](0\\d|1[0-4]):[0-5]\\d$' }),
      }),
    ),
    ...extending,
  }),
  Exact({ mode: Type.Literal('none') }),
]);
export type SoftCloseTerms = Static<typeof SoftCloseTerms>;

/** From `from` on a bid rises by `increment`. */
export const IncrementBand = Exact({ from: Money, increment: Money });

/** Of pure carbon 7,800 kcal/kg or 32,800 J/g. */
const CALORIFIC_MAX = 50_000;

/** The least by which an offer must improve. */
export const DecrementTerms = Type.Union([
  Exact({ mode: Type.Literal('absolute'), amount: Money }),
  Exact({ mode: Type.Literal('percent'), percent: HundredthPercent }),
]);

/** What a buyer ranks offers by; less is better. */
export const ScoringTerms = Type.Union([
  Exact({ mode: Type.Literal('price') }),
  /** (price + freight) × reference ÷ calorific value + expected penalties. */
  Exact({
    mode: Type.Literal('energy'),
    calorificReference: Type.Integer({ minimum: 1, maximum: CALORIFIC_MAX }),
    calorificMinimum: Type.Integer({ minimum: 1, maximum: CALORIFIC_MAX }),
    unit: OneOf(['kcal_per_kg', 'j_per_g'] as const),
    basis: OneOf(['gar', 'nar', 'adb', 'db', 'daf'] as const),
  }),
  /** price ÷ coefficient + addition. */
  Exact({
    mode: Type.Literal('mixed'),
    coefficientMinimum: Coefficient,
    coefficientMaximum: Coefficient,
  }),
]);
export type ScoringTerms = Static<typeof ScoringTerms>;

/** What an offer declares besides its price, by the auction's scoring. By price alone: nothing. */
export const OfferMerit = Type.Union([
  Exact({
    mode: Type.Literal('energy'),
    calorificValue: Type.Integer({ minimum: 1, maximum: CALORIFIC_MAX }),
    freight: Money,
    expectedPenalties: Money,
  }),
  Exact({ mode: Type.Literal('mixed'), coefficient: Coefficient, addition: Money }),
]);
export type OfferMerit = Static<typeof OfferMerit>;

/** Best first, each what it offers; or fixed shares of the whole by rank. */
export const AwardTerms = Type.Union([
  Exact({ mode: Type.Literal('quantity') }),
  Exact({
    mode: Type.Literal('shares'),
    percents: Type.Array(HundredthPercent, { minItems: 1, maxItems: 9 }),
  }),
]);
/** Prices below it are not taken for meant: refused, or taken and looked at. */
export const FloorTerms = Exact({ price: Money, below: OneOf(['refuse', 'flag'] as const) });

export const SecrecyTerms = Type.Union([
  /** A digest now, the bid itself in the opening, from each bidder. */
  Exact({ mode: Type.Literal('commit_reveal') }),
  /** Bids are encrypted to a key whose private half is in two parts, the owner's and the exchange's. */
  Exact({
    mode: Type.Literal('split_key'),
    publicKey: Type.String({ minLength: 1, maxLength: 2_048 }),
    ownerShareDigest: Digest,
    exchangeShareDigest: Digest,
  }),
]);

const Listed = { listingId: Id };
const Requested = {
  requestId: Id,
  /** Of the request's outstanding quantity; absent: all. */
  quantity: Type.Optional(Tonnes),
};

const common = {
  /** Where bidding begins: the lowest price of a rising auction, the ceiling of a falling one. */
  startingPrice: Money,
  /** Smallest price step per tonne; default 1.00. */
  tickSize: Type.Optional(Money),
  /** Quantity step; default 50 t. */
  lotSize: Type.Optional(Tonnes),
  /** Absent: opens at once. */
  opensAt: Type.Optional(Instant),
  bidSecurity: BidSecurityTerms,
  /** Fewer bidders bound at the close leave it unsold; default 1. */
  minimumBidders: Type.Optional(Type.Integer({ minimum: 1, maximum: 9 })),
  /** Companies of the owner's own group: they may not bid. */
  excludedIds: Type.Optional(Type.Array(Id, { maxItems: 100, uniqueItems: true })),
  ...afterCloseFields,
};
const partial = { minimumBidQuantity: Type.Optional(Tonnes) };
const masked = { visibility: Type.Optional(OneOf(VISIBILITIES)) };

const PRICINGS = ['pay_as_bid', 'uniform', 'uniform_highest_rejected'] as const;
const MARGINS = ['time', 'pro_rata'] as const;
const PROXIES = ['none', 'threshold', 'stepped'] as const;
const LEADS = ['least', 'increment'] as const;
const RESERVES = ['open', 'hidden'] as const;
const DUTCH_PRICINGS = ['pay_as_accepted', 'uniform_last'] as const;
const SEALED_PRICINGS = ['pay_as_bid', 'uniform'] as const;

export const ScheduleEnglish = Exact({
  format: Type.Optional(Type.Literal('english')),
  ...Listed,
  ...common,
  ...partial,
  ...masked,
  closesAt: Instant,
  softClose: SoftCloseTerms,
  bidIncrement: Money,
  /** Larger increments from certain prices on, rising. */
  incrementBands: Type.Optional(Type.Array(IncrementBand, { maxItems: 20 })),
  maximumIncrement: Type.Optional(Money),
  quantityPerBidderMaximum: Type.Optional(Tonnes),
  reservePrice: Type.Optional(Money),
  /** Default: hidden. */
  reserveVisibility: Type.Optional(OneOf(RESERVES)),
  /** Default: pay_as_bid. */
  pricing: Type.Optional(OneOf(PRICINGS)),
  /** Default: time. */
  margin: Type.Optional(OneOf(MARGINS)),
  /** `threshold`: bids are hidden maxima. `stepped`: bidders may leave instructions. Default: none. */
  proxy: Type.Optional(OneOf(PROXIES)),
  proxyLead: Type.Optional(OneOf(LEADS)),
});

/** Ends `roundsMax` rounds after it opens, at the latest. */
export const ScheduleClock = Exact({
  format: Type.Literal('clock'),
  ...Listed,
  ...common,
  ...partial,
  /** What each round adds; the last one repeats. */
  priceIncrements: Type.Array(Money, { minItems: 1, maxItems: 1_000 }),
  roundSeconds: Seconds(1),
  roundsMax: Type.Integer({ minimum: 1, maximum: 1_000 }),
  /** May bidders see what all wanted together in the round before? Default: yes. */
  demandVisible: Type.Optional(Type.Boolean()),
  margin: Type.Optional(OneOf(MARGINS)),
});

/** Ends when all is sold, or after a whole step at the floor. */
export const ScheduleDutch = Exact({
  format: Type.Literal('dutch'),
  ...Listed,
  ...common,
  ...partial,
  floorPrice: Money,
  priceDecrement: Money,
  stepSeconds: Seconds(1),
  /** Default: pay_as_accepted. */
  pricing: Type.Optional(OneOf(DUTCH_PRICINGS)),
});

/** One buyer takes the whole lot. Numbers left out are Prozorro's. */
export const ScheduleDutchHybrid = Exact({
  format: Type.Literal('dutch_hybrid'),
  ...Listed,
  ...common,
  stepPercent: Type.Optional(HundredthPercent),
  floorPercent: Type.Optional(HundredthPercent),
  stepSeconds: Type.Optional(Seconds(1)),
  openingPauseSeconds: Type.Optional(Seconds(0)),
  sealedPauseSeconds: Type.Optional(Seconds(0)),
  sealedSeconds: Type.Optional(Seconds(1)),
  bestBidPauseSeconds: Type.Optional(Seconds(0)),
  bestBidSeconds: Type.Optional(Seconds(1)),
  /** Default: one tick. */
  bestBidIncrement: Type.Optional(Money),
});

const sealed = {
  format: Type.Literal('sealed_bid'),
  closesAt: Instant,
  pricing: Type.Optional(OneOf(SEALED_PRICINGS)),
  secrecy: SecrecyTerms,
  /** How long before the close submission ends and the opening begins. */
  openingSeconds: Seconds(1, 604_800),
  /** Ascending, the last is the whole quantity; default: the whole alone. A bid tells the market its band. */
  quantityBands: Type.Optional(Type.Array(Tonnes, { minItems: 1, maxItems: 8 })),
  /** Share of its security kept from a bidder who leaves its bid shut; default 100. */
  unopenedPenaltyPercent: Type.Optional(HundredthPercent),
  reservePrice: Type.Optional(Money),
};
const buying = {
  /** Default: by price. */
  scoring: Type.Optional(ScoringTerms),
  /** Default: by quantity. */
  award: Type.Optional(AwardTerms),
  floor: Type.Optional(FloorTerms),
  /** Highest price the buyer accepts, hidden; default: the starting price. */
  reservePrice: Type.Optional(Money),
};

export const ScheduleSealedSale = Exact({ ...Listed, ...common, ...partial, ...sealed });
export const ScheduleSealedPurchase = Exact({ ...Requested, ...common, ...partial, ...sealed, ...buying });

/** Entry offers until `startsAt`; then so many rounds as told. Ends when they do. */
export const ScheduleReverseRounds = Exact({
  format: Type.Literal('reverse_rounds'),
  ...Requested,
  ...common,
  ...partial,
  ...buying,
  startsAt: Instant,
  biddersMax: Type.Integer({ minimum: 2, maximum: 100 }),
  rounds: Type.Integer({ minimum: 1, maximum: 10 }),
  firstPauseSeconds: Seconds(0),
  pauseSeconds: Seconds(0),
  turnSeconds: Seconds(1),
  announcementSeconds: Seconds(1),
  /** Least by which a bidder improves its own score in its turn. */
  minimalStep: DecrementTerms,
});

export const ScheduleReverseOpen = Exact({
  format: Type.Literal('reverse_open'),
  ...Requested,
  ...common,
  ...partial,
  ...masked,
  ...buying,
  closesAt: Instant,
  softClose: SoftCloseTerms,
  decrement: DecrementTerms,
});

export const ScheduleAuctionBody = Type.Union([
  ScheduleEnglish,
  ScheduleClock,
  ScheduleDutch,
  ScheduleDutchHybrid,
  ScheduleSealedSale,
  ScheduleSealedPurchase,
  ScheduleReverseRounds,
  ScheduleReverseOpen,
]);
export type ScheduleAuctionBody = Static<typeof ScheduleAuctionBody>;
export type ScheduleEnglish = Static<typeof ScheduleEnglish>;

/** Seconds, with a fraction where terms were not written by hand. */
const Lasting = Type.Number({ minimum: 0 });
const ranking = {
  scoring: ScoringTerms,
  award: AwardTerms,
  /** Below it offers are refused; null: there is none, or it only makes the buyer look twice. */
  floorPrice: Nullable(Money),
};

/** What does not change while an auction of the format runs, beside what all formats have. */
export const FormatTerms = Type.Union([
  Exact({
    format: Type.Literal('english'),
    pricing: OneOf(PRICINGS),
    margin: OneOf(MARGINS),
    proxy: OneOf(PROXIES),
    proxyLead: OneOf(LEADS),
    incrementBands: Nullable(Type.Array(IncrementBand)),
    quantityPerBidderMaximum: Nullable(Tonnes),
  }),
  Exact({
    format: Type.Literal('clock'),
    priceIncrements: Type.Array(Money),
    roundSeconds: Lasting,
    roundsMax: Type.Integer(),
    demandVisible: Type.Boolean(),
    margin: OneOf(MARGINS),
  }),
  Exact({
    format: Type.Literal('dutch'),
    pricing: OneOf(DUTCH_PRICINGS),
    floorPrice: Money,
    priceDecrement: Money,
    stepSeconds: Lasting,
  }),
  Exact({
    format: Type.Literal('dutch_hybrid'),
    stepPercent: HundredthPercent,
    floorPercent: HundredthPercent,
    stepSeconds: Lasting,
    openingPauseSeconds: Lasting,
    sealedPauseSeconds: Lasting,
    sealedSeconds: Lasting,
    bestBidPauseSeconds: Lasting,
    bestBidSeconds: Lasting,
    bestBidIncrement: Money,
  }),
  Exact({
    format: Type.Literal('sealed_bid'),
    pricing: OneOf(SEALED_PRICINGS),
    secrecy: SecrecyTerms,
    openingSeconds: Lasting,
    quantityBands: Type.Array(Tonnes),
    unopenedPenaltyPercent: HundredthPercent,
    ...ranking,
  }),
  Exact({
    format: Type.Literal('reverse_rounds'),
    startsAt: Instant,
    biddersMax: Type.Integer(),
    rounds: Type.Integer(),
    firstPauseSeconds: Lasting,
    pauseSeconds: Lasting,
    turnSeconds: Lasting,
    announcementSeconds: Lasting,
    minimalStep: DecrementTerms,
    ...ranking,
  }),
  Exact({ format: Type.Literal('reverse_open'), decrement: DecrementTerms, ...ranking }),
]);
export type FormatTerms = Static<typeof FormatTerms>;
