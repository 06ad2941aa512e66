/** The life of a lot besides selling: drafts, the centre's look, changes with their versions, suspension. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { rowAtVersion } from './versions.ts';
import { listingForContract } from './public.ts';
import { listingById } from './queries.ts';
import { NOW, type Market, assay, lot, openMarket } from './testing.ts';
import { listingWork } from './work.ts';

let market: Market;
beforeAll(async () => {
  market = await openMarket();
});
afterAll(async () => market.close());
afterEach(() => {
  market.clock.at = NOW;
});

const longTerm = {
  channel: 'long_term',
  windowFrom: '2027-01-01',
  windowTo: '2027-02-28',
  price: '500',
  monthSplit: [
    { month: '2027-01', quantity: '6000' },
    { month: '2027-02', quantity: '4000' },
  ],
};
const post = async (as: Parameters<Market['call']>[0], url: string, body?: unknown) =>
  market.call(as, 'POST', url, body);
const offer = async (patch: Record<string, unknown> = {}, as: 'seller' | 'rival' = 'seller') => {
  const { status, body } = await post(as, '/v1/listings', lot(patch));
  expect(body).toHaveProperty('id');
  expect(status).toBe(201);
  return body;
};
const take = async (id: string, version: number, quantity = '10', as: 'buyer' | 'other' = 'buyer') =>
  post(as, `/v1/listings/${id}/take`, { quantity, version });
const reviewOf = async (listingId: string) =>
  (await market.call('staff', 'GET', '/v1/staff/listing-reviews')).body.items.find(
    (one: { listing: { id: string } }) => one.listing.id === listingId,
  );
const decide = async (reviewId: string, body: unknown) =>
  post('staff', `/v1/staff/listing-reviews/${reviewId}/decide`, body);

describe('a draft', () => {
  it('is seen by its company and the centre alone, cannot be taken, and goes to the market when submitted', async () => {
    const { id, state } = await offer({ draft: true });
    expect(state).toBe('draft');
    for (const who of [null, 'buyer', 'rival'] as const)
      expect((await market.call(who, 'GET', `/v1/listings/${id}`)).status).toBe(404);
    expect((await market.call('staff', 'GET', `/v1/listings/${id}`)).status).toBe(200);
    expect((await take(id, 1)).body.code).toBe('listing.not_published');
    const listed = (await market.call(null, 'GET', '/v1/listings')).body.items;
    expect(listed.map((one: { id: string }) => one.id)).not.toContain(id);
    expect((await post('rival', `/v1/listings/${id}/submit`)).status).toBe(404);
    expect((await post('seller', `/v1/listings/${id}/submit`)).body.state).toBe('published');
    expect((await post('seller', `/v1/listings/${id}/submit`)).body.code).toBe('listing.not_draft');
    expect((await take(id, 1)).status).toBe(201);
  });

  it('ends by itself like every lot, not before its time, and is not submitted after it', async () => {
    const { id, expiresAt } = await offer({ draft: true });
    const before = market.clock.at;
    const [work] = listingWork(market.deps);
    const wake = async () =>
      market.db.sql.begin(async (tx) => work!.write!(tx, { payload: { listingId: id } } as never));
    await wake();
    expect((await listingById(market.db.sql, id))?.state).toBe('draft');
    market.clock.at = new Date(Date.parse(expiresAt) + 1);
    expect((await post('seller', `/v1/listings/${id}/submit`)).body.code).toBe('listing.not_published');
    await wake();
    expect((await listingById(market.db.sql, id))?.state).toBe('expired');
    market.clock.at = before;
  });
});

describe('the centre looks first', () => {
  it('at the first long-term lot of a company: confirmed once, by one of two, it is on the market', async () => {
    const { id, state } = await offer({ ...longTerm }, 'rival');
    expect(state).toBe('in_review');
    expect((await market.call('buyer', 'GET', `/v1/listings/${id}`)).status).toBe(404);
    const review = await reviewOf(id);
    expect(review).toMatchObject({
      kind: 'offer',
      reasons: [{ code: 'first_listing', values: {} }],
      submittedBy: 'Name of person-rival',
    });
    expect(
      (await post('seller', `/v1/staff/listing-reviews/${review.id}/decide`, { decision: 'confirm' })).status,
    ).toBe(403);
    const both = await Promise.all([
      decide(review.id, { decision: 'confirm' }),
      decide(review.id, { decision: 'decline', reason: 'The mine is closed' }),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(both.find(({ status }) => status === 409)?.body.code).toBe('listing.review_decided');
  });

  it('at a long-term price outside the regulated band, and says the band; within it nobody waits', async () => {
    await offer();
    // 5,520 kcal/kg in Shanxi: 370 to 570 at 5,500.
    const dear = await offer({ ...longTerm, price: '700' });
    expect(dear.state).toBe('in_review');
    const { id, reasons } = await reviewOf(dear.id);
    expect(reasons).toEqual([
      {
        code: 'price_band',
        values: {
          price: '700.00',
          low: '371.81',
          high: '572.78',
          area: 'shanxi',
          edition: '发改价格〔2022〕303号',
        },
      },
    ]);
    expect((await offer({ ...longTerm, price: '500' })).state).toBe('published');
    // The band is about long-term prices: a day's price is the market's.
    expect((await offer({ price: '700' })).state).toBe('published');
    expect((await decide(id, { decision: 'decline', reason: 'Above the band' })).body.state).toBe('declined');
    const declined = await market.call('seller', 'GET', `/v1/listings/${dear.id}`);
    expect(declined.body).toMatchObject({ state: 'draft', stateReason: 'Above the band' });
  });

  it('422 without a reason for a no', async () => {
    const { id } = await offer({ ...longTerm, price: '900' });
    expect((await decide((await reviewOf(id)).id, { decision: 'decline' })).status).toBe(400);
  });

  it('only as far as its rules say', async () => {
    const rule = async (enabled: boolean) =>
      market.call('staff', 'PUT', '/v1/staff/listing-rules/price_band', { enabled, channels: ['long_term'] });
    expect((await rule(false)).body).toMatchObject({ id: 'price_band', enabled: false });
    expect((await offer({ ...longTerm, price: '700' })).state).toBe('published');
    await rule(true);
  });

  it('not any more at what its company took back', async () => {
    const { id } = await offer({ ...longTerm, price: '901' });
    const review = await reviewOf(id);
    expect((await post('seller', `/v1/listings/${id}/withdraw`)).body.state).toBe('withdrawn');
    expect(await reviewOf(id)).toBeUndefined();
    expect((await decide(review.id, { decision: 'confirm' })).body.code).toBe('listing.review_decided');
  });
});

describe('a change', () => {
  const change = async (id: string, version: number, patch: Record<string, unknown>) =>
    post('seller', `/v1/listings/${id}/change`, { version, terms: lot(patch) });

  it('of price or specification is a new version, kept and shown with what changed, when and by whom', async () => {
    const { id } = await offer();
    const ash = assay({ ash: { value: '19.00', basis: 'd' } });
    expect((await change(id, 1, { assay: ash, quantity: '12000' })).body).toMatchObject({
      version: 2,
      remaining: '12000.000',
    });
    await post('seller', `/v1/listings/${id}/price`, { price: '605', version: 2 });
    const told = (await market.call('seller', 'GET', `/v1/listings/${id}/versions`)).body.items;
    expect(told).toMatchObject([
      {
        version: 3,
        madeBy: 'Name of person-seller',
        changes: [{ field: 'price', from: '612.50', to: '605.00' }],
      },
      {
        version: 2,
        changes: [
          { field: 'quantity', from: '10000.000', to: '12000.000' },
          { field: 'ash', from: '18.40 % d', to: '19.00 % d' },
        ],
      },
      { version: 1, changes: [] },
    ]);
    const others = (await market.call(null, 'GET', `/v1/listings/${id}/versions`)).body.items;
    expect(others.map((one: { madeBy: string | null }) => one.madeBy)).toEqual([null, null, null]);
    await expect(
      market.db.sql`update listing_version set terms = '{}' where listing_id = ${id}`,
    ).rejects.toThrow();
  });

  it('409 listing.changed with the version that stands, for a buyer and a seller who saw another', async () => {
    const { id } = await offer();
    await change(id, 1, { price: '620' });
    const stale = await take(id, 1);
    expect(stale).toMatchObject({
      status: 409,
      body: { code: 'listing.changed', accepted: { version: '2', price: '620.00' } },
    });
    expect((await change(id, 1, { price: '630' })).body.code).toBe('listing.changed');
    expect((await take(id, 2)).status).toBe(201);
  });

  it('leaves a sale with the goods of the version that was taken', async () => {
    const { id } = await offer();
    expect((await take(id, 1)).status).toBe(201);
    await change(id, 1, { assay: assay({ ash: { value: '25.00', basis: 'd' } }) });
    const [sold] = await market.db.sql`select listing_version from sale where listing_id = ${id}`;
    expect(sold?.['listing_version']).toBe(1);
    const ashOf = async (version?: number) =>
      (await listingForContract(market.db.sql, id, version))?.assay.ash.basisPoints;
    expect([await ashOf(1), await ashOf()]).toEqual([1840, 2500]);
  });

  it('gives the row back as it stood', async () => {
    const { id } = await offer({ note: '一号仓' });
    const before = await listingById(market.db.sql, id);
    await change(id, 1, { price: '600', note: '' });
    const now = await listingById(market.db.sql, id);
    expect(await rowAtVersion(market.db.sql, now!, 1)).toEqual(before);
  });

  it('keeps what was taken: less than that is refused', async () => {
    const { id } = await offer();
    await take(id, 1, '4000');
    expect((await change(id, 1, { quantity: '4000' })).body).toMatchObject({
      code: 'listing.quantity_below_taken',
      accepted: { quantity: '> 4000.000 t' },
    });
    expect((await change(id, 1, { quantity: '5000' })).body).toMatchObject({
      quantity: '5000.000',
      remaining: '1000.000',
    });
  });

  it.each([
    ['that changes nothing', {}, 'listing.nothing_changed'],
    ['to another channel', { ...longTerm }, 'listing.channel_fixed'],
    [
      'to impossible ash',
      { assay: assay({ ash: { value: '120', basis: 'd' } }) },
      'listing.ash_out_of_range',
    ],
    [
      'to volatile matter on a wrong basis',
      { assay: assay({ ash: { value: '18', basis: 'daf' } }) },
      'listing.basis_not_allowed',
    ],
  ])('%s is refused and leaves the version', async (_name, patch, code) => {
    const { id } = await offer();
    expect((await change(id, 1, patch)).body.code).toBe(code);
    expect((await listingById(market.db.sql, id))?.version).toBe(1);
  });

  it('404 for another company’s lot', async () => {
    const { id } = await offer();
    const foreign = await post('rival', `/v1/listings/${id}/change`, { version: 1, terms: lot() });
    expect(foreign.status).toBe(404);
  });

  it('that the centre wants to see waits as a proposal while the old terms hold, and is then made', async () => {
    const { id } = await offer({ ...longTerm });
    const asked = await post('seller', `/v1/listings/${id}/price`, { price: '800', version: 1 });
    expect(asked.body).toMatchObject({
      state: 'published',
      version: 1,
      price: '500.00',
      changePending: true,
    });
    expect((await market.call('buyer', 'GET', `/v1/listings/${id}`)).body.changePending).toBe(false);
    expect((await take(id, 1)).status).toBe(201);
    const review = await reviewOf(id);
    expect(review).toMatchObject({
      kind: 'change',
      changes: [{ field: 'price', from: '500.00', to: '800.00' }],
    });
    expect((await decide(review.id, { decision: 'confirm' })).status).toBe(200);
    expect((await market.call('seller', 'GET', `/v1/listings/${id}`)).body).toMatchObject({
      version: 2,
      price: '800.00',
      changePending: false,
    });
  });

  it('that was overtaken by another is not made when it is confirmed', async () => {
    const { id } = await offer({ ...longTerm });
    await post('seller', `/v1/listings/${id}/price`, { price: '810', version: 1 });
    const review = await reviewOf(id);
    await market.db.sql`update listing set version = version + 1 where id = ${id}`;
    expect((await decide(review.id, { decision: 'confirm' })).body.code).toBe('listing.changed');
    expect((await listingById(market.db.sql, id))?.pricePerTonne).toBe(50_000n);
  });
});

describe('a suspended lot', () => {
  it('cannot be taken until the centre lets it back, and its company is told why', async () => {
    const { id } = await offer();
    expect((await post('seller', `/v1/staff/listings/${id}/suspend`, { reason: 'x y z' })).status).toBe(403);
    await post('staff', `/v1/staff/listings/${id}/suspend`, { reason: 'Certificate is questioned' });
    expect((await take(id, 1)).body.code).toBe('listing.not_published');
    const listed = (await market.call(null, 'GET', '/v1/listings?limit=100')).body.items;
    expect(listed.map((one: { id: string }) => one.id)).not.toContain(id);
    const dearer = await post('seller', `/v1/listings/${id}/price`, { price: '700', version: 1 });
    expect(dearer.body.code).toBe('listing.not_published');
    const [own, others] = await Promise.all(
      (['seller', 'buyer'] as const).map(async (who) => market.call(who, 'GET', `/v1/listings/${id}`)),
    );
    expect(own?.body).toMatchObject({ state: 'suspended', stateReason: 'Certificate is questioned' });
    expect(others?.body).toMatchObject({ state: 'suspended', stateReason: null });
    expect((await post('staff', `/v1/staff/listings/${id}/reinstate`)).body.state).toBe('published');
    expect((await post('staff', `/v1/staff/listings/${id}/reinstate`)).body.code).toBe(
      'listing.not_suspended',
    );
    expect((await take(id, 1)).status).toBe(201);
  });
});

describe('taking', () => {
  it('two at once for more than remains gives one of them the coal', async () => {
    const { id } = await offer({ quantity: '100' });
    const both = await Promise.all([take(id, 1, '60', 'buyer'), take(id, 1, '60', 'other')]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    expect(both.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'listing.quantity_unavailable',
      accepted: { quantity: '40.000' },
    });
  });

  it('the same command twice takes once', async () => {
    const { id } = await offer({ quantity: '100' });
    const send = async () =>
      market.app.inject({
        method: 'POST',
        url: `/v1/listings/${id}/take`,
        headers: { authorization: `Bearer ${'buyer'.padEnd(43, '-')}`, 'idempotency-key': `take-${id}` },
        payload: { quantity: '60', version: 1 },
      });
    const [first, second] = [await send(), await send()];
    expect(second.json()).toEqual(first.json());
    expect((await listingById(market.db.sql, id))?.remainingKg).toBe(40_000n);
  });
});
