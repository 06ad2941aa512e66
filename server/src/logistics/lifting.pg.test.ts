import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endDelivery } from './commands.ts';
import { type Answer, type Order, Yard } from './testing.ts';

let yard: Yard;
beforeAll(async () => {
  yard = await Yard.open();
});
afterAll(async () => yard.close());

const refusal = (answer: Answer) => ({ status: answer.status, code: answer.body.code });
/** The delivery is of November and December; the clock begins on the tenth, 16:00 in China. */
const nominate = async (order: Order, fromDay: string, toDay: string, quantity: string, as = order.buyer) =>
  yard.call(as, 'POST', `/v1/delivery-orders/${order.id}/liftings`, {
    fromDay: `2026-12-${fromDay}`,
    toDay: `2026-12-${toDay}`,
    quantity,
  });
const staff = async (order: Order, what: string, body?: object) =>
  yard.call('staff', 'POST', `/v1/staff/delivery-orders/${order.id}/${what}`, body);
const check = async (order: Order, token: string) =>
  yard.call(order.seller, 'POST', '/v1/gate/check', { token });

describe('the lifting schedule', () => {
  it('takes tonnes for days of the delivery, each day once and no more than is left', async () => {
    const order = await yard.order();
    expect((await nominate(order, '10', '11', '60')).body.liftings).toMatchObject([
      { fromDay: '2026-12-10', toDay: '2026-12-11', quantity: '60.000', lifted: '0.000', state: 'nominated' },
    ]);
    const wrong: [[string, string, string], number, string][] = [
      [['11', '12', '10'], 409, 'lifting.overlaps'],
      [['12', '13', '40.001'], 422, 'lifting.exceeds_order'],
      [['09', '09', '1'], 422, 'lifting.outside_window'],
      [['15', '14', '1'], 422, 'lifting.outside_window'],
      [['31', '32', '1'], 422, 'lifting.outside_window'],
      [['12', '13', '0'], 400, 'request.invalid'],
    ];
    for (const [[from, to, tonnes], status, code] of wrong)
      expect([from, refusal(await nominate(order, from, to, tonnes))]).toEqual([from, { status, code }]);
    expect((await nominate(order, '12', '13', '40.001')).body.accepted).toEqual({ quantityMaximum: '40' });
    for (const as of [order.seller, 'stranger'])
      expect((await nominate(order, '12', '13', '1', as)).status).toBe(404);
    const both = await Promise.all([nominate(order, '12', '12', '40'), nominate(order, '13', '13', '40')]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 422]);
  });

  it('lets trucks come in its windows only, and for its tonnes', async () => {
    const order = await yard.order();
    await nominate(order, '11', '12', '30');
    const { body: pass } = await yard.pass(order, '20');
    expect(pass).toMatchObject({
      notBefore: '2026-12-10T16:00:00.000Z',
      notAfter: '2026-12-12T16:00:00.000Z',
    });
    expect((await yard.pass(order, '10.001')).body).toMatchObject({ accepted: { maximum: '10' } });
    expect(refusal(await check(order, pass.token))).toMatchObject({ code: 'pass.not_yet_valid' });
    yard.turnClock(9);
    expect((await check(order, pass.token)).status).toBe(200);
    yard.turnClock(48);
    expect(refusal(await check(order, pass.token))).toMatchObject({ code: 'pass.expired' });
    expect(refusal(await yard.pass(order, '1'))).toEqual({ status: 409, code: 'lifting.none_open' });
    yard.turnClock(-57);
  });

  it('loses what a window missed; the tonnes may be nominated again', async () => {
    const order = await yard.order();
    const { body } = await nominate(order, '10', '10', '60');
    const { body: pass } = await yard.pass(order, '25');
    await yard.weigh(order, pass.token, { net: 25 });
    const key = `lifting:${body.liftings[0].id}:over`;
    await yard.run(key);
    expect((await yard.view(order)).liftings[0]).toMatchObject({ state: 'nominated', lifted: '25.000' });
    yard.turnClock(9);
    await yard.run(key);
    await yard.run(key);
    expect((await yard.view(order)).liftings[0]).toMatchObject({ state: 'lapsed', lapsed: '35.000' });
    expect(refusal(await nominate(order, '11', '11', '75.001'))).toMatchObject({
      code: 'lifting.exceeds_order',
    });
    expect((await nominate(order, '11', '11', '75')).status).toBe(201);
    yard.turnClock(-9);
  });

  it('gives a window back that no truck holds a pass for', async () => {
    const order = await yard.order();
    const { body } = await nominate(order, '10', '10', '60');
    const { body: pass } = await yard.pass(order, '25');
    const withdraw = async () =>
      yard.call(
        order.buyer,
        'POST',
        `/v1/delivery-orders/${order.id}/liftings/${body.liftings[0].id}/withdrawal`,
      );
    expect(refusal(await withdraw())).toEqual({ status: 409, code: 'lifting.has_passes' });
    await yard.move(order.buyer, order, pass.id, 'cancel');
    expect((await withdraw()).body.liftings[0].state).toBe('withdrawn');
    expect(refusal(await withdraw())).toEqual({ status: 409, code: 'lifting.not_open' });
    // With no schedule left the order's own days hold again.
    expect((await yard.pass(order, '100')).status).toBe(201);
  });
});

describe('the days of a delivery', () => {
  it('end it for settlement: what was not lifted lapses, also while it stands still', async () => {
    const order = await yard.order();
    const { body: pass } = await yard.pass(order, '30');
    await yard.weigh(order, pass.token, {});
    await staff(order, 'suspension', { reason: 'x' });
    const end = async () => yard.db.sql.begin(async (tx) => endDelivery(tx, order.contractId, yard.now));
    expect(await end()).toBe(30_000n);
    expect(await yard.view(order)).toMatchObject({
      state: 'completed',
      endedAs: 'expired',
      suspendedReason: null,
    });
    expect(await end()).toBe(30_000n);
  });

  it('are those in which passes are good: none before, none after', async () => {
    const order = await yard.order();
    yard.turnClock(-24 * 45);
    const { body: early } = await yard.pass(order, '10');
    expect(early.notBefore).toBe('2026-10-31T16:00:00.000Z');
    expect(refusal(await check(order, early.token))).toMatchObject({ code: 'pass.not_yet_valid' });
    yard.turnClock(24 * 66);
    const { body: last } = await yard.pass(order, '10');
    expect(last.notAfter).toBe('2026-12-31T16:00:00.000Z');
    yard.turnClock(24);
    expect(refusal(await yard.pass(order, '10'))).toEqual({
      status: 409,
      code: 'delivery_order.window_over',
    });
    yard.turnClock(-24 * 22);
  });
});

describe('a suspended delivery', () => {
  it('stands still for everybody until the centre lets it go on', async () => {
    const order = await yard.order();
    const gate = await yard.device(order.seller, 'gate');
    const { body: pass } = await yard.pass(order, '30');
    expect(
      (
        await yard.call(order.seller, 'POST', `/v1/staff/delivery-orders/${order.id}/suspension`, {
          reason: 'x',
        })
      ).status,
    ).toBe(403);
    expect((await staff(order, 'suspension', { reason: 'Weights are disputed' })).body).toMatchObject({
      state: 'suspended',
      suspendedReason: 'Weights are disputed',
    });
    const stands = { status: 409, code: 'delivery_order.suspended' };
    for (const answer of [
      await staff(order, 'suspension', { reason: 'again' }),
      await yard.pass(order, '1'),
      await yard.weigh(order, pass.token, {}),
      await check(order, pass.token),
      await yard.move(order.seller, order, pass.id, 'admit'),
      await nominate(order, '12', '12', '1'),
    ])
      expect(refusal(answer)).toEqual(stands);
    const closed = async () => (await yard.sync(gate, [])).body.closed;
    expect(await closed()).toEqual([{ passId: pass.id, why: 'revoked' }]);
    expect((await staff(order, 'resumption')).body).toMatchObject({ state: 'active', suspendedReason: null });
    expect(refusal(await staff(order, 'resumption'))).toMatchObject({ code: 'delivery_order.not_suspended' });
    expect(await closed()).toEqual([]);
    expect((await yard.weigh(order, pass.token, {})).status).toBe(201);
  });
});
