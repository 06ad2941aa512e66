import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forfeitSecurity } from '../../test/trade/forfeited.ts';
import { Desk, type Trade } from '../settlement/trade/testing.ts';
import { ONE, betaOf, scoreOf } from './beta.ts';
import { experienceOf } from './experience.ts';
import { eventsOf, reputationBriefs, reputationEvents, reputationView } from './score.ts';

/** One per cent less heat, and ash, sulphur and moisture above the promise: 573.21 of 600.00. */
const WORSE = { calorificValue: '22770', ash: '16.50', sulphur: '0.80', totalMoisture: '13.00' };
const DAY_MS = 24 * 3600_000;

let desk: Desk;
let good: Trade;
let worse: Trade;
beforeAll(async () => {
  desk = await Desk.open();
  good = await closed('100');
  worse = await closed('80', WORSE);
});
afterAll(async () => desk.close());

async function closed(tonnes: string, found = {}): Promise<Trade> {
  const trade = await desk.trade(61_000);
  await desk.deliver(trade, tonnes, found);
  expect((await desk.accept(trade)).status).toBe(200);
  await desk.bankSays(trade, 'booked');
  return trade;
}
const namesOf = async (_: unknown, ids: readonly string[]) =>
  new Map(ids.filter((id) => id !== 'nobody').map((id) => [id, { name: `Company of ${id}`, nameZh: null }]));
const of = async (companyId: string, now = new Date()) => {
  const events = await eventsOf(desk.db.sql, [companyId], now);
  return Object.fromEntries(events.map((one) => [one.component, one.success]));
};
const read = async (companyId: string, organisationId: string, staff = false) =>
  (await reputationEvents(desk.db.sql, namesOf, {
    companyId,
    component: undefined,
    from: 0,
    reader: { organisationId, staff },
    now: new Date(),
  }))!;

describe('the events of a delivery', () => {
  it('say of each side what its facts say', async () => {
    expect(await of(good.seller)).toEqual({
      weight: 10_000,
      quality: 10_000,
      disputes: 10_000,
      defaults: 10_000,
    });
    expect(await of(good.buyer)).toEqual({
      lifting: 10_000,
      payment: 10_000,
      disputes: 10_000,
      defaults: 10_000,
    });
    // 26.79 of 600.00 off is 446 hundredths of a percent.
    expect(await of(worse.seller)).toMatchObject({ quality: 5_540 });
    const { lifting } = await of(worse.buyer);
    expect(lifting).toBeLessThan(10_000);
    // The buyer came for less: that is no weight of the seller's.
    expect(await of(worse.seller)).not.toHaveProperty('weight');
  });

  it('are not there before the close, but that a payment is late shows at once', async () => {
    const trade = await desk.trade(61_000);
    expect(await of(trade.buyer)).toEqual({});
    expect(await of(trade.buyer, new Date(Date.now() + 90 * DAY_MS))).toEqual({ payment: 0 });
    await desk.pay(trade);
    expect(await of(trade.buyer)).toEqual({ payment: 10_000 });
    expect(await of(trade.seller)).toEqual({});
  });

  it('are each told once, and read again they are the same', async () => {
    const read1 = await eventsOf(desk.db.sql, [good.seller, good.buyer, worse.buyer], new Date(0 + 2e12));
    expect(new Set(read1.map(({ key }) => key)).size).toBe(read1.length);
    const again = await eventsOf(desk.db.sql, [worse.buyer, good.buyer, good.seller], new Date(0 + 2e12));
    expect(again).toEqual(read1);
  });

  it('of an umpire who decided against a side weigh against it alone', async () => {
    const trade = await closed('100');
    await desk.db.sql`update quality_inspection set decisions = '[{"pays": "seller"}, {"pays": null}]'
      where contract_id = ${trade.id}`;
    expect(await of(trade.seller)).toMatchObject({ disputes: 0 });
    expect(await of(trade.buyer)).toMatchObject({ disputes: 10_000 });
  });

  it('of security that was taken weigh against who lost it', async () => {
    const trade = await closed('100');
    await forfeitSecurity(desk.db.sql, trade.id, trade.buyer, trade.seller);
    const events = await eventsOf(desk.db.sql, [trade.buyer, trade.seller], new Date());
    const taken = events.filter((one) => one.component === 'defaults' && one.success === 0);
    expect(taken).toMatchObject([{ companyId: trade.buyer, side: 'buyer' }]);
  });
});

describe('a score', () => {
  it('is exactly what its events come to', async () => {
    const now = new Date();
    const view = await reputationView(desk.db.sql, namesOf, {
      companyId: worse.seller,
      reader: { organisationId: 'reader', staff: false },
      now,
    });
    const events = await eventsOf(desk.db.sql, [worse.seller], now);
    const again = betaOf(events.map(({ success, value }) => ({ ageDays: 0, success, value })));
    expect(view).toMatchObject({
      score: (scoreOf(again) / 10_000).toFixed(4),
      alpha: (Number(again.alpha) / Number(ONE)).toFixed(4),
      events: events.length,
      closed: 1,
    });
    expect(view!.components.reduce((sum, one) => sum + one.events, 0)).toBe(events.length);
    expect(view!.components.find((one) => one.component === 'lifting')).toMatchObject({
      events: 0,
      score: null,
    });
  });

  it('goes half the way back to the middle in a half-life', async () => {
    const now = new Date();
    const at = async (days: number) => {
      const [brief] = await reputationBriefs(
        desk.db.sql,
        [good.seller],
        new Date(now.getTime() + days * DAY_MS),
      );
      return Number(brief!.alpha) - 1;
    };
    expect(await at(180)).toBeCloseTo((await at(0)) / 2, 4);
    expect(await at(360)).toBeCloseTo((await at(0)) / 4, 4);
  });

  it('of nobody is not there, and of a new company there is none', async () => {
    const reader = { organisationId: 'reader', staff: false };
    expect(
      await reputationView(desk.db.sql, namesOf, { companyId: 'nobody', reader, now: new Date() }),
    ).toBeUndefined();
    expect(
      await reputationView(desk.db.sql, namesOf, { companyId: 'new', reader, now: new Date() }),
    ).toMatchObject({ score: null, alpha: '1.0000', beta: '1.0000', flagged: false, fulfilment: [] });
  });

  it('flags a month that fell short of four fifths, and a quarter of nine tenths', async () => {
    const view = await reputationView(desk.db.sql, namesOf, {
      companyId: worse.buyer,
      reader: { organisationId: worse.buyer, staff: false },
      now: new Date(),
    });
    expect(view!.fulfilment).toMatchObject([
      { period: 'month', side: 'buyer', share: '0.8000', least: '0.8000', below: false },
      { period: 'quarter', share: '0.8000', least: '0.9000', below: true },
      { period: 'year', below: true },
    ]);
    expect(view!.flagged).toBe(true);
  });
});

describe('the events behind a score', () => {
  it('have names, numbers and links for their own two sides and staff, and for nobody else', async () => {
    for (const [reader, staff] of [
      [worse.seller, false],
      [worse.buyer, false],
      ['', true],
    ] as const) {
      const { items } = await read(worse.seller, reader, staff);
      expect(items.find((one) => one.component === 'quality')).toMatchObject({
        contractId: worse.id,
        counterparty: { id: worse.buyer },
        facts: { price: '600.00', finalPrice: '573.21' },
      });
    }
    const { items } = await read(worse.seller, good.buyer);
    expect(items.length).toBeGreaterThan(0);
    const text = JSON.stringify(items);
    for (const secret of [worse.id, worse.buyer, '573.21', 'SC-']) expect(text).not.toContain(secret);
    for (const one of items)
      expect(one).toMatchObject({ contractId: null, deliveryOrderId: null, counterparty: null, facts: {} });
  });
});

describe('the experience with a mine', () => {
  const SELLER = 'experiencedseller';

  async function delivered(found: string): Promise<Trade> {
    const trade = await desk.trade(61_000, 'seller', (terms) => ({
      ...terms,
      seller: { ...terms.seller, organisationId: SELLER },
    }));
    const mine = { ...trade, seller: SELLER };
    await desk.deliver(mine, '100', { calorificValue: found });
    expect((await desk.accept(mine)).status).toBe(200);
    return mine;
  }
  const seen = async (reader: string) => (await experienceOf(desk.db.sql, ['lot', 'unknown'], reader))[0];

  it('is told after three deliveries, and never so that one buyer’s can be told from it', async () => {
    await desk.db.sql`insert into mine (id, name, country, source) values ('datong', 'Datong', 'CN', 'member')`;
    await desk.db
      .sql`insert into listing (id, seller_id, source, import_key, import_record, state, mine_id, coal_rank,
        total_moisture_bp, ash_bp, ash_basis, sulphur_bp, sulphur_basis, calorific_j_per_g, calorific_kind,
        calorific_basis, calorific_typed, calorific_unit, quantity_kg, remaining_kg, window_from, window_to, transport,
        expires_at, search_net_ar_j_per_g)
      values ('lot', ${SELLER}, 'eia923', 'key', '{}', 'published', 'datong', 'bituminous', 1200, 1500, 'ar', 60, 'ar',
        23000, 'net', 'ar', '23000', 'J/g', 1000, 1000, '2026-01-01', '2030-01-01', 'road', '2030-01-01', 23000)`;
    const first = await delivered('22600');
    await delivered('22620');
    expect(await seen(first.buyer)).toEqual({
      listingId: 'lot',
      listed: 23_000,
      own: null,
      all: null,
      expected: null,
    });
    await delivered('22640');
    // Found 400, 380 and 360 J/g below what was listed: 91 kcal.
    const all = { deliveries: 3, mean: -380, low: -430, high: -330 };
    expect(await seen('somebody')).toMatchObject({ own: null, all, expected: 22_620 });
    expect(await seen(SELLER)).toMatchObject({ own: all, all: null, expected: 22_620 });
    expect(await seen(first.buyer)).toMatchObject({ own: null, all });
  });
});
