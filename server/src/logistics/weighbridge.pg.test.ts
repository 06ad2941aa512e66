import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Order, type TestDevice, Yard } from './testing.ts';

let yard: Yard;
beforeAll(async () => {
  yard = await Yard.open();
});
afterAll(async () => yard.close());

const PHOTO = 'ab'.repeat(32);
const URL = '/v1/weighbridge/weighings';
const refusal = (answer: Answer) => ({ status: answer.status, code: answer.body.code });

type Truck = { order: Order; bridge: TestDevice; pass: { id: string; token: string; code: string } };
async function truck(maximum = '30', of?: Order): Promise<Truck> {
  const order = of ?? (await yard.order());
  const bridge = await yard.device(order.seller, 'weighbridge');
  const { body: pass } = await yard.pass(order, maximum);
  return { order, bridge, pass };
}
const tare = (kg = 15_000, more: object = {}) => ({
  kg,
  at: yard.now.toISOString(),
  photoSha256: PHOTO,
  ...more,
});
const gross = (kg: number, more: object = {}) => ({
  ...tare(kg),
  number: yard.fresh('WB-'),
  axles: 6,
  ...more,
});
const message = ({ bridge, pass }: Truck, payload: object) =>
  bridge.sign('weighing', { pass: pass.token, plate: '晋B·12345', ...payload }, yard.now);
const weigh = async (of: Truck, payload: object) => yard.send(URL, message(of, payload));

describe('a weighbridge with a key', () => {
  it('weighs the truck empty, then loaded, and what it lifted is on the signed ticket', async () => {
    const one = await truck();
    expect(await weigh(one, { tare: tare() })).toMatchObject({
      status: 200,
      body: { state: 'tared', tareKg: 15_000, netKg: null, maximumNetKg: 30_000 },
    });
    yard.turnClock(1);
    expect(await weigh(one, { gross: gross(44_250, { number: 'WB-A' }) })).toMatchObject({
      status: 200,
      body: { state: 'gate_out', netKg: 29_250, ticket: 'WB-A' },
    });
    const told = await yard.db.sql<{ payload: object }[]>`select payload from outbox
      where topic = 'logistics.gate_out' and payload ->> 'contractId' = ${one.order.contractId}`;
    expect(told.map(({ payload }) => payload)).toMatchObject([{ netKg: '29250' }]);
    const view = await yard.view(one.order);
    expect(view).toMatchObject({ lifted: '29.250', tickets: [{ photoSha256: PHOTO, net: '29.250' }] });
    expect(view.tickets[0].device).toContain('weighbridge');
    expect(view.passes[0].events.map(({ move }: { move: string }) => move)).toEqual([
      'tare',
      'weigh',
      'leave',
    ]);
  });

  it('may weigh empty and loaded in one message, and by the printed code', async () => {
    const one = await truck();
    const both = { pass: one.pass.code, tare: tare(), gross: gross(40_000) };
    expect(await weigh(one, both)).toMatchObject({ status: 200, body: { netKg: 25_000 } });
  });

  it('gets the first answer again for the same message, and 409 for another under its number', async () => {
    const one = await truck();
    const sent = message(one, { tare: tare(), gross: gross(40_000) });
    const answers = await Promise.all([1, 2, 3].map(async () => yard.send(URL, sent)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect((await yard.view(one.order)).tickets).toHaveLength(1);
    const other = one.bridge.sign('weighing', { pass: one.pass.token, plate: 'x1' }, yard.now, sent.sequence);
    expect(refusal(await yard.send(URL, other))).toEqual({ status: 409, code: 'device.sequence_conflict' });
  });

  it('tells a ticket again under a new number of its own: the same is answered, another is refused', async () => {
    const one = await truck();
    const out = gross(40_000);
    const first = await weigh(one, { tare: tare(), gross: out });
    expect((await weigh(one, { gross: out })).body).toEqual(first.body);
    expect(refusal(await weigh(one, { gross: { ...out, kg: 40_100 } }))).toEqual({
      status: 409,
      code: 'weighing.duplicate_ticket',
    });
    expect(refusal(await weigh(one, { gross: gross(40_000) }))).toEqual({ status: 409, code: 'pass.used' });
    const second = await truck('30', one.order);
    const reused = { tare: tare(), gross: gross(41_000, { number: out.number }) };
    expect(refusal(await weigh(second, reused))).toMatchObject({ code: 'weighing.duplicate_ticket' });
  });

  it('is refused with what would be accepted, and nothing is half done', async () => {
    const one = await truck('30');
    const hours = (n: number) => new Date(yard.now.getTime() + n * 3600_000).toISOString();
    const wrong: [object, string, object?][] = [
      [{ plate: '晋B 12346', tare: tare() }, 'weighing.plate_differs', { plate: '晋B 12345' }],
      [{ gross: gross(40_000) }, 'weighing.tare_missing'],
      [{ tare: tare(), gross: gross(49_001) }, 'weighing.overloaded', { gross: '49' }],
      [{ tare: tare(), gross: gross(18_001, { axles: 2 }) }, 'weighing.overloaded', { gross: '18' }],
      [{ tare: tare(15_000), gross: gross(45_001) }, 'weighing.over_pass', { net: '30' }],
      [{ tare: tare(20_000), gross: gross(20_000) }, 'weighing.tare_not_below_gross'],
      [{ tare: tare(15_000, { at: hours(-13) }), gross: gross(40_000) }, 'weighing.tare_too_old'],
      [{ tare: tare(15_000, { at: hours(0.05) }), gross: gross(40_000) }, 'weighing.tare_too_old'],
      [{ tare: tare(15_000, { at: hours(-25) }) }, 'weighing.time_invalid'],
      [{ tare: tare(15_000, { at: hours(1) }) }, 'weighing.time_invalid'],
    ];
    for (const [payload, code, accepted] of wrong) {
      const answer = await weigh(one, payload);
      expect([payload, answer]).toMatchObject([payload, { status: 422, body: { code } }]);
      if (accepted) expect(answer.body.accepted).toEqual(accepted);
    }
    expect(refusal(await weigh(one, {}))).toEqual({ status: 400, code: 'device.payload_invalid' });
    expect(await yard.view(one.order)).toMatchObject({
      lifted: '0.000',
      passes: [{ state: 'created', events: [] }],
    });
  });

  it('never lifts more than the order has left', async () => {
    const first = await truck('60');
    const second = await truck('40', first.order);
    await yard.weigh(first.order, first.pass.token, { net: 60 });
    const third = await yard.weigh(first.order, second.pass.token, { net: 40.001 });
    expect(third.body).toMatchObject({ code: 'weighing.over_lift', accepted: { net: '40' } });
  });

  it('that states the limits of its country is judged by them', async () => {
    const order = await yard.order();
    const limits = {
      grossLimits: [
        { axles: 2, kg: 16_000 },
        { axles: 5, kg: 60_000 },
      ],
    };
    const bridge = await yard.device(order.seller, 'weighbridge', limits);
    const { body: pass } = await yard.pass(order, '50');
    const one = { order, bridge, pass };
    expect((await weigh(one, { tare: tare(), gross: gross(60_001) })).body.accepted).toEqual({ gross: '60' });
    expect((await weigh(one, { tare: tare(), gross: gross(60_000) })).status).toBe(200);
  });

  it('of two at once on one truck wins one', async () => {
    const one = await truck();
    const other = { ...one, bridge: await yard.device(one.order.seller, 'weighbridge') };
    const answers = await Promise.all(
      [one, other].map(async (of) => weigh(of, { tare: tare(), gross: gross(40_000) })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(await yard.view(one.order)).toMatchObject({ lifted: '25.000' });
  });

  it('of another company, revoked, or signed too long ago moves nothing', async () => {
    const one = await truck();
    const foreign = { ...one, bridge: await yard.device('another', 'weighbridge') };
    expect(refusal(await weigh(foreign, { tare: tare() }))).toEqual({ status: 422, code: 'pass.invalid' });
    const gate = { ...one, bridge: await yard.device(one.order.seller, 'gate') };
    expect(refusal(await weigh(gate, { tare: tare() }))).toEqual({ status: 401, code: 'device.unknown' });
    const old = message(one, { tare: tare() });
    yard.turnClock(0.1);
    expect(refusal(await yard.send(URL, old))).toEqual({ status: 422, code: 'device.clock' });
    const altered = { ...message(one, { tare: tare() }), sequence: 99 };
    expect(refusal(await yard.send(URL, altered))).toEqual({ status: 401, code: 'device.signature_invalid' });
    await yard.call(one.order.seller, 'POST', `/v1/devices/${one.bridge.id}/revocation`);
    expect(refusal(await weigh(one, { tare: tare() }))).toEqual({ status: 409, code: 'device.revoked' });
    expect((await yard.view(one.order)).passes[0].state).toBe('created');
  });
});
