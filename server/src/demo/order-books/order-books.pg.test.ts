/** The demo's order books on a real exchange: listed, scheduled day after day, quoted and traded by robots. */
import { createClient } from '@seam/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSale } from '../../contracts/public.ts';
import { listingRoutes } from '../../listings/routes.ts';
import { lot } from '../../listings/testing.ts';
import { systemClock } from '../../platform/clock.ts';
import { saleChecks, tradingLots } from '../../ports.ts';
import { checkLedger } from '../../settlement/public.ts';
import { TradingMarket, tokenOf } from '../../trading/testing.ts';
import { seeded } from '../robots/random.ts';
import { demoInstruments } from './instruments.ts';
import { keepOpen } from './keeper.ts';
import { BookTrader } from './trader.ts';

let market: TradingMarket;
beforeAll(async () => {
  market = await TradingMarket.open({
    lots: tradingLots(systemClock),
    register: (app, http) =>
      listingRoutes(app, {
        ...http,
        clock: systemClock,
        createSale,
        ...saleChecks(systemClock),
        personNames: async () => new Map(),
        organisations: async (_connection, ids) =>
          new Map(ids.map((id) => [id, { name: id, nameZh: null, sells: true, buys: true }])),
      }),
  });
});
afterAll(async () => {
  expect(await checkLedger(market.db.sql)).toEqual([]);
  await market.close();
});

const clientOf = (who: string) => createClient({ baseUrl: market.baseUrl }).withToken(tokenOf(who));
const phases = async (id: string): Promise<string[]> =>
  (await market.call(null, 'GET', `/v1/instruments/${id}`)).body.session.map(
    ({ phase }: { phase: string }) => phase,
  );
const DAY = ['call', 'continuous', 'call', 'closed'];

it('are listed once, and get their next day half a day ahead', async () => {
  const staff = clientOf('staff1');
  await keepOpen(staff);
  const ids = demoInstruments(market.exchange.now()).map(({ id }) => id);
  const listed = (await market.call(null, 'GET', '/v1/instruments')).body.items;
  expect(listed.map(({ id }: { id: string }) => id)).toEqual(ids.toSorted());
  for (const id of ids) expect(await phases(id)).toEqual(DAY);
  await keepOpen(staff);
  for (const id of ids) expect(await phases(id)).toEqual(DAY);
  market.turnClock(12 * 3_600);
  await keepOpen(staff);
  for (const id of ids) expect(await phases(id)).toEqual([...DAY.slice(1), ...DAY]);
});

it('are quoted on both sides by robots that trade now and then and deliver what they sell', async () => {
  await market.call('seller', 'POST', '/v1/listings', {
    ...lot({ deliveryTerm: 'ex_mine', windowFrom: day(2), windowTo: day(30) }),
  });
  const names = [await market.company('robota', 60_000_000), await market.company('robotb', 60_000_000)];
  const robots = names.map((name, n) => new BookTrader({ client: clientOf(name), random: seeded(n + 1) }));
  const instruments = (await market.call(null, 'GET', '/v1/instruments')).body.items;
  const traded = instruments.find(({ deliveryTerm }: { deliveryTerm: string }) => deliveryTerm === 'ex_mine');
  await market.inPhase(traded.id, 'continuous');
  let contracts: string[] = [];
  for (let round = 0; round < 60 && contracts.length === 0; round += 1) {
    for (const robot of robots) {
      await robot.turn(traded);
      await robot.deliver(instruments);
    }
    market.turnClock(60);
    const trades = (await market.call(names[0]!, 'GET', '/v1/market-trades')).body.items;
    contracts = trades.flatMap(({ contractId }: { contractId: string | null }) => contractId ?? []);
  }
  expect(contracts).not.toEqual([]);
  const book = (await market.call(null, 'GET', `/v1/instruments/${traded.id}/book`)).body;
  expect(book.buys.length * book.sells.length).toBeGreaterThan(0);
  for (const name of names) expect((await market.mine(name, traded.id)).open.length).toBeLessThanOrEqual(2);
});

const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
