/** Money: balances, deposits, what each contract owes whom, and ratings. */
import { Type, type Static } from 'typebox';
import {
  Currency,
  Empty,
  Exact,
  Id,
  IdParams,
  Instant,
  Money,
  Nullable,
  OneOf,
  Percent,
  SignedMoney,
  Text,
  Tonnes,
} from './common.ts';
import { RatingView } from './ratings.ts';
import { PayTo } from './bank.ts';
import { type Route, route } from './route.ts';

const AREA = 'settlement';

export const Balance = Exact({
  currency: Currency,
  kind: Type.String(),
  contractId: Nullable(Id),
  balance: SignedMoney,
  held: Money,
  available: SignedMoney,
});
export type Balance = Static<typeof Balance>;

export const DepositInstruction = Exact(PayTo);

export const StatementLine = Exact({
  at: Instant,
  reason: Type.String(),
  subject: Type.String(),
  kind: Type.String(),
  currency: Currency,
  /** Positive: into the account. */
  amount: SignedMoney,
});
export type StatementLine = Static<typeof StatementLine>;

export const SETTLEMENT_STATES = [
  'provisional_due',
  'defaulted',
  'funded',
  'result_due',
  'disputed',
  'paying_out',
  'payout_failed',
  'closed',
  'cancelled',
] as const;
export type SettlementState = (typeof SETTLEMENT_STATES)[number];

const Party = Exact({ id: Id, name: Type.String(), nameZh: Nullable(Type.String()) });

export const SettlementSummary = Exact({
  /** Of the contract, or of one delivery under it. */
  contractId: Id,
  /** The contract that a delivery is called off from; null where the contract is delivered at once. */
  underContractId: Nullable(Id),
  contractNumber: Type.String(),
  seller: Party,
  buyer: Party,
  currency: Currency,
  state: OneOf(SETTLEMENT_STATES),
  waitsFor: Nullable(OneOf(['buyer', 'seller', 'centre', 'bank'])),
  dueAt: Nullable(Instant),
  provisionalAmount: Money,
  finalAmount: Nullable(Money),
  mine: Nullable(OneOf(['seller', 'buyer'])),
});
export type SettlementSummary = Static<typeof SettlementSummary>;

export const InvoiceView = Exact({
  kind: OneOf(['provisional', 'final']),
  number: Type.String(),
  amount: Money,
  issuedAt: Instant,
  quantity: Tonnes,
  unitPrice: Money,
  /** How the unit price came about: each rule of the quality clause, money per tonne. */
  adjustments: Type.Array(
    Exact({
      id: Type.String(),
      measured: Nullable(Type.String()),
      reference: Nullable(Type.String()),
      amount: Type.String(),
    }),
  ),
});
export type InvoiceView = Static<typeof InvoiceView>;

export const SettlementView = Exact({
  ...SettlementSummary.properties,
  deliveryOrderId: Nullable(Id),
  invoices: Type.Array(InvoiceView),
  /** Of the provisional value of each truck, when it leaves the gate; null where nothing is released then. */
  releasePercent: Nullable(Percent),
  releases: Type.Array(
    Exact({
      /** The weighing. */
      ticket: Type.String(),
      plate: Type.String(),
      net: Tonnes,
      amount: Money,
      at: Instant,
      paid: OneOf(['paid', 'under_way', 'unpaid', 'nothing']),
    }),
  ),
  released: Money,
  /** What corrected the final invoice. */
  notes: Type.Array(
    Exact({
      kind: OneOf(['credit_note', 'debit_note']),
      cause: OneOf(['quality', 'dispute']),
      amount: Money,
      unitPrice: Money,
      at: Instant,
    }),
  ),
  /** The certificate is challenged: nothing is settled by it until that is decided. */
  qualityOpen: Type.Boolean(),
  escrow: Money,
  /** What the buyer still has to add before it can accept the result; null when nothing. */
  missing: Nullable(Money),
  fee: Nullable(Money),
  tax: Nullable(Money),
  payout: Nullable(Money),
  payoutReference: Nullable(Type.String()),
  reason: Nullable(Type.String()),
  ratings: Type.Array(RatingView),
});
export type SettlementView = Static<typeof SettlementView>;

export const settlementRoutes = {
  balances: route({
    method: 'GET',
    url: '/v1/balances',
    summary: 'Accounts of my company, now or at a past instant',
    area: AREA,
    access: 'member',
    query: Exact({ at: Type.Optional(Instant) }),
    ok: Exact({ items: Type.Array(Balance) }),
    problems: [],
  }),
  depositInstruction: route({
    method: 'GET',
    url: '/v1/deposit-instructions/:currency',
    summary: 'Where and with which reference to pay in',
    area: AREA,
    access: 'member',
    activeOnly: true,
    params: Exact({ currency: Currency }),
    ok: DepositInstruction,
    problems: ['settlement.currency_unavailable'],
  }),
  statement: route({
    method: 'GET',
    url: '/v1/statement',
    summary: 'Movements on the accounts of my company, newest first',
    area: AREA,
    access: 'member',
    ok: Exact({ items: Type.Array(StatementLine) }),
    problems: [],
  }),
  withdraw: route({
    method: 'POST',
    url: '/v1/withdrawals',
    summary: 'Pay free money out to my confirmed bank account',
    area: AREA,
    access: { roles: ['finance'] },
    activeOnly: true,
    body: Exact({ currency: Currency, amount: Money }),
    ok: Exact({ paymentId: Id, endToEndId: Type.String() }),
    okStatus: 202,
    problems: ['withdrawal.not_available', 'withdrawal.no_account', 'request.invalid'],
  }),
  settlements: route({
    method: 'GET',
    url: '/v1/settlements',
    summary: 'What my contracts owe; for staff, all of them',
    area: AREA,
    access: 'signed_in',
    ok: Exact({ items: Type.Array(SettlementSummary) }),
    problems: [],
  }),
  settlement: route({
    method: 'GET',
    url: '/v1/settlements/:id',
    summary: 'The settlement of one contract',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    ok: SettlementView,
    problems: ['resource.not_found'],
  }),
  payProvisional: route({
    method: 'POST',
    url: '/v1/settlements/:id/provisional-payment',
    summary: 'Pay the provisional invoice into escrow from free money (buyer)',
    area: AREA,
    access: { roles: ['finance'] },
    activeOnly: true,
    params: IdParams,
    ok: SettlementView,
    problems: ['resource.not_found', 'settlement.not_due', 'ledger.insufficient_funds'],
  }),
  acceptResult: route({
    method: 'POST',
    url: '/v1/settlements/:id/acceptance',
    summary: 'Accept weight and quality: the final invoice is settled (buyer)',
    area: AREA,
    access: { roles: ['finance', 'trader'] },
    activeOnly: true,
    params: IdParams,
    ok: SettlementView,
    problems: ['resource.not_found', 'settlement.not_due', 'ledger.insufficient_funds'],
  }),
  decideDispute: route({
    method: 'POST',
    url: '/v1/staff/settlements/:id/decision',
    summary: 'Settle a result that could not be computed at the price both sides agreed on',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({
      /** Per tonne. Needed where no result could be computed, refused where one was. */
      agreedPrice: Type.Optional(Money),
      reason: Text(500, 5),
    }),
    ok: SettlementView,
    problems: [
      'resource.not_found',
      'settlement.not_due',
      'settlement.agreed_price',
      'dispute.open',
      'ledger.insufficient_funds',
    ],
  }),
  retryPayout: route({
    method: 'POST',
    url: '/v1/staff/settlements/:id/payout',
    summary: 'Instruct the bank again after a payout that failed or came back',
    area: AREA,
    access: 'staff',
    params: IdParams,
    ok: SettlementView,
    problems: ['resource.not_found', 'settlement.not_due'],
  }),
  openWork: route({
    method: 'GET',
    url: '/v1/staff/open-work',
    summary: 'What waits for a person: work that failed for good, bank cases, disputes',
    area: AREA,
    access: 'staff',
    ok: Exact({
      items: Type.Array(
        Exact({
          kind: Type.String(),
          subject: Type.String(),
          detail: Type.String(),
          since: Instant,
          outboxId: Nullable(Type.String()),
        }),
      ),
    }),
    problems: [],
  }),
  retryWork: route({
    method: 'POST',
    url: '/v1/staff/open-work/:id/retry',
    summary: 'Try parked work again',
    area: AREA,
    access: 'staff',
    params: IdParams,
    ok: Empty,
    problems: ['resource.not_found'],
  }),
} as const satisfies Record<string, Route>;
