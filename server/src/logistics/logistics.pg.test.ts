import { passBody, readPassToken } from '@seam/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { passKey, readPass, writePass } from './pass-token.ts';
import { AS_PROMISED, type Answer, type Order, Yard, but } from './testing.ts';

let yard: Yard;
beforeAll(async () => {
  yard = await Yard.open();
});
afterAll(async () => yard.close());

const refusal = (answer: Answer) => ({ status: answer.status, code: answer.body.code });
const check = async (seller: string, token: string) => yard.call(seller, 'POST', '/v1/gate/check', { token });

describe('a delivery order', () => {
  it('is made once, however often it is asked for', async () => {
    const order = await yard.order();
    expect(await yard.issueOrder(order.contractId)).toBe('done');
    expect(
      await yard.db.sql`select 1 from delivery_order where contract_id = ${order.contractId}`,
    ).toHaveLength(1);
    expect(await yard.view(order)).toMatchObject({
      quantity: '100.000',
      remaining: '100.000',
      state: 'active',
      mine: 'buyer',
    });
  });

  it('is shown to its two sides and to staff, and to nobody else', async () => {
    const order = await yard.order();
    const url = `/v1/delivery-orders/${order.id}`;
    for (const who of [order.seller, order.buyer, 'staff'])
      expect((await yard.call(who, 'GET', url)).status).toBe(200);
    expect((await yard.call('stranger', 'GET', url)).status).toBe(404);
    expect((await yard.call('stranger', 'GET', '/v1/delivery-orders')).body.items).toEqual([]);
  });
});

describe('a pickup pass', () => {
  it('never allows more than the order has left', async () => {
    const order = await yard.order();
    expect((await yard.pass(order, '60')).status).toBe(201);
    expect(await yard.pass(order, '40.001')).toMatchObject({
      status: 422,
      body: { code: 'pass.quantity_exceeds_order', accepted: { maximum: '40' } },
    });
    expect((await yard.pass(order, '40')).status).toBe(201);
    expect(refusal(await yard.pass(order, '0.001'))).toMatchObject({ code: 'pass.quantity_exceeds_order' });
    expect(refusal(await yard.pass(order, '0'))).toMatchObject({ status: 400, code: 'request.invalid' });
    yard.turnClock(49);
    // What expired unused may be named again.
    expect((await yard.pass(order, '100')).status).toBe(201);
  });

  it('counts what was lifted: a truck that took less than its pass leaves the rest', async () => {
    const order = await yard.order();
    const { body } = await yard.pass(order, '60');
    await yard.weigh(order, body.token, { net: 55 });
    expect(refusal(await yard.pass(order, '45.001'))).toMatchObject({ code: 'pass.quantity_exceeds_order' });
    expect((await yard.pass(order, '45')).status).toBe(201);
  });

  it('of two asked for at once that do not fit together is one', async () => {
    const order = await yard.order();
    const answers = await Promise.all([yard.pass(order, '60'), yard.pass(order, '60')]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 422]);
  });

  it('is for the buyer to issue', async () => {
    const order = await yard.order();
    for (const buyer of [order.seller, 'stranger'])
      expect((await yard.pass({ ...order, buyer }, '10')).status).toBe(404);
  });

  it('is good at the gate of its seller, by its token and by its printed code', async () => {
    const order = await yard.order();
    const { body: pass } = await yard.pass(order, '30');
    const good = {
      status: 200,
      body: {
        passId: pass.id,
        deliveryOrderId: order.id,
        plate: '晋B 12345',
        maximum: '30.000',
        remaining: '100.000',
      },
    };
    expect(await check(order.seller, pass.token)).toMatchObject(good);
    expect(await check(order.seller, ` ${pass.code.toLowerCase()} `)).toMatchObject(good);
  });

  it('422 pass.invalid when forged, altered, unknown or of another mine', async () => {
    const order = await yard.order();
    const { body: pass } = await yard.pass(order, '30');
    const [text = '', signature = ''] = (pass.token as string).split('.');
    const { facts } = readPassToken(pass.token)!;
    const heavier = passBody({ ...facts, maximumKg: '90000' });
    const foreign = passKey(Buffer.alloc(32, 8).toString('base64url'));
    const bad = [
      writePass(foreign, facts),
      `${heavier}.${signature}`,
      `${text}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
      `${text}.${signature}=`,
      `${text}.${signature}.x`,
      `${text}.`,
      text,
      '000000000000',
    ];
    for (const token of bad) {
      expect([token, refusal(await check(order.seller, token))]).toEqual([
        token,
        { status: 422, code: 'pass.invalid' },
      ]);
    }
    expect(refusal(await check('stranger', pass.token))).toEqual({ status: 422, code: 'pass.invalid' });
    expect(refusal(await check(order.buyer, pass.code))).toEqual({ status: 422, code: 'pass.invalid' });
    expect(refusal(await yard.weigh(order, `${heavier}.${signature}`, { net: 80 }))).toMatchObject({
      code: 'pass.invalid',
    });
    expect((await check(order.seller, pass.token)).status).toBe(200);
  });

  it('that the key signed reads back as itself', () => {
    const key = passKey(Buffer.alloc(32, 1).toString('base64url'));
    const facts = {
      passId: 'p',
      deliveryOrderId: 'd',
      contractId: 'c',
      sellerId: 's',
      place: '大同',
      plate: '晋B',
      driverHash: 'h',
      maximumKg: '1',
      notBefore: 1,
      notAfter: 2,
    };
    expect(readPass(key, writePass(key, facts))).toEqual({ ...facts, keyId: key.keyId });
  });

  it('409 before and after its time, and once it was used', async () => {
    const order = await yard.order();
    const { body: pass } = await yard.pass(order, '30');
    yard.turnClock(-1);
    expect(refusal(await check(order.seller, pass.token))).toEqual({
      status: 409,
      code: 'pass.not_yet_valid',
    });
    yard.turnClock(1 + 48.1);
    expect(refusal(await check(order.seller, pass.token))).toEqual({ status: 409, code: 'pass.expired' });
    expect(refusal(await yard.weigh(order, pass.token, {}))).toEqual({ status: 409, code: 'pass.expired' });

    const { body: second } = await yard.pass(order, '30');
    expect((await yard.weigh(order, second.token, {})).status).toBe(201);
    expect(refusal(await check(order.seller, second.token))).toEqual({ status: 409, code: 'pass.used' });
    expect(refusal(await yard.weigh(order, second.code, {}))).toEqual({ status: 409, code: 'pass.used' });
  });

  it('422 pass.other_order when a truck is booked on another order of the same mine', async () => {
    const one = await yard.order();
    const other = await yard.order(one.seller);
    const { body: pass } = await yard.pass(one, '30');
    expect(refusal(await yard.weigh(other, pass.token, {}))).toEqual({
      status: 422,
      code: 'pass.other_order',
    });
  });
});

describe('a weighing', () => {
  it('lifts gross less tare, and uses up the pass', async () => {
    const order = await yard.order();
    const { body: pass } = await yard.pass(order, '30');
    const answer = await yard.weigh(order, pass.token, { gross: '49.250', tare: '20.100' });
    expect(answer).toMatchObject({
      status: 201,
      body: { lifted: '29.150', remaining: '70.850', tickets: [{ net: '29.150', plate: '晋B 12345' }] },
    });
    expect(answer.body.passes[0]).toMatchObject({
      state: 'gate_out',
      events: [{ move: 'weigh_out', state: 'gate_out', by: 'seller' }],
    });
  });

  it('that cannot be is refused with its code, and changes nothing', async () => {
    const order = await yard.order();
    const { body: pass } = await yard.pass(order, '30');
    const late = (minutes: number) => new Date(yard.now.getTime() + minutes * 60_000).toISOString();
    const wrong: [Record<string, string>, string][] = [
      [{ gross: '20', tare: '20' }, 'weighing.tare_not_below_gross'],
      [{ gross: '20', tare: '21' }, 'weighing.tare_not_below_gross'],
      [{ gross: '20', tare: '0' }, 'weighing.tare_not_below_gross'],
      [{ gross: '0', tare: '0' }, 'weighing.implausible'],
      [{ gross: '150.001', tare: '20' }, 'weighing.implausible'],
      [{ gross: '50.001', tare: '20' }, 'weighing.over_pass'],
      [{ gross: '120.001', tare: '20' }, 'weighing.over_lift'],
      [{ weighedAt: late(6) }, 'weighing.time_invalid'],
      [{ weighedAt: late(-2) }, 'weighing.time_invalid'],
      [{ weighedAt: '2026-13-41T25:61:61Z' }, 'weighing.time_invalid'],
    ];
    for (const [more, code] of wrong) {
      expect([more, refusal(await yard.weigh(order, pass.token, more))]).toEqual([
        more,
        { status: 422, code },
      ]);
    }
    expect(await yard.view(order)).toMatchObject({
      lifted: '0.000',
      tickets: [],
      passes: [{ state: 'created' }],
    });
    expect((await yard.weigh(order, pass.token, { weighedAt: late(4) })).status).toBe(201);
  });

  it('says what would be accepted', async () => {
    const order = await yard.order();
    const { body: pass } = await yard.pass(order, '30.5');
    expect((await yard.weigh(order, pass.token, { net: 31 })).body.accepted).toEqual({ net: '30.5' });
  });

  it('409 for a ticket number that was recorded, and the pass stays good', async () => {
    const order = await yard.order();
    const [first, second] = [await yard.pass(order, '30'), await yard.pass(order, '30')];
    expect((await yard.weigh(order, first.body.token, { number: 'WB-1' })).status).toBe(201);
    expect(refusal(await yard.weigh(order, second.body.token, { number: 'WB-1' }))).toEqual({
      status: 409,
      code: 'weighing.duplicate_ticket',
    });
    expect((await yard.weigh(order, second.body.token, { number: 'WB-2' })).status).toBe(201);
  });

  it('is the seller’s: 404 for the buyer and for a stranger', async () => {
    const order = await yard.order();
    const { body: pass } = await yard.pass(order, '30');
    for (const seller of [order.buyer, 'stranger'])
      expect((await yard.weigh({ ...order, seller }, pass.token, {})).status).toBe(404);
  });

  it('of two at once on one pass is one', async () => {
    const order = await yard.order();
    const { body: pass } = await yard.pass(order, '30');
    const answers = await Promise.all([1, 2, 3].map(async () => yard.weigh(order, pass.token, {})));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
    expect(await yard.view(order)).toMatchObject({ lifted: '30.000' });
  });

  it('and a look at the gate at the same moment wait for each other, and neither fails', async () => {
    const order = await yard.order();
    const passes = await Promise.all([1, 2, 3].map(async () => yard.pass(order, '30')));
    const answers = await Promise.all(
      passes.flatMap(({ body }) => [
        check(order.seller, body.token),
        yard.weigh(order, body.token, {}),
        check(order.seller, body.token),
      ]),
    );
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    expect(await yard.view(order)).toMatchObject({ lifted: '90.000' });
  });

  it('that lifts the last kilogram completes the delivery', async () => {
    const order = await yard.order();
    const { body: pass } = await yard.pass(order, '100');
    expect((await yard.weigh(order, pass.token, { net: 100 })).body).toMatchObject({
      state: 'completed',
      remaining: '0.000',
    });
    expect(refusal(await yard.pass(order, '1'))).toEqual({ status: 409, code: 'delivery_order.completed' });
  });
});

describe('the completion', () => {
  it('is the buyer’s, after something was lifted, once, and ends every open pass', async () => {
    const order = await yard.order();
    expect(refusal(await yard.complete(order))).toEqual({
      status: 409,
      code: 'delivery_order.not_delivered',
    });
    const [used, open] = [await yard.pass(order, '30'), await yard.pass(order, '30')];
    await yard.weigh(order, used.body.token, {});
    expect((await yard.complete({ ...order, buyer: order.seller })).status).toBe(404);
    expect(await yard.complete(order)).toMatchObject({ status: 200, body: { state: 'completed' } });
    expect((await yard.view(order)).passes.map((pass: { state: string }) => pass.state)).toEqual([
      'gate_out',
      'cancelled',
    ]);
    expect(refusal(await check(order.seller, open.body.token))).toEqual({ status: 409, code: 'pass.used' });
    for (const late of [await yard.complete(order), await yard.weigh(order, open.body.token, {})])
      expect(refusal(late)).toEqual({ status: 409, code: 'delivery_order.completed' });
  });
});

describe('a certificate of analysis', () => {
  it('422 with the parameter for values that no laboratory found', async () => {
    const order = await yard.order();
    const heat = (unit: 'J/g' | 'kcal/kg' | 'MJ/kg', value: string) => but('calorificValue', { unit, value });
    const wrong: [object, Record<string, string>][] = [
      [{ values: but('ash', { value: '140' }) }, { ash: 'above_100_percent' }],
      [{ values: heat('J/g', '499') }, { calorificValue: 'out_of_range' }],
      [{ values: heat('J/g', '40001') }, { calorificValue: 'out_of_range' }],
      [{ values: heat('MJ/kg', '23000') }, { calorificValue: 'out_of_range' }],
      [{ values: but('ash', { unit: 'J/g' }) }, { ash: 'unit_or_basis' }],
      [{ values: but('calorificValue', { unit: '%', value: '50' }) }, { calorificValue: 'unit_or_basis' }],
      [{ values: [...AS_PROMISED, ...but('ash', { value: '19.00' }).slice(1, 2)] }, { ash: 'duplicate' }],
      [{ sampledOn: '2026-13-01' }, { sampledOn: 'out_of_range' }],
      [{ sampledOn: '2026-02-30' }, { sampledOn: 'out_of_range' }],
      [{ sampledOn: '2027-12-31' }, { sampledOn: 'out_of_range' }],
    ];
    for (const [more, fields] of wrong) {
      expect(await yard.certify(order, more)).toMatchObject({
        status: 422,
        body: { code: 'certificate_of_analysis.value_invalid', fields },
      });
    }
    expect((await yard.view(order)).certificate).toBeNull();
  });

  it('422 with every value the contract asks for and it does not state', async () => {
    const order = await yard.order();
    expect(
      await yard.certify(order, { values: AS_PROMISED.filter(({ parameter }) => parameter !== 'sulphur') }),
    ).toMatchObject({
      status: 422,
      body: { code: 'certificate_of_analysis.incomplete', fields: { sulphur: 'required' } },
    });
    // Gross heat is no answer to a clause about net heat.
    expect(await yard.certify(order, { values: but('calorificValue', { kind: 'gross' }) })).toMatchObject({
      body: { fields: { calorificValue: 'required' } },
    });
  });

  it('is one for a delivery, and its number one for a laboratory', async () => {
    const [one, other] = [await yard.order(), await yard.order()];
    expect(await yard.certify(one, { number: 'A-1' })).toMatchObject({
      status: 201,
      body: { hasCertificate: true, certificate: { number: 'A-1' } },
    });
    expect(refusal(await yard.certify(one))).toEqual({ status: 409, code: 'certificate_of_analysis.exists' });
    expect(refusal(await yard.certify(other, { number: 'A-1' }))).toEqual({
      status: 409,
      code: 'certificate_of_analysis.duplicate_number',
    });
    expect((await yard.certify(other, { number: 'A-1', laboratory: 'Another' })).status).toBe(201);
    const change = yard.db.sql`update certificate_of_analysis set laboratory = 'x'`;
    await expect(change).rejects.toMatchObject({
      message: expect.stringContaining('certificate_of_analysis'),
    });
  });
});

describe('settlement is asked to go on exactly once', () => {
  const deliver = async (): Promise<Order> => {
    const order = await yard.order();
    const { body: pass } = await yard.pass(order, '30');
    await yard.weigh(order, pass.token, {});
    return order;
  };

  it('when the analysis comes last', async () => {
    const order = await deliver();
    await yard.complete(order);
    expect(await yard.results(order)).toBe(0);
    await yard.certify(order);
    expect(await yard.results(order)).toBe(1);
  });

  it('when the completion comes last', async () => {
    const order = await deliver();
    await yard.certify(order);
    expect(await yard.results(order)).toBe(0);
    await yard.complete(order);
    expect(await yard.results(order)).toBe(1);
  });

  it('when both come at once', async () => {
    const order = await deliver();
    const answers = await Promise.all([yard.certify(order), yard.complete(order)]);
    expect(answers.map(({ status }) => status)).toEqual([201, 200]);
    expect(await yard.results(order)).toBe(1);
  });
});
