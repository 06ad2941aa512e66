/** The bank as the centre's desk sees it: payments, suspense, statements with their proofs, cases, and two-person decisions. */
import { Type, type Static } from 'typebox';
import {
  Currency,
  Day,
  Exact,
  Id,
  IdParams,
  Instant,
  Money,
  Nullable,
  OneOf,
  SignedMoney,
  Text,
} from './common.ts';
import { NullableCaseNote } from './case-notes.ts';
import { type Route, route } from './route.ts';

const AREA = 'settlement';

/** Of a payment instruction; a status only rises in this order. */
export const PAYMENT_STATES = [
  'created',
  'approved',
  'sending',
  'unknown',
  'accepted',
  'rejected',
  'failed',
  'settled',
  'returned',
] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];

/** What two persons of the centre decide about money at the bank. */
export const BANK_DECISIONS = [
  'identify_deposit',
  'close_case',
  'fail_payment',
  'change_limit',
  'correct_line',
  'return_credit',
  'contest_debit',
] as const;
export type BankDecision = (typeof BANK_DECISIONS)[number];

const Person = Exact({ name: Type.String(), mine: Type.Boolean() });
const Company = Exact({ id: Id, name: Type.String(), nameZh: Nullable(Type.String()) });

export const BankProposal = Exact({
  id: Id,
  kind: OneOf(BANK_DECISIONS),
  subject: Type.String(),
  reason: Type.String(),
  by: Person,
  at: Instant,
  /** Whom the money is said to belong to. */
  company: Nullable(Company),
  above: Nullable(Money),
  approvals: Nullable(Type.Integer()),
});
export type BankProposal = Static<typeof BankProposal>;

export const BankPayment = Exact({
  id: Id,
  /** At the bank, for ever. */
  endToEndId: Type.String(),
  /** `payout:<contract>`, `withdrawal:<id>`, … */
  obligationKey: Type.String(),
  company: Company,
  currency: Currency,
  amount: Money,
  creditorName: Type.String(),
  creditorAccount: Type.String(),
  remittance: Type.String(),
  state: OneOf(PAYMENT_STATES),
  reason: Nullable(Type.String()),
  createdAt: Instant,
  changedAt: Instant,
  createdBy: Person,
  approvalsRequired: Type.Integer(),
  approvals: Type.Array(Exact({ by: Person, at: Instant })),
  mayApprove: Type.Boolean(),
  attempts: Type.Integer(),
  nextInquiryAt: Nullable(Instant),
  /** The EndToEndId of the payment that this one stands in for. */
  replaces: Nullable(Type.String()),
  proposal: Nullable(BankProposal),
});
export type BankPayment = Static<typeof BankPayment>;

export const SuspenseLine = Exact({
  /** Name it in a proposal. */
  key: Type.String(),
  currency: Currency,
  direction: OneOf(['credit', 'debit']),
  amount: Money,
  bookedAt: Instant,
  /** Longer than one business day. */
  aged: Type.Boolean(),
  counterpartyName: Nullable(Type.String()),
  counterpartyAccount: Nullable(Type.String()),
  text: Type.String(),
  /** `returning`: on its way back to the sender; `contested`: the bank is to give it back. */
  state: OneOf(['open', 'returning', 'contested']),
  proposal: Nullable(BankProposal),
});
export type SuspenseLine = Static<typeof SuspenseLine>;

export const BankDay = Exact({
  currency: Currency,
  account: Type.String(),
  sequence: Type.Integer(),
  day: Nullable(Day),
  ledger: SignedMoney,
  statement: SignedMoney,
  inTransit: SignedMoney,
  difference: SignedMoney,
  members: SignedMoney,
  suspense: SignedMoney,
  madeAt: Instant,
});
export type BankDay = Static<typeof BankDay>;

export const HeldStatement = Exact({
  account: Type.String(),
  currency: Currency,
  sequence: Type.Integer(),
  page: Type.Integer(),
  opening: Nullable(SignedMoney),
  closing: Nullable(SignedMoney),
  /** In plain words, for those without a note. */
  reason: Type.String(),
  note: NullableCaseNote,
  gotAt: Instant,
});
export type HeldStatement = Static<typeof HeldStatement>;

export const BankAccountNow = Exact({
  currency: Currency,
  account: Type.String(),
  /** Newest reconciled statement; null: none yet. */
  sequence: Nullable(Type.Integer()),
  day: Nullable(Day),
  ledger: SignedMoney,
  statement: SignedMoney,
  inTransit: SignedMoney,
  difference: SignedMoney,
});
export type BankAccountNow = Static<typeof BankAccountNow>;

export const BankCase = Exact({
  id: Id,
  kind: Type.String(),
  subject: Type.String(),
  /** In plain words, for those without a note. */
  detail: Type.String(),
  note: NullableCaseNote,
  /** What two persons may correct the credit to; null: nothing. `company` null: nobody's. */
  correction: Nullable(
    Exact({ currency: Currency, before: Money, after: Money, company: Nullable(Company) }),
  ),
  openedAt: Instant,
  closedAt: Nullable(Instant),
  closedBy: Type.Array(Type.String()),
  /** While it is open nothing is paid. */
  haltsPayouts: Type.Boolean(),
  proposal: Nullable(BankProposal),
});
export type BankCase = Static<typeof BankCase>;

/** A day of the bank that its statement does not prove, or not yet. */
export const UnprovenDay = Exact({
  currency: Currency,
  account: Type.String(),
  sequence: Type.Integer(),
  /** Of the statement; null: it has not come. */
  day: Nullable(Day),
  why: OneOf(['missing', 'held', 'difference', 'line_missing']),
});
export type UnprovenDay = Static<typeof UnprovenDay>;

/** On which days the bank of a currency works, beyond what weekdays say. */
export const BankCalendarYear = Exact({
  currency: Currency,
  year: Type.Integer(),
  /** Who says so; null: nobody yet, the year is Monday to Friday. */
  source: Nullable(Type.String()),
  days: Type.Array(Exact({ day: Day, kind: OneOf(['closed', 'open']), name: Type.String() })),
});
export type BankCalendarYear = Static<typeof BankCalendarYear>;

export const PaymentLimit = Exact({
  currency: Currency,
  above: Money,
  approvals: Type.Integer(),
  proposal: Nullable(BankProposal),
});
export type PaymentLimit = Static<typeof PaymentLimit>;

/** Where money for the exchange is sent, and under which reference. */
export const PayTo = {
  currency: Currency,
  /** The purpose of the transfer: it names the company, or one obligation of it. */
  reference: Type.String(),
  accountNumber: Type.String(),
  holderName: Type.String(),
  bank: Type.String(),
};

export const PaymentReference = Exact({
  ...PayTo,
  amount: Money,
  /** What has come under the reference. */
  received: Money,
  /** What still has to come under it before it is paid by itself. */
  missing: Money,
  /** Came beyond it: free money. */
  surplus: Money,
  state: OneOf(['due', 'short', 'paid', 'void']),
});
export type PaymentReference = Static<typeof PaymentReference>;

export const bankRoutes = {
  paymentReference: route({
    method: 'GET',
    url: '/v1/payment-references/:kind/:id',
    summary: 'Where to pay one obligation of my company, with a reference that pays exactly it',
    area: AREA,
    access: 'member',
    activeOnly: true,
    params: Exact({ kind: OneOf(['provisional', 'obligation']), id: Id }),
    ok: PaymentReference,
    problems: ['resource.not_found', 'settlement.currency_unavailable'],
  }),
  bankPayments: route({
    method: 'GET',
    url: '/v1/staff/bank/payments',
    summary: 'Payment instructions, those that wait first',
    area: AREA,
    access: 'staff',
    query: Exact({ show: Type.Optional(OneOf(['open', 'all'])) }),
    ok: Exact({ items: Type.Array(BankPayment) }),
    problems: [],
  }),
  approveBankPayment: route({
    method: 'POST',
    url: '/v1/staff/bank/payments/:id/approval',
    summary: 'Approve a payment that somebody else made; the last approval needed releases it',
    area: AREA,
    access: 'staff',
    params: IdParams,
    ok: BankPayment,
    problems: ['resource.not_found', 'two_person.own', 'bank.not_awaiting_approval'],
  }),
  bankSuspense: route({
    method: 'GET',
    url: '/v1/staff/bank/suspense',
    summary: 'Money that nobody could be named for, oldest first',
    area: AREA,
    access: 'staff',
    ok: Exact({ items: Type.Array(SuspenseLine) }),
    problems: [],
  }),
  bankStatements: route({
    method: 'GET',
    url: '/v1/staff/bank/statements',
    summary: 'Our accounts now, statements that are held, and the proof of each day',
    area: AREA,
    access: 'staff',
    ok: Exact({
      accounts: Type.Array(BankAccountNow),
      held: Type.Array(HeldStatement),
      days: Type.Array(BankDay),
      unproven: Type.Array(UnprovenDay),
    }),
    problems: [],
  }),
  bankCases: route({
    method: 'GET',
    url: '/v1/staff/bank/cases',
    summary: 'What a person must look at; closed ones of the last days after those',
    area: AREA,
    access: 'staff',
    ok: Exact({ items: Type.Array(BankCase) }),
    problems: [],
  }),
  paymentLimits: route({
    method: 'GET',
    url: '/v1/staff/bank/limits',
    summary: 'From which amount on a payment needs approvals, and how many',
    area: AREA,
    access: 'staff',
    ok: Exact({ items: Type.Array(PaymentLimit) }),
    problems: [],
  }),
  bankCalendar: route({
    method: 'GET',
    url: '/v1/staff/bank/calendar',
    summary: 'On which days the bank of a currency works in a year',
    area: AREA,
    access: 'staff',
    query: Exact({ currency: Currency, year: Type.String({ pattern: '^20\\d\\d$' }) }),
    ok: BankCalendarYear,
    problems: [],
  }),
  setBankDay: route({
    method: 'POST',
    url: '/v1/staff/bank/calendar/days',
    summary: 'Say that the bank is closed or open on a day, or that it is as its weekday says',
    area: AREA,
    access: 'staff',
    body: Exact({
      currency: Currency,
      day: Type.String({ pattern: '^20\\d\\d-(0[1-9]|1[0-2])-(0[1-9]|1\\d|2[0-8]|29|30|31)$' }),
      kind: OneOf(['closed', 'open', 'as_weekday']),
      name: Text(100),
      /** Who publishes it: kept for the year. */
      source: Text(200),
    }),
    ok: BankCalendarYear,
    problems: ['request.invalid'],
  }),
  proposeBankDecision: route({
    method: 'POST',
    url: '/v1/staff/bank/proposals',
    summary: 'Propose a decision that a second person confirms',
    area: AREA,
    access: 'staff',
    body: Exact({
      kind: OneOf(BANK_DECISIONS),
      /** Key of the line, id of the case or payment, or the currency of the limit. `correct_line`: id of its case. */
      subject: Text(100),
      /** Of a credit in suspense: whose it is. */
      companyId: Type.Optional(Id),
      above: Type.Optional(Money),
      approvals: Type.Optional(Type.Integer({ minimum: 1, maximum: 3 })),
      /** Of a credit that goes back: its sender's bank, where that is not ours. */
      bankCode: Type.Optional(Type.String({ pattern: '^[A-Z0-9]{8,12}$' })),
      reason: Text(500, 5),
    }),
    ok: BankProposal,
    okStatus: 201,
    problems: [
      'resource.not_found',
      'request.invalid',
      'two_person.open_already',
      'bank.not_open',
      'bank.company_unknown',
      'bank.window_open',
      'bank.statement_missing',
    ],
  }),
  decideBankProposal: route({
    method: 'POST',
    url: '/v1/staff/bank/proposals/:id/decision',
    summary: 'Confirm or reject what another person proposed; the proposer may only take it back',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({ confirm: Type.Boolean() }),
    ok: Exact({ outcome: OneOf(['confirmed', 'rejected']) }),
    problems: [
      'resource.not_found',
      'two_person.own',
      'two_person.decided',
      'bank.not_open',
      'bank.window_open',
      'bank.statement_missing',
    ],
  }),
} as const satisfies Record<string, Route>;
