import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { concludeRequest, requestsShownTo, reserveRequest } from './auction.ts';
import { NOW, type RequestMarket, lot, openRequestMarket } from './testing/market.ts';

let market: RequestMarket;
let id: string;
let buyerId: string;
beforeAll(async () => {
  market = await openRequestMarket();
});
afterAll(async () => market.close());
beforeEach(async () => {
  const asked = await market.call('buyer', 'POST', '/v1/requests', {
    coalRanks: ['bituminous'],
    limits: [],
    quantity: '5000',
    minimumQuantity: '500',
    newPlant: { kind: 'plant', name: 'Yangzhou', country: 'CN', latitude: '32.4', longitude: '119.4' },
    windowFrom: '2026-12-10',
    windowTo: '2027-01-10',
    currency: 'CNY',
  });
  id = asked.body.id;
  buyerId = (await row()).buyer_id;
});

const row = async () =>
  (
    await market.db.sql`select state, buyer_id, contracted_kg::int / 1000 as contracted,
    auctioned_kg::int / 1000 as auctioned from request where id = ${id}`
  )[0] as never as {
    state: string;
    buyer_id: string;
    contracted: number;
    auctioned: number;
  };
const reserve = async (tonnes?: number, who = buyerId) =>
  market.db.sql.begin(async (tx) =>
    reserveRequest(tx, {
      requestId: id,
      buyerId: who,
      quantityKg: tonnes === undefined ? undefined : BigInt(tonnes) * 1000n,
      now: NOW,
    }),
  );
const conclude = async (tonnes: number, bought: number, now = NOW) =>
  market.db.sql.begin(async (tx) =>
    concludeRequest(tx, {
      requestId: id,
      quantityKg: BigInt(tonnes) * 1000n,
      boughtKg: BigInt(bought) * 1000n,
      now,
    }),
  );
const view = async () => (await market.call('buyer', 'GET', `/v1/requests/${id}`)).body;

it('what an auction may buy nobody else can, nor can the request be taken back', async () => {
  const listed = await market.call('seller', 'POST', '/v1/listings', lot());
  const answered = await market.call('seller', 'POST', `/v1/requests/${id}/responses`, {
    lots: [{ listingId: listed.body.id, quantity: '3000', price: '650' }],
    validUntil: '2026-11-30T00:00:00Z',
  });
  expect(answered.status).toBe(201);
  expect(await reserve(3000)).toMatchObject({
    currency: 'CNY',
    quantityKg: 3_000_000n,
    plantName: 'Yangzhou',
  });
  expect(await view()).toMatchObject({ state: 'in_auction', outstanding: '2000.000' });
  expect(await reserve(2001)).toEqual({ refused: 'auction.request_unavailable' });
  expect(await reserve(1, 'stranger')).toEqual({ refused: 'resource.not_found' });
  const taken = async () =>
    market.call('buyer', 'POST', `/v1/requests/${id}/award`, {
      awards: [{ responseId: answered.body.id, version: 1 }],
    });
  expect(await taken()).toMatchObject({ status: 409, body: { code: 'purchase_request.quantity_exceeded' } });
  expect(await market.call('buyer', 'POST', `/v1/requests/${id}/close`)).toMatchObject({
    status: 409,
    body: { code: 'purchase_request.in_auction' },
  });
  await conclude(3000, 2000);
  expect(await row()).toMatchObject({ state: 'responding', contracted: 2000, auctioned: 0 });
  expect((await taken()).status).toBe(201);
  expect(await row()).toMatchObject({ state: 'contracted', contracted: 5000 });
});

it('bought whole it is contracted, by several auctions too', async () => {
  expect(await reserve(1000)).toMatchObject({ quantityKg: 1_000_000n });
  expect(await reserve()).toMatchObject({ quantityKg: 4_000_000n });
  expect(await reserve()).toEqual({ refused: 'auction.request_unavailable' });
  await conclude(4000, 4000);
  expect(await row()).toMatchObject({ state: 'in_auction', contracted: 4000, auctioned: 1000 });
  await conclude(1000, 1000);
  expect(await row()).toMatchObject({ state: 'contracted', contracted: 5000, auctioned: 0 });
});

it('whose time is over while an auction buys for it expires with the auction, and not before', async () => {
  await reserve(1000);
  await market.db.sql`update request set expires_at = ${NOW} where id = ${id}`;
  await market.due(`request:${id}:expire`);
  expect(await row()).toMatchObject({ state: 'in_auction', auctioned: 1000 });
  await conclude(1000, 500);
  expect(await row()).toMatchObject({ state: 'expired', contracted: 500, auctioned: 0 });
});

it('of a request to invited companies is there for those, the buyer and the centre; of an open one for all', async () => {
  const viewers = {
    seller: { organisationId: 'seller', staff: false },
    rival: { organisationId: 'rival', staff: false },
    buyer: { organisationId: buyerId, staff: false },
    centre: { organisationId: '', staff: true },
    visitor: null,
  };
  const seen = async () => {
    const by: string[] = [];
    for (const [name, viewer] of Object.entries(viewers))
      if ((await requestsShownTo(market.db.sql, [id, 'none'], viewer)).has(id)) by.push(name);
    return by;
  };
  expect(await seen()).toEqual(Object.keys(viewers));
  await market.db.sql`update request set audience = 'invited' where id = ${id}`;
  expect(await seen()).toEqual(['buyer', 'centre']);
  const invitation = { to: 'named', organisationIds: ['seller'] };
  expect((await market.call('buyer', 'POST', `/v1/requests/${id}/invitations`, invitation)).status).toBe(201);
  expect(await seen()).toEqual(['seller', 'buyer', 'centre']);
  expect(await requestsShownTo(market.db.sql, ['none'], viewers.centre)).toEqual(new Set());
});

it('asks whoever has answered to it, and is refused to a pool, which shares what is awarded to it', async () => {
  const listed = await market.call('seller', 'POST', '/v1/listings', lot());
  await market.call('seller', 'POST', `/v1/requests/${id}/responses`, {
    lots: [{ listingId: listed.body.id, quantity: '3000', price: '650' }],
    validUntil: '2026-11-30T00:00:00Z',
  });
  const inbox = async () =>
    (await market.call('seller', 'GET', '/v1/requests?scope=invited')).body.items.map(
      (item: { id: string }) => item.id,
    );
  expect(await inbox()).not.toContain(id);
  await reserve(1000);
  expect(await inbox()).toContain(id);
  const [pool] = await market.db.sql<{ id: string }[]>`
    insert into request_pool (id, opened_by, created_by, state, name, limits, minimum_kg, window_from, window_to, currency, deadline)
    values (${`pool-${id}`}, 'buyer', 'person', 'open', 'Two kilns', '[]', 1, '2026-12-10', '2027-01-10', 'CNY', ${NOW}) returning id`;
  await market.db.sql`update request set pool_id = ${pool!.id} where id = ${id}`;
  expect(await reserve(1000)).toEqual({ refused: 'auction.request_unavailable' });
});
