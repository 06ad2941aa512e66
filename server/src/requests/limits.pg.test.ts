/** Direct awards bind the buyer's company as far as the person who awards may bind it, and only to what can be printed. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type RequestMarket, lot, need, openRequestMarket } from './testing/market.ts';

let market: RequestMarket;
beforeAll(async () => {
  market = await openRequestMarket();
});
afterAll(async () => market.close());
afterEach(() => market.limits.clear());

const ask = async () => (await market.call('buyer', 'POST', '/v1/requests', need())).body.id as string;
const publish = async (patch: Record<string, unknown> = {}, as: 'seller' | 'rival' = 'seller') =>
  (await market.call(as, 'POST', '/v1/listings', lot(patch))).body.id as string;
const answer = async (id: string, listingId: string, as: 'seller' | 'rival' = 'seller') =>
  market.call(as, 'POST', `/v1/requests/${id}/responses`, {
    lots: [{ listingId, quantity: '2000', price: '650' }],
    validUntil: '2026-11-30T00:00:00Z',
  });
const award = async (id: string, responseIds: string[]) =>
  market.call('buyer', 'POST', `/v1/requests/${id}/award`, {
    awards: responseIds.map((responseId) => ({ responseId, version: 1 })),
  });
const take = async (id: string, lots: { listingId: string; quantity: string }[]) =>
  market.call('buyer', 'POST', `/v1/requests/${id}/take`, {
    lots: lots.map((one) => ({ version: 1, ...one })),
  });
const contracted = async (id: string) => {
  const [row] = await market.db.sql<{ tonnes: number; sales: number }[]>`
    select (contracted_kg / 1000)::int as tonnes,
           (select count(*)::int from sale where origin_id = ${id}) as sales from request where id = ${id}`;
  return { ...row! };
};

it('403 member.limit_exceeded for parts that are together too much, each of them being little enough', async () => {
  const [id, one, two] = [await ask(), await publish(), await publish({}, 'rival')];
  const answers = [(await answer(id, one)).body.id, (await answer(id, two, 'rival')).body.id];
  market.limits.set('person-buyer', 259_999_999n);
  expect(await award(id, answers)).toMatchObject({
    status: 403,
    body: { code: 'member.limit_exceeded', accepted: { limit: '2599999.99', value: '2600000.00' } },
  });
  expect(await contracted(id)).toEqual({ tonnes: 0, sales: 0 });
  market.limits.set('person-buyer', 260_000_000n);
  expect((await award(id, answers)).status).toBe(201);
  expect(await contracted(id)).toEqual({ tonnes: 4000, sales: 2 });
});

it('holds for lots taken at their own price, and for a producer’s firm answer', async () => {
  const [id, one, two] = [await ask(), await publish(), await publish({}, 'rival')];
  const lots = [one, two].map((listingId) => ({ listingId, quantity: '1000' }));
  market.limits.set('person-buyer', 122_499_999n);
  expect((await take(id, lots)).body.code).toBe('member.limit_exceeded');
  expect(await contracted(id)).toEqual({ tonnes: 0, sales: 0 });
  market.limits.set('person-buyer', 122_500_000n);
  expect((await take(id, lots)).status).toBe(201);
  market.limits.set('person-seller', 129_999_999n);
  expect((await answer(id, one)).body.code).toBe('member.limit_exceeded');
  market.limits.set('person-seller', 130_000_000n);
  expect((await answer(id, one)).status).toBe(201);
});

it('two awards at once by a person whose limit allows one of them each make what they may', async () => {
  const [id, one, two] = [await ask(), await publish(), await publish()];
  market.limits.set('person-buyer', 61_250_000n);
  const answers = await Promise.all([
    take(id, [{ listingId: one, quantity: '1000' }]),
    take(id, [{ listingId: two, quantity: '1001' }]),
  ]);
  expect(answers.map(({ status, body }) => body.code ?? status)).toEqual([201, 'member.limit_exceeded']);
  expect(await contracted(id)).toEqual({ tonnes: 1000, sales: 1 });
});

it('422 contract.font_missing_glyph when one lot of several could not be named, and none of them is sold', async () => {
  const newMine = {
    name: 'Soğuksu',
    country: 'TR',
    region: 'Zonguldak',
    latitude: '41.4',
    longitude: '31.8',
  };
  const [id, good, bad] = [await ask(), await publish(), await publish({ newMine })];
  const lots = [good, bad].map((listingId) => ({ listingId, quantity: '1000' }));
  expect(await take(id, lots)).toMatchObject({
    status: 422,
    body: { code: 'contract.font_missing_glyph', detail: 'the font has no ğ' },
  });
  const given = [(await answer(id, good)).body.id, (await answer(id, bad)).body.id].filter(Boolean);
  expect(given).toHaveLength(2);
  expect((await award(id, given)).body.code).toBe('contract.font_missing_glyph');
  expect(await contracted(id)).toEqual({ tonnes: 0, sales: 0 });
});
