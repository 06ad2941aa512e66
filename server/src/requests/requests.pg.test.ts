import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Market, NOW, assay, lot, openMarket } from '../listings/testing.ts';
import { listingRoutes } from '../listings/routes.ts';
import { doWork } from '../platform/outbox.ts';
import { requestRoutes } from './routes.ts';
import { requestWork } from './work.ts';

let market: Market;
beforeAll(async () => {
  market = await openMarket((app, deps) => {
    listingRoutes(app, deps);
    requestRoutes(app, deps);
  });
});
afterAll(async () => market.close());

const plant = { kind: 'plant', name: 'Yangzhou', country: 'CN', latitude: '32.4', longitude: '119.4' };
const need = (patch: Record<string, unknown> = {}) => ({
  coalRanks: ['bituminous'],
  limits: [
    { parameter: 'calorificValue', kind: 'net', basis: 'ar', unit: 'kcal/kg', minimum: '5000' },
    { parameter: 'sulphur', basis: 'd', maximum: '1.00' },
    { parameter: 'totalMoisture', maximum: '14' },
  ],
  quantity: '5000',
  minimumQuantity: '1000',
  newPlant: plant,
  windowFrom: '2026-12-10',
  windowTo: '2027-01-10',
  currency: 'CNY',
  priceCeiling: '700',
  ...patch,
});
const ask = async (patch: Record<string, unknown> = {}) => {
  const { status, body } = await market.call('buyer', 'POST', '/v1/requests', need(patch));
  expect(body).toMatchObject({ state: 'open', own: true });
  expect(status).toBe(201);
  return body;
};
const publish = async (patch: Record<string, unknown> = {}, as: 'seller' | 'rival' = 'seller') =>
  (await market.call(as, 'POST', '/v1/listings', lot(patch))).body;
const answer = async (
  requestId: string,
  listingId: string,
  patch: Record<string, unknown> = {},
  as: 'seller' | 'rival' | 'buyer' = 'seller',
) =>
  market.call(as, 'POST', `/v1/requests/${requestId}/responses`, {
    listingId,
    quantity: '5000',
    price: '650',
    validUntil: '2026-11-30T00:00:00Z',
    ...patch,
  });
const take = async (requestId: string, responseId: string, as: 'buyer' | 'other' = 'buyer') =>
  market.call(as, 'POST', `/v1/requests/${requestId}/responses/${responseId}/take`);
const counts = async () =>
  (
    await market.db.sql`select (select count(*)::int from request) as requests,
      (select count(*)::int from response) as responses, (select count(*)::int from place) as places,
      (select count(*)::int from sale) as sales, (select coalesce(sum(remaining_kg), 0) from listing) as kg,
      (select coalesce(sum(contracted_kg), 0) from request) as contracted`
  )[0];

describe('publishing a request', () => {
  it('201 with the limits as they were written, open for everyone to read', async () => {
    const body = await ask();
    expect(body).toMatchObject({
      buyer: { name: 'Jiangsu Power' },
      plant: { kind: 'plant', name: 'Yangzhou' },
      outstanding: '5000.000',
      priceCeiling: '700.00',
      responseCount: 0,
    });
    expect(body.limits[0]).toEqual({
      parameter: 'calorificValue',
      kind: 'net',
      basis: 'ar',
      unit: 'kcal/kg',
      minimum: '5000',
    });
    expect((await market.call(null, 'GET', `/v1/requests/${body.id}`)).body).toEqual({ ...body, own: false });
    const open = await market.call(null, 'GET', '/v1/requests');
    expect(open.body.items.map((item: { id: string }) => item.id)).toContain(body.id);
    expect((await market.call(null, 'GET', '/v1/requests?scope=own')).body.code).toBe('auth.required');
  });

  const limit = (patch: Record<string, unknown>) => ({
    limits: [{ parameter: 'ash', basis: 'ar', ...patch }],
  });
  it.each<[string, Record<string, unknown>, string, string]>([
    ['a limit of 140 % ash', limit({ maximum: '140' }), 'purchase_request.limit_invalid', 'limits.ash'],
    ['a negative limit', limit({ minimum: '-1' }), 'purchase_request.limit_invalid', 'limits.ash'],
    ['a limit without a value', limit({}), 'purchase_request.limit_invalid', 'limits.ash'],
    ['a limit to three digits', limit({ maximum: '10.005' }), 'purchase_request.limit_invalid', 'limits.ash'],
    [
      'limits the wrong way round',
      limit({ minimum: '20', maximum: '10' }),
      'purchase_request.limit_reversed',
      'limits.ash',
    ],
    [
      'heat without a unit',
      { limits: [{ parameter: 'calorificValue', minimum: '5000' }] },
      'purchase_request.limit_invalid',
      'limits.calorificValue',
    ],
    [
      'one parameter twice',
      { limits: [1, 2].map(() => ({ parameter: 'sizeMax', maximum: '50' })) },
      'purchase_request.limit_twice',
      'limits.sizeMax',
    ],
    ['negative tonnes', { quantity: '-5' }, 'listing.quantity_not_positive', 'quantity'],
    [
      'a part larger than the whole',
      { minimumQuantity: '5001' },
      'purchase_request.minimum_above_quantity',
      'minimumQuantity',
    ],
    ['a ceiling of zero', { priceCeiling: '0' }, 'listing.price_not_positive', 'priceCeiling'],
    [
      'a window that is over',
      { windowFrom: '2026-01-01', windowTo: '2026-02-01' },
      'listing.window_past',
      'windowTo',
    ],
    ['no plant', { newPlant: undefined }, 'purchase_request.plant_required', 'plantPlaceId'],
    [
      'an unknown plant',
      { newPlant: undefined, plantPlaceId: 'nowhere' },
      'listing.place_unknown',
      'plantPlaceId',
    ],
    [
      'a plant beyond the pole',
      { newPlant: { ...plant, latitude: '-91' } },
      'listing.coordinates_out_of_range',
      'newPlant.latitude',
    ],
  ])('422 for %s, and nothing changed', async (_name, patch, code, field) => {
    const before = await counts();
    const { body } = await market.call('buyer', 'POST', '/v1/requests', need(patch));
    expect(body).toMatchObject({ status: 422, code });
    expect(Object.keys(body.fields)).toContain(field);
    expect(await counts()).toEqual(before);
  });

  it('401, 403 for visitors, viewers and companies that are not active', async () => {
    expect((await market.call(null, 'POST', '/v1/requests', need())).status).toBe(401);
    expect((await market.call('viewer', 'POST', '/v1/requests', need())).body.code).toBe('auth.forbidden');
    expect((await market.call('waiting', 'POST', '/v1/requests', need())).body.code).toBe(
      'organisation.not_active',
    );
  });
});

describe('suggestions', () => {
  it('name the lots that fit, best first, then the near misses, each with its reasons', async () => {
    const cheap = await publish({ price: '600' });
    const dear = await publish({ price: '690' }, 'rival');
    const wet = await publish({ assay: assay({ totalMoisture: '20' }) });
    const own = (await market.call('buyer', 'POST', '/v1/listings', lot())).body;
    const { id } = await ask();
    const { body } = await market.call('buyer', 'GET', `/v1/requests/${id}/suggestions`);
    const place = (of: { id: string }) =>
      body.items.find((item: { listing: { id: string } }) => item.listing.id === of.id);
    expect(place(cheap)).toMatchObject({ fits: true, listing: { seller: { name: 'Datong Coal' } } });
    expect(place(cheap).rank).toBeLessThan(place(dear).rank);
    expect(place(dear).rank).toBeLessThan(place(wet).rank);
    expect(place(cheap).listing.landed).toMatchObject({ currency: 'CNY' });
    expect(place(wet).fits).toBe(false);
    expect(place(wet).reasons).toContainEqual({
      code: 'above_maximum',
      met: false,
      parameter: 'totalMoisture',
      basis: 'ar',
      values: { maximum: '14.00', offered: '20.00' },
    });
    expect(place(own)).toBeUndefined();

    const toRival = await market.call('rival', 'GET', `/v1/requests/${id}/suggestions`);
    expect(toRival.body.items.map((item: { listing: { id: string } }) => item.listing.id)).toEqual([dear.id]);
    expect((await market.call(null, 'GET', `/v1/requests/${id}/suggestions`)).status).toBe(401);
  });
});

describe('an answer', () => {
  it('201, seen by the buyer and its producer and by nobody else', async () => {
    const { id } = await ask();
    const coal = await publish();
    const { status, body } = await answer(id, coal.id);
    expect(status).toBe(201);
    expect(body).toMatchObject({ state: 'offered', price: '650.00', currency: 'CNY', fits: true, own: true });
    const seen = async (as: 'buyer' | 'seller' | 'rival' | 'other') =>
      (await market.call(as, 'GET', `/v1/requests/${id}/responses`)).body.items.length;
    expect([await seen('buyer'), await seen('seller'), await seen('rival'), await seen('other')]).toEqual([
      1, 1, 0, 0,
    ]);
    expect((await market.call('buyer', 'GET', `/v1/requests/${id}`)).body).toMatchObject({
      state: 'responding',
      responseCount: 1,
    });
    const answered = await market.call('seller', 'GET', '/v1/requests?scope=answered');
    expect(answered.body.items.map((item: { id: string }) => item.id)).toEqual([id]);
  });

  it('409, 422 when the lot, the price or the quantity cannot stand, and nothing changed', async () => {
    const { id } = await ask();
    const coal = await publish({ quantity: '2000' });
    const before = await counts();
    const refusals: [Record<string, unknown>, string][] = [
      [{}, 'listing.quantity_unavailable'],
      [{ quantity: '5000.001' }, 'purchase_request.quantity_exceeded'],
      [{ quantity: '999' }, 'purchase_request.quantity_below_minimum'],
      [{ quantity: '2000', price: '700.01' }, 'purchase_request.price_above_ceiling'],
      [{ quantity: '-1' }, 'listing.quantity_not_positive'],
      [{ quantity: '2000', price: '0' }, 'listing.price_not_positive'],
      [{ quantity: '2000', validUntil: '2026-11-23T12:00:00Z' }, 'listing.valid_until_past'],
      [{ listingId: 'nowhere' }, 'purchase_request.lot_unknown'],
    ];
    for (const [patch, code] of refusals) {
      expect((await answer(id, coal.id, patch)).body.code).toBe(code);
    }
    expect((await answer(id, coal.id, { quantity: '2000' }, 'rival')).body.code).toBe(
      'purchase_request.lot_unknown',
    );
    expect((await answer(id, coal.id, { quantity: '2000' }, 'buyer')).body.code).toBe('purchase_request.own');
    expect(await counts()).toEqual(before);
    expect((await answer(id, coal.id, { quantity: '2000' })).status).toBe(201);
    expect((await answer(id, coal.id, { quantity: '2000' })).body.code).toBe(
      'purchase_request.already_answered',
    );
  });

  it('taken is a sale at its price, and the request is contracted', async () => {
    const { id } = await ask();
    const coal = await publish();
    const mine = (await answer(id, coal.id)).body;
    const rivals = (await answer(id, (await publish({}, 'rival')).id, {}, 'rival')).body;
    const { status, body } = await take(id, mine.id);
    expect(status).toBe(201);
    const [sale] = await market.db.sql`select * from sale where id = ${body.saleId}`;
    expect(sale).toMatchObject({
      origin_kind: 'request',
      origin_id: id,
      seller_id: 'seller',
      buyer_id: 'buyer',
      quantity_kg: '5000000',
      price_per_tonne: '65000',
      currency: 'CNY',
    });
    expect((await market.call(null, 'GET', `/v1/listings/${coal.id}`)).body.remaining).toBe('5000.000');
    expect((await market.call('buyer', 'GET', `/v1/requests/${id}`)).body).toMatchObject({
      state: 'contracted',
      outstanding: '0.000',
    });
    const answers = (await market.call('buyer', 'GET', `/v1/requests/${id}/responses`)).body.items;
    expect(answers).toMatchObject([
      { id: mine.id, state: 'taken', saleId: body.saleId, contractId: body.contractId },
      { id: rivals.id, state: 'declined', saleId: null },
    ]);
    expect((await take(id, mine.id)).body.code).toBe('purchase_request.response_closed');
    expect((await answer(id, coal.id)).body.code).toBe('purchase_request.not_open');
  });

  it('taken by 10 clicks at once is one sale', async () => {
    const { id } = await ask();
    const { body } = await answer(id, (await publish()).id);
    const answers = await Promise.all(Array.from({ length: 10 }, async () => take(id, body.id)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await market.db.sql`select 1 from sale where origin_id = ${id}`).toHaveLength(1);
  });

  it('competes with takers of the same lot: together they never get more than there is', async () => {
    const { id } = await ask({ quantity: '60', minimumQuantity: '60' });
    const coal = await publish({ quantity: '60' });
    const offered = (await answer(id, coal.id, { quantity: '60' })).body;
    const direct = async () =>
      market.call('other', 'POST', `/v1/listings/${coal.id}/take`, { quantity: '20', version: 1 });
    const answers = await Promise.all([direct(), take(id, offered.id), direct(), direct(), direct()]);
    const [sold] = await market.db.sql`select sum(quantity_kg) as kg from sale where listing_id = ${coal.id}`;
    expect(Number(sold?.['kg'])).toBeLessThanOrEqual(60_000);
    expect(answers.filter(({ status }) => status === 201).length).toBeOneOf([1, 3]);
  });

  it('of a part leaves the rest open for another', async () => {
    const { id } = await ask();
    const first = (await answer(id, (await publish()).id, { quantity: '3000' })).body;
    const second = (await answer(id, (await publish({}, 'rival')).id, { quantity: '3000' }, 'rival')).body;
    expect((await take(id, first.id)).status).toBe(201);
    expect((await market.call('buyer', 'GET', `/v1/requests/${id}`)).body).toMatchObject({
      state: 'responding',
      outstanding: '2000.000',
    });
    expect((await take(id, second.id)).body).toMatchObject({
      code: 'purchase_request.quantity_exceeded',
      accepted: { quantity: '≤ 2000.000' },
    });
  });

  it('404 for everyone but the buyer', async () => {
    const { id } = await ask();
    const { body } = await answer(id, (await publish()).id);
    expect((await take(id, body.id, 'other')).body.code).toBe('resource.not_found');
    const other = await ask();
    expect((await take(other.id, body.id)).body.code).toBe('resource.not_found');
    expect((await market.call('seller', 'POST', `/v1/requests/${id}/close`)).body.code).toBe(
      'resource.not_found',
    );
  });

  it('cannot be taken while its lot is in an auction, withdrawn, or after its time', async () => {
    const { id } = await ask();
    const coal = await publish();
    const { body } = await answer(id, coal.id);
    await market.db.sql`update listing set state = 'in_auction' where id = ${coal.id}`;
    expect((await take(id, body.id)).body.code).toBe('listing.in_auction');
    await market.db.sql`update listing set state = 'withdrawn' where id = ${coal.id}`;
    expect((await take(id, body.id)).body.code).toBe('listing.not_published');
    await market.db.sql`update listing set state = 'published' where id = ${coal.id}`;
    market.clock.at = new Date('2026-11-30T00:00:00Z');
    expect((await take(id, body.id)).body.code).toBe('purchase_request.response_closed');
    market.clock.at = NOW;
    expect((await take(id, body.id)).status).toBe(201);
  });

  it('declined once is closed, and the producer may answer anew', async () => {
    const { id } = await ask();
    const coal = await publish();
    const { body } = await answer(id, coal.id);
    const decline = async () =>
      market.call('buyer', 'POST', `/v1/requests/${id}/responses/${body.id}/decline`);
    expect((await decline()).body.state).toBe('declined');
    expect((await decline()).body.code).toBe('purchase_request.response_closed');
    expect((await take(id, body.id)).body.code).toBe('purchase_request.response_closed');
    expect((await answer(id, coal.id)).status).toBe(201);
  });
});

describe('the end of a request', () => {
  it('closed by the buyer turns open answers down', async () => {
    const { id } = await ask();
    const { body } = await answer(id, (await publish()).id);
    expect((await market.call('buyer', 'POST', `/v1/requests/${id}/close`)).body.state).toBe('cancelled');
    expect((await market.call('buyer', 'POST', `/v1/requests/${id}/close`)).body.code).toBe(
      'purchase_request.not_open',
    );
    const answers = await market.call('seller', 'GET', `/v1/requests/${id}/responses`);
    expect(answers.body.items).toMatchObject([{ id: body.id, state: 'declined' }]);
  });

  it('comes by itself, for answers and requests, and not before their time', async () => {
    const { id } = await ask({ validUntil: '2026-12-05T00:00:00Z' });
    const { body } = await answer(id, (await publish()).id);
    const work = async (key: string) => {
      await market.db.sql`insert into outbox (effect_key, topic, payload)
        select effect_key || random(), topic, payload from outbox where effect_key = ${key}`;
      const [due] = await market.db
        .sql`select id from outbox where effect_key like ${`${key}0%`} order by id desc`;
      const handlers = new Map(requestWork(market.deps).map((handler) => [handler.topic, handler]));
      expect(await doWork(market.db.sql, handlers, String(due?.['id']))).toBe('done');
    };
    const states = async () =>
      (
        await market.db.sql`select request.state as request, response.state as response
        from request join response on request_id = request.id where request.id = ${id}`
      )[0];
    await work(`request:${id}:expire`);
    await work(`response:${body.id}:expire`);
    expect(await states()).toEqual({ request: 'responding', response: 'offered' });
    market.clock.at = new Date('2026-11-30T00:00:00Z');
    await work(`response:${body.id}:expire`);
    expect(await states()).toEqual({ request: 'responding', response: 'expired' });
    market.clock.at = new Date('2026-12-05T00:00:00Z');
    await work(`request:${id}:expire`);
    expect(await states()).toEqual({ request: 'expired', response: 'expired' });
    const open = await market.call(null, 'GET', '/v1/requests');
    expect(open.body.items.map((item: { id: string }) => item.id)).not.toContain(id);
    market.clock.at = NOW;
  });
});
