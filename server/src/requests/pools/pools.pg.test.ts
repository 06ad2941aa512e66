import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Company, NOW, PLANT, type RequestMarket, lot, openRequestMarket } from '../testing/market.ts';

let market: RequestMarket;
beforeAll(async () => {
  market = await openRequestMarket();
});
afterAll(async () => market.close());

const DEADLINE = '2026-12-01T00:00:00Z';
const wish = (patch: Record<string, unknown> = {}) => ({
  name: 'Brick kilns of the lower Yangtze',
  coalRanks: [],
  limits: [{ parameter: 'sulphur', basis: 'd', maximum: '1.00' }],
  minimumQuantity: '1000',
  quantity: '400',
  placeOf: 'common',
  newPlace: { ...PLANT, kind: 'port' },
  windowFrom: '2026-12-10',
  windowTo: '2027-01-10',
  currency: 'CNY',
  deadline: DEADLINE,
  ...patch,
});
const open = async (patch: Record<string, unknown> = {}) =>
  (await market.call('buyer', 'POST', '/v1/request-pools', wish(patch))).body;
const act = async (id: string, move: string, body?: unknown, as: Company = 'other') =>
  market.call(as, 'POST', `/v1/request-pools/${id}/${move}`, body);
const see = async (id: string, as: Company = 'buyer') =>
  (await market.call(as, 'GET', `/v1/request-pools/${id}`)).body;

describe('a pool', () => {
  it('gathers tonnes: everyone sees how much, its members see who', async () => {
    const pool = await open();
    expect(pool).toMatchObject({
      state: 'open',
      joined: '400.000',
      memberCount: 1,
      own: true,
      place: { name: 'Yangzhou' },
    });
    expect((await act(pool.id, 'join', { quantity: '350' })).body).toMatchObject({
      joined: '750.000',
      joinedBySelf: true,
      own: false,
    });
    expect((await act(pool.id, 'join', { quantity: '300' })).body.joined).toBe('700.000');
    expect((await see(pool.id, 'seller')).members).toEqual([]);
    expect((await see(pool.id)).members).toMatchObject([
      { organisation: { id: 'buyer' }, quantity: '400.000' },
      { organisation: { id: 'other' }, quantity: '300.000' },
    ]);
    const list = async (as: Company, scope: string) =>
      (await market.call(as, 'GET', `/v1/request-pools?scope=${scope}`)).body.items.map(
        (item: { id: string }) => item.id,
      );
    expect(await list('seller', 'open')).toContain(pool.id);
    expect(await list('seller', 'own')).not.toContain(pool.id);
    expect(await list('other', 'own')).toContain(pool.id);
    expect((await act(pool.id, 'leave')).body.memberCount).toBe(1);
    expect((await act(pool.id, 'leave')).body.code).toBe('request_pool.not_joined');
    expect((await act(pool.id, 'leave', undefined, 'buyer')).body.code).toBe('request_pool.opener_stays');
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    ['tonnes of zero', { quantity: '0' }, 'listing.quantity_not_positive', 'quantity'],
    ['a day that is past', { deadline: '2026-11-23T12:00:00Z' }, 'listing.valid_until_past', 'deadline'],
    [
      'a day after the coal is wanted',
      { deadline: '2027-01-12T00:00:00Z' },
      'request_pool.deadline_after_window',
      'deadline',
    ],
    [
      'a wrong basis',
      { limits: [{ parameter: 'ash', basis: 'daf', maximum: '20' }] },
      'purchase_request.basis_not_allowed',
      'limits.ash',
    ],
    ['no place', { newPlace: undefined }, 'purchase_request.plant_required', 'placeId'],
    ['a place nobody knows', { newPlace: undefined, placeId: 'x' }, 'listing.place_unknown', 'placeId'],
  ])('422 for %s', async (_name, patch, code, field) => {
    const [before] = await market.db.sql`select count(*)::int as n from request_pool`;
    const body = await open(patch);
    expect(body).toMatchObject({ status: 422, code });
    expect(Object.keys(body.fields)).toContain(field);
    expect((await market.db.sql`select count(*)::int as n from request_pool`)[0]).toEqual(before);
  });

  it('is joined with tonnes and one place, by companies that buy and have an account', async () => {
    const pool = await open();
    expect((await act(pool.id, 'join', { quantity: '-1' })).body.code).toBe('listing.quantity_not_positive');
    expect((await act(pool.id, 'join', { quantity: '1', placeId: 'x' })).body.code).toBe(
      'purchase_request.place_common',
    );
    expect((await act(pool.id, 'join', { quantity: '999600.001' })).body.code).toBe('request_pool.full');
    expect((await act(pool.id, 'join', { quantity: '1' }, 'rival')).body.code).toBe('listing.buyers_only');
    market.unbanked.add('other');
    expect((await act(pool.id, 'join', { quantity: '1' })).body.code).toBe(
      'purchase_request.account_missing',
    );
    market.unbanked.clear();
    const each = await open({ placeOf: 'each' });
    expect((await act(each.id, 'join', { quantity: '1' })).body.code).toBe('purchase_request.plant_required');
    expect((await act(each.id, 'join', { quantity: '1', newPlace: { ...PLANT, name: 'Wuhu' } })).status).toBe(
      200,
    );
    expect((await see(each.id)).members.map((one: { place: { name: string } }) => one.place.name)).toEqual([
      'Yangzhou',
      'Wuhu',
    ]);
  });

  it('that misses its least total ends and says why; nobody joins after its day', async () => {
    const pool = await open();
    await act(pool.id, 'join', { quantity: '100' });
    expect((await act(pool.id, 'close', undefined, 'buyer')).body).toMatchObject({
      code: 'request_pool.minimum_missed',
      accepted: { quantity: '≥ 1000.000' },
    });
    await market.due(`pool:${pool.id}:end`);
    expect((await see(pool.id)).state).toBe('open');
    market.clock.at = new Date(DEADLINE);
    for (const [move, body] of [
      ['join', { quantity: '900' }],
      ['leave', undefined],
    ] as const)
      expect((await act(pool.id, move, body)).body.code).toBe('request_pool.closed');
    await market.due(`pool:${pool.id}:end`);
    await market.due(`pool:${pool.id}:end`);
    expect(await see(pool.id)).toMatchObject({
      state: 'missed',
      reason: '500.000 t of 1000.000 t came together',
      requestId: null,
    });
    market.clock.at = NOW;
  });

  it('is given up by its opener alone, with a reason', async () => {
    const pool = await open();
    expect((await act(pool.id, 'cancel', { reason: 'x' })).body.code).toBe('resource.not_found');
    expect((await act(pool.id, 'cancel', { reason: 'Kiln is down' }, 'buyer')).body).toMatchObject({
      state: 'cancelled',
      reason: 'Kiln is down',
    });
    expect((await act(pool.id, 'join', { quantity: '1' })).body.code).toBe('request_pool.closed');
    expect((await act(pool.id, 'cancel', { reason: 'x' }, 'buyer')).body.code).toBe('request_pool.closed');
  });
});

describe('the request of a pool', () => {
  it('is one need, of which each award is shared by tonnes to the kilogram, each member by its own contract', async () => {
    const pool = await open({ quantity: '333.333' });
    await act(pool.id, 'join', { quantity: '666.668' });
    const ends = await Promise.all([1, 2].map(async () => act(pool.id, 'close', undefined, 'buyer')));
    expect(ends.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const { requestId } = await see(pool.id);
    const asBuyer = (await market.call('buyer', 'GET', `/v1/requests/${requestId}`)).body;
    expect(asBuyer).toMatchObject({ quantity: '1000.001', pool: { id: pool.id, members: 2 }, own: true });
    expect((await market.call('other', 'GET', `/v1/requests/${requestId}`)).body).toMatchObject({
      own: false,
      member: true,
    });
    const own = await market.call('other', 'GET', '/v1/requests?scope=own');
    expect(own.body.items.map((item: { id: string }) => item.id)).toContain(requestId);

    const publish = async () =>
      (await market.call('seller', 'POST', '/v1/listings', lot())).body.id as string;
    const answer = async (quantity: string) =>
      (
        await market.call('seller', 'POST', `/v1/requests/${requestId}/responses`, {
          lots: [{ listingId: await publish(), quantity, price: '600' }],
          validUntil: '2026-11-30T00:00:00Z',
        })
      ).body;
    const award = async (responseId: string, as: Company = 'buyer') =>
      market.call(as, 'POST', `/v1/requests/${requestId}/award`, { awards: [{ responseId, version: 1 }] });
    const [first, rest] = [await answer('500.002'), await answer('500')];
    const negotiated = await market.call(
      'buyer',
      'POST',
      `/v1/requests/${requestId}/responses/${first.id}/negotiate`,
      { listingId: 'x' },
    );
    expect(negotiated.body.code).toBe('purchase_request.pooled');
    expect((await award(first.id, 'other')).body.code).toBe('resource.not_found');
    const { status, body } = await award(first.id);
    expect(status).toBe(201);
    expect(
      body.awards
        .map((one: { buyer: { id: string }; quantity: string }) => [one.buyer.id, one.quantity])
        .toSorted(),
    ).toEqual([
      ['buyer', '166.667'],
      ['other', '333.335'],
    ]);
    expect((await award(rest.id)).body.code).toBe('purchase_request.quantity_exceeded');
    const last = await answer('499.999');
    expect((await award(last.id)).status).toBe(201);
    const sums = await market.db
      .sql`select buyer_id, sum(quantity_kg)::int as kg, count(distinct contract_id)::int as contracts
      from request_award where request_id = ${requestId} group by buyer_id order by buyer_id`;
    expect(sums).toEqual([
      { buyer_id: 'buyer', kg: 333_333, contracts: 2 },
      { buyer_id: 'other', kg: 666_668, contracts: 2 },
    ]);
    expect((await see(pool.id, 'other')).members).toMatchObject([
      { awarded: '333.333' },
      { awarded: '666.668' },
    ]);
    expect((await market.call('buyer', 'GET', `/v1/requests/${requestId}`)).body.state).toBe('contracted');
  });

  it('is not answered by its own members', async () => {
    const pool = await open({ quantity: '600' });
    await act(pool.id, 'join', { quantity: '600' }, 'seller');
    market.clock.at = new Date(DEADLINE);
    await market.due(`pool:${pool.id}:end`);
    market.clock.at = NOW;
    const { requestId } = await see(pool.id);
    const listed = await market.call('seller', 'POST', '/v1/listings', lot());
    const { body } = await market.call('seller', 'POST', `/v1/requests/${requestId}/responses`, {
      lots: [{ listingId: listed.body.id, quantity: '600', price: '600' }],
      validUntil: '2026-11-30T00:00:00Z',
    });
    expect(body.code).toBe('purchase_request.own');
  });
});
