/** The ledger as parties and the centre read it: statements, balances of an instant, the proof and its halt. */
import { Type, type Static } from 'typebox';
import { Currency, Exact, Id, Instant, Money, Nullable, SignedMoney, Text } from './common.ts';
import { type Route, route } from './route.ts';

const AREA = 'settlement';

/** Which account of one's own: a kind, and the contract where the kind has one account for each. */
const Account = {
  currency: Currency,
  kind: Type.String({ pattern: '^[a-z_]{1,40}$' }),
  contractId: Type.Optional(Id),
};

export const AccountLine = Exact({
  /** Place in the account's history: 1, 2, 3, … without gaps. */
  entryNo: Type.String(),
  at: Instant,
  reason: Type.String(),
  /** What it is for: `contract:<id>`, `auction:<id>`, `payment:<id>`, … */
  subject: Type.String(),
  /** Kind of the account on the other side. */
  counterKind: Type.String(),
  /** Moved for good; positive: into the account. */
  amount: SignedMoney,
  /** Put on hold; negative where a hold ended. */
  held: SignedMoney,
  balanceAfter: SignedMoney,
  heldAfter: Money,
});
export type AccountLine = Static<typeof AccountLine>;

const Opening = Exact({ balance: SignedMoney, held: Money });

export const AccountStatement = Exact({
  currency: Currency,
  kind: Type.String(),
  contractId: Nullable(Id),
  /** As it is now, whatever page is shown. */
  now: Opening,
  items: Type.Array(AccountLine),
  /** Give it as `before` for older lines. */
  next: Nullable(Type.String()),
});
export type AccountStatement = Static<typeof AccountStatement>;

export const TrialBalance = Exact({
  /** The instant asked for; null: now. */
  at: Nullable(Instant),
  rows: Type.Array(
    Exact({
      currency: Currency,
      kind: Type.String(),
      accounts: Type.Integer(),
      debits: Money,
      credits: Money,
      held: Money,
    }),
  ),
  /** What the proof has found and nobody has accepted. */
  violations: Type.Array(Type.String()),
});
export type TrialBalance = Static<typeof TrialBalance>;

export const LedgerAudit = Exact({
  /** The last look; null: none yet. */
  lookedAt: Nullable(Instant),
  /** When all history was last gone through. */
  lapEndedAt: Nullable(Instant),
  halt: Nullable(
    Exact({
      haltedAt: Instant,
      proposal: Nullable(
        Exact({ by: Type.String(), at: Instant, reason: Type.String(), mine: Type.Boolean() }),
      ),
    }),
  ),
  findings: Type.Array(
    Exact({
      broken: Type.String(),
      detail: Type.String(),
      firstSeenAt: Instant,
      lastSeenAt: Instant,
      accepted: Type.Boolean(),
    }),
  ),
});
export type LedgerAudit = Static<typeof LedgerAudit>;

export const ledgerRoutes = {
  accountStatement: route({
    method: 'GET',
    url: '/v1/account-statement',
    summary: 'One account of my company, newest line first, with the balance after each',
    area: AREA,
    access: 'member',
    query: Exact({ ...Account, before: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,14}$' })) }),
    ok: AccountStatement,
    problems: ['resource.not_found'],
  }),
  exportStatement: route({
    method: 'GET',
    url: '/v1/account-statement/export',
    summary: 'Every line of one account of my company, oldest first, as a file',
    area: AREA,
    access: 'member',
    query: Exact(Account),
    ok: Type.String(),
    produces: 'text/csv',
    problems: ['resource.not_found'],
  }),
  trialBalance: route({
    method: 'GET',
    url: '/v1/staff/trial-balance',
    summary: 'Sums of all accounts by currency and kind, now or at a past instant',
    area: AREA,
    access: 'staff',
    query: Exact({ at: Type.Optional(Instant) }),
    ok: TrialBalance,
    problems: [],
  }),
  ledgerAudit: route({
    method: 'GET',
    url: '/v1/staff/ledger-audit',
    summary: 'When the ledger was last proved, what was found, and whether payouts are halted',
    area: AREA,
    access: 'staff',
    ok: LedgerAudit,
    problems: [],
  }),
  proposeResumption: route({
    method: 'POST',
    url: '/v1/staff/ledger-audit/resumption',
    summary: 'Say why halted payouts may go on; a second person confirms it',
    area: AREA,
    access: 'staff',
    body: Exact({ reason: Text(500, 5) }),
    ok: LedgerAudit,
    problems: ['ledger.not_halted'],
  }),
  confirmResumption: route({
    method: 'POST',
    url: '/v1/staff/ledger-audit/resumption/confirmation',
    summary: 'Confirm as a second person that payouts go on',
    area: AREA,
    access: 'staff',
    ok: LedgerAudit,
    problems: ['ledger.not_halted', 'ledger.resumption_not_proposed', 'ledger.found_since', 'two_person.own'],
  }),
} as const satisfies Record<string, Route>;
