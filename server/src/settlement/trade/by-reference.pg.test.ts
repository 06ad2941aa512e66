/** Money that is sent for exactly one obligation. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Desk, type Trade } from './testing.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterAll(async () => desk.close());

const askAs = async (who: string, trade: Trade) =>
  desk.call(who, 'GET', `/v1/payment-references/provisional/${trade.id}`);
const referenceOf = async (trade: Trade) => (await askAs(trade.buyer, trade)).body;

it('is given one reference of its own, which nobody but the debtor sees', async () => {
  const [one, other] = [await desk.trade(0), await desk.trade(0)];
  const mine = await referenceOf(one);
  expect(mine).toMatchObject({ amount: '60000.00', received: '0.00', missing: '60000.00', state: 'due' });
  expect(mine.reference).toMatch(/^RF\d{18}$/);
  expect((await referenceOf(one)).reference).toBe(mine.reference);
  expect((await referenceOf(other)).reference).not.toBe(mine.reference);
  for (const stranger of [one.seller, other.buyer])
    expect(await askAs(stranger, one)).toMatchObject({ status: 404 });
  expect(await desk.call(one.buyer, 'GET', '/v1/payment-references/obligation/nothing')).toMatchObject({
    status: 404,
  });
});

it('all of it pays the provisional invoice by itself, and the coal may be ordered out', async () => {
  const trade = await desk.trade(0);
  await desk.moneyComes((await referenceOf(trade)).reference, 60_000);
  expect(await desk.work()).toEqual(['done', 'done']);
  expect(await desk.view(trade)).toMatchObject({ state: 'funded', escrow: '60000.00' });
  expect(await referenceOf(trade)).toMatchObject({ state: 'paid', missing: '0.00', surplus: '0.00' });
});

it('too little waits and is told, and the rest pays it, also when other money is there', async () => {
  const trade = await desk.trade(100_000);
  const { reference } = await referenceOf(trade);
  await desk.moneyComes(reference, 20_000);
  await desk.work();
  expect(await desk.view(trade)).toMatchObject({ state: 'provisional_due' });
  expect(await referenceOf(trade)).toMatchObject({
    state: 'short',
    received: '20000.00',
    missing: '40000.00',
  });
  await desk.moneyComes(reference, 40_000);
  await desk.work();
  expect(await desk.view(trade)).toMatchObject({ state: 'funded' });
  expect(await desk.money(trade.buyer)).toMatchObject({ free: 100_000, escrow: 60_000 });
});

it('too much stays free and is told; what comes later still is free, and pays nothing twice', async () => {
  const trade = await desk.trade(0);
  const { reference } = await referenceOf(trade);
  await desk.moneyComes(reference, 60_500);
  await desk.moneyComes(reference, 60_000);
  await desk.work();
  expect(await desk.money(trade.buyer)).toMatchObject({ free: 60_500, escrow: 60_000 });
  expect(await referenceOf(trade)).toMatchObject({
    state: 'paid',
    received: '120500.00',
    surplus: '60500.00',
  });
});

it('what was taken back before it was enough does not count', async () => {
  const trade = await desk.trade(0);
  const { reference } = await referenceOf(trade);
  await desk.moneyComes(reference, 30_000);
  await desk.moneyComes(reference, 30_000, true);
  await desk.moneyComes(reference, 30_000);
  await desk.work();
  expect(await referenceOf(trade)).toMatchObject({
    state: 'short',
    received: '30000.00',
    missing: '30000.00',
  });
});

it('paid by hand meanwhile is not paid again', async () => {
  const trade = await desk.trade(60_000);
  const { reference } = await referenceOf(trade);
  expect((await desk.pay(trade)).status).toBe(200);
  await desk.moneyComes(reference, 60_000);
  await desk.work();
  expect(await desk.money(trade.buyer)).toMatchObject({ free: 60_000, escrow: 60_000 });
});
