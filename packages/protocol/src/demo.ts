/** Whether this exchange is a demo, its robots' switch, and the online banking of the demo's bank. */
import { Type, type Static } from 'typebox';
import { Currency, Empty, Exact, Money, Text } from './common.ts';
import { type Route, route } from './route.ts';

const AccountNumber = Type.String({ pattern: '^[0-9A-Za-z -]{5,50}$' });

export const DemoBankAccount = Exact({
  number: Type.String(),
  holderName: Type.String(),
  currency: Currency,
  bankCode: Type.String(),
  balance: Money,
});
export type DemoBankAccount = Static<typeof DemoBankAccount>;

export const demoRoutes = {
  demo: route({
    method: 'GET',
    url: '/v1/demo',
    summary: 'Is this a demo, and do its robots bid?',
    area: 'demo',
    access: 'public',
    ok: Exact({
      demo: Type.Boolean(),
      robots: Exact({ on: Type.Boolean(), names: Type.Array(Type.String()) }),
    }),
    problems: [],
  }),
  switchRobots: route({
    method: 'POST',
    url: '/v1/demo/robots',
    summary: 'Switch the bidding robots on or off',
    area: 'demo',
    access: 'public',
    body: Exact({ on: Type.Boolean() }),
    ok: Exact({ on: Type.Boolean() }),
    problems: ['resource.not_found'],
  }),
  openDemoBankAccount: route({
    method: 'POST',
    url: '/v1/demo/bank/accounts',
    summary: 'Open an account at the demo bank, with money in it; the same account opened again is answered',
    area: 'demo',
    access: 'public',
    body: Exact({
      holderName: Text(140),
      legalId: Text(35),
      currency: Currency,
      accountNumber: AccountNumber,
      bankCode: Type.String({ pattern: '^[0-9A-Za-z ]{8,16}$' }),
    }),
    ok: DemoBankAccount,
    okStatus: 201,
    problems: [
      'resource.not_found',
      'demo_bank.account_number_form',
      'demo_bank.bank_code_form',
      'demo_bank.account_taken',
      'demo_bank.refused',
      'service.unavailable',
    ],
  }),
  demoBankAccount: route({
    method: 'GET',
    url: '/v1/demo/bank/accounts/:number',
    summary: 'An account at the demo bank',
    area: 'demo',
    access: 'public',
    params: Exact({ number: AccountNumber }),
    ok: DemoBankAccount,
    problems: ['resource.not_found', 'demo_bank.account_unknown', 'service.unavailable'],
  }),
  payFromDemoBank: route({
    method: 'POST',
    url: '/v1/demo/bank/transfers',
    summary: 'Pay the exchange from an account at the demo bank',
    area: 'demo',
    access: 'public',
    body: Exact({
      fromAccount: AccountNumber,
      amount: Money,
      /** The payment reference of the deposit instruction. Without the right one nobody knows whose money it is. */
      reference: Text(35),
      /** Currency of the exchange's account that is paid: that of `fromAccount`. */
      toCurrency: Currency,
    }),
    ok: Exact({ bankReference: Type.String(), account: DemoBankAccount }),
    okStatus: 201,
    problems: [
      'resource.not_found',
      'demo_bank.account_unknown',
      'demo_bank.amount_not_positive',
      'demo_bank.currency_differs',
      'demo_bank.insufficient_funds',
      'demo_bank.transfer_conflict',
      'demo_bank.refused',
      'service.unavailable',
    ],
  }),
  closeDemoBankDay: route({
    method: 'POST',
    url: '/v1/demo/bank/end-of-day',
    summary: 'Close the demo bank’s day: statements confirm what was notified, which may then be withdrawn',
    area: 'demo',
    access: 'public',
    ok: Empty,
    problems: ['resource.not_found', 'service.unavailable'],
  }),
} as const satisfies Record<string, Route>;
