/** Money behind orders: the limit in the engine is never above what the ledger holds, whatever happens between. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkLedger } from '../settlement/public.ts';
import { TradingMarket } from './testing.ts';

let market: TradingMarket;
beforeAll(async () => {
  market = await TradingMarket.open();
});
afterAll(async () => {
  expect(await checkLedger(market.db.sql)).toEqual([]);
  await market.close();
});

/** In yuan: what the ledger holds for this market, and what the market counts. L10: never the other way round. */
async function covered(who: string, id: string): Promise<{ held: number; limit: number }> {
  const [row] = await market.db.sql<{ held: string }[]>`select coalesce(sum(amount), 0)::text as held
    from ledger_hold where subject = ${`market:${id}`} and owner = ${who} and state = 'held'`;
  const limit = Number(market.exchange.market(id)?.own.get(who)?.exposureLimit ?? 0) / 100;
  const held = Number(row?.held) / 100;
  expect(limit).toBeLessThanOrEqual(held);
  return { held, limit };
}

describe('holding', () => {
  it('admits the company, raises its limit by what is held, and adds up', async () => {
    const id = await market.instrument();
    const who = await market.company('buyer', 10_000);
    expect(await market.mine(who, id)).toMatchObject({ limits: { admitted: false, exposureLimit: '0.00' } });
    expect(await market.hold(who, id, '4000.00')).toMatchObject({
      status: 201,
      body: {
        limits: { admitted: true, exposureLimit: '4000.00' },
        exposureHeld: '4000.00',
        freeMoney: '6000.00',
      },
    });
    expect((await market.hold(who, id, '500.50')).body.limits.exposureLimit).toBe('4500.50');
    expect(await market.money(who)).toEqual({ free: 5499.5, held: 4500.5 });
  });

  it('422 without the money, for nothing and for more than there is, and nothing is held', async () => {
    const id = await market.instrument();
    const who = await market.company('poor', 100);
    expect(await market.hold(who, id, '100.01')).toMatchObject({
      status: 422,
      body: { code: 'ledger.insufficient_funds', fields: { amount: 'insufficient_funds' } },
    });
    for (const amount of ['0.00', '999999999999999.99'])
      expect(await market.hold(who, id, amount)).toMatchObject({
        status: 422,
        body: { code: 'exposure.invalid', fields: { amount: 'out_of_range' } },
      });
    expect(await market.money(who)).toEqual({ free: 100, held: 0 });
  });

  it('that the market refuses gives the money back', async () => {
    const id = await market.instrument();
    const who = await market.company('rich', 10_000_000_000_000);
    await market.fund(who, 10_000_000_000_000);
    expect((await market.hold(who, id, '6000000000000.00')).status).toBe(201);
    expect(await market.hold(who, id, '6000000000000.00')).toMatchObject({
      status: 422,
      body: { code: 'exposure.invalid' },
    });
    expect(await covered(who, id)).toEqual({ held: 6e12, limit: 6e12 });
    expect((await market.mine(who, id)).exposureHeld).toBe('6000000000000.00');
  });

  it('when the market cannot be asked stays held, and is counted once it can', async () => {
    const id = await market.instrument();
    const who = await market.company('buyer', 1_000);
    const held = await market.whileRefusing('unknown', async () => market.hold(who, id, '700.00'));
    expect(held).toMatchObject({ status: 503, body: { code: 'bid.outcome_unknown' } });
    expect(await covered(who, id)).toEqual({ held: 700, limit: 0 });
    expect(await market.work()).toContain('done');
    expect(await covered(who, id)).toEqual({ held: 700, limit: 700 });
    // A second delivery of the same work.
    await market.db.sql`update outbox set done_at = null, leased_until = '-infinity'
      where topic = 'trading.allocate_exposure'`;
    await market.work();
    expect(await covered(who, id)).toEqual({ held: 700, limit: 700 });
  });
});

describe('releasing', () => {
  it('gives back exactly what was let go, of as many holds as it takes, and once for one id', async () => {
    const id = await market.instrument();
    const who = await market.company('buyer', 1_000);
    for (const amount of ['100.00', '200.00', '300.00']) await market.hold(who, id, amount);
    const commandId = market.fresh('release-');
    const first = await market.release(who, id, '150.00', commandId);
    expect(first).toMatchObject({
      status: 200,
      body: { limits: { exposureLimit: '450.00' }, exposureHeld: '450.00', freeMoney: '550.00' },
    });
    expect(await market.release(who, id, '150.00', commandId)).toEqual(first);
    expect(await covered(who, id)).toEqual({ held: 450, limit: 450 });
    await market.work();
    expect(await market.release(who, id, '450.00')).toMatchObject({ status: 200 });
    expect(await covered(who, id)).toEqual({ held: 0, limit: 0 });
    expect(await market.money(who)).toEqual({ free: 1_000, held: 0 });
  });

  it('takes nothing that an order or a trade stands on', async () => {
    const id = await market.instrument();
    const [buyer, seller] = [
      await market.trader('buyer', id, 200_000),
      await market.trader('seller', id, 200_000),
    ];
    await market.order(seller, id, { side: 'sell', quantity: '100' });
    await market.order(buyer, id, { quantity: '200' });
    for (const who of [buyer, seller]) {
      const most = who === buyer ? 80_000 : 140_000;
      expect(await market.release(who, id, `${most}.01`)).toMatchObject({
        status: 409,
        body: { code: 'exposure.in_use', accepted: { amountMaximum: `${most}.00` } },
      });
      expect((await market.release(who, id, `${most}.00`)).status).toBe(200);
      expect(await covered(who, id)).toEqual({ held: 200_000 - most, limit: 200_000 - most });
    }
  });

  it('that the market has journaled is given back though everything ended there', async () => {
    const id = await market.instrument();
    const who = await market.trader('buyer', id, 1_000);
    const outcome = await market.exchange.gateway.submit({
      actor: `org:${who}`,
      cmdId: 'release-and-die',
      body: { type: 'release_exposure', instrumentId: id, accountId: who, amount: '40000' },
    });
    expect(outcome.status).toBe('accepted');
    expect(await covered(who, id)).toEqual({ held: 1_000, limit: 600 });
    await market.caughtUp(id);
    await market.work();
    expect(await covered(who, id)).toEqual({ held: 600, limit: 600 });
    // The member's own retry.
    expect((await market.release(who, id, '400.00', 'release-and-die')).status).toBe(200);
    expect(await market.money(who)).toEqual({ free: 400, held: 600 });
  });

  it('422 for nothing, 403 for whom the market does not know', async () => {
    const id = await market.instrument();
    const who = await market.company('stranger', 10);
    expect((await market.release(who, id, '0.00')).body.code).toBe('exposure.invalid');
    expect(await market.release(who, id, '1.00')).toMatchObject({
      status: 403,
      body: { code: 'account.not_admitted' },
    });
  });
});

it('100 holds at once on the money of 60, then releases at once: not a cent more or less', async () => {
  const id = await market.instrument();
  const who = await market.company('crowd', 6_000);
  const holds = await Promise.all(Array.from({ length: 100 }, async () => market.hold(who, id, '100.00')));
  expect(holds.filter(({ status }) => status === 201)).toHaveLength(60);
  expect(new Set(holds.filter(({ status }) => status !== 201).map(({ body }) => body.code))).toEqual(
    new Set(['ledger.insufficient_funds']),
  );
  expect(await covered(who, id)).toEqual({ held: 6_000, limit: 6_000 });
  const releases = await Promise.all(
    Array.from({ length: 30 }, async (_, n) => market.release(who, id, `${150 + n}.37`)),
  );
  await market.caughtUp(id);
  await market.work();
  const released = releases.reduce((sum, { status }, n) => sum + (status === 200 ? 150_37 + n * 100 : 0), 0);
  expect(released).toBe(30 * 150_37 + 100 * 435);
  const left = (600_000 - released) / 100;
  expect(await covered(who, id)).toEqual({ held: left, limit: left });
  expect(await market.money(who)).toEqual({ free: released / 100, held: left });
});
