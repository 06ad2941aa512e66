import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Blender, openBlender } from '../requests/blending/blender.ts';
import { requestBlendRoutes } from '../requests/blending/routes.ts';
import { type Company, NOW, type RequestMarket, lot, openRequestMarket } from '../requests/testing/market.ts';
import { findAlerts } from '../search/alerts.ts';
import { type Search, searchRoutes } from '../search/public.ts';
import { FreightBook } from './book.ts';
import { freightRoutes } from './routes.ts';

/** One market with everything that counts what coal costs at a plant. `rival` carries here. */
let market: RequestMarket;
let blender: Blender;
let book: FreightBook;
let lotId: string;
let asked: string[];
type Caller = Company | 'staff' | null;
beforeAll(async () => {
  blender = openBlender();
  market = await openRequestMarket(
    (app, deps) => {
      const search = deps.search as Search;
      requestBlendRoutes(app, { ...deps, blender });
      searchRoutes(app, { ...deps, search, mail: { secret: 's'.repeat(32), isSent: false } });
      freightRoutes(app, {
        ...deps,
        book,
        isCarrier: async (_connection, id) => id === 'rival',
        contractOf: async (_connection, id) =>
          id === 'contract'
            ? { id, state: 'binding', sellerId: 'seller', buyerId: 'buyer', listingId: lotId, quantityKg: 1n }
            : undefined,
      });
    },
    ({ sql, clock }) => (book = new FreightBook({ sql, clock })),
  );
  for (const [id, kind, latitude, longitude] of [
    ['yard', 'station', 39.28, 110.21],
    ['plant', 'plant', 32.4, 119.4],
    ['away', 'plant', 31.2, 121.4],
  ] as const)
    await market.db.sql`insert into place (id, kind, name, country, latitude, longitude, source, external_id)
      values (${id}, ${kind}, ${id}, 'CN', ${latitude}, ${longitude}, 'catalogue', ${`catalogue:${id}`})`;
  await made('staff', '/v1/freight/lanes', {
    fromPlaceId: 'yard',
    toPlaceId: 'plant',
    mode: 'rail',
    tariff: {
      kind: 'per_tonne',
      currency: 'CNY',
      perTonne: '150.00',
      loading: '0',
      unloading: '0',
      hours: '24',
      validFrom: '2026-01-01',
      source: 'test',
    },
  });
  await book.refresh();
  lotId = (
    await made('seller', '/v1/listings', lot({ price: '600', deliveryTerm: 'fca', deliveryPlaceId: 'yard' }))
  ).id;
});
beforeEach(async () => {
  market.clock.at = NOW;
  for (const id of asked ?? []) await market.call('buyer', 'POST', `/v1/freight/requests/${id}/cancel`);
  asked = [];
});
afterAll(async () => {
  await market.close();
  await blender.close();
});

async function made(as: Caller, url: string, body?: unknown) {
  const answer = await market.call(as, 'POST', url, body);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
}

/** Asked for, quoted by the carrier and accepted. */
async function agree(pricePerTonne: string, patch: Record<string, unknown> = {}, lossPermille = '0') {
  const request = await made('buyer', '/v1/freight/requests', {
    fromPlaceId: 'yard',
    toPlaceId: 'plant',
    mode: 'rail',
    quantity: '6000',
    windowFrom: '2026-12-01',
    windowTo: '2026-12-20',
    currency: 'CNY',
    ...patch,
  });
  asked.push(request.id);
  const validUntil = '2026-11-30T00:00:00Z';
  const { quotes } = await made('rival', `/v1/freight/requests/${request.id}/quotes`, {
    pricePerTonne,
    lossPermille,
    hours: '40',
    validUntil,
  });
  const [{ id, hash }] = quotes;
  await made('buyer', `/v1/freight/requests/${request.id}/quotes/${id}/accept`, { hash });
  return request.id as string;
}

const freightOf = (landed: { freightBasis: string; freightPerTonne: string } | null) =>
  landed && `${landed.freightBasis} ${landed.freightPerTonne}`;
/** What the search says of the way to the plant. */
const searched = async (as: Caller, to = 'plant') => {
  const { body, status } = await market.call(as, 'GET', `/v1/search/lots?to=${to}&costCurrency=CNY`);
  expect(status, JSON.stringify(body)).toBe(200);
  return freightOf(body.items.find((item: { id: string }) => item.id === lotId).landed);
};

type Matched = { listing: { id: string; landed: Parameters<typeof freightOf>[0] } };
const ownLot = (items: readonly Matched[]) =>
  freightOf(items.find(({ listing }) => listing.id === lotId)!.listing.landed);
/** What the lots that fit a request say of it. */
const matched = async (as: Caller, requestId: string) => {
  const { body, status } = await market.call(as, 'GET', `/v1/requests/${requestId}/suggestions`);
  expect(status, JSON.stringify(body)).toBe(200);
  return ownLot(body.items);
};
const need = async (patch: Record<string, unknown> = {}) =>
  (
    await made('buyer', '/v1/requests', {
      coalRanks: [],
      limits: [{ parameter: 'totalMoisture', maximum: '20' }],
      quantity: '5000',
      minimumQuantity: '1000',
      plantPlaceId: 'plant',
      windowFrom: '2026-12-10',
      windowTo: '2027-01-10',
      currency: 'CNY',
      ...patch,
    })
  ).id as string;

describe('a quote that was accepted', () => {
  it('is the freight of its way wherever its shipper counts: search, lot, comparison, calculator, match, blend', async () => {
    const other = await made('seller', '/v1/listings', lot({ price: '640' }));
    const id = await need();
    const everywhere = async (as: Caller, requestsAs: Caller = as) => {
      const get = async (url: string, reader = as) => (await market.call(reader, 'GET', url)).body;
      const compared = await get(`/v1/search/compare?ids=${lotId},${other.id}&to=plant&costCurrency=CNY`);
      const cost = await get(`/v1/freight/cost?listingId=${lotId}&to=plant`);
      const blend = await get(`/v1/requests/${id}/blend`, requestsAs);
      return [
        await searched(as),
        freightOf((await get(`/v1/listings/${lotId}?to=plant`)).landed),
        freightOf(
          (await get(`/v1/listings?to=plant&sort=landed_cost`)).items.find(
            (item: { id: string }) => item.id === lotId,
          ).landed,
        ),
        freightOf(compared.lots[0].lot.landed),
        `${cost.basis} ${cost.perTonne}`,
        await matched(requestsAs, id),
        ownLot(blend.parts),
      ];
    };
    expect(new Set(await everywhere('buyer'))).toEqual(new Set(['lane 150.00']));
    await agree('90');
    expect(new Set(await everywhere('buyer'))).toEqual(new Set(['quote 90.00']));
    // The centre reads the buyer's request as the buyer does; elsewhere it has no freight of its own.
    expect(await everywhere('staff')).toEqual([
      ...Array.from({ length: 5 }, () => 'lane 150.00'),
      'quote 90.00',
      'quote 90.00',
    ]);
    for (const as of ['seller', 'other', null] as const) {
      const seen = await everywhere(as, 'buyer');
      expect(new Set(seen.slice(0, 5)), String(as)).toEqual(new Set(['lane 150.00']));
    }
  });

  it('puts lots into another order for its shipper alone, whoever asks first', async () => {
    // A place nobody has asked for yet: all lots stand in its orders, none beside them.
    const near = await made('seller', '/v1/listings', {
      ...lot({ price: '690', deliveryTerm: 'fca', deliveryPlaceId: 'away' }),
    });
    await agree('60', { toPlaceId: 'away' });
    const order = async (as: Caller) => {
      const { body } = await market.call(as, 'GET', '/v1/search/lots?to=away&costCurrency=CNY');
      const ids = body.items.map((item: { id: string }) => item.id) as string[];
      return ids.filter((id) => id === lotId || id === near.id);
    };
    // Asked for again and again, an order is kept: each of them its own.
    for (let round = 0; round < 3; round += 1)
      for (const as of ['other', 'buyer', null] as const)
        expect(await order(as), String(as)).toEqual(as === 'buyer' ? [lotId, near.id] : [near.id, lotId]);
    await market.call('seller', 'POST', `/v1/listings/${near.id}/withdraw`);
  });

  it('is not shown to the producer that it would tell what the buyer pays a carrier', async () => {
    const id = await need({ priceCeiling: '700', ceilingAt: 'delivered' });
    await agree('90');
    expect(await matched('seller', id)).toBe('lane 150.00');
    const answer = async (price: string) =>
      market.call('seller', 'POST', `/v1/requests/${id}/responses`, {
        lots: [{ listingId: lotId, quantity: '2000', minimumQuantity: '2000', price }],
        validUntil: '2026-12-01T00:00:00Z',
      });
    // 600 and 90 would do: told so, the producer could find the 90 by asking.
    expect((await answer('600')).body.code).toBe('purchase_request.price_above_ceiling');
    expect((await answer('550')).status).toBe(201);
    const landed = async (as: Caller) =>
      freightOf((await market.call(as, 'GET', `/v1/requests/${id}/responses`)).body.items[0].lots[0].landed);
    expect([await landed('seller'), await landed('buyer'), await landed('staff')]).toEqual([
      'lane 150.00',
      'quote 90.00',
      'quote 90.00',
    ]);
  });

  it('does not count when it is dearer, taken back, over, for another way, other means, or for a contract', async () => {
    expect(await searched('buyer')).toBe('lane 150.00');
    await agree('200');
    expect(await searched('buyer')).toBe('lane 150.00');
    const cheap = await agree('90');
    expect(await searched('buyer')).toBe('quote 90.00');
    market.clock.at = new Date('2026-12-20T23:59:59Z');
    expect(await searched('buyer')).toBe('quote 90.00');
    market.clock.at = new Date('2026-12-21T00:00:00Z');
    await book.refresh();
    expect(await searched('buyer')).toBe('lane 150.00');
    market.clock.at = NOW;
    await book.refresh();
    await made('buyer', `/v1/freight/requests/${cheap}/cancel`);
    expect(await searched('buyer')).toBe('lane 150.00');
    await agree('91', { toPlaceId: 'away' });
    await agree('90.5', { fromPlaceId: 'away' });
    const worked = await market.call('buyer', 'GET', '/v1/freight/cost?from=yard&to=plant');
    expect(`${worked.body.basis} ${worked.body.perTonne}`).toBe('lane 150.00');
    await agree('92', { mode: 'road' });
    await agree('93', { contractId: 'contract' });
    expect(await searched('buyer')).toBe('lane 150.00');
    expect(await searched('buyer', 'away')).toBe('quote 91.00');
    // Of the contract's own coal it is the freight all the same.
    const { body } = await market.call('buyer', 'GET', `/v1/freight/cost?listingId=${lotId}&to=plant`);
    expect(`${body.basis} ${body.perTonne}`).toBe('quote 93.00');
    await agree('94', { mode: undefined });
    expect(await searched('buyer')).toBe('quote 94.00');
  });

  it('counts for as much as it was given for', async () => {
    await agree('90', { quantity: '900' });
    const match = async (minimumQuantity: string) => {
      const id = await need({ minimumQuantity });
      return matched('buyer', id);
    };
    expect([await match('900'), await match('901')]).toEqual(['quote 90.00', 'lane 150.00']);
    const cost = async (quantity: string) =>
      (await market.call('buyer', 'GET', `/v1/freight/cost?from=yard&to=plant&quantity=${quantity}`)).body
        .basis;
    expect([await cost('900'), await cost('900.001')]).toEqual(['quote', 'lane']);
  });

  it('loses coal on the way that was paid for: the lane stays cheaper for dear coal', async () => {
    // (600 + 90) / 0.9 = 766.67 against 750.
    await agree('90', {}, '100');
    expect(await searched('buyer')).toBe('lane 150.00');
    const cheap = await made('seller', '/v1/listings', {
      ...lot({ price: '100', deliveryTerm: 'fca', deliveryPlaceId: 'yard' }),
    });
    // (100 + 90) / 0.9 = 211.11 against 250.
    const { body } = await market.call('buyer', 'GET', '/v1/search/lots?to=plant&costCurrency=CNY');
    const { landed } = body.items.find((item: { id: string }) => item.id === cheap.id);
    expect(landed).toMatchObject({
      freightBasis: 'quote',
      landedPerTonne: '211.11',
      freightPerTonne: '111.11',
    });
    expect(body.items[0].id).toBe(cheap.id);
  });

  it('lets a saved search find what it brings below its limit, for its own company', async () => {
    await agree('90');
    for (const as of ['buyer', 'other'] as const)
      await made(as, '/v1/saved-searches', {
        name: 'cheap heat',
        query: { to: 'plant', costCurrency: 'CNY', landedTonneMax: '700' },
      });
    const fresh = await made(
      'seller',
      '/v1/listings',
      lot({ price: '600', deliveryTerm: 'fca', deliveryPlaceId: 'yard' }),
    );
    const { requests, db } = market;
    const search = requests.search as Search;
    await findAlerts({ ...requests, search, log: pino({ level: 'silent' }) });
    const found = await db.sql`
      select s.organisation_id from outbox o join saved_search s on s.id = o.payload ->> 'searchId'
       where o.topic = 'search.alert' and o.payload ->> 'listingId' = ${fresh.id}`;
    expect(found.map((row) => row['organisation_id'])).toEqual(['buyer']);
  });
});
