import { judgePass, passBody, readPassToken } from '@seam/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { passKey, writePass } from './pass-token.ts';
import { type Answer, type Order, type TestDevice, Yard } from './testing.ts';

let yard: Yard;
let order: Order;
let gate: TestDevice;
beforeAll(async () => {
  yard = await Yard.open();
  order = await yard.order();
  gate = await yard.device(order.seller, 'gate');
});
afterAll(async () => yard.close());

const refusal = (answer: Answer) => ({ status: answer.status, code: answer.body.code });
const outcomes = ({ body }: Answer) =>
  body.outcomes.map(({ outcome, detail }: { outcome: string; detail: string }) => detail ?? outcome);
const stateOf = async (of: Order, id: string): Promise<string> =>
  (await yard.view(of)).passes.find((pass: { id: string }) => pass.id === id).state;

describe('the steps of a truck', () => {
  it('are those of its table, each by its side, and every one stays on record', async () => {
    const one = await yard.order();
    const { body: pass } = await yard.pass(one, '30');
    const { buyer, seller } = one;
    expect((await yard.move(seller, one, pass.id, 'send')).status).toBe(404);
    expect((await yard.move(buyer, one, pass.id, 'admit')).status).toBe(404);
    expect((await yard.move('stranger', one, pass.id, 'admit')).status).toBe(404);
    for (const [as, move, state] of [
      [buyer, 'send', 'sent'],
      [seller, 'arrive', 'arrived'],
      [seller, 'admit', 'admitted'],
    ] as const)
      expect(await yard.move(as, one, pass.id, move)).toMatchObject({ status: 200, body: { state } });
    expect(await yard.move(buyer, one, pass.id, 'cancel')).toMatchObject({
      status: 409,
      body: { code: 'pass.move_not_possible', accepted: { state: 'admitted' } },
    });
    const { passes } = await yard.view(one);
    expect(passes[0].events.map(({ move, by }: { move: string; by: string }) => [move, by])).toEqual([
      ['send', 'buyer'],
      ['arrive', 'seller'],
      ['admit', 'seller'],
    ]);
    await expect(yard.db.sql`delete from pass_event`).rejects.toThrow(/pass_event/);
  });

  it('end with the pass when nobody came, and free its coal', async () => {
    const one = await yard.order();
    const { body: pass } = await yard.pass(one, '100');
    await yard.run(`pass:${pass.id}:over`);
    expect(await stateOf(one, pass.id)).toBe('created');
    yard.turnClock(49);
    await yard.run(`pass:${pass.id}:over`);
    expect(await stateOf(one, pass.id)).toBe('no_show');
  });

  it('inside hold the coal of their pass, and the buyer cannot complete over them', async () => {
    const one = await yard.order();
    const [left, inside] = [await yard.pass(one, '30'), await yard.pass(one, '60')];
    await yard.weigh(one, left.body.token, { net: 30 });
    await yard.move(one.seller, one, inside.body.id, 'admit');
    yard.turnClock(60);
    expect(await yard.pass(one, '10.001')).toMatchObject({ body: { accepted: { maximum: '10' } } });
    expect(refusal(await yard.complete(one))).toEqual({ status: 409, code: 'delivery_order.truck_inside' });
    // The pass is over; the truck was let in while it was good.
    expect((await yard.weigh(one, inside.body.token, { net: 60 })).status).toBe(201);
  });
});

describe('a pass offline', () => {
  const judged = (token: string, more: object = {}, hours = 1) => {
    const { facts } = readPassToken(token)!;
    const book = { sellerId: order.seller, place: null, closed: new Map(), used: new Set<string>(), ...more };
    return judgePass(facts, true, book, yard.now.getTime() + hours * 3600_000);
  };

  it('is judged as the exchange would: elsewhere, closed, used, too early, too late', async () => {
    const { body: pass } = await yard.pass(order, '1');
    expect(judged(pass.token)).toBe('good');
    expect(judged(pass.token, { place: 'Datong' })).toBe('good');
    expect(judged(pass.token, { place: 'Qinhuangdao' })).toBe('other_gate');
    expect(judged(pass.token, { sellerId: 'another' })).toBe('other_gate');
    expect(judged(pass.token, { closed: new Map([[pass.id, 'revoked']]) })).toBe('revoked');
    expect(judged(pass.token, { used: new Set([pass.id]) })).toBe('used');
    expect(judged(pass.token, {}, -1)).toBe('not_yet_valid');
    expect(judged(pass.token, {}, 49)).toBe('expired');
    const { facts } = readPassToken(pass.token)!;
    const book = { sellerId: order.seller, place: null, closed: new Map(), used: new Set<string>() };
    expect(judgePass(facts, false, book, yard.now.getTime())).toBe('forged');
  });

  it('reads only what was written as it was written', async () => {
    const { body: pass } = await yard.pass(order, '1');
    const [body = '', signature = ''] = pass.token.split('.');
    for (const bad of [
      body,
      `${body}.`,
      `.${signature}`,
      `${pass.token}.x`,
      `${pass.token}=`,
      `${body}.AAAA`,
    ])
      expect([bad, readPassToken(bad)]).toEqual([bad, undefined]);
    for (const list of ['{}', '[]', '[1,2,3]', 'null', '"x"', '[2,1,2,3,4,5,6,7,8,9,1,2]', 'no json'])
      expect(readPassToken(`${Buffer.from(list).toString('base64url')}.${signature}`)).toBeUndefined();
    expect(passBody(readPassToken(pass.token)!.facts)).toBe(body);
  });
});

describe('the keys and the revocations', () => {
  it('are public, and name only passes that were cancelled and might still be used', async () => {
    const { body: keys } = await yard.call('', 'GET', '/v1/gate/keys');
    expect(keys.keys).toHaveLength(1);
    const { body: pass } = await yard.pass(order, '1');
    const revoked = async () => (await yard.call('', 'GET', '/v1/gate/revocations')).body.passIds;
    expect(await revoked()).not.toContain(pass.id);
    await yard.move(order.buyer, order, pass.id, 'cancel');
    expect(await revoked()).toContain(pass.id);
    expect((await yard.sync(gate, [])).body.closed).toContainEqual({ passId: pass.id, why: 'revoked' });
    yard.turnClock(49);
    expect(await revoked()).not.toContain(pass.id);
    expect((await yard.sync(gate, [])).body.closed).toEqual([]);
  });
});

describe('a gate that was offline', () => {
  it('tells what it did once, however often it tells it', async () => {
    const { body: pass } = await yard.pass(order, '5');
    const event = gate.admits(pass.token, yard.now);
    const first = await yard.sync(gate, [event]);
    expect(outcomes(first)).toEqual(['recorded']);
    expect(first.body).toMatchObject({ sellerId: order.seller, place: null });
    expect(await stateOf(order, pass.id)).toBe('admitted');
    expect(outcomes(await yard.sync(gate, [event, event]))).toEqual(['known', 'known']);
    const { passes } = await yard.view(order);
    expect(passes.find(({ id }: { id: string }) => id === pass.id).events).toHaveLength(1);
    expect(await yard.cases(order)).toEqual([]);
  });

  it('of two that let one truck in, both are on record and a person decides', async () => {
    const other = await yard.device(order.seller, 'gate');
    const { body: pass } = await yard.pass(order, '5');
    const events = [gate.admits(pass.token, yard.now), other.admits(pass.token, yard.now)];
    const answers = await Promise.all([yard.sync(gate, [events[0]!]), yard.sync(other, [events[1]!])]);
    expect(answers.flatMap(outcomes).toSorted()).toEqual(['double_admission', 'recorded']);
    expect(await yard.cases(order)).toEqual(['double_admission']);
    const { body } = await yard.call('staff', 'GET', '/v1/staff/delivery-cases');
    const [found] = body.items;
    expect(found).toMatchObject({ kind: 'double_admission', passCode: pass.code, plate: '晋B 12345' });
    const close = async () =>
      yard.call('staff', 'POST', `/v1/staff/delivery-cases/${found.id}/closing`, {
        note: 'One truck, two lanes',
      });
    const closed = await Promise.all([close(), close()]);
    expect(closed.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect((await yard.call(order.seller, 'GET', '/v1/staff/delivery-cases')).status).toBe(403);
  });

  it('tells late of a truck that the weighbridge has already weighed: no case', async () => {
    const { body: pass } = await yard.pass(order, '5');
    const event = gate.admits(pass.token, yard.now);
    await yard.weigh(order, pass.token, { net: 5 });
    expect(outcomes(await yard.sync(gate, [event]))).toEqual(['recorded']);
    // A second truck on the same pass, after the first has left.
    yard.turnClock(1);
    expect(outcomes(await yard.sync(gate, [gate.admits(pass.token, yard.now)]))).toEqual([
      'double_admission',
    ]);
  });

  it('that let in what it should not have is not hidden', async () => {
    const one = await yard.order();
    const [here, elsewhere] = [await yard.device(one.seller, 'gate'), gate];
    const { body: pass } = await yard.pass(one, '5');
    const { body: cancelled } = await yard.pass(one, '5');
    await yard.move(one.buyer, one, cancelled.id, 'cancel');
    const { facts } = readPassToken(pass.token)!;
    const forged = writePass(passKey(Buffer.alloc(32, 9).toString('base64url')), facts);
    const later = new Date(yard.now.getTime() + 3600_000);
    const told: [TestDevice, string, Date, string][] = [
      [elsewhere, pass.token, yard.now, 'admitted_elsewhere'],
      [here, cancelled.token, yard.now, 'admitted_closed_pass'],
      [here, forged, yard.now, 'forged_pass_admitted'],
      [here, pass.token, later, 'device_clock'],
      [here, pass.token, new Date(yard.now.getTime() - 3600_000), 'admitted_outside_validity'],
    ];
    for (const [device, token, at, kind] of told)
      expect(outcomes(await yard.sync(device, [device.admits(token, at)]))).toEqual([kind]);
    expect((await yard.cases(one)).toSorted()).toEqual(
      told
        .map(([, , , kind]) => kind)
        .filter((kind) => kind !== 'forged_pass_admitted')
        .toSorted(),
    );
  });

  it('sends a truck away: the pass is over; a forgery refused is no case', async () => {
    const { body: pass } = await yard.pass(order, '5');
    const away = { decision: 'refused', reason: 'plate_differs' };
    expect(outcomes(await yard.sync(gate, [gate.admits(pass.token, yard.now, away)]))).toEqual(['recorded']);
    expect(await stateOf(order, pass.id)).toBe('refused');
    expect(outcomes(await yard.sync(gate, [gate.admits('no pass', yard.now, away)]))).toEqual(['recorded']);
  });

  it('is believed only with its own signature, key and number', async () => {
    const { body: pass } = await yard.pass(order, '5');
    const event = gate.admits(pass.token, yard.now);
    const other = await yard.device(order.seller, 'gate');
    const altered = { ...event, payload: event.payload.replace('admitted', 'arrived') };
    expect(outcomes(await yard.sync(gate, [altered]))).toEqual(['signature']);
    expect(outcomes(await yard.sync(other, [event]))).toEqual(['device']);
    // Signed for another purpose, it is no event.
    expect(outcomes(await yard.sync(gate, [gate.sign('weighing', {}, yard.now)]))).toEqual(['signature']);
    expect(outcomes(await yard.sync(gate, [event]))).toEqual(['recorded']);
    const again = gate.sign('gate_event', { decision: 'arrived' }, yard.now, event.sequence);
    expect(outcomes(await yard.sync(gate, [again]))).toEqual(['sequence_conflict']);
  });

  it('401, 409 and 422: a stranger, a revoked gate, a wrong clock; what the revoked one did is kept', async () => {
    const lost = await yard.device(order.seller, 'gate');
    const stranger = { ...lost.sign('gate_sync', { events: [] }, yard.now), signature: 'A'.repeat(86) };
    expect(refusal(await yard.send('/v1/gate/sync', stranger))).toEqual({
      status: 401,
      code: 'device.signature_invalid',
    });
    const unknown = { ...stranger, device: '00000000-0000-7000-8000-000000000000' };
    expect(refusal(await yard.send('/v1/gate/sync', unknown))).toMatchObject({ code: 'device.unknown' });
    const slow = new Date(yard.now.getTime() - 6 * 60_000);
    expect(refusal(await yard.sync(lost, [], slow))).toEqual({ status: 422, code: 'device.clock' });
    const { body: pass } = await yard.pass(order, '5');
    const revoke = async (as: string) => yard.call(as, 'POST', `/v1/devices/${lost.id}/revocation`);
    expect((await revoke('stranger')).status).toBe(404);
    expect((await revoke(order.seller)).status).toBe(200);
    expect(refusal(await revoke(order.seller))).toMatchObject({ code: 'device.revoked' });
    const event = lost.admits(pass.token, yard.now);
    expect(refusal(await yard.sync(lost, [event]))).toEqual({ status: 409, code: 'device.revoked' });
    expect(await yard.cases(order)).toContain('revoked_device');
    expect(await stateOf(order, pass.id)).toBe('created');
  });
});

describe('a device', () => {
  it('is registered by its company; its key once, and a weighbridge by an administrator', async () => {
    const body = { kind: 'gate', name: 'North', publicKey: gate.publicKey };
    expect(refusal(await yard.call('clerkClerk', 'POST', '/v1/devices', body))).toMatchObject({
      code: 'device.key_known',
    });
    const bridge = { ...body, kind: 'weighbridge' };
    expect(refusal(await yard.call('clerkClerk', 'POST', '/v1/devices', bridge))).toEqual({
      status: 403,
      code: 'device.admin_only',
    });
    const mine = (await yard.call(order.seller, 'GET', '/v1/devices')).body.items;
    expect(mine.some(({ id }: { id: string }) => id === gate.id)).toBe(true);
    expect((await yard.call('stranger', 'GET', '/v1/devices')).body.items).toEqual([]);
  });
});
