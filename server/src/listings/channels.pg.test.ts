/** Sales channels, sessions of the centre and quotas. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { NOW, type Market, lot, openMarket } from './testing.ts';

let market: Market;
beforeAll(async () => {
  market = await openMarket();
  // Every lot of these tests may go to the market at once.
  for (const rule of ['first_listing', 'price_band'])
    await market.call('staff', 'PUT', `/v1/staff/listing-rules/${rule}`, { enabled: false, channels: [] });
});
afterAll(async () => market.close());
afterEach(() => {
  market.clock.at = NOW;
});

const offer = async (patch: Record<string, unknown>, as: 'seller' | 'rival' = 'seller') =>
  market.call(as, 'POST', '/v1/listings', lot(patch));
const take = async (id: string) =>
  market.call('buyer', 'POST', `/v1/listings/${id}/take`, { quantity: '10', version: 1 });
const session = async (patch: Record<string, unknown> = {}) =>
  market.call('staff', 'POST', '/v1/staff/special-sessions', {
    name: 'Winter stock',
    nameZh: '冬储专场',
    opensAt: '2026-11-25T09:00:00+08:00',
    closesAt: '2026-11-25T17:00:00+08:00',
    ...patch,
  });

describe('daily spot', () => {
  it('ends with its trading day at the centre, eight hours before Greenwich’s', async () => {
    const { body } = await offer({ channel: 'spot', tradingDay: '2026-11-24' });
    expect(body).toMatchObject({
      channel: 'spot',
      tradingDay: '2026-11-24',
      expiresAt: '2026-11-24T16:00:00.000Z',
    });
    market.clock.at = new Date('2026-11-24T15:59:59Z');
    expect((await take(body.id)).status).toBe(201);
    market.clock.at = new Date('2026-11-24T16:00:00Z');
    expect((await take(body.id)).body.code).toBe('listing.not_published');
  });

  it('stands as long as it says when it names no day', async () => {
    const { body } = await offer({});
    expect(body).toMatchObject({ channel: 'spot', tradingDay: null });
    expect(Date.parse(body.expiresAt)).toBeGreaterThan(Date.parse('2026-12-30T00:00:00Z'));
  });

  it.each([
    ['a day that is over', '2026-11-22', 'listing.trading_day_past'],
    ['a day that does not exist', '2026-11-31', 'listing.day_invalid'],
  ])('422 for %s', async (_name, tradingDay, code) => {
    expect((await offer({ tradingDay })).body).toMatchObject({ code, fields: { tradingDay: code } });
  });
});

describe('long term', () => {
  const months = (...parts: [string, string][]) => parts.map(([month, quantity]) => ({ month, quantity }));
  const year = (monthSplit: unknown) => ({
    channel: 'long_term',
    windowFrom: '2027-01-01',
    windowTo: '2027-12-31',
    monthSplit,
  });

  it('carries the year’s quantity with its split over months, and is found by month', async () => {
    const split = months(['2027-01', '6000'], ['2027-07', '4000.000']);
    const { body } = await offer(year(split));
    expect(body.monthSplit).toEqual(months(['2027-01', '6000.000'], ['2027-07', '4000.000']));
    const found = async (query: string) =>
      (await market.call(null, 'GET', `/v1/listings?${query}`)).body.items.map(
        (one: { id: string }) => one.id,
      );
    expect(await found('channel=long_term&month=2027-07')).toContain(body.id);
    expect(await found('channel=long_term&month=2027-06')).not.toContain(body.id);
    expect(await found('channel=spot')).not.toContain(body.id);
  });

  it.each([
    ['without a split', undefined, 'listing.month_split_required'],
    ['with months that make another sum', months(['2027-01', '9999']), 'listing.month_split_sum'],
    ['with a month twice', months(['2027-01', '5000'], ['2027-01', '5000']), 'listing.month_split_months'],
    ['with a month outside its window', months(['2028-01', '10000']), 'listing.month_split_months'],
  ])('422 %s', async (_name, split, code) => {
    const { monthSplit: _none, ...without } = year(undefined);
    const { body } = await offer(split === undefined ? without : year(split));
    expect(body).toMatchObject({ code, fields: { monthSplit: code } });
  });

  it('422 for a field of another channel', async () => {
    const body = (await offer({ tradingDay: '2026-11-24', monthSplit: months(['2026-12', '10000']) })).body;
    expect(body.fields).toEqual({ monthSplit: 'listing.channel_field' });
  });
});

describe('a special session', () => {
  it('is announced by the centre; its lots are taken in its hours only', async () => {
    expect((await market.call('seller', 'POST', '/v1/staff/special-sessions', {})).status).toBe(403);
    const { body: made, status } = await session();
    expect(status).toBe(201);
    const { body } = await offer({ channel: 'special', sessionId: made.id });
    expect(body).toMatchObject({
      sessionId: made.id,
      opensAt: '2026-11-25T01:00:00.000Z',
      expiresAt: '2026-11-25T09:00:00.000Z',
    });
    expect((await take(body.id)).body).toMatchObject({
      code: 'listing.session_not_open',
      accepted: { from: '2026-11-25T01:00:00.000Z' },
    });
    market.clock.at = new Date('2026-11-25T01:00:00Z');
    expect((await take(body.id)).status).toBe(201);
    market.clock.at = new Date('2026-11-25T09:00:00Z');
    expect((await take(body.id)).body.code).toBe('listing.not_published');
    expect((await offer({ channel: 'special', sessionId: made.id })).body.code).toBe('listing.session_over');
    expect((await market.call(null, 'GET', '/v1/special-sessions')).body.items).toEqual([]);
  });

  it('422 for hours that are past, reversed or a month long, and for a session nobody announced', async () => {
    for (const hours of [
      { opensAt: '2026-11-01T09:00:00Z' },
      { closesAt: '2026-11-24T09:00:00Z' },
      { closesAt: '2027-01-24T09:00:00Z' },
    ])
      expect((await session(hours)).body.code).toBe('listing.session_hours');
    expect((await offer({ channel: 'special', sessionId: 'nowhere' })).body.code).toBe(
      'listing.session_unknown',
    );
  });
});

describe('a quota', () => {
  const set = async (limit: string | null, period = 'month') =>
    market.call('staff', 'PUT', '/v1/staff/listing-quotas', {
      organisationId: 'rival',
      channel: 'spot',
      period,
      limit,
    });

  it('says what is left, holds for two at once, and counts only what was sold of a lot taken back', async () => {
    await set('15000');
    const both = await Promise.all([offer({}, 'rival'), offer({}, 'rival')]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    expect(both.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'listing.quota_exceeded',
      accepted: { quantity: '≤ 5000.000 t', channel: 'spot', period: 'month' },
    });
    const { id } = both.find(({ status }) => status === 201)!.body;
    const raise = await market.call('rival', 'POST', `/v1/listings/${id}/change`, {
      version: 1,
      terms: lot({ quantity: '15001' }),
    });
    expect(raise.body.code).toBe('listing.quota_exceeded');
    await take(id);
    await market.call('rival', 'POST', `/v1/listings/${id}/withdraw`);
    expect((await market.call('rival', 'GET', '/v1/listing-quotas')).body.items).toEqual([
      {
        organisationId: 'rival',
        organisationName: 'Powder River Fuels',
        channel: 'spot',
        period: 'month',
        limit: '15000.000',
        used: '10.000',
        left: '14990.000',
      },
    ]);
    expect((await market.call('seller', 'GET', '/v1/listing-quotas')).body.items).toEqual([]);
  });

  it('begins anew with the centre’s month, and is lifted by null', async () => {
    await set('10000');
    market.clock.at = new Date('2026-11-30T16:00:00Z');
    expect((await offer({}, 'rival')).status).toBe(201);
    expect((await offer({}, 'rival')).body.code).toBe('listing.quota_exceeded');
    expect((await set(null)).body.items).toEqual([]);
    expect((await offer({}, 'rival')).status).toBe(201);
  });
});
