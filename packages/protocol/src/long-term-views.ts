/** What a long-term contract shows: its months, call-offs, and what was fulfilled. Masses in tonnes. */
import { Type, type Static } from 'typebox';
import { Currency, Day, Exact, Id, Instant, Money, Nullable, OneOf, SignedMoney, Tonnes } from './common.ts';

export const Month = Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])$', description: 'Calendar month' });
const Side = OneOf(['seller', 'buyer']);
const Party = Exact({ id: Id, name: Type.String(), nameZh: Nullable(Type.String()) });
/** Percent with two digits, rounded down: what is below the line never reads as on it. */
const Percent = Type.String({ pattern: '^\\d{1,6}\\.\\d{2}$' });

export const CALL_OFF_STATES = [
  'requested',
  'confirmed',
  'open',
  'closed',
  'declined',
  'withdrawn',
  'lapsed',
] as const;
export type CallOffState = (typeof CALL_OFF_STATES)[number];

export const CallOffView = Exact({
  id: Id,
  n: Type.Integer(),
  month: Month,
  quantity: Tonnes,
  windowFrom: Day,
  windowTo: Day,
  state: OneOf(CALL_OFF_STATES),
  requestedAt: Instant,
  answerBy: Instant,
  /** Null while unanswered, and where silence answered. */
  answeredAt: Nullable(Instant),
  bySilence: Type.Boolean(),
  reason: Nullable(Type.String()),
  pricePerTonne: Nullable(Money),
  /** Index values the price was fixed by; before that, the ones it waits for, without a value. */
  inputs: Type.Array(
    Exact({
      name: Type.String(),
      seriesId: Type.String(),
      month: Month,
      version: Nullable(Type.Integer()),
      value: Nullable(Type.String()),
    }),
  ),
  lifted: Tonnes,
  notSupplied: Tonnes,
  notSuppliedReason: Nullable(Type.String()),
  /** How far its money has come; null before it has a delivery. */
  settlement: Nullable(Type.String()),
});
export type CallOffView = Static<typeof CallOffView>;

/** `met`, `short`: of what has ended; `behind`, `on_track`: as it stands; `ahead`: has not begun; `none`: nothing due. */
export const FULFILMENT_LEVELS = ['met', 'short', 'behind', 'on_track', 'ahead', 'none'] as const;
export type FulfilmentLevel = (typeof FULFILMENT_LEVELS)[number];

export const PeriodView = Exact({
  kind: OneOf(['month', 'quarter', 'year']),
  period: Type.String(),
  contracted: Tonnes,
  excused: Tonnes,
  delivered: Tonnes,
  /** Delivered of what was due. */
  percent: Nullable(Percent),
  /** What each side fulfilled of it: the rest is its own shortfall. Null while nobody is short yet. */
  sellerPercent: Nullable(Percent),
  buyerPercent: Nullable(Percent),
  /** The share either side must fulfil. */
  least: Percent,
  sellerShort: Tonnes,
  buyerShort: Tonnes,
  /** Null until it is assessed. */
  sellerOwes: Nullable(Money),
  buyerOwes: Nullable(Money),
  assessedAt: Nullable(Instant),
  level: OneOf(FULFILMENT_LEVELS),
});
export type PeriodView = Static<typeof PeriodView>;

export const LongTermMonth = Exact({
  ...PeriodView.properties,
  /** As signed, before any move between months. */
  signed: Tonnes,
  calledOff: Tonnes,
  /** What can be called off now. */
  remaining: Tonnes,
});
export type LongTermMonth = Static<typeof LongTermMonth>;

export const MonthMoveView = Exact({
  id: Id,
  side: Side,
  fromMonth: Month,
  toMonth: Month,
  quantity: Tonnes,
  reason: Type.String(),
  state: OneOf(['proposed', 'agreed', 'rejected', 'withdrawn', 'lapsed']),
  proposedAt: Instant,
});

export const ForceMajeureView = Exact({
  id: Id,
  side: Side,
  month: Month,
  quantity: Tonnes,
  reason: Type.String(),
  state: OneOf(['declared', 'accepted', 'contested', 'refused']),
  declaredAt: Instant,
});

export const ShortfallView = Exact({
  id: Id,
  kind: OneOf(['month', 'quarter', 'year']),
  period: Type.String(),
  side: Side,
  amount: Money,
  state: OneOf(['noticed', 'objected', 'owed', 'waived']),
  noticedAt: Instant,
  objectBy: Instant,
  objection: Nullable(Type.String()),
  decided: Nullable(Money),
  decision: Nullable(Type.String()),
});
export type ShortfallView = Static<typeof ShortfallView>;

export const TrueUpView = Exact({
  id: Id,
  callOff: Type.Integer(),
  seriesId: Type.String(),
  month: Month,
  version: Type.Integer(),
  fromPrice: Money,
  toPrice: Money,
  /** Positive: the buyer owes; null until the final invoice. */
  amount: Nullable(SignedMoney),
});

export const ObligationView = Exact({
  id: Id,
  contractId: Id,
  kind: OneOf([
    'shortfall',
    'true_up',
    'over_release',
    'transit_loss',
    'demurrage',
    'fulfilment',
    'umpire_cost',
    'compensation',
    'final_balance',
  ]),
  debtor: Party,
  creditor: Party,
  currency: Currency,
  amount: Money,
  dueAt: Instant,
  paidAt: Nullable(Instant),
  mine: Nullable(OneOf(['debtor', 'creditor'])),
});
export type ObligationView = Static<typeof ObligationView>;

export const LongTermSummary = Exact({
  contractId: Id,
  number: Type.String(),
  seller: Party,
  buyer: Party,
  mine: Nullable(Side),
  state: OneOf(['running', 'closed']),
  total: Tonnes,
  delivered: Tonnes,
  /** The month, quarter and year that run, or the last ones. */
  now: Type.Array(PeriodView),
  /** What waits for somebody: unanswered call-offs, open proposals, objections, overdue sums. */
  waiting: Exact({
    answers: Type.Integer(),
    prices: Type.Integer(),
    disputes: Type.Integer(),
    overdue: Type.Integer(),
  }),
  behind: Type.Boolean(),
});
export type LongTermSummary = Static<typeof LongTermSummary>;

export const LongTermView = Exact({
  ...LongTermSummary.properties,
  currency: Currency,
  calledOff: Tonnes,
  today: Day,
  /** First day a call-off made today may begin on. */
  earliest: Day,
  rules: Exact({
    window: OneOf(['month', 'rolling']),
    nominationDays: Type.Integer(),
    answerDays: Type.Integer(),
    silence: OneOf(['confirms', 'declines']),
    carryOver: OneOf(['none', 'quarter', 'contract']),
    shortfallPerTonne: Money,
    objectionDays: Type.Integer(),
  }),
  price: Exact({
    kind: OneOf(['fixed', 'steps', 'formula']),
    base: Money,
    steps: Type.Array(Exact({ from: Month, pricePerTonne: Money })),
    expression: Nullable(Type.String()),
    lagMonths: Nullable(Type.Integer()),
    series: Type.Array(
      Exact({ name: Type.String(), seriesId: Type.String(), title: Type.String(), unit: Type.String() }),
    ),
  }),
  months: Type.Array(LongTermMonth),
  periods: Type.Array(PeriodView),
  callOffs: Type.Array(CallOffView),
  moves: Type.Array(MonthMoveView),
  forceMajeure: Type.Array(ForceMajeureView),
  shortfalls: Type.Array(ShortfallView),
  trueUps: Type.Array(TrueUpView),
  obligations: Type.Array(ObligationView),
});
export type LongTermView = Static<typeof LongTermView>;

export const IndexSeriesView = Exact({
  id: Type.String(),
  title: Type.String(),
  unit: Type.String(),
  source: Type.String(),
  months: Type.Integer(),
  latest: Nullable(Exact({ month: Month, value: Type.String(), version: Type.Integer(), publishedOn: Day })),
});
export type IndexSeriesView = Static<typeof IndexSeriesView>;

export const IndexValueView = Exact({
  month: Month,
  version: Type.Integer(),
  value: Type.String(),
  publishedOn: Day,
  note: Type.String(),
  enteredAt: Instant,
});
export type IndexValueView = Static<typeof IndexValueView>;
