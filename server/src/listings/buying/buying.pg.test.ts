/** Buyers' postings: producers deliver into them, in parts, until they are full. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listingRoutes } from '../routes.ts';
import { listingWork } from '../work.ts';
import { type Market, NOW, assay, lot, openMarket } from '../testing.ts';
import { listingBuyingRoutes } from './routes.ts';

let market: Market;
let port: string;
beforeAll(async () => {
  market = await openMarket((app, deps) => {
    listingRoutes(app, deps);
    listingBuyingRoutes(app, deps);
  });
  const place = { kind: 'port', name: 'Zhangjiagang', country: 'CN', latitude: '31.9', longitude: '120.4' };
  port = (await market.call('buyer', 'POST', '/v1/places', place)).body.id;
});
afterAll(async () => market.close());

const wanted = (patch: Record<string, unknown> = {}) => ({
  coalRanks: ['bituminous'],
  quality: { calorificMin: '5500', sulphurMax: '0.80' },
  quantity: '1000',
  minimumQuantity: '200',
  currency: 'CNY',
  price: '640',
  deliveryTerm: 'cif',
  deliveryPlaceId: port,
  windowFrom: '2026-12-01',
  windowTo: '2026-12-31',
  ...patch,
});
const post = async (patch: Record<string, unknown> = {}) => {
  const { body, status } = await market.call('buyer', 'POST', '/v1/buy-listings', wanted(patch));
  expect(status).toBe(201);
  return body;
};
const offer = async (patch: Record<string, unknown> = {}, as: 'seller' | 'rival' = 'seller') =>
  (
    await market.call(
      as,
      'POST',
      '/v1/listings',
      lot({ deliveryTerm: 'cif', deliveryPlaceId: port, ...patch }),
    )
  ).body;
const deliver = async (
  id: string,
  listingId: string,
  quantity: string,
  as: 'seller' | 'rival' | 'buyer' | 'other' = 'seller',
  version = 1,
) => market.call(as, 'POST', `/v1/buy-listings/${id}/deliver`, { listingId, quantity, version });

describe('a buyer’s posting', () => {
  it('is delivered into in parts at its own price, and what is left of both sides is live', async () => {
    const [{ id }, coal] = [await post(), await offer()];
    expect((await deliver(id, coal.id, '600')).status).toBe(201);
    const [view] = (await market.call(null, 'GET', '/v1/buy-listings')).body.items;
    expect(view).toMatchObject({ id, remaining: '400.000', state: 'published', own: false });
    expect((await market.call(null, 'GET', `/v1/listings/${coal.id}`)).body.remaining).toBe('9400.000');
    const [sale] = await market.db.sql`select * from sale where listing_id = ${coal.id}`;
    expect(sale).toMatchObject({ buyer_id: 'buyer', seller_id: 'seller', price_per_tonne: '64000' });
    expect((await deliver(id, coal.id, '400')).status).toBe(201);
    expect((await market.call('buyer', 'GET', `/v1/buy-listings/${id}`)).body.state).toBe('filled');
    expect((await deliver(id, coal.id, '1')).body.code).toBe('buy_listing.not_open');
  });

  it('takes from one of two at once that bring more than is left', async () => {
    const [{ id }, a, b] = [await post(), await offer(), await offer({}, 'rival')];
    const both = await Promise.all([deliver(id, a.id, '700'), deliver(id, b.id, '700', 'rival')]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    expect(both.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'buy_listing.quantity_exceeded',
      accepted: { quantity: '300.000' },
    });
  });

  it.each([
    [
      'too little heat',
      { assay: assay({ calorificValue: { value: '5400', unit: 'kcal/kg', kind: 'net', basis: 'ar' } }) },
      { calorificValue: '≥ 5500 kcal/kg' },
    ],
    [
      'too much sulphur',
      { assay: assay({ sulphur: { value: '1.20', basis: 'd' } }) },
      { sulphur: '≤ 0.80 %' },
    ],
    ['another rank', { coalRank: 'coking' }, { coalRank: 'bituminous' }],
    ['another term', { deliveryTerm: 'fob' }, { deliveryTerm: 'cif' }],
    [
      'another month',
      { windowFrom: '2027-01-01', windowTo: '2027-01-31' },
      { window: '2026-12-01 – 2026-12-31' },
    ],
  ])('409 for a lot of %s, with what is asked for', async (_name, patch, accepted) => {
    const [{ id }, coal] = [await post(), await offer(patch)];
    expect((await deliver(id, coal.id, '300')).body).toMatchObject({
      code: 'buy_listing.lot_does_not_fit',
      accepted,
    });
    expect((await market.call(null, 'GET', `/v1/listings/${coal.id}`)).body.remaining).toBe('10000.000');
  });

  it('refuses too small a delivery, another version, another company’s lot, and its own buyer', async () => {
    const [{ id }, coal] = [await post(), await offer()];
    expect((await deliver(id, coal.id, '199')).body).toMatchObject({
      code: 'buy_listing.below_minimum',
      accepted: { quantityMinimum: '200.000' },
    });
    expect((await deliver(id, coal.id, '300', 'seller', 2)).body.code).toBe('buy_listing.changed');
    expect((await deliver(id, coal.id, '300', 'rival')).status).toBe(404);
    expect((await deliver(id, coal.id, '300', 'buyer')).body.code).toBe('listing.own');
    expect((await market.call('rival', 'POST', `/v1/buy-listings/${id}/withdraw`)).status).toBe(404);
    await market.call('buyer', 'POST', `/v1/buy-listings/${id}/withdraw`);
    expect((await deliver(id, coal.id, '300')).body.code).toBe('buy_listing.not_open');
  });

  it('is posted by who may buy, met by who may sell, and only with coal that is on the market', async () => {
    const posted = await market.call('rival', 'POST', '/v1/buy-listings', wanted());
    expect(posted.body.code).toBe('listing.buyers_only');
    const [{ id }, held] = [await post(), await offer()];
    expect((await deliver(id, held.id, '300', 'other')).body.code).toBe('listing.sellers_only');
    await market.call('staff', 'POST', `/v1/staff/listings/${held.id}/suspend`, { reason: 'questioned' });
    expect((await deliver(id, held.id, '300')).body.code).toBe('listing.not_published');
    expect((await market.call('buyer', 'GET', `/v1/buy-listings/${id}`)).body.remaining).toBe('1000.000');
  });

  it('never takes more of a lot than is left of it', async () => {
    const [{ id }, coal] = [await post(), await offer({ quantity: '400' })];
    expect((await deliver(id, coal.id, '500')).body).toMatchObject({
      code: 'listing.quantity_unavailable',
      accepted: { quantity: '400.000' },
    });
    expect((await market.call('buyer', 'GET', `/v1/buy-listings/${id}`)).body.remaining).toBe('1000.000');
  });

  it('ends with its time: for every reader at once, and as a state by the work that was due then', async () => {
    const end = new Date('2026-11-24T00:00:00Z');
    const [{ id }, coal] = [await post({ validUntil: end.toISOString() }), await offer()];
    const [due] = await market.db.sql`select topic, payload, not_before from outbox
      where effect_key = ${`buy_listing:${id}:expire`}`;
    expect(due?.['not_before']).toEqual(end);
    const work = listingWork(market.deps).find(({ topic }) => topic === due?.['topic']);
    const run = async () =>
      market.db.sql.begin(async (tx) => work!.write!(tx, { payload: due?.['payload'] } as never));
    const stored = async () =>
      (await market.db.sql`select state from buy_listing where id = ${id}`)[0]?.['state'];
    // Woken early it leaves what still stands.
    await run();
    expect(await stored()).toBe('published');
    market.clock.at = end;
    expect((await market.call(null, 'GET', `/v1/buy-listings/${id}`)).body.state).toBe('expired');
    const open = (await market.call(null, 'GET', '/v1/buy-listings')).body.items;
    expect(open.map((one: { id: string }) => one.id)).not.toContain(id);
    expect((await deliver(id, coal.id, '300')).body.code).toBe('buy_listing.not_open');
    await run();
    await run();
    expect(await stored()).toBe('expired');
    expect((await deliver(id, coal.id, '300')).body.code).toBe('buy_listing.not_open');
    const own = (await market.call('buyer', 'GET', '/v1/buy-listings?scope=own')).body.items;
    expect(own.find((one: { id: string }) => one.id === id).state).toBe('expired');
    market.clock.at = NOW;
  });

  it('that was withdrawn or filled stays so when its end comes', async () => {
    const end = new Date('2026-11-24T00:00:00Z');
    const [{ id: gone }, { id: full }, coal] = [await post(), await post(), await offer()];
    await market.call('buyer', 'POST', `/v1/buy-listings/${gone}/withdraw`);
    await deliver(full, coal.id, '1000');
    const [, work] = listingWork({ clock: { now: () => new Date(end.getTime() + 400 * 86_400_000) } });
    for (const id of [gone, full])
      await market.db.sql.begin(async (tx) => work!.write!(tx, { payload: { buyListingId: id } } as never));
    const states = await market.db
      .sql`select state from buy_listing where id in ${market.db.sql([gone, full])}
      order by id`;
    expect(states.map(({ state }) => state)).toEqual(['withdrawn', 'filled']);
  });

  it.each([
    [
      'more at least than in all',
      { minimumQuantity: '2000' },
      'minimumQuantity',
      'buy_listing.minimum_above_quantity',
    ],
    [
      'ash above all coal',
      { quality: { ashMax: '120' } },
      'quality.ashMax',
      'buy_listing.limit_out_of_range',
    ],
    ['a place nobody knows', { deliveryPlaceId: 'nowhere' }, 'deliveryPlaceId', 'listing.place_unknown'],
    ['a price below zero', { price: '-1' }, 'price', 'listing.price_not_positive'],
  ])('422 for %s', async (_name, patch, field, code) => {
    const { body } = await market.call('buyer', 'POST', '/v1/buy-listings', wanted(patch));
    expect(body).toMatchObject({ code, fields: { [field]: code } });
  });
});
