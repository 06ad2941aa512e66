/** Whom a sale at a standing price binds, to how much, and to which contract. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listingBuyingRoutes } from './buying/routes.ts';
import { listingRoutes } from './routes.ts';
import { type Company, type Market, lot, openMarket } from './testing.ts';

let market: Market;
beforeAll(async () => {
  market = await openMarket((app, deps) => {
    listingRoutes(app, deps);
    listingBuyingRoutes(app, deps);
  });
  // Every lot of these tests may go to the market at once.
  for (const rule of ['first_listing', 'price_band'])
    await market.call('staff', 'PUT', `/v1/staff/listing-rules/${rule}`, { enabled: false, channels: [] });
});
afterAll(async () => market.close());
afterEach(() => market.limits.clear());

const offer = async (patch: Record<string, unknown> = {}, as: Company = 'seller') => {
  const made = await market.call(as, 'POST', '/v1/listings', lot(patch));
  expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201 });
  return made.body;
};
const take = async (id: string, quantity: string, as: Company = 'buyer') =>
  market.call(as, 'POST', `/v1/listings/${id}/take`, { quantity, version: 1 });
const remaining = async (id: string) => (await market.call(null, 'GET', `/v1/listings/${id}`)).body.remaining;
const sales = async (id: string) =>
  market.db.sql<{ kg: string; terms: string | null }[]>`
    select quantity_kg::text as kg, agreed_terms as terms from sale where listing_id = ${id}`;

describe('what a person may bind its company to', () => {
  it('403 member.limit_exceeded for one fen more, and nothing is sold', async () => {
    const { id } = await offer();
    market.limits.set('person-buyer', 612_500n);
    expect(await take(id, '10.001')).toMatchObject({
      status: 403,
      body: { code: 'member.limit_exceeded', accepted: { limit: '6125.00', value: '6125.61' } },
    });
    expect(await remaining(id)).toBe('10000.000');
    expect((await take(id, '10')).status).toBe(201);
    expect(await sales(id)).toHaveLength(1);
  });

  it('holds for ten takes at once as for one, while whoever has no limit takes the last tonnes', async () => {
    const { id } = await offer({ quantity: '20' });
    market.limits.set('person-buyer', 100n);
    const takers: Company[] = [...Array.from({ length: 9 }, () => 'buyer' as const), 'other'];
    const answers = await Promise.all(takers.map(async (as) => take(id, '20', as)));
    expect(answers.map(({ status }) => status).filter((status) => status === 201)).toEqual([201]);
    expect(answers.at(-1)?.status).toBe(201);
    expect(await sales(id)).toHaveLength(1);
  });

  it('binds a posting, and whoever delivers into one', async () => {
    const place = { kind: 'port', name: 'Zhangjiagang', country: 'CN', latitude: '31.9', longitude: '120.4' };
    const port = (await market.call('buyer', 'POST', '/v1/places', place)).body.id;
    const terms = { deliveryTerm: 'cif', deliveryPlaceId: port };
    const wanted = {
      ...terms,
      coalRanks: [],
      quality: {},
      currency: 'CNY',
      quantity: '100',
      minimumQuantity: '10',
      price: '640',
      windowFrom: '2026-12-01',
      windowTo: '2026-12-31',
    };
    const post = async () => market.call('buyer', 'POST', '/v1/buy-listings', wanted);
    market.limits.set('person-buyer', 6_399_999n);
    expect((await post()).body.code).toBe('member.limit_exceeded');
    market.limits.set('person-buyer', 6_400_000n);
    const posted = await post();
    expect(posted.status).toBe(201);
    const coal = await offer(terms);
    const deliver = async (quantity: string) =>
      market.call('seller', 'POST', `/v1/buy-listings/${posted.body.id}/deliver`, {
        listingId: coal.id,
        quantity,
        version: 1,
      });
    market.limits.set('person-seller', 640_000n);
    expect((await deliver('10.001')).body.code).toBe('member.limit_exceeded');
    expect(await remaining(coal.id)).toBe('10000.000');
    expect((await deliver('10')).status).toBe(201);
  });
});

it('422 contract.font_missing_glyph for coal that no contract could name, and nothing is sold', async () => {
  const newMine = { name: 'Mysłowice', country: 'PL', region: 'Śląsk', latitude: '50.2', longitude: '19.1' };
  const { id } = await offer({ newMine });
  expect(await take(id, '10')).toMatchObject({
    status: 422,
    body: { code: 'contract.font_missing_glyph', detail: 'the font has no ł' },
  });
  expect(await remaining(id)).toBe('10000.000');
  expect(await sales(id)).toEqual([]);
});

describe('an annual lot', () => {
  const annual = {
    channel: 'long_term',
    windowFrom: '2027-01-10',
    windowTo: '2027-12-31',
    monthSplit: [
      { month: '2027-03', quantity: '6000' },
      { month: '2027-07', quantity: '3999.999' },
      { month: '2027-08', quantity: '0.001' },
    ],
  };

  it('is a long-term contract, called off in the proportions of its split to the last kilogram', async () => {
    const { id } = await offer(annual);
    expect((await take(id, '600.001')).status).toBe(201);
    const [sale] = await sales(id);
    expect(JSON.parse(sale!.terms!)).toMatchObject({
      template: { id: expect.stringContaining('long_term') },
      quantityKg: '600001',
      goods: { windowFrom: '2027-03-01', windowTo: '2027-08-31' },
      callOff: {
        months: [
          { month: '2027-03', kg: '360001' },
          { month: '2027-07', kg: '240000' },
          { month: '2027-08', kg: '0' },
        ],
      },
    });
  });

  it('of any other channel carries no terms of its own', async () => {
    const { id } = await offer();
    expect((await take(id, '10')).status).toBe(201);
    expect(await sales(id)).toEqual([{ kg: '10000', terms: null }]);
  });
});
