import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { termsBetween } from '../../../test/trade/binding-contract.ts';
import type { ContractTerms } from '../../contracts/public.ts';
import { Desk, type Trade } from './testing.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterAll(async () => desk.close());

const funded = async (seller?: string): Promise<Trade> => {
  const trade = await desk.releases(await desk.trade(60_000, seller), 8500);
  expect((await desk.pay(trade)).status).toBe(200);
  await desk.work();
  return trade;
};

const payments = async (trade: Trade) =>
  desk.db.sql`select obligation_key as key, amount::int, status from payment
    where obligation_key like ${`payout:${trade.id}%`} order by created_at, id`;

describe('a truck that leaves the gate', () => {
  it('sets 85 % of its provisional value free for the seller, and the bank is instructed', async () => {
    const trade = await funded();
    expect(await desk.gateOut(trade, `${trade.id}-1`, 30.5)).toEqual(['done']);
    // 30.5 t × 600.00 × 85 %
    expect(await desk.money(trade.seller)).toEqual({ held: 15_555 });
    expect(await desk.money(trade.buyer)).toEqual({ escrow: 44_445, performance_security: 1000 });
    expect(await payments(trade)).toMatchObject([{ amount: 1_555_500, status: 'approved' }]);
    expect(await desk.view(trade)).toMatchObject({ state: 'funded', escrow: '44445.00' });
  });

  it('is told twice and releases once', async () => {
    const trade = await funded();
    const told = [desk.gateOut(trade, `${trade.id}-1`, 40), desk.gateOut(trade, `${trade.id}-1`, 40)];
    expect((await Promise.all(told)).flat().every((one) => one !== 'parked')).toBe(true);
    expect(await desk.gateOut(trade, `${trade.id}-1`, 40)).toEqual(['done']);
    expect(await desk.money(trade.seller)).toEqual({ held: 20_400 });
  });

  it('never takes more out than 85 % of what was paid in', async () => {
    const trade = await funded();
    for (const n of [1, 2, 3]) await desk.gateOut(trade, `${trade.id}-${n}`, 60);
    expect(await desk.money(trade.seller)).toEqual({ held: 51_000 });
    expect((await desk.view(trade)).escrow).toBe('9000.00');
    const rows = await desk.db.sql`select amount::int from settlement_release where contract_id = ${trade.id}
      order by ticket_id`;
    expect(rows).toEqual([{ amount: 3_060_000 }, { amount: 2_040_000 }, { amount: 0 }]);
  });

  it('of a settlement opened before there was the rule releases nothing', async () => {
    const trade = await funded();
    await desk.releases(trade, 0);
    await desk.gateOut(trade, `${trade.id}-1`, 50);
    expect(await desk.money(trade.seller)).toEqual({});
  });
});

describe('the final invoice after releases', () => {
  it('pays the rest, and is closed when the bank has booked every part', async () => {
    const trade = await desk.releases(await desk.trade(60_000), 8500);
    await desk.deliver(trade, '100');
    expect((await desk.view(trade)).releases).toMatchObject([
      { plate: 'JIN B1', net: '100.000', amount: '51000.00', paid: 'under_way' },
    ]);
    // All of it was paid in: 51,000 are the seller's, 9,000 wait in escrow.
    expect((await desk.view(trade)).missing).toBeNull();
    expect((await desk.accept(trade)).body).toMatchObject({ state: 'paying_out', payout: '59872.80' });
    const made = await payments(trade);
    expect(made.reduce((sum, row) => sum + row['amount'], 0)).toBe(5_987_280);
    expect(made).toHaveLength(2);
    await desk.bankSays(trade, 'booked');
    expect((await desk.view(trade)).state).toBe('paying_out');
    await desk.bankSays(trade, 'booked', await desk.ticketOf(trade));
    expect((await desk.view(trade)).state).toBe('closed');
    expect(await desk.money(trade.seller)).toEqual({});
    expect(await desk.money(trade.buyer)).toEqual({ free: 1000 });
  });

  it('below what was released has the seller give the difference back from its free money', async () => {
    const trade = await desk.trade(60_000, 'seller', (terms) => ({
      ...terms,
      quality: {
        ...terms.quality,
        rules: terms.quality.rules.map((rule) =>
          rule.id === 'ash' ? { ...rule, tiers: [{ from: '0', to: null, rate: '-40' }] } : rule,
        ),
      },
    }));
    await desk.fund(trade.seller, 20_000);
    // One point of ash takes 40 % off: 360.00 a tonne, 36,000 less fee and tax of it 76.32, 51,000 released.
    await desk.releases(trade, 8500);
    await desk.deliver(trade, '100', { ash: '16.00' });
    expect((await desk.accept(trade)).status).toBe(200);
    expect(await desk.money(trade.buyer)).toEqual({ free: 24_000 + 1000 });
    expect(await desk.money(trade.seller)).toEqual({ held: 51_000, free: 20_000 - 15_076.32 });
    expect(
      await desk.db.sql`select amount::int, kind, paid_at is not null as paid from obligation
        where key = ${`over-release:${trade.id}`}`,
    ).toEqual([{ amount: 1_507_632, kind: 'over_release', paid: true }]);
  });
});

describe('a release that cannot be paid out', () => {
  it('is shown to staff, who instruct it again, while the delivery goes on', async () => {
    const trade = await funded();
    const ticket = `${trade.id}-1`;
    await desk.gateOut(trade, ticket, 50);
    await desk.bankSays(trade, 'RJCT', ticket);
    expect(await desk.money(trade.seller)).toEqual({ payable: 25_500 });
    expect(await desk.openWork(trade.id)).toMatchObject([{ kind: 'settlement.release_unpaid' }]);
    const again = await desk.call('staff', 'POST', `/v1/staff/settlements/${trade.id}/payout`);
    expect(again).toMatchObject({ status: 200, body: { state: 'funded' } });
    expect(await desk.openWork(trade.id)).toEqual([]);
    expect(await desk.money(trade.seller)).toEqual({ held: 25_500 });
    // Whoever had it made again may not be the one who approves it.
    const makers = await desk.db.sql`select created_by as by from payment
      where obligation_key like ${`payout:${trade.id}%`} order by created_at, id`;
    expect(makers).toEqual([{ by: 'system' }, { by: 'person-of-staff' }]);
    const twice = await desk.call('staff', 'POST', `/v1/staff/settlements/${trade.id}/payout`);
    expect(twice).toMatchObject({ status: 409, body: { code: 'settlement.not_due' } });
  });

  it('for want of an account waits in view of staff', async () => {
    const trade = await funded('unbanked');
    await desk.gateOut(trade, `${trade.id}-1`, 50);
    expect(await desk.money(trade.seller)).toEqual({ payable: 25_500 });
    expect(await desk.openWork(trade.id)).toMatchObject([{ kind: 'settlement.release_unpaid' }]);
  });
});

describe('the last day of a delivery', () => {
  const ends = async (trade: Trade): Promise<string[]> => {
    await desk.db.sql`update outbox set not_before = now()
      where effect_key like ${`settlement:${trade.id}:%`} and done_at is null`;
    return desk.work();
  };
  const past = async (): Promise<Trade> =>
    desk.trade(60_000, 'seller', (terms) => ({
      ...terms,
      goods: { ...terms.goods, windowFrom: '2026-01-01', windowTo: '2026-01-31' },
    }));

  it('gives back by itself what was paid for coal that was not lifted, and security nobody claims', async () => {
    const trade = await past();
    expect((await desk.pay(trade)).status).toBe(200);
    // The order to deliver and the end of its window are due at once, in either order.
    await desk.work();
    await ends(trade);
    expect(await desk.view(trade)).toMatchObject({ state: 'cancelled', escrow: '0.00' });
    await ends(trade);
    expect(await desk.money(trade.buyer)).toEqual({ free: 61_000 });
    await expect(ends(trade)).resolves.toEqual([]);
  });

  it('leaves coal that was lifted to its result', async () => {
    const trade = await desk.trade(60_000);
    await desk.deliver(trade, '95');
    await ends(trade);
    expect(await desk.view(trade)).toMatchObject({ state: 'paying_out', finalAmount: '57000.00' });
  });
});

describe('the share that is released', () => {
  it('is what the signed contract says, and none where it says nothing', async () => {
    const opened = async (change: (terms: ContractTerms) => ContractTerms): Promise<unknown> => {
      const { id } = await desk.trade(60_000, 'seller', change);
      const [row] = await desk.db
        .sql`select release_basis_points as share from settlement where contract_id = ${id}`;
      return row!['share'];
    };
    const says = (share: number) => (terms: ContractTerms) => ({
      ...terms,
      payment: { ...terms.payment, releaseBasisPoints: share },
    });
    const older = ({ seller, buyer }: ContractTerms) =>
      termsBetween(seller.organisationId, buyer.organisationId, { edition: 3 });
    expect([await opened(says(7000)), await opened(says(0)), await opened(older)]).toEqual([7000, 0, 0]);
  });
});
