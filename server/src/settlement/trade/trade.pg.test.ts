import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { balances } from '../ledger/read.ts';
import { type Answer, Desk, type Trade } from './testing.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterAll(async () => desk.close());

const refusal = (answer: Answer) => ({ status: answer.status, code: answer.body.code });
const NOT_DUE = { status: 409, code: 'settlement.not_due' };
const NOT_FOUND = { status: 404, code: 'resource.not_found' };

/** One per cent less heat, and ash, sulphur and moisture above the promise: 573.21 a tonne. */
const WORSE = { calorificValue: '22770', ash: '16.50', sulphur: '0.80', totalMoisture: '13.00' };

describe('the provisional payment', () => {
  it('is invoiced once when the contract binds', async () => {
    const trade = await desk.trade(0);
    expect(await desk.ask('settlement.open', trade.id)).toEqual(['done']);
    const view = await desk.view(trade);
    expect(view).toMatchObject({
      state: 'provisional_due',
      waitsFor: 'buyer',
      provisionalAmount: '60000.00',
      escrow: '0.00',
    });
    expect(view.invoices).toMatchObject([
      { kind: 'provisional', amount: '60000.00', quantity: '100.000', unitPrice: '600.00' },
    ]);
  });

  it('without the money is refused with what there is, and nothing moves', async () => {
    const trade = await desk.trade(59_999.99);
    expect(await desk.pay(trade)).toMatchObject({
      status: 422,
      body: { code: 'ledger.insufficient_funds', accepted: { available: '59999.99' } },
    });
    expect(await desk.money(trade.buyer)).toEqual({ free: 59_999.99, performance_security: 1000 });
    expect(await desk.work()).toEqual([]);
    expect(await desk.view(trade)).toMatchObject({ state: 'provisional_due', deliveryOrderId: null });
  });

  it('goes into escrow, and the coal may be ordered out', async () => {
    const trade = await desk.trade(61_000);
    expect(await desk.pay(trade)).toMatchObject({
      status: 200,
      body: { state: 'funded', waitsFor: 'seller', escrow: '60000.00' },
    });
    expect(await desk.money(trade.buyer)).toEqual({ free: 1000, escrow: 60_000, performance_security: 1000 });
    expect(await desk.money(trade.seller)).toEqual({});
    expect(await desk.work()).toEqual(['done']);
    expect((await desk.view(trade)).deliveryOrderId).not.toBeNull();
    expect(refusal(await desk.pay(trade))).toEqual(NOT_DUE);
  });

  it('sent twice at once is paid once', async () => {
    const trade = await desk.trade(120_000);
    const answers = await Promise.all([desk.pay(trade), desk.pay(trade)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(await desk.money(trade.buyer)).toMatchObject({ free: 60_000, escrow: 60_000 });
  });

  it('and all else about a contract is nobody’s but its two sides’', async () => {
    const trade = await desk.trade(60_000);
    const strange = await desk.trade(60_000);
    expect(refusal(await desk.pay({ ...trade, buyer: trade.seller }))).toEqual(NOT_FOUND);
    expect(refusal(await desk.pay({ ...trade, buyer: strange.buyer }))).toEqual(NOT_FOUND);
    expect((await desk.call(strange.buyer, 'GET', `/v1/settlements/${trade.id}`)).status).toBe(404);
    expect((await desk.call(strange.buyer, 'GET', '/v1/settlements')).body.items).toMatchObject([
      { contractId: strange.id },
    ]);
    expect(refusal(await desk.dispute(trade, strange.buyer))).toEqual(NOT_FOUND);
    expect(refusal(await desk.accept(trade, strange.buyer))).toEqual(NOT_FOUND);
    expect((await desk.call('staff', 'GET', `/v1/settlements/${trade.id}`)).status).toBe(200);
  });
});

describe('the result', () => {
  it('is priced by the clause and waits three days for the buyer', async () => {
    const trade = await desk.trade(60_000);
    await desk.deliver(trade, '95', WORSE);
    const view = await desk.view(trade);
    expect(view).toMatchObject({
      state: 'result_due',
      waitsFor: 'buyer',
      finalAmount: '54454.95',
      missing: null,
    });
    expect(view.invoices[1]).toMatchObject({
      kind: 'final',
      amount: '54454.95',
      quantity: '95.000',
      unitPrice: '573.21',
    });
    const [row] = await desk.db
      .sql`select result_due_at - issued_at between '71 hours' and '73 hours' as three_days
      from settlement s join invoice i on i.contract_id = s.contract_id and i.kind = 'final'
      where s.contract_id = ${trade.id}`;
    expect(row).toEqual({ three_days: true });
    // Told again, it is the same result.
    expect(await desk.ask('settlement.result', trade.id)).toEqual(['done']);
    expect((await desk.view(trade)).invoices).toHaveLength(2);
    await expect(desk.db.sql`update invoice set amount = 1`).rejects.toThrow();
  });

  it('beyond a refusal limit is a dispute that staff see, and no invoice', async () => {
    const trade = await desk.trade(60_000);
    await desk.deliver(trade, '100', { ash: '20.01' });
    const view = await desk.view(trade);
    expect(view).toMatchObject({ state: 'disputed', waitsFor: 'centre', finalAmount: null });
    expect(view.reason).toContain('ash above limit');
    expect(view.invoices).toHaveLength(1);
    expect(await desk.openWork(trade.id)).toMatchObject([
      { kind: 'settlement.disputed', detail: view.reason },
    ]);
    expect(refusal(await desk.accept(trade))).toEqual(NOT_DUE);
    expect(await desk.money(trade.buyer)).toMatchObject({ escrow: 60_000 });
  });

  it('that could not be computed is settled at the price both sides agreed on, by the centre alone', async () => {
    const trade = await desk.trade(60_000);
    await desk.deliver(trade, '100', { ash: '20.01' });
    const url = `/v1/staff/settlements/${trade.id}/decision`;
    const reason = 'agreed on the telephone';
    expect((await desk.call(trade.buyer, 'POST', url, { reason, agreedPrice: '1.00' })).status).toBe(403);
    expect(refusal(await desk.call('staff', 'POST', url, { reason }))).toMatchObject({
      code: 'settlement.agreed_price',
    });
    const decided = await desk.call('staff', 'POST', url, { reason, agreedPrice: '500.00' });
    expect(decided.body).toMatchObject({
      state: 'paying_out',
      finalAmount: '50000.00',
      escrow: '0.00',
      payout: '49894.00',
    });
    expect(await desk.money(trade.buyer)).toEqual({ free: 10_000 + 1000 });
    expect(refusal(await desk.call('staff', 'POST', url, { reason, agreedPrice: '500.00' }))).toEqual(
      NOT_DUE,
    );
    const [kept] = await desk.db.sql`select detail from audit_entry where subject = ${trade.id}`;
    expect(kept).toEqual({ detail: { reason, agreedPrice: '500.00' } });
  });

  it('contested in time by either side is not final by time', async () => {
    for (const side of ['buyer', 'seller'] as const) {
      const trade = await desk.trade(61_000);
      await desk.fund(trade.seller, 1000);
      expect(refusal(await desk.dispute(trade))).toEqual({ status: 409, code: 'dispute.early' });
      await desk.deliver(trade, '100');
      const filed = await desk.dispute(trade, trade[side], side === 'buyer' ? '50000.00' : '60500.00');
      expect(filed).toMatchObject({ status: 201, body: { state: 'filed', filedBy: side } });
      expect(refusal(await desk.dispute(trade))).toEqual({ status: 409, code: 'dispute.duplicate' });
      expect(refusal(await desk.accept(trade))).toEqual(NOT_DUE);
      expect(await desk.timePasses(trade)).toEqual(['done']);
      expect((await desk.view(trade)).state).toBe('disputed');
      expect(await desk.openWork(filed.body.id)).toMatchObject([{ kind: 'dispute.filed' }]);
    }
  });
});

/** 54,454.95 for the coal: fee 0.20 % = 108.91, tax 6 % of it = 6.53, 54,339.51 to the seller, 5,545.05 back. */
async function expectSettledByHand(trade: Trade): Promise<void> {
  expect(await desk.view(trade)).toMatchObject({
    state: 'paying_out',
    escrow: '0.00',
    fee: '108.91',
    tax: '6.53',
    payout: '54339.51',
  });
  expect(await desk.money(trade.buyer)).toEqual({ free: 5545.05 + 1000 });
  // Earned, and reserved for the payout at once.
  expect(await desk.money(trade.seller)).toEqual({ held: 54_339.51 });
  expect(
    await desk.db.sql`select amount::int, status, source, org_id from payment
      where obligation_key = ${`payout:${trade.id}`}`,
  ).toEqual([{ amount: 5_433_951, status: 'approved', source: 'payable', org_id: trade.seller }]);
}

const platform = async () =>
  new Map((await balances(desk.db.sql, 'platform')).map((account) => [account.kind, account.balance]));

describe('the acceptance', () => {
  it('empties the escrow to the last fen, gives the security back, and instructs the payout', async () => {
    const before = await platform();
    const trade = await desk.trade(60_000);
    expect(refusal(await desk.accept(trade))).toEqual(NOT_DUE);
    await desk.deliver(trade, '95', WORSE);
    expect(refusal(await desk.accept(trade, trade.seller))).toEqual(NOT_FOUND);
    expect(await desk.accept(trade)).toMatchObject({ status: 200, body: { state: 'paying_out' } });
    await expectSettledByHand(trade);
    const after = await platform();
    expect(after.get('fees')! - (before.get('fees') ?? 0n)).toBe(10_891n);
    expect(after.get('tax')! - (before.get('tax') ?? 0n)).toBe(653n);
    expect(refusal(await desk.accept(trade))).toEqual(NOT_DUE);
    expect(refusal(await desk.dispute(trade))).toEqual({ status: 409, code: 'dispute.late' });
    // The time that passed for nothing, and the letter about the security.
    expect(await desk.timePasses(trade)).toEqual(['done', 'done']);
    await expectSettledByHand(trade);
  });

  it('comes by time when nobody contests', async () => {
    const trade = await desk.trade(60_000);
    await desk.deliver(trade, '95', WORSE);
    expect(await desk.work()).toEqual([]);
    // The settlement, and the letter about the security.
    expect(await desk.timePasses(trade)).toEqual(['done', 'done']);
    await expectSettledByHand(trade);
  });

  it('twice at once, and by time at that moment, settles once', async () => {
    const trade = await desk.trade(60_000);
    await desk.deliver(trade, '95', WORSE);
    const [one, two] = await Promise.all([desk.accept(trade), desk.accept(trade), desk.timePasses(trade)]);
    expect([200, 409]).toContain(one.status);
    expect([200, 409]).toContain(two.status);
    await expectSettledByHand(trade);
  });

  it('of coal that is worth more takes the difference from the buyer’s free money', async () => {
    const trade = await desk.trade(60_700);
    await desk.deliver(trade, '100', { calorificValue: '23230' });
    expect(await desk.view(trade)).toMatchObject({ finalAmount: '60600.00', missing: null });
    expect((await desk.accept(trade)).status).toBe(200);
    // 100 left of 700, and the security; 60,600 − 121.20 − 7.27
    expect(await desk.money(trade.buyer)).toEqual({ free: 1100 });
    expect(await desk.money(trade.seller)).toEqual({ held: 60_471.53 });
  });

  it('without that money moves nothing, by hand or by time, until it has come', async () => {
    const trade = await desk.trade(60_100);
    await desk.deliver(trade, '100', { calorificValue: '23230' });
    const before = await desk.money(trade.buyer);
    expect((await desk.view(trade)).missing).toBe('500.00');
    expect(refusal(await desk.accept(trade))).toEqual({ status: 422, code: 'ledger.insufficient_funds' });
    expect(await desk.timePasses(trade)).toEqual(['failed']);
    expect(await desk.money(trade.buyer)).toEqual(before);
    expect(await desk.view(trade)).toMatchObject({ state: 'result_due', escrow: '60000.00' });

    // The last try: from then on a person has to look.
    await desk.db.sql`update outbox set attempts = 11 where effect_key = ${`settlement:${trade.id}:accept`}`;
    expect(await desk.timePasses(trade)).toEqual(['parked']);
    const [parked] = (await desk.call('staff', 'GET', '/v1/staff/open-work')).body.items.filter(
      (item: { detail: string }) => item.detail.includes(trade.id),
    );
    expect(parked).toMatchObject({ kind: 'work', subject: 'settlement.accept' });
    await desk.fund(trade.buyer, 500);
    const retry = await desk.call('staff', 'POST', `/v1/staff/open-work/${parked.outboxId}/retry`);
    expect(retry.status).toBe(200);
    expect(await desk.work()).toEqual(['done', 'done']);
    expect(await desk.view(trade)).toMatchObject({ state: 'paying_out', payout: '60471.53' });
    expect(await desk.money(trade.buyer)).toEqual({ free: 1000 });
  });
});

/** Settled for 60,000.00; the payout of 59,872.80 is on its way. */
async function payingOut(sellerName?: string): Promise<Trade> {
  const trade = await desk.trade(60_000, sellerName);
  await desk.deliver(trade, '100');
  expect((await desk.accept(trade)).status).toBe(200);
  return trade;
}

describe('the payout', () => {
  it('that the bank has booked closes the settlement', async () => {
    const trade = await payingOut();
    await desk.bankSays(trade, 'booked');
    expect(await desk.view(trade)).toMatchObject({ state: 'closed', waitsFor: null });
    expect(await desk.money(trade.seller)).toEqual({});
    expect(await desk.openWork(trade.id)).toEqual([]);
  });

  it('that the bank has refused waits for staff, with the money still the seller’s', async () => {
    const trade = await payingOut();
    await desk.bankSays(trade, 'RJCT');
    expect(await desk.view(trade)).toMatchObject({ state: 'payout_failed', waitsFor: 'centre' });
    expect(await desk.money(trade.seller)).toEqual({ payable: 59_872.8 });
    expect(await desk.openWork(trade.id)).toMatchObject([{ kind: 'settlement.payout_failed' }]);
  });

  it('that failed is instructed again by staff under a new identity, and then closes', async () => {
    const trade = await payingOut();
    const first = (await desk.view(trade)).payoutReference;
    await desk.bankSays(trade, 'RJCT');
    const url = `/v1/staff/settlements/${trade.id}/payout`;
    expect((await desk.call('staff', 'POST', url)).body).toMatchObject({ state: 'paying_out' });
    expect((await desk.view(trade)).payoutReference).not.toBe(first);
    expect(refusal(await desk.call('staff', 'POST', url))).toEqual(NOT_DUE);
    await desk.bankSays(trade, 'booked');
    expect(await desk.view(trade)).toMatchObject({ state: 'closed' });
    expect(await desk.money(trade.seller)).toEqual({});
  });

  it('that the bank sends back after it was booked waits for staff, too', async () => {
    const trade = await payingOut();
    await desk.bankSays(trade, 'booked');
    await desk.bankSays(trade, 'returned');
    expect(await desk.view(trade)).toMatchObject({ state: 'payout_failed', reason: 'AC04' });
    expect(await desk.money(trade.seller)).toEqual({ payable: 59_872.8 });
    expect(await desk.openWork(trade.id)).toMatchObject([
      { kind: 'settlement.payout_failed', detail: 'AC04' },
    ]);
  });

  it('to a seller without a confirmed account waits for staff, and the buyer has its part settled', async () => {
    const trade = await payingOut('unbanked');
    expect(await desk.view(trade)).toMatchObject({ state: 'payout_failed', escrow: '0.00' });
    expect(await desk.money(trade.seller)).toEqual({ payable: 59_872.8 });
    expect(await desk.money(trade.buyer)).toEqual({ free: 1000 });
    expect((await desk.openWork(trade.id))[0]?.detail).toContain('no confirmed account');
  });
});

describe('coal that is worth nothing', () => {
  it('gives the buyer everything back and is closed at once: there is nothing to pay out', async () => {
    const trade = await desk.trade(60_000, 'seller', (terms) => ({
      ...terms,
      quality: {
        ...terms.quality,
        rules: terms.quality.rules.map((rule) =>
          rule.id === 'ash' ? { ...rule, tiers: [{ from: '0', to: null, rate: '-60' }] } : rule,
        ),
      },
    }));
    await desk.deliver(trade, '100', { ash: '17.00' });
    expect(await desk.accept(trade)).toMatchObject({
      status: 200,
      body: { state: 'closed', finalAmount: '0.00', payout: '0.00', escrow: '0.00' },
    });
    expect(await desk.money(trade.buyer)).toEqual({ free: 61_000 });
    expect(await desk.money(trade.seller)).toEqual({});
  });
});

describe('a rating', () => {
  it('is given once by each side, after the close', async () => {
    const trade = await payingOut();
    const rate = async (as: string, score: number) =>
      desk.call(as, 'POST', `/v1/settlements/${trade.id}/rating`, { score, comment: 'as promised' });
    expect(refusal(await rate(trade.buyer, 5))).toEqual({ status: 409, code: 'rating.not_yet' });
    await desk.bankSays(trade, 'booked');
    expect((await rate(trade.buyer, 0)).status).toBe(400);
    expect((await rate(trade.buyer, 6)).status).toBe(400);
    expect(refusal(await rate('stranger', 5))).toEqual(NOT_FOUND);
    const both = await Promise.all([rate(trade.buyer, 5), rate(trade.buyer, 1)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    expect(refusal(await rate(trade.buyer, 3))).toEqual({ status: 409, code: 'rating.given' });
    const answer = await rate(trade.seller, 4);
    expect(answer.status).toBe(201);
    const { ratings } = await desk.view(trade);
    expect(ratings.map((one: { by: string }) => one.by).toSorted()).toEqual(['buyer', 'seller']);
    expect(
      await desk.db.sql`select of_organisation from rating where by_organisation = ${trade.seller}`,
    ).toEqual([{ of_organisation: trade.buyer }]);
  });
});

describe('a contract that became void', () => {
  it('gives the security back, once', async () => {
    const trade = await desk.trade(0);
    expect(await desk.ask('contracts.voided', trade.id)).toEqual(['done']);
    expect(await desk.ask('contracts.voided', trade.id)).toEqual(['done']);
    expect(await desk.money(trade.buyer)).toEqual({ free: 1000 });
  });
});
