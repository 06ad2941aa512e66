/** One deposit behind bids in many auctions, on the market as it runs. */
import { moveStandingDeposit } from '@seam/ledger';
import { minor } from '@seam/units';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkLedger, post } from '../settlement/public.ts';
import { AuctionMarket } from './testing.ts';

let market: AuctionMarket;
beforeAll(async () => {
  market = await AuctionMarket.open();
});
afterAll(async () => {
  expect(await checkLedger(market.db.sql)).toEqual([]);
  await market.close();
});

/** A company all of whose money is its standing deposit. */
async function depositor(yuan: number): Promise<string> {
  const orgId = await market.company('buyer', yuan);
  const moved = await post(
    market.db.sql,
    moveStandingDeposit({
      commandId: 'all-of-it',
      orgId,
      currency: 'CNY',
      amount: minor(BigInt(yuan) * 100n),
      direction: 'in',
    }),
  );
  expect(moved.ok).toBe(true);
  return orgId;
}

const cover = async (who: string, id: string, amount: string) =>
  market.call(who, 'POST', `/v1/auctions/${id}/security`, { amount, from: 'standing_deposit' });
const position = async (who: string, id: string) =>
  (await market.call(who, 'GET', `/v1/auctions/${id}/mine`)).body;

it('covers two auctions at once only as far as it goes: of two for the same money one is refused', async () => {
  const buyer = await depositor(1000);
  const [one, two] = [await market.open(), await market.open()];
  const answers = await Promise.all([cover(buyer, one.id, '600.00'), cover(buyer, two.id, '600.00')]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 422]);
  expect(answers.find(({ status }) => status === 422)!.body.code).toBe('ledger.insufficient_funds');
  expect(await market.money(buyer)).toEqual({ standing_deposit: 400, held: 600 });
  const [{ counted } = { counted: '' }] = await market.db.sql<{ counted: string }[]>`
    select sum(amount)::text as counted from auction_security where account_id = ${buyer} and state = 'allocated'`;
  expect(counted).toBe('60000');
});

it('says how much may be bid for with it, here and with what it has left', async () => {
  const buyer = await depositor(1000);
  const { id } = await market.open();
  const before = await position(buyer, id);
  expect(before).toMatchObject({ standingDeposit: '1000.00', freeMoney: '0.00', securityAllocated: '0.00' });
  await cover(buyer, id, '400.00');
  expect(await position(buyer, id)).toMatchObject({
    standingDeposit: '600.00',
    standingCovers: before.standingCovers,
    securityAllocated: '400.00',
  });
  const most = before.standingCovers;
  expect((await market.bid(buyer, id, { price: '600.00', quantity: most })).body.code).toBe(
    'bid_security.insufficient',
  );
  await cover(buyer, id, '600.00');
  expect((await market.bid(buyer, id, { price: '600.00', quantity: most })).status).toBe(201);
});

it('has back what an auction did not need when it closes, for the next one, and keeps nothing of it free', async () => {
  const [loser, winner] = [await depositor(1000), await depositor(10_000)];
  const first = await market.open();
  await cover(loser, first.id, '1000.00');
  await cover(winner, first.id, '10000.00');
  expect((await market.bid(loser, first.id, { price: '600.00', quantity: '50' })).status).toBe(201);
  const most = (await position(winner, first.id)).standingCovers;
  expect((await market.bid(winner, first.id, { price: '700.00', quantity: most })).status).toBe(201);
  const second = await market.open();
  expect((await cover(loser, second.id, '1.00')).body.code).toBe('ledger.insufficient_funds');
  await market.closeByClock(first.id, 'awarded');
  const money = await market.money(loser);
  expect([money['free'], money['performance_security'] ?? 0]).toEqual([undefined, 0]);
  expect(money['standing_deposit']).toBe(1000);
  const third = await market.open();
  expect((await cover(loser, third.id, '1000.00')).status).toBe(201);
  expect((await market.money(winner))['free']).toBeUndefined();
});
