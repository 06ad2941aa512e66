/** The ledger as the centre opens it: any account, any effect, and reversals by two persons. */
import { Type, type Static } from 'typebox';
import { Currency, Exact, IdParams, Instant, Money, Nullable, OneOf, SignedMoney, Text } from './common.ts';
import { AccountLine } from './ledger.ts';
import { type Route, route } from './route.ts';

const AREA = 'settlement';
const EffectKey = Text(200);
/** `<owner>/<currency>/<kind>[/<contract>]`. */
const AccountCode = Type.String({ pattern: '^[A-Za-z0-9_.:-]{1,64}(/[A-Za-z0-9_.:-]{1,64}){2,3}$' });
const Word = Type.String({ pattern: '^[a-z_]{1,40}$' });
const Person = Exact({ name: Type.String(), mine: Type.Boolean() });
const Owner = Nullable(Exact({ name: Type.String(), nameZh: Nullable(Type.String()) }));

/** Which lines: what they are for, and when. */
const Filter = {
  account: AccountCode,
  reason: Type.Optional(Word),
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
};

export const LedgerAccountView = Exact({
  code: AccountCode,
  /** Null for an account of the exchange, and of an owner that is no company. */
  owner: Owner,
  currency: Currency,
  kind: Type.String(),
  balance: SignedMoney,
  held: Money,
});
export type LedgerAccountView = Static<typeof LedgerAccountView>;

export const StaffAccountLine = Exact({
  ...AccountLine.properties,
  effectKey: Type.String(),
  counterAccount: AccountCode,
});
export type StaffAccountLine = Static<typeof StaffAccountLine>;

const Totals = Exact({ balance: SignedMoney, held: Money });
export const StaffAccountStatement = Exact({
  account: LedgerAccountView,
  /** At the instant asked for; null when none was. */
  past: Nullable(Totals),
  /** What occurs in this account, to choose from. */
  reasons: Type.Array(Type.String()),
  items: Type.Array(StaffAccountLine),
  /** Give it as `before` for older lines. */
  next: Nullable(Type.String()),
});
export type StaffAccountStatement = Static<typeof StaffAccountStatement>;

export const ReversalView = Exact({
  id: Type.String(),
  effectKey: Type.String(),
  reason: Type.String(),
  by: Person,
  at: Instant,
  outcome: Nullable(OneOf(['reversed', 'rejected'])),
  decidedBy: Nullable(Type.String()),
  decidedAt: Nullable(Instant),
});
export type ReversalView = Static<typeof ReversalView>;

export const LedgerEffectView = Exact({
  effectKey: Type.String(),
  reason: Type.String(),
  subject: Type.String(),
  at: Instant,
  legs: Type.Array(
    Exact({
      phase: OneOf(['posted', 'pending', 'post_pending', 'void_pending']),
      debit: AccountCode,
      credit: AccountCode,
      currency: Currency,
      amount: Money,
      /** The transfer whose hold this one ends. */
      holdKey: Nullable(Type.String()),
    }),
  ),
  /** Why it cannot be undone here now: a problem code, and who undoes it where that is known. */
  hindrance: Nullable(Exact({ code: Type.String(), by: Nullable(OneOf(['bank', 'settlement', 'market'])) })),
  /** The effect that undid it. */
  reversedBy: Nullable(Type.String()),
  reversals: Type.Array(ReversalView),
});
export type LedgerEffectView = Static<typeof LedgerEffectView>;

const standing = [
  'ledger.reversed',
  'ledger.not_reversible',
  'ledger.reversed_elsewhere',
  'ledger.hold_resolved',
] as const;

export const ledgerStaffRoutes = {
  ledgerAccounts: route({
    method: 'GET',
    url: '/v1/staff/ledger/accounts',
    summary: 'Accounts of one currency and kind, in the order of their codes',
    area: AREA,
    access: 'staff',
    query: Exact({ currency: Currency, kind: Word, after: Type.Optional(AccountCode) }),
    ok: Exact({ items: Type.Array(LedgerAccountView), next: Nullable(AccountCode) }),
    problems: [],
  }),
  staffStatement: route({
    method: 'GET',
    url: '/v1/staff/ledger/statement',
    summary: 'One account of anybody, newest line first, with its balance now and at a past instant',
    area: AREA,
    access: 'staff',
    query: Exact({
      ...Filter,
      at: Type.Optional(Instant),
      before: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,14}$' })),
    }),
    ok: StaffAccountStatement,
    problems: ['resource.not_found'],
  }),
  exportStaffStatement: route({
    method: 'GET',
    url: '/v1/staff/ledger/statement/export',
    summary: 'The lines of one account of anybody, oldest first, as a file',
    area: AREA,
    access: 'staff',
    query: Exact(Filter),
    ok: Type.String(),
    produces: 'text/csv',
    problems: ['resource.not_found'],
  }),
  ledgerEffect: route({
    method: 'GET',
    url: '/v1/staff/ledger/effect',
    summary: 'One effect with all its transfers, and whether it can be undone',
    area: AREA,
    access: 'staff',
    query: Exact({ key: EffectKey }),
    ok: LedgerEffectView,
    problems: ['resource.not_found'],
  }),
  reversals: route({
    method: 'GET',
    url: '/v1/staff/ledger/reversals',
    summary: 'Reversals that wait for a second person, and the newest that were decided',
    area: AREA,
    access: 'staff',
    ok: Exact({ items: Type.Array(ReversalView) }),
    problems: [],
  }),
  proposeReversal: route({
    method: 'POST',
    url: '/v1/staff/ledger/reversals',
    summary: 'Say why an effect should be undone by its opposite; a second person confirms it',
    area: AREA,
    access: 'staff',
    body: Exact({ effectKey: EffectKey, reason: Text(500, 5) }),
    ok: Exact({ id: Type.String() }),
    okStatus: 201,
    problems: ['resource.not_found', 'two_person.open_already', ...standing],
  }),
  decideReversal: route({
    method: 'POST',
    url: '/v1/staff/ledger/reversals/:id/decision',
    summary: 'Confirm a reversal as a second person, or decline it; confirmed it is made of what is stored',
    area: AREA,
    access: 'staff',
    params: IdParams,
    body: Exact({ confirm: Type.Boolean() }),
    ok: Exact({ outcome: OneOf(['reversed', 'rejected']) }),
    problems: [
      'resource.not_found',
      'two_person.own',
      'two_person.decided',
      'ledger.insufficient_funds',
      ...standing,
    ],
  }),
} as const satisfies Record<string, Route>;
