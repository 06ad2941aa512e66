import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Company, NOW, type RequestMarket, lot, need, openRequestMarket } from './testing/market.ts';

let market: RequestMarket;
beforeAll(async () => {
  market = await openRequestMarket();
});
afterAll(async () => market.close());

const ask = async (patch: Record<string, unknown> = {}) =>
  (await market.call('buyer', 'POST', '/v1/requests', need(patch))).body.id as string;
const publish = async (patch: Record<string, unknown> = {}, as: 'seller' | 'rival' = 'seller') =>
  (await market.call(as, 'POST', '/v1/listings', lot(patch))).body.id as string;
type Line = { listingId: string; quantity: string; price?: string; minimumQuantity?: string };
const answer = async (id: string, lots: Line[], as: 'seller' | 'rival' = 'seller') =>
  (
    await market.call(as, 'POST', `/v1/requests/${id}/responses`, {
      lots: lots.map((line) => ({ price: '650', ...line })),
      validUntil: '2026-11-30T00:00:00Z',
    })
  ).body.id as string;
type Award = { responseId: string; version?: number; lots?: { listingId: string; quantity: string }[] };
const award = async (id: string, awards: Award[], as: Company = 'buyer') =>
  market.call(as, 'POST', `/v1/requests/${id}/award`, {
    awards: awards.map((one) => ({ version: 1, ...one })),
  });
const remaining = async (listingId: string) =>
  (await market.call(null, 'GET', `/v1/listings/${listingId}`)).body.remaining;
const view = async (id: string) => (await market.call('buyer', 'GET', `/v1/requests/${id}`)).body;
const salesOf = async (id: string) =>
  market.db
    .sql`select listing_id, quantity_kg::int / 1000 as tonnes, price_per_tonne::int as price, buyer_id, seller_id
    from sale where origin_id = ${id} order by price_per_tonne`;

it('an award is a sale at the price of the answer, and the request is contracted', async () => {
  const id = await ask();
  const coal = await publish();
  const mine = await answer(id, [{ listingId: coal, quantity: '5000' }]);
  const rivals = await answer(id, [{ listingId: await publish({}, 'rival'), quantity: '5000' }], 'rival');
  const { status, body } = await award(id, [{ responseId: mine }]);
  expect(status).toBe(201);
  expect(await salesOf(id)).toEqual([
    { listing_id: coal, tonnes: 5000, price: 65_000, buyer_id: 'buyer', seller_id: 'seller' },
  ]);
  expect(await remaining(coal)).toBe('5000.000');
  expect(await view(id)).toMatchObject({ state: 'contracted', outstanding: '0.000' });
  const answers = (await market.call('buyer', 'GET', `/v1/requests/${id}/responses`)).body.items;
  expect(answers).toMatchObject([
    { id: mine, state: 'taken', awards: body.awards },
    { id: rivals, state: 'declined', awards: [] },
  ]);
  expect((await award(id, [{ responseId: mine }])).body.code).toBe('purchase_request.not_open');
});

it('is split over several answers, all of it or nothing', async () => {
  const id = await ask();
  const [one, two, three] = [
    await publish(),
    await publish({}, 'rival'),
    await publish({ quantity: '1000' }, 'rival'),
  ];
  const mine = await answer(id, [{ listingId: one, quantity: '4000', minimumQuantity: '1000' }]);
  const rivals = await answer(
    id,
    [
      { listingId: two, quantity: '2000', minimumQuantity: '500', price: '660' },
      { listingId: three, quantity: '1000', price: '670' },
    ],
    'rival',
  );
  const split = (ofMine: string, ofTwo: string, ofThree: string): Award[] => [
    { responseId: mine, lots: [{ listingId: one, quantity: ofMine }] },
    {
      responseId: rivals,
      lots: [
        { listingId: two, quantity: ofTwo },
        { listingId: three, quantity: ofThree },
      ],
    },
  ];
  const refusals: [Award[], string, object?][] = [
    [split('3000', '2000', '1000'), 'purchase_request.quantity_exceeded', { quantity: '≤ 5000.000' }],
    [
      split('999', '1000', '1000'),
      'purchase_request.award_out_of_range',
      { 'awards.0.lots.0.quantity': '1000.000 – 4000.000' },
    ],
    [split('4000.001', '500', '1000'), 'purchase_request.award_out_of_range'],
    [split('2000', '1000', '999'), 'purchase_request.award_out_of_range'],
    [split('0', '1000', '1000'), 'listing.quantity_not_positive'],
    [[{ responseId: mine }, { responseId: mine }], 'purchase_request.award_twice'],
    [
      [{ responseId: mine, lots: [1, 2].map(() => ({ listingId: one, quantity: '1000' })) }],
      'purchase_request.lot_twice',
    ],
    [[{ responseId: mine, lots: [{ listingId: two, quantity: '1000' }] }], 'purchase_request.lot_unknown'],
    [[{ responseId: mine, version: 2 }], 'purchase_request.response_changed', { version: '1' }],
    [[{ responseId: 'nowhere' }], 'resource.not_found'],
  ];
  for (const [awards, code, accepted] of refusals) {
    const { body } = await award(id, awards);
    expect(body).toMatchObject({ code, ...(accepted && { accepted }) });
  }
  // The last lot of three is gone meanwhile: nothing of the others is bought either.
  expect(
    (await market.call('other', 'POST', `/v1/listings/${three}/take`, { quantity: '1', version: 1 })).status,
  ).toBe(201);
  expect((await award(id, split('2000', '2000', '1000'))).body.code).toBe('listing.quantity_unavailable');
  expect(await salesOf(id)).toEqual([]);
  expect([await remaining(one), await remaining(two)]).toEqual(['10000.000', '10000.000']);
  expect(await view(id)).toMatchObject({ state: 'responding', outstanding: '5000.000' });

  const done = await award(id, [
    { responseId: mine, lots: [{ listingId: one, quantity: '3000' }] },
    { responseId: rivals, lots: [{ listingId: two, quantity: '1500' }] },
  ]);
  expect(done.status).toBe(201);
  expect((await salesOf(id)).map(({ tonnes }) => tonnes)).toEqual([3000, 1500]);
  expect(await view(id)).toMatchObject({ state: 'responding', outstanding: '500.000' });
  expect(
    (await award(id, [{ responseId: mine, lots: [{ listingId: one, quantity: '1000' }] }])).body.code,
  ).toBe('purchase_request.response_closed');
});

it('two at once give one winner, and ten clicks are one sale', async () => {
  const id = await ask();
  const responses = [
    await answer(id, [{ listingId: await publish(), quantity: '3000' }]),
    await answer(id, [{ listingId: await publish({}, 'rival'), quantity: '3000' }], 'rival'),
  ];
  const answers = await Promise.all(
    Array.from({ length: 10 }, async (_, at) => award(id, [{ responseId: responses[at % 2]! }])),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  const codes = new Set(answers.filter(({ status }) => status !== 201).map(({ body }) => body.code));
  expect([...codes].toSorted()).toEqual([
    'purchase_request.quantity_exceeded',
    'purchase_request.response_closed',
  ]);
  expect(await salesOf(id)).toHaveLength(1);
});

it('a retried award with the same key gives the same answer and buys once', async () => {
  const id = await ask();
  const responseId = await answer(id, [{ listingId: await publish(), quantity: '5000' }]);
  const send = async () =>
    market.app.inject({
      method: 'POST',
      url: `/v1/requests/${id}/award`,
      headers: { authorization: `Bearer ${'buyer'.padEnd(43, '-')}`, 'idempotency-key': `award-${id}` },
      payload: { awards: [{ responseId, version: 1 }] },
    });
  const [first, second] = [await send(), await send()];
  expect([first.statusCode, second.statusCode]).toEqual([201, 201]);
  expect(second.json()).toEqual(first.json());
  expect(await salesOf(id)).toHaveLength(1);
});

it('awards of two requests that want the same lots in another order do not wait for each other', async () => {
  const lots = [await publish(), await publish(), await publish()];
  const make = async (order: string[]) => {
    const id = await ask({ quantity: '3000', minimumQuantity: '1000' });
    const responseId = await answer(
      id,
      order.map((listingId) => ({ listingId, quantity: '1000' })),
    );
    return { id, responseId };
  };
  const made = await Promise.all([make(lots), make(lots.toReversed()), make(lots), make(lots.toReversed())]);
  const done = await Promise.all(made.map(async ({ id, responseId }) => award(id, [{ responseId }])));
  expect(done.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
});

it('competes with takers of the same lot: together they never get more than there is', async () => {
  const id = await ask({ quantity: '60', minimumQuantity: '60' });
  const coal = await publish({ quantity: '60' });
  const responseId = await answer(id, [{ listingId: coal, quantity: '60' }]);
  const direct = async () =>
    market.call('other', 'POST', `/v1/listings/${coal}/take`, { quantity: '20', version: 1 });
  const answers = await Promise.all([direct(), award(id, [{ responseId }]), direct(), direct(), direct()]);
  const [sold] = await market.db.sql`select sum(quantity_kg) as kg from sale where listing_id = ${coal}`;
  expect(Number(sold?.['kg'])).toBeLessThanOrEqual(60_000);
  expect(answers.filter(({ status }) => status === 201).length).toBeOneOf([1, 3]);
});

it('404 for everyone but the buyer, and closed while its lot is elsewhere or after its time', async () => {
  const id = await ask();
  const coal = await publish();
  const responseId = await answer(id, [{ listingId: coal, quantity: '5000' }]);
  for (const as of ['other', 'seller'] as const)
    expect((await award(id, [{ responseId }], as)).body.code).toBe('resource.not_found');
  expect((await award(await ask(), [{ responseId }])).body.code).toBe('resource.not_found');
  await market.db.sql`update listing set state = 'in_auction' where id = ${coal}`;
  expect((await award(id, [{ responseId }])).body.code).toBe('listing.in_auction');
  await market.db.sql`update listing set state = 'withdrawn' where id = ${coal}`;
  expect((await award(id, [{ responseId }])).body.code).toBe('listing.not_published');
  await market.db.sql`update listing set state = 'published' where id = ${coal}`;
  market.clock.at = new Date('2026-11-30T00:00:00Z');
  expect((await award(id, [{ responseId }])).body.code).toBe('purchase_request.response_closed');
  market.clock.at = NOW;
  expect((await award(id, [{ responseId }])).status).toBe(201);
});

it('lots are taken at their own prices, all or nothing, in the version and the money the buyer saw', async () => {
  const id = await ask();
  const [one, two, dollars] = [
    await publish({ price: '610' }),
    await publish({ price: '620' }, 'rival'),
    await publish({ currency: 'USD', price: '80' }),
  ];
  const take = async (lots: [string, string, number?][], as: Company = 'buyer') =>
    market.call(as, 'POST', `/v1/requests/${id}/take`, {
      lots: lots.map(([listingId, quantity, version = 1]) => ({ listingId, quantity, version })),
    });
  const refusals: [[string, string, number?][], string][] = [
    [
      [
        [one, '3000'],
        [two, '2000.001'],
      ],
      'purchase_request.quantity_exceeded',
    ],
    [
      [
        [one, '3000'],
        [two, '1000', 2],
      ],
      'listing.changed',
    ],
    [
      [
        [one, '1000'],
        [dollars, '1000'],
      ],
      'listing.not_fixed_price',
    ],
    [
      [
        [one, '1000'],
        [one, '1000'],
      ],
      'purchase_request.lot_twice',
    ],
    [[[one, '0']], 'listing.quantity_not_positive'],
    [
      [
        [one, '1000'],
        ['nowhere', '1'],
      ],
      'resource.not_found',
    ],
  ];
  for (const [lots, code] of refusals) expect((await take(lots)).body.code).toBe(code);
  expect((await take([[one, '1000']], 'other')).body.code).toBe('resource.not_found');
  expect(await salesOf(id)).toEqual([]);
  const { status, body } = await take([
    [one, '3000'],
    [two, '1500'],
  ]);
  expect([status, body.awards.length]).toEqual([201, 2]);
  expect((await salesOf(id)).map(({ tonnes, price }) => [tonnes, price])).toEqual([
    [3000, 61_000],
    [1500, 62_000],
  ]);
  expect((await view(id)).outstanding).toBe('500.000');
  expect((await take([[one, '500']])).status).toBe(201);
  expect((await view(id)).state).toBe('contracted');
});
