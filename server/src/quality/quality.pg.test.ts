import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Desk, type Found, type Trade, valuesOf } from '../settlement/trade/testing.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterAll(async () => desk.close());

const PROMISED = { calorificValue: '23000', ash: '15.00', sulphur: '0.60', totalMoisture: '12.00' };

class Coal {
  readonly trade: Trade;
  readonly order: string;
  constructor(trade: Trade, order: string) {
    this.trade = trade;
    this.order = order;
  }

  async inspection(as = this.trade.buyer) {
    return desk.call(as, 'GET', `/v1/delivery-orders/${this.order}/inspection`);
  }

  async challenge(as = this.trade.buyer) {
    const url = `/v1/delivery-orders/${this.order}/inspection/challenge`;
    return desk.call(as, 'POST', url, { reason: 'our own sample had less heat' });
  }

  async staff(path: string, body: object) {
    return desk.call('staff', 'POST', `/v1/staff/delivery-orders/${this.order}/inspection/${path}`, body);
  }

  async referee(laboratory: string, found: Found, cost?: string) {
    return this.staff('referee-certificate', {
      number: desk.fresh('REF'),
      laboratory,
      sampledOn: '2026-01-01',
      values: valuesOf({ ...PROMISED, ...found }),
      ...(cost !== undefined && { cost }),
    });
  }

  async propose(as: string, outcome: string, pricePerTonne?: string) {
    const url = `/v1/delivery-orders/${this.order}/inspection/proposals`;
    return desk.call(as, 'POST', url, { outcome, ...(pricePerTonne && { pricePerTonne }) });
  }

  async agree(as: string, proposal: string) {
    const url = `/v1/delivery-orders/${this.order}/inspection/proposals/${proposal}/acceptance`;
    return desk.call(as, 'POST', url);
  }
}

async function delivered(found: Found = {}): Promise<Coal> {
  const trade = await desk.trade(60_000);
  await desk.deliver(trade, '100', found);
  return new Coal(trade, (await desk.view(trade)).deliveryOrderId);
}

const code = (answer: { status: number; body: { code?: string } }) => [answer.status, answer.body.code];

describe('samples', () => {
  it('are planned by the rule, taken under seals that nobody used before, and handed on in order', async () => {
    const trade = await desk.trade(60_000);
    await desk.pay(trade);
    await desk.work();
    const coal = new Coal(trade, (await desk.view(trade)).deliveryOrderId);
    expect((await coal.inspection()).body).toMatchObject({
      state: 'planned',
      mine: 'buyer',
      plan: { lots: 1, lot: '100.000', increments: 18 },
    });
    const taken = {
      takenAt: new Date().toISOString(),
      takenBy: 'Wang Fang',
      laboratorySeal: desk.fresh('SEAL-L'),
      laboratoryGrams: 500,
      reserveSeal: desk.fresh('SEAL-R'),
      reserveGrams: 500,
    };
    const future = { ...taken, takenAt: '2999-01-01T00:00:00Z' };
    expect(code(await coal.staff('samples', future))).toEqual([422, 'inspection.time_invalid']);
    const same = { ...taken, reserveSeal: taken.laboratorySeal };
    expect(code(await coal.staff('samples', same))).toEqual([409, 'inspection.seal_known']);
    expect((await coal.inspection()).body).toMatchObject({ state: 'planned', samples: [] });
    const sampled = await coal.staff('samples', taken);
    expect(sampled).toMatchObject({ status: 201, body: { state: 'sampled' } });
    expect(code(await coal.staff('samples', { ...taken, laboratorySeal: 'x', reserveSeal: 'y' }))).toEqual([
      409,
      'inspection.not_due',
    ]);
    const sampleId = sampled.body.samples[0].id;
    const hand = { sampleId, handedBy: 'Wang Fang', receivedBy: 'Courier', sealIntact: true, note: '' };
    const at = (minutes: number) => new Date(Date.parse(taken.takenAt) + minutes * 60_000).toISOString();
    expect(code(await coal.staff('custody', { ...hand, at: at(-1) }))).toEqual([
      422,
      'inspection.time_invalid',
    ]);
    expect((await coal.staff('custody', { ...hand, at: at(0) })).status).toBe(201);
    const broken = { ...hand, handedBy: 'Courier', receivedBy: 'Laboratory', sealIntact: false };
    const after = await coal.staff('custody', { ...broken, at: at(1) });
    expect(after.body.samples[0].custody).toMatchObject([
      { receivedBy: 'Courier', sealIntact: true },
      { receivedBy: 'Laboratory', sealIntact: false },
    ]);
    await expect(desk.db.sql`update custody_step set seal_intact = true`).rejects.toThrow();
    expect((await coal.staff('steps', { move: 'prepare', laboratory: 'L' })).body.state).toBe('prepared');
    expect((await coal.staff('steps', { move: 'analyse', laboratory: 'L' })).body.state).toBe('analysed');
    expect(code(await coal.staff('steps', { move: 'prepare', laboratory: 'L' }))).toEqual([
      409,
      'inspection.not_due',
    ]);
    // Nobody else learns that it exists.
    expect(code(await coal.inspection('stranger'))).toEqual([404, 'resource.not_found']);
    expect(code(await coal.challenge('stranger'))).toEqual([404, 'resource.not_found']);
  });
});

describe('a certificate', () => {
  it('carries the flags of the audit, and is accepted when nobody challenges in time', async () => {
    // Total moisture cannot be below the inherent one.
    const coal = await delivered({ inherentMoisture: '14.00' });
    expect((await coal.inspection()).body).toMatchObject({
      state: 'certified',
      flags: [{ check: 3, code: 'total_moisture_below_inherent' }],
      may: { challenge: true },
    });
    await desk.db
      .sql`update outbox set not_before = now() where effect_key = ${`quality:${coal.order}:challenge_end`}`;
    await desk.work();
    const { body } = await coal.inspection();
    expect(body).toMatchObject({ state: 'accepted', may: { challenge: false } });
    expect(body.events.map((one: { by: string }) => one.by)).toEqual(['centre', 'time']);
    expect(code(await coal.challenge())).toEqual([409, 'inspection.challenge_over']);
  });
});

describe('a challenge', () => {
  it('stops the settlement; the second laboratory confirms, and the first result waits again', async () => {
    const coal = await delivered();
    expect((await coal.challenge(coal.trade.seller)).body).toMatchObject({
      state: 'challenged',
      challengedBy: 'seller',
    });
    expect(await desk.view(coal.trade)).toMatchObject({ state: 'disputed', escrow: '60000.00' });
    expect(code(await desk.accept(coal.trade))).toEqual([409, 'settlement.not_due']);
    const decide = `/v1/staff/settlements/${coal.trade.id}/decision`;
    expect(code(await desk.call('staff', 'POST', decide, { reason: 'let it stand' }))).toEqual([
      409,
      'settlement.not_due',
    ]);
    expect(code(await coal.referee('Second', {}))).toEqual([409, 'inspection.not_due']);
    const send = { move: 'send_reserve', laboratory: 'Laboratory' };
    expect(code(await coal.staff('steps', send))).toEqual([422, 'inspection.same_laboratory']);
    expect((await coal.staff('steps', { ...send, laboratory: 'Second' })).body.state).toBe('reserve_test');
    expect(code(await coal.referee('Laboratory', {}))).toEqual([422, 'inspection.same_laboratory']);
    const near = await coal.referee('Second', { calorificValue: '22800' });
    expect(near).toMatchObject({ status: 201, body: { state: 'final' } });
    await desk.work();
    expect(await desk.view(coal.trade)).toMatchObject({ state: 'result_due', finalAmount: '60000.00' });
    expect((await desk.accept(coal.trade)).body).toMatchObject({ state: 'paying_out', payout: '59872.80' });
  });

  it('where they differ goes to the umpire, and a note carries the difference to what it decides', async () => {
    const coal = await delivered();
    expect((await coal.challenge()).status).toBe(200);
    await coal.staff('steps', { move: 'send_reserve', laboratory: 'Second' });
    const differs = await coal.referee('Second', { calorificValue: '22500' });
    expect(differs.body).toMatchObject({ state: 'umpire' });
    await desk.work();
    expect((await desk.view(coal.trade)).state).toBe('disputed');
    // 22,500 and 22,540 are closest: 22,520, 2.087 % less heat, so 587.48 a tonne.
    const decided = await coal.referee('Third', { calorificValue: '22540' }, '1800.01');
    expect(decided.body.state).toBe('final');
    expect(decided.body.decisions[0]).toMatchObject({
      parameter: 'calorificValue',
      outcome: 'mean_of_closest',
      value: '22520',
      pays: 'seller',
    });
    // The buyer challenged and advanced the test; the seller was further off.
    expect(
      await desk.db.sql`select debtor_id, creditor_id, amount::int, kind from obligation
        where contract_id = ${coal.trade.id}`,
    ).toEqual([
      { debtor_id: coal.trade.seller, creditor_id: coal.trade.buyer, amount: 180_001, kind: 'umpire_cost' },
    ]);
    await desk.work();
    expect(await desk.view(coal.trade)).toMatchObject({ state: 'result_due', finalAmount: '58748.00' });
    expect(
      await desk.db
        .sql`select kind, cause, amount::int from settlement_note where contract_id = ${coal.trade.id}`,
    ).toEqual([{ kind: 'credit_note', cause: 'quality', amount: 125_200 }]);
    expect(code(await coal.challenge())).toEqual([409, 'inspection.not_due']);
    expect((await desk.accept(coal.trade)).body.state).toBe('paying_out');
    // 58,748.00 less 117.50 fee and 7.05 tax.
    expect(await desk.money(coal.trade.seller)).toEqual({ held: 58_623.45 });
    expect(await desk.money(coal.trade.buyer)).toEqual({ free: 1252 + 1000 });
  });

  it('of two at once one wins', async () => {
    const coal = await delivered();
    const both = await Promise.all([coal.challenge(), coal.challenge(coal.trade.seller)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  });

  it('comes too late once the result is settled', async () => {
    const coal = await delivered();
    expect((await desk.accept(coal.trade)).status).toBe(200);
    expect(code(await coal.challenge())).toEqual([409, 'inspection.challenge_over']);
    expect((await coal.inspection()).body.state).toBe('certified');
  });
});

describe('coal beyond a limit', () => {
  it('is renegotiated when the other side accepts the last proposal, and settled at that price', async () => {
    const coal = await delivered({ ash: '20.50' });
    const { buyer, seller } = coal.trade;
    expect((await coal.inspection()).body.may).toEqual({ challenge: true, propose: true });
    expect(code(await coal.propose(buyer, 'renegotiate'))).toEqual([400, 'request.invalid']);
    expect(code(await coal.propose(buyer, 'return', '1.00'))).toEqual([400, 'request.invalid']);
    const low = (await coal.propose(buyer, 'salvage', '400.00')).body.proposals[0];
    expect(code(await coal.agree(buyer, low.id))).toEqual([409, 'inspection.proposal_superseded']);
    const high = (await coal.propose(seller, 'renegotiate', '500.00')).body.proposals[1];
    expect(code(await coal.agree(seller, low.id))).toEqual([409, 'inspection.proposal_superseded']);
    expect((await coal.agree(buyer, high.id)).body.state).toBe('renegotiated');
    await desk.work();
    expect(await desk.view(coal.trade)).toMatchObject({ state: 'paying_out', finalAmount: '50000.00' });
    expect(await desk.money(buyer)).toEqual({ free: 11_000 });
  });

  it('goes back: the buyer has everything again, what the trucks released included', async () => {
    const trade = await desk.trade(60_000);
    await desk.fund(trade.seller, 60_000);
    await desk.releases(trade, 8500);
    await desk.deliver(trade, '100', { ash: '20.50' });
    const coal = new Coal(trade, (await desk.view(trade)).deliveryOrderId);
    const proposal = (await coal.propose(trade.seller, 'return')).body.proposals[0];
    expect((await coal.agree(trade.buyer, proposal.id)).body.state).toBe('returned');
    await desk.work();
    expect(await desk.money(trade.buyer)).toEqual({ free: 61_000 });
    expect(await desk.money(trade.seller)).toEqual({ held: 51_000, free: 9000 });
  });

  it('found good by the umpire is no longer beyond it', async () => {
    const coal = await delivered({ ash: '20.50' });
    expect((await coal.challenge(coal.trade.seller)).status).toBe(200);
    await coal.staff('steps', { move: 'send_reserve', laboratory: 'Second' });
    await coal.referee('Second', { ash: '15.20' });
    expect((await coal.referee('Third', { ash: '15.00' }, '900')).body.state).toBe('final');
    // The seller challenged and was further off itself: it has paid for the test and owes nobody.
    expect(await desk.db.sql`select 1 from obligation where contract_id = ${coal.trade.id}`).toEqual([]);
    await desk.work();
    expect(await desk.view(coal.trade)).toMatchObject({ state: 'result_due', finalAmount: '59940.00' });
  });
});
