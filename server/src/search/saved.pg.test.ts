import { LotComparison } from '@seam/protocol';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assay, lot } from '../listings/testing.ts';
import { doWork, dueWork } from '../platform/outbox.ts';
import { alertWork, findAlerts } from './alerts.ts';
import { type SearchMarket, openSearchMarket } from './testing/market.ts';

let market: SearchMarket;
beforeAll(async () => {
  market = await openSearchMarket();
});
afterAll(async () => market.close());

const publish = async (
  patch: Record<string, unknown> = {},
  as: 'seller' | 'rival' = 'seller',
): Promise<string> => (await market.call(as, 'POST', '/v1/listings', lot(patch))).body.id;
const save = async (query: object, as: 'buyer' | 'other' | 'seller' = 'buyer') =>
  market.call(as, 'POST', '/v1/saved-searches', { name: 'Low ash', query });
const alerts = async (as: 'buyer' | 'other' | 'seller' = 'buyer') =>
  (await market.call(as, 'GET', '/v1/search-alerts')).body.items;

const forget = async (as: string, id: string): Promise<number> => {
  const headers = { authorization: `Bearer ${as.padEnd(43, '-')}` };
  return (await market.app.inject({ method: 'DELETE', url: `/v1/saved-searches/${id}`, headers })).statusCode;
};

/** What the process does by itself every second, with the work that follows. */
async function lookAndTell(): Promise<void> {
  await findAlerts({ ...market.options, search: market.search });
  const handlers = new Map(alertWork().map((handler) => [handler.topic, handler]));
  for (const id of await dueWork(market.db.sql, 1_000)) {
    const [row] = await market.db.sql<{ topic: string }[]>`select topic from outbox where id = ${id}`;
    if (row?.topic === 'search.alert')
      expect(await doWork(market.db.sql, handlers, id)).toBeOneOf(['done', 'nothing']);
  }
}

describe('a saved search', () => {
  it('tells once of each lot and version that came after it and fits, and of no other', async () => {
    const old = await publish({ price: '500' });
    const { body: saved, status } = await save({ ranges: 'ash:d:~20', country: 'CN' });
    expect(status).toBe(201);
    const fits = await publish();
    await publish({
      assay: assay({ ash: { value: '30', basis: 'd' }, volatileMatter: { value: '30', basis: 'daf' } }),
    });
    // What changes of an old lot without a new version is no news.
    await market.db.sql`update listing set remaining_kg = remaining_kg - 1 where id = ${old}`;
    await lookAndTell();
    await lookAndTell();
    expect(await alerts()).toMatchObject([
      { searchId: saved.id, searchName: 'Low ash', foundVersion: 1, readAt: null, lot: { id: fits } },
    ]);
    await market.call('seller', 'POST', `/v1/listings/${fits}/price`, { price: '600', version: 1 });
    await market.call('seller', 'POST', `/v1/listings/${old}/price`, { price: '490', version: 1 });
    await market.db.sql`update listing set remaining_kg = remaining_kg - 1 where id = ${fits}`;
    await Promise.all([lookAndTell(), lookAndTell()]);
    await lookAndTell();
    const found = await alerts();
    expect(
      found
        .map((each: { lot: { id: string }; foundVersion: number }) => [each.lot.id, each.foundVersion])
        .toSorted(),
    ).toEqual(
      [
        [fits, 1],
        [fits, 2],
        [old, 2],
      ].toSorted(),
    );
    expect((await market.call('buyer', 'GET', '/v1/saved-searches')).body.items[0].unread).toBe(3);
    await market.call('buyer', 'POST', `/v1/saved-searches/${saved.id}/read`);
    expect((await market.call('buyer', 'GET', '/v1/saved-searches')).body.items[0].unread).toBe(0);
    expect((await alerts()).every((each: { readAt: string | null }) => each.readAt !== null)).toBe(true);
    await forget('buyer', saved.id);
    expect(await alerts()).toEqual([]);
  });

  it('tells each search only of what came after it, when others that are looked at with it came before', async () => {
    const { body: early } = await save({}, 'buyer');
    const first = await publish();
    const { body: late } = await save({}, 'other');
    const second = await publish();
    await lookAndTell();
    const told = async (as: 'buyer' | 'other') =>
      (await alerts(as)).map((each: { lot: { id: string } }) => each.lot.id).toSorted();
    expect(await told('buyer')).toEqual([first, second].toSorted());
    expect(await told('other')).toEqual([second]);
    await forget('buyer', early.id);
    await forget('other', late.id);
  });

  it('tells once although the looking stopped between finding and remembering how far it was', async () => {
    const { body: saved } = await save({ text: 'tashan' }, 'other');
    const before = await market.db.sql`select low::text from search_progress`;
    await publish();
    await lookAndTell();
    await market.db.sql`update search_progress set low = ${before[0]!['low']}::xid8`;
    await lookAndTell();
    expect(await alerts('other')).toHaveLength(1);
    await forget('other', saved.id);
  });

  it('tells of a lot whose transaction began before the search was saved and ended after', async () => {
    const slow = await market.db.sql.reserve();
    await slow`begin`;
    const [row] = await slow<
      { id: string }[]
    >`update listing set version = version + 1 where state = 'published' returning id`;
    const { body: saved } = await save({}, 'other');
    await lookAndTell();
    expect(await alerts('other')).toEqual([]);
    await slow`commit`;
    slow.release();
    await lookAndTell();
    expect((await alerts('other')).map((each: { lot: { id: string } }) => each.lot.id)).toContain(row!.id);
    await forget('other', saved.id);
  });

  it('does not tell a company of its own lots', async () => {
    const { body: saved } = await save({}, 'seller');
    const theirs = await publish({}, 'rival');
    await publish();
    await lookAndTell();
    expect((await alerts('seller')).map((each: { lot: { id: string } }) => each.lot.id)).toEqual([theirs]);
    await forget('seller', saved.id);
  });

  it('is its owner’s own; 404 for another, 401 for a stranger, 422 for what cannot be asked, 409 for too many', async () => {
    const { body: saved } = await save({});
    expect((await market.call('other', 'GET', '/v1/saved-searches')).body.items).toEqual([]);
    expect(await forget('other', saved.id)).toBe(404);
    expect((await market.call('other', 'POST', `/v1/saved-searches/${saved.id}/read`)).status).toBe(404);
    expect((await market.call(null, 'GET', '/v1/search-alerts')).status).toBe(401);
    expect((await save({ ranges: 'ash:daf:~5' })).body.code).toBe('search.basis_not_allowed');
    expect((await save({ cursor: 'x' })).status).toBe(400);
    for (let kept = 1; kept < 50; kept += 1) expect((await save({})).status).toBe(201);
    expect((await save({})).body).toMatchObject({
      status: 409,
      code: 'search.too_many_saved',
      accepted: { searches: '50' },
    });
  });
});

describe('comparing', () => {
  const site = (latitude: string, longitude: string) => ({
    newMine: { name: `Mine ${latitude}`, country: 'CN', region: '', latitude, longitude },
  });
  const heat = (value: string) => ({
    assay: assay({ calorificValue: { value, unit: 'J/g', kind: 'net', basis: 'ar' } }),
  });

  it('brings lots to one coal, marks the best, and says why the others cost more: parts that add up', async () => {
    const ids = [
      await publish({ ...site('32', '119'), ...heat('25121'), price: '700' }),
      await publish({ ...site('40', '110'), ...heat('25121'), price: '600' }),
      await publish({ ...site('32', '119'), ...heat('18000'), price: '600' }),
      await publish({ ...site('32', '119'), saleMethod: 'auction', price: undefined }),
    ];
    const { body, status } = await market.call(
      null,
      'GET',
      `/v1/search/compare?ids=${ids.join(',')}&to=32.4,119.4&costCurrency=CNY`,
    );
    expect(status, JSON.stringify(body)).toBe(200);
    expect([...Compile(LotComparison).Errors(body)]).toEqual([]);
    expect(body).toMatchObject({ referenceHeat: 25_121, costCurrency: 'CNY', bestId: ids[0] });
    const [best, far, lean, auction] = body.lots;
    // Of reference heat itself: what is paid is what is compared.
    expect(best.normalised).toBe(best.lot.landed.landedPerTonne);
    expect(best.best).toContain('normalised');
    expect(best.reasons[0]).toMatchObject({ code: 'best', values: { price: '700.00', heat: '25121' } });
    for (const each of [far, lean]) {
      const parts = each.reasons.map(({ values }: { values: { amount: string } }) => Number(values.amount));
      const sum = parts.reduce((total: number, part: number) => total + part, 0);
      expect(sum).toBeCloseTo(Number(each.normalised) - Number(best.normalised), 6);
    }
    expect(far.reasons.map(({ code }: { code: string }) => code)).toEqual(['price', 'freight', 'heat']);
    expect(far.reasons[0].values).toEqual({ amount: '-100.00', own: '600.00', best: '700.00' });
    expect(far.reasons[2].values.amount).toBe('0.00');
    // The same way; 18,000 J/g make 633.63 worth 884.31, of which 100 a tonne less was saved.
    expect(lean.reasons[2].values).toMatchObject({ own: '18000', best: '25121' });
    expect(Number(lean.reasons[2].values.amount)).toBeGreaterThan(200);
    expect(auction).toMatchObject({ normalised: null, reasons: [{ code: 'price_by_auction' }] });
  });

  it('422 for one, for nine and for the same twice; 404 for what is not on the market; no place, no cost', async () => {
    const [a, b] = [await publish(), await publish()];
    const ask = async (query: string) => market.call(null, 'GET', `/v1/search/compare?${query}`);
    expect((await ask(`ids=${a}`)).body.code).toBe('search.compare_count');
    expect((await ask(`ids=${a},${a}`)).body.code).toBe('search.compare_count');
    expect((await ask(`ids=${Array.from({ length: 9 }, (_, n) => `x${n}`).join(',')}`)).body.code).toBe(
      'search.compare_count',
    );
    expect((await ask(`ids=${a},${b}`)).body).toMatchObject({
      bestId: null,
      lots: [{ reasons: [{ code: 'no_place' }] }, {}],
    });
    await market.call('seller', 'POST', `/v1/listings/${b}/withdraw`);
    expect((await ask(`ids=${a},${b}`)).status).toBe(404);
    expect((await ask(`ids=${a},nowhere`)).status).toBe(404);
  });
});
