import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Company, NOW, type RequestMarket, lot, need, openRequestMarket } from './testing/market.ts';

let market: RequestMarket;
beforeAll(async () => {
  market = await openRequestMarket();
});
afterAll(async () => market.close());

const UNTIL = '2026-11-30T00:00:00Z';
type Line = { listingId: string; quantity?: string; price?: string; minimumQuantity?: string };
const ask = async (patch: Record<string, unknown> = {}) =>
  (await market.call('buyer', 'POST', '/v1/requests', need(patch))).body.id as string;
const publish = async (patch: Record<string, unknown> = {}, as: 'seller' | 'rival' = 'seller') =>
  (await market.call(as, 'POST', '/v1/listings', lot(patch))).body.id as string;
const content = (lots: Line[], patch: Record<string, unknown> = {}) => ({
  lots: lots.map((line) => ({ quantity: '5000', price: '650', ...line })),
  validUntil: UNTIL,
  ...patch,
});
const answer = async (
  id: string,
  lots: Line[],
  patch: Record<string, unknown> = {},
  as: Company = 'seller',
) => market.call(as, 'POST', `/v1/requests/${id}/responses`, content(lots, patch));
const act = async (id: string, responseId: string, move: string, body?: unknown, as: Company = 'buyer') =>
  market.call(as, 'POST', `/v1/requests/${id}/responses/${responseId}/${move}`, body);
const responses = async (id: string, as: Company = 'buyer') =>
  (await market.call(as, 'GET', `/v1/requests/${id}/responses`)).body.items;
const stateOf = async (id: string) => (await market.call('buyer', 'GET', `/v1/requests/${id}`)).body.state;
const counts = async () =>
  (
    await market.db.sql`select (select count(*)::int from response) as responses,
    (select count(*)::int from response_lot) as lots, (select count(*)::int from response_version) as versions,
    (select count(*)::int from outbox) as work`
  )[0];

describe('an answer', () => {
  it('201 with several lots, their cost at the plant and the producer’s account; for the buyer and its producer alone', async () => {
    const id = await ask();
    const [one, two] = [await publish(), await publish({ price: '620' })];
    const { status, body } = await answer(id, [
      { listingId: one, quantity: '3000', minimumQuantity: '1000' },
      { listingId: two, quantity: '2000', price: '640' },
    ]);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      version: 1,
      state: 'offered',
      quantity: '5000.000',
      currency: 'CNY',
      account: { bankName: 'Bank of Testing', ending: '0042' },
      own: true,
      lots: [
        {
          listing: { id: one },
          quantity: '3000.000',
          minimumQuantity: '1000.000',
          price: '650.00',
          fits: true,
        },
        {
          listing: { id: two },
          quantity: '2000.000',
          minimumQuantity: '2000.000',
          price: '640.00',
          fits: true,
        },
      ],
    });
    expect(body.account).not.toHaveProperty('id');
    const perGigajoule = body.lots.map((line: { landed: { perGigajoule: string } }) =>
      Number(line.landed.perGigajoule),
    );
    expect(Number(body.perGigajoule)).toBeGreaterThanOrEqual(Math.min(...perGigajoule));
    expect(Number(body.perGigajoule)).toBeLessThanOrEqual(Math.max(...perGigajoule));
    const seen = async (as: Company) => (await responses(id, as)).length;
    expect([await seen('buyer'), await seen('seller'), await seen('rival'), await seen('other')]).toEqual([
      1, 1, 0, 0,
    ]);
    expect(await stateOf(id)).toBe('responding');
    const answered = await market.call('seller', 'GET', '/v1/requests?scope=answered');
    expect(answered.body.items.map((item: { id: string }) => item.id)).toEqual([id]);
  });

  it('409, 422 when a lot, a price or the quantity cannot stand, and nothing changed', async () => {
    const id = await ask();
    const coal = await publish({ quantity: '2000' });
    const before = await counts();
    const refusals: [Partial<Line>, string, string][] = [
      [{}, 'listing.quantity_unavailable', 'lots.0.quantity'],
      [{ quantity: '5000.001' }, 'purchase_request.quantity_exceeded', 'lots.0.quantity'],
      [{ quantity: '999' }, 'purchase_request.quantity_below_minimum', 'lots.0.quantity'],
      [{ quantity: '2000', price: '700.01' }, 'purchase_request.price_above_ceiling', 'lots.0.price'],
      [
        { quantity: '2000', minimumQuantity: '2001' },
        'purchase_request.minimum_above_quantity',
        'lots.0.minimumQuantity',
      ],
      [{ quantity: '-1' }, 'listing.quantity_not_positive', 'lots.0.quantity'],
      [{ quantity: '2000', price: '0' }, 'listing.price_not_positive', 'lots.0.price'],
      [{ listingId: 'nowhere' }, 'purchase_request.lot_unknown', 'lots.0.listingId'],
    ];
    for (const [patch, code, field] of refusals) {
      const { body } = await answer(id, [{ listingId: coal, ...patch }]);
      expect(body).toMatchObject({ code });
      expect(Object.keys(body.fields)).toContain(field);
    }
    const small = [{ listingId: coal, quantity: '2000' }];
    const late = await answer(id, small, { validUntil: '2026-11-23T12:00:00Z' });
    expect(late.body.code).toBe('listing.valid_until_past');
    expect((await answer(id, small, {}, 'rival')).body.code).toBe('purchase_request.lot_unknown');
    expect((await answer(id, small, {}, 'buyer')).body.code).toBe('purchase_request.own');
    const twice = await answer(id, [...small, { listingId: coal, quantity: '1000' }]);
    expect(twice.body).toMatchObject({
      code: 'purchase_request.lot_twice',
      fields: { 'lots.1.listingId': 'purchase_request.lot_twice' },
    });
    market.unbanked.add('seller');
    expect((await answer(id, small)).body.code).toBe('purchase_request.account_missing');
    market.unbanked.clear();
    expect(await counts()).toEqual(before);
    expect((await answer(id, small)).status).toBe(201);
    expect((await answer(id, small)).body.code).toBe('purchase_request.already_answered');
  });

  it('is held against a ceiling at the plant with its freight', async () => {
    const id = await ask({ priceCeiling: '700', ceilingAt: 'delivered' });
    const coal = await publish();
    const { body } = await answer(id, [{ listingId: coal, price: '690' }]);
    expect(body).toMatchObject({
      code: 'purchase_request.price_above_ceiling',
      accepted: { price: '≤ 700.00 (delivered)' },
    });
    expect((await answer(id, [{ listingId: coal, price: '300' }])).status).toBe(201);
  });

  it('is replaced by a version that names the one before, and the earlier stays on record', async () => {
    const id = await ask();
    const [coal, more] = [await publish(), await publish()];
    const given = (await answer(id, [{ listingId: coal }])).body;
    await act(id, given.id, 'shortlist', { note: 'cheap' });
    const revise = async (version: number, as: Company = 'seller') =>
      act(id, given.id, 'revise', { version, ...content([{ listingId: more, price: '640' }]) }, as);
    expect((await revise(2)).body).toMatchObject({
      code: 'purchase_request.response_changed',
      accepted: { version: '1' },
    });
    expect((await revise(1, 'rival')).body.code).toBe('resource.not_found');
    const { body } = await revise(1);
    expect(body).toMatchObject({
      version: 2,
      state: 'offered',
      lots: [{ listing: { id: more }, price: '640.00' }],
    });
    // What the buyer had listed was another answer.
    expect(await stateOf(id)).toBe('responding');
    expect((await revise(1)).body.code).toBe('purchase_request.response_changed');
    const kept = await market.db
      .sql`select version, content->'lots'->0->>'price' as price from response_version
      where response_id = ${given.id} order by version`;
    expect(kept.map(({ version, price }) => [version, price])).toEqual([
      [1, '650'],
      [2, '640'],
    ]);
    expect(
      await Promise.all([revise(2), revise(2)]).then((all) => all.map(({ status }) => status).toSorted()),
    ).toEqual([200, 409]);
  });

  it('taken back is over, and its producer may answer anew', async () => {
    const id = await ask();
    const coal = await publish();
    const given = (await answer(id, [{ listingId: coal }])).body;
    expect((await act(id, given.id, 'withdraw', undefined, 'rival')).body.code).toBe('resource.not_found');
    expect((await act(id, given.id, 'withdraw', undefined, 'seller')).body.state).toBe('withdrawn');
    expect((await act(id, given.id, 'withdraw', undefined, 'seller')).body.code).toBe(
      'purchase_request.response_closed',
    );
    expect(await stateOf(id)).toBe('open');
    expect((await answer(id, [{ listingId: coal }])).status).toBe(201);
  });
});

describe('the buyer', () => {
  it('keeps a shortlist with notes of its own, that producers do not see', async () => {
    const id = await ask();
    const given = (await answer(id, [{ listingId: await publish() }])).body;
    const listed = await act(id, given.id, 'shortlist', { note: 'ask for wagons' });
    expect(listed.body).toMatchObject({ state: 'shortlisted', shortlistNote: 'ask for wagons' });
    expect((await market.call('buyer', 'GET', `/v1/requests/${id}`)).body).toMatchObject({
      state: 'shortlisted',
      shortlisted: 1,
    });
    expect((await responses(id, 'seller'))[0]).toMatchObject({ state: 'offered', shortlistNote: '' });
    expect((await market.call('seller', 'GET', `/v1/requests/${id}`)).body).toMatchObject({
      state: 'responding',
      shortlisted: 0,
    });
    for (const as of ['seller', 'other'] as const)
      expect((await act(id, given.id, 'shortlist', { note: '' }, as)).body.code).toBe('resource.not_found');
    expect((await act(id, given.id, 'shortlist', { note: null })).body.state).toBe('offered');
    expect((await act(id, given.id, 'shortlist', { note: null })).body.code).toBe(
      'purchase_request.response_closed',
    );
    expect(await stateOf(id)).toBe('responding');
  });

  it('declines with a reason that the producer reads, once', async () => {
    const id = await ask();
    const coal = await publish();
    const given = (await answer(id, [{ listingId: coal }])).body;
    const decline = async () => act(id, given.id, 'decline', { reason: 'Too far' });
    expect((await act(id, given.id, 'decline', { reason: '' })).status).toBe(400);
    expect((await decline()).body.state).toBe('declined');
    expect((await decline()).body.code).toBe('purchase_request.response_closed');
    expect((await responses(id, 'seller'))[0]).toMatchObject({ state: 'declined', reason: 'Too far' });
    expect((await answer(id, [{ listingId: coal }])).status).toBe(201);
  });

  it('does nothing with an answer whose time is over', async () => {
    const id = await ask();
    const given = (await answer(id, [{ listingId: await publish() }])).body;
    market.clock.at = new Date(UNTIL);
    for (const [move, body] of [
      ['shortlist', { note: '' }],
      ['decline', { reason: 'x' }],
      ['negotiate', { listingId: 'x' }],
    ] as const)
      expect((await act(id, given.id, move, body)).body.code).toBe('purchase_request.response_closed');
    market.clock.at = NOW;
  });
});

describe('a negotiation', () => {
  it('is refused while nobody can negotiate, and about lots that are not of the answer', async () => {
    const id = await ask();
    const coal = await publish();
    const given = (await answer(id, [{ listingId: coal }])).body;
    expect((await act(id, given.id, 'negotiate', { listingId: coal })).body.code).toBe(
      'purchase_request.negotiation_unavailable',
    );
    expect((await act(id, given.id, 'negotiate', { listingId: 'other' })).body.code).toBe(
      'purchase_request.lot_unknown',
    );
    expect((await act(id, given.id, 'negotiate', { listingId: coal }, 'seller')).body.code).toBe(
      'resource.not_found',
    );
    expect(await stateOf(id)).toBe('responding');
  });

  it('holds its answer until it ends in a sale or returns it', async () => {
    const { bookNegotiated, endNegotiation } = await import('./public.ts');
    market.negotiate.with = async (_tx, of) => ({ negotiationId: `about-${of.listingId}` });
    const id = await ask();
    const coal = await publish();
    const given = (await answer(id, [{ listingId: coal }])).body;
    await act(id, given.id, 'shortlist', { note: '' });
    const start = async () => act(id, given.id, 'negotiate', { listingId: coal });
    expect((await start()).body).toEqual({ negotiationId: `about-${coal}` });
    expect(await stateOf(id)).toBe('negotiating');
    expect((await start()).body.code).toBe('purchase_request.response_closed');
    expect((await act(id, given.id, 'withdraw', undefined, 'seller')).body.code).toBe(
      'purchase_request.response_closed',
    );
    const taken = await market.call('buyer', 'POST', `/v1/requests/${id}/award`, {
      awards: [{ responseId: given.id, version: 1 }],
    });
    expect(taken.body.code).toBe('purchase_request.response_closed');
    expect((await market.call('buyer', 'POST', `/v1/requests/${id}/close`)).body.code).toBe(
      'purchase_request.in_negotiation',
    );
    const of = { requestId: id, responseId: given.id, now: NOW };
    await market.db.sql.begin(async (tx) => endNegotiation(tx, of));
    expect(await stateOf(id)).toBe('shortlisted');
    await start();
    const book = async (kg: bigint) =>
      market.db.sql.begin(async (tx) => (await bookNegotiated(tx, { ...of, quantityKg: kg })) ?? 'booked');
    expect(await book(5_000_001n)).toEqual({ refused: 'purchase_request.quantity_exceeded' });
    expect(await book(2_000_000n)).toBe('booked');
    expect(await book(1n)).toMatchObject({ refused: 'purchase_request.response_closed' });
    expect((await market.call('buyer', 'GET', `/v1/requests/${id}`)).body).toMatchObject({
      state: 'responding',
      outstanding: '3000.000',
    });
    delete market.negotiate.with;
  });
});
