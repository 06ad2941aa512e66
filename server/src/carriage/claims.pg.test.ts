import { readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CalculationStep } from '@seam/protocol';
import { endDelivery } from '../logistics/public.ts';
import { type Order, Yard } from '../logistics/testing.ts';
import { PaperDesk, railReceipt, statement, wagons } from './testing.ts';

let yard: Yard;
let desk: PaperDesk;
beforeAll(async () => {
  yard = await Yard.open();
  desk = new PaperDesk(yard);
});
afterAll(async () => yard.close());

const code = ({ status, body }: { status: number; body: { code?: string } }): string =>
  `${status} ${body.code ?? ''}`.trim();
const claims = async (order: Order) => (await desk.papers(order.buyer, order)).body.claims;
const step = (claim: { steps: CalculationStep[] }, name: string): string | undefined =>
  claim.steps.find((one) => one.name === name)?.value;

/** Of a ship that took `minutes` for 48,000 t, at this place. */
async function handled(minutes: number, carriage: object, place: 'loading' | 'discharge' = 'loading') {
  const goods = { transport: 'sea', deliveryTerm: 'fob' };
  const order = await yard.order(undefined, { quantityKg: 55_000_000n, goods, chosen: { carriage } });
  const from = Date.parse('2026-11-20T08:00:00.000Z');
  const facts = {
    from: new Date(from).toISOString(),
    to: new Date(from + (minutes + 60) * 60_000).toISOString(),
    // An hour of rain that does not count.
    excepted: [
      {
        from: new Date(from + 60_000).toISOString(),
        to: new Date(from + 61 * 60_000).toISOString(),
        reason: 'rain',
      },
    ],
  };
  await desk.standing(order, statement(facts, { place }));
  const [claim] = await claims(order);
  return { order, claim };
}

/** 48,000 t at 4,000 t an hour and three hours more: fifteen hours are allowed. */
const FIFTEEN_HOURS = { laytimeKgPerHour: '4000000', laytimeExtraHours: 3 };
const NEW_YORK = {
  firstDays: 5,
  firstPerDay: '100000',
  secondDays: 10,
  secondPerDay: '200000',
  thenPerDay: '300000',
};
const ALLOWED = 15 * 60;
const DAY = 24 * 60;

async function received(loaded: number, arrived: number, carriage: object = {}) {
  const order = await yard.order(undefined, {
    quantityKg: 3_500_000n,
    goods: { transport: 'rail', deliveryTerm: 'for_rail' },
    chosen: { carriage },
  });
  const receives = await desk.standing(order, railReceipt(loaded));
  const arrival = await desk.standing(order, railReceipt(arrived, { place: 'discharge', receives }));
  return { order, arrival, claim: (await claims(order))[0] };
}

const vectorFile = join(process.env['SEAM_SHARED'] ?? '../shared', 'domain/vectors.json');
const known = existsSync(vectorFile);

describe('what documents make one side owe', () => {
  it('P12, P12b: time beyond laytime costs to the minute, by the days of its rates', async () => {
    const single = { ...FIFTEEN_HOURS, thenPerDay: '3000000' };
    const over = await handled(ALLOWED + 4 * DAY + 6 * 60 + 30, single);
    expect([over.claim.amount, step(over.claim, 'time_excess'), step(over.claim, 'time_allowed')]).toEqual([
      '128125.00',
      '4.27083',
      '15.00',
    ]);
    const two = await handled(17 * 60, { ...FIFTEEN_HOURS, thenPerDay: '1500000' }, 'discharge');
    expect([two.claim.amount, two.claim.debtor]).toEqual(['1250.00', 'buyer']);
    const tiered = { ...FIFTEEN_HOURS, ...NEW_YORK };
    const week = await handled(ALLOWED + 7 * DAY, tiered);
    const longer = await handled(ALLOWED + 17 * DAY, tiered);
    expect([week.claim.amount, longer.claim.amount]).toEqual(['9000.00', '31000.00']);
    expect(longer.claim.steps.filter(({ name }: CalculationStep) => name.startsWith('tier'))).toHaveLength(6);
    expect((await handled(ALLOWED, tiered)).claim).toBeUndefined();
  });
  it('P13: what is missing beyond the allowance of the loaded weight, at the contract price', async () => {
    const { claim } = await received(3500, 3440);
    expect([step(claim, 'allowance'), step(claim, 'claim'), claim.amount, claim.debtor]).toEqual([
      '42.000',
      '18.000',
      '10800.00',
      'seller',
    ]);
    expect((await received(3500, 3458)).claim).toBeUndefined();
    expect((await received(3500, 3300, { lossBasisPoints: 10_000 })).claim).toBeUndefined();
  });
  it('P14: the whole shortfall below the ratio, of whoever answers for it', async () => {
    const order = await yard.order(undefined, {
      quantityKg: 10_000_000n,
      goods: { transport: 'rail', deliveryTerm: 'for_rail' },
      chosen: { fulfilment: { thresholdBasisPoints: 9000, perTonne: '500' } },
    });
    await desk.standing(order, railReceipt(8200));
    expect(await claims(order)).toEqual([]);
    expect((await yard.complete(order)).status).toBe(200);
    await yard.run(`carriage:${order.id}:completed`);
    await yard.run(`carriage:${order.id}:completed`);
    const [claim, ...more] = await claims(order);
    expect([claim.amount, step(claim, 'fulfilment'), claim.debtor, more]).toEqual([
      '9000.00',
      '82.00',
      'seller',
      [],
    ]);
  });
  it.skipIf(!known)('and these are the published vectors (needs SEAM_SHARED)', () => {
    const vectors = JSON.parse(readFileSync(vectorFile, 'utf8'));
    expect([vectors.P12_dem, vectors.P12b_dem_tier, vectors.P13_transit, vectors.P14_fulfil]).toEqual([
      { days: '4.27083', amount: '128125.00', mm_allowed_h: '15.00', mm_cost: '1250.00' },
      { ny: 9000, boston: 31_000 },
      { allowance: '42.000', claim_t: '18.000' },
      { ratio: '82.00', penalty: '9000.00' },
    ]);
  });
  it('is nothing in a contract that has no clause for it', async () => {
    const order = await yard.order(undefined, { quantityKg: 3_500_000n, edition: 4 });
    const receives = await desk.standing(order, railReceipt(3500));
    await desk.standing(order, railReceipt(3000, { place: 'discharge', receives }));
    await desk.standing(order, statement({ to: '2026-12-08T00:00:00.000Z' }));
    expect(await claims(order)).toEqual([]);
  });
});

describe('a sum of the carriage', () => {
  it('is owed once its time to object has passed, and only then; its document is not corrected any more', async () => {
    const { order, arrival, claim } = await received(3500, 3440);
    await yard.run(`claim:${claim.id}:due`);
    expect(await desk.owed(order)).toEqual([]);
    yard.turnClock(73);
    await yard.run(`claim:${claim.id}:due`);
    await yard.run(`claim:${claim.id}:due`);
    expect(await desk.owed(order)).toEqual([{ kind: 'transit_loss', by: 'seller', amount: '1080000' }]);
    const [loaded] = (await desk.papers(order.buyer, order)).body.documents;
    const again = railReceipt(3430, { place: 'discharge', receives: loaded.id, supersedes: arrival });
    expect(code(await desk.enter(order.buyer, order, again))).toBe('409 document.claim_settled');
  });
  it('that is contested in time is decided by the centre: a part of it, never more', async () => {
    const { order, claim } = await received(3500, 3440);
    const object = async (as: string) =>
      code(
        await yard.call(as, 'POST', `/v1/carriage-claims/${claim.id}/objection`, {
          reason: 'Snow on the wagons',
        }),
      );
    expect([await object(order.buyer), await object('stranger')]).toEqual(
      Array(2).fill('404 resource.not_found'),
    );
    expect([await object(order.seller), await object(order.seller)]).toEqual([
      '200',
      '409 carriage_claim.closed',
    ]);
    yard.turnClock(80);
    await yard.run(`claim:${claim.id}:due`);
    expect(await desk.owed(order)).toEqual([]);
    const decide = async (amount: string) =>
      code(
        await yard.call('staff', 'POST', `/v1/staff/carriage-claims/${claim.id}/decision`, {
          amount,
          reason: 'Half of it was snow.',
        }),
      );
    expect([await decide('10800.01'), await decide('5400.00'), await decide('1.00')]).toEqual([
      '400 request.invalid',
      '200',
      '409 carriage_claim.closed',
    ]);
    expect(await desk.owed(order)).toEqual([{ kind: 'transit_loss', by: 'seller', amount: '540000' }]);
  });
  it('is reckoned anew from a corrected document', async () => {
    const { order, arrival } = await received(3500, 3440);
    const [loaded] = (await desk.papers(order.buyer, order)).body.documents;
    await desk.standing(
      order,
      railReceipt(3450, { place: 'discharge', receives: loaded.id, supersedes: arrival }),
    );
    const all = await claims(order);
    expect(all.map(({ state, amount }: { state: string; amount: string }) => [state, amount])).toEqual([
      ['withdrawn', '10800.00'],
      ['noticed', '4800.00'],
    ]);
  });
  it('needs excepted times that lie within the laytime and do not overlap', async () => {
    const order = await yard.order(undefined, { goods: { transport: 'sea' } });
    const time = (from: number, to: number) => ({
      from: new Date(Date.parse('2026-12-01T00:00:00Z') + from * 3600_000).toISOString(),
      to: new Date(Date.parse('2026-12-01T00:00:00Z') + to * 3600_000).toISOString(),
      reason: 'rain',
    });
    const fields = async (...excepted: object[]) =>
      Object.keys(
        (await desk.enter(order.seller, order, statement({ excepted: excepted as never }))).body.fields ?? {},
      )[0];
    expect([
      await fields(time(1, 3), time(2, 4)),
      await fields(time(-1, 3)),
      await fields(time(20, 25)),
      await fields(time(3, 3)),
    ]).toEqual([
      'statementOfFacts.excepted.1.from',
      'statementOfFacts.excepted.0.from',
      'statementOfFacts.excepted.0.to',
      'statementOfFacts.excepted.0.to',
    ]);
  });
});

describe('the last day of a delivery', () => {
  it('waits for what is under way, and for nothing that came', async () => {
    const goods = { transport: 'rail', deliveryTerm: 'for_rail' };
    const order = await yard.order(undefined, { quantityKg: 3_500_000n, goods });
    const end = async () => yard.db.sql.begin(async (tx) => endDelivery(tx, order.contractId, yard.now));
    const train = { fromStation: 'A', toStation: 'B', wagons: wagons(140, 5) };
    const entered = await desk.enter(order.seller, order, railReceipt(1, { railReceipt: train }));
    expect(await end()).toBe('waiting');
    expect(code(await yard.complete(order))).toBe('409 delivery_order.not_delivered');
    await desk.answer(order.buyer, order, entered.body.documents[0].id, { answer: 'confirm' });
    expect(await end()).toBe(140_000n);
  });
});
