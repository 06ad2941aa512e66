/** The demo's online banking with the real demo bank behind it: what the bank refuses is a code, never a 500. */
import { type TestDatabase, testDatabase } from '@seam/testkit';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { outsideWorld } from '../bank-simulator/client.ts';
import { type RunningBank, launchBank } from '../bank-simulator/launch.ts';
import { buildCore } from '../core.ts';
import { systemClock } from '../platform/clock.ts';
import { demoRoutes } from './routes.ts';

const SECRET = 'demo-bank-test-secret-of-32-bytes';
let books: TestDatabase;
let database: TestDatabase;
let bank: RunningBank;
let demo: FastifyInstance;
let real: FastifyInstance;

async function exchange(of: { demo: boolean }): Promise<FastifyInstance> {
  const app = await buildCore({
    sql: database.sql,
    authenticate: async () => null,
    publicUrl: 'http://127.0.0.1:1',
  });
  const world = outsideWorld({ url: bank.url, secret: SECRET, clock: systemClock });
  demoRoutes(app, { sql: database.sql, wake: () => {}, demo: of.demo, world });
  return app;
}

beforeAll(async () => {
  [books, database] = await Promise.all([testDatabase({ migrations: 'bank' }), testDatabase()]);
  bank = await launchBank({
    databaseUrl: books.url,
    port: 0,
    secret: SECRET,
    callbackUrl: 'http://127.0.0.1:1/v1/bank/callbacks',
  });
  demo = await exchange({ demo: true });
  real = await exchange({ demo: false });
});
afterAll(async () => {
  await Promise.all([demo?.close(), real?.close()]);
  await bank?.stop();
  await Promise.all([books?.close(), database?.close()]);
});

const account = {
  holderName: 'North Ridge Coal Co., Ltd.',
  legalId: '91140100MA0SEAM0X7',
  currency: 'CNY',
  accountNumber: '6222 9000-0000 7777',
  bankCode: '102100099996',
};
const transfer = { fromAccount: '6222900000007777', amount: '250.00', reference: 'RF18', toCurrency: 'CNY' };

async function post(app: FastifyInstance, path: string, payload: object, key?: string) {
  const headers = key === undefined ? {} : { 'idempotency-key': key };
  const answer = await app.inject({ method: 'POST', url: `/v1/demo/bank/${path}`, payload, headers });
  return { status: answer.statusCode, body: answer.json() };
}

it('opens an account with a hundred million in it, once, and shows it under any spelling of its number', async () => {
  const shown = {
    number: '6222900000007777',
    holderName: account.holderName,
    currency: 'CNY',
    bankCode: '102100099996',
    balance: '100000000.00',
  };
  expect(await post(demo, 'accounts', account)).toEqual({ status: 201, body: shown });
  expect(await post(demo, 'accounts', account)).toEqual({ status: 201, body: shown });
  const found = await demo.inject('/v1/demo/bank/accounts/6222%209000-0000%207777');
  expect(found.json()).toEqual(shown);
});

it('moves the money of one key once, however often it is sent', async () => {
  const first = await post(demo, 'transfers', transfer, 'key-of-one-transfer');
  expect(first).toMatchObject({ status: 201, body: { account: { balance: '99999750.00' } } });
  expect(await post(demo, 'transfers', transfer, 'key-of-one-transfer')).toEqual(first);
  expect(await post(demo, 'transfers', transfer, 'key-of-another')).toMatchObject({
    body: { account: { balance: '99999500.00' } },
  });
});

it.each([
  ['accounts', { ...account, holderName: 'Somebody Else' }, 409, 'account_taken', 'accountNumber'],
  ['accounts', { ...account, bankCode: '12345678' }, 422, 'bank_code_form', 'bankCode'],
  ['accounts', { ...account, accountNumber: '- - - - 1' }, 422, 'account_number_form', 'accountNumber'],
  ['transfers', { ...transfer, fromAccount: '999999' }, 422, 'account_unknown', 'fromAccount'],
  // The exchange's own account is no customer's.
  ['transfers', { ...transfer, fromAccount: '95588000000000001' }, 422, 'account_unknown', 'fromAccount'],
  ['transfers', { ...transfer, amount: '0.00' }, 422, 'amount_not_positive', 'amount'],
  ['transfers', { ...transfer, amount: '9999999999.00' }, 422, 'insufficient_funds', 'amount'],
  ['transfers', { ...transfer, toCurrency: 'USD' }, 422, 'currency_differs', 'toCurrency'],
])('%s: refuses %j with a code beside its field', async (path, payload, status, code, field) => {
  const answer = await post(demo, path, payload);
  expect(answer).toMatchObject({ status, body: { code: `demo_bank.${code}` } });
  expect(answer.body.fields).toEqual({ [field]: `demo_bank.${code}` });
});

it('refuses the key of a transfer for another amount', async () => {
  const other = { ...transfer, amount: '1.00' };
  expect(await post(demo, 'transfers', other, 'key-of-one-transfer')).toMatchObject({
    status: 409,
    body: { code: 'demo_bank.transfer_conflict' },
  });
});

it('closes the day of the bank', async () => {
  expect(await post(demo, 'end-of-day', {})).toEqual({ status: 200, body: {} });
});

it('does not exist where the bank is a real one', async () => {
  const answers = [
    await post(real, 'accounts', account),
    await post(real, 'transfers', transfer),
    await post(real, 'end-of-day', {}),
    { status: (await real.inject('/v1/demo/bank/accounts/6222900000007777')).statusCode },
  ];
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  const untouched = await demo.inject('/v1/demo/bank/accounts/6222900000007777');
  expect(untouched.json()).toMatchObject({ balance: '99999500.00' });
});
