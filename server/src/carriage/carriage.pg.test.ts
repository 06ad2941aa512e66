import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CalculationStep } from '@seam/protocol';
import { type Order, Yard } from '../logistics/testing.ts';
import { PaperDesk, billOfLading, draftSurvey, railReceipt, wagons } from './testing.ts';

let yard: Yard;
let desk: PaperDesk;
beforeAll(async () => {
  yard = await Yard.open();
  desk = new PaperDesk(yard);
});
afterAll(async () => yard.close());

const rail = { transport: 'rail', deliveryTerm: 'for_rail' };
const byRail = async (quantityKg = 100_000n): Promise<Order> =>
  yard.order(undefined, { quantityKg, goods: rail });
const bySea = async (quantityKg: bigint, carriage: object = {}): Promise<Order> =>
  yard.order(undefined, {
    quantityKg,
    goods: { transport: 'sea', deliveryTerm: 'fob' },
    chosen: { carriage },
  });
const code = ({ status, body }: { status: number; body: { code?: string } }): string =>
  `${status} ${body.code ?? ''}`.trim();
const lifted = async (order: Order): Promise<string> => (await desk.papers(order.seller, order)).body.counted;

describe('a rail receipt', () => {
  it('lifts the net of its wagons once the buyer confirms it, and ends an order that it exhausts', async () => {
    const order = await byRail();
    const entered = await desk.enter(order.seller, order, railReceipt(60));
    expect(entered.status).toBe(201);
    expect(entered.body.documents[0]).toMatchObject({
      net: '60.000',
      counts: true,
      state: 'open',
      version: 1,
    });
    expect(await lifted(order)).toBe('0.000');
    const { id } = entered.body.documents[0];
    expect(code(await desk.answer(order.buyer, order, id, { answer: 'confirm' }))).toBe('200');
    expect(await lifted(order)).toBe('60.000');
    expect(code(await desk.answer(order.buyer, order, id, { answer: 'confirm' }))).toBe(
      '409 document.closed',
    );
    await desk.standing(order, railReceipt(40));
    expect((await desk.papers(order.buyer, order)).body).toMatchObject({
      counted: '100.000',
      state: 'completed',
    });
    expect(code(await desk.enter(order.seller, order, railReceipt(1)))).toBe('409 delivery_order.completed');
  });
  it('stands by silence, and not before its time', async () => {
    const order = await byRail();
    const { id } = (await desk.enter(order.seller, order, railReceipt(60))).body.documents[0];
    await yard.run(`document:${id}:due`);
    expect(await lifted(order)).toBe('0.000');
    yard.turnClock(73);
    expect(code(await desk.answer(order.buyer, order, id, { answer: 'object', reason: 'too late' }))).toBe(
      '409 document.closed',
    );
    await yard.run(`document:${id}:due`);
    await yard.run(`document:${id}:due`);
    expect(await lifted(order)).toBe('60.000');
  });
  it('that is contested lifts nothing until the centre has decided', async () => {
    const order = await byRail();
    const { id } = (await desk.enter(order.seller, order, railReceipt(60))).body.documents[0];
    expect(code(await desk.answer(order.buyer, order, id, { answer: 'object' }))).toBe('400 request.invalid');
    const reason = 'Two wagons never came.';
    await desk.answer(order.buyer, order, id, { answer: 'object', reason });
    expect(await yard.cases(order)).toEqual(['document_objected']);
    yard.turnClock(80);
    await yard.run(`document:${id}:due`);
    expect(await lifted(order)).toBe('0.000');
    const url = `/v1/staff/delivery-orders/${order.id}/documents/${id}/decision`;
    const decision = { outcome: 'rejected', reason: 'The railway confirms it.' };
    expect(code(await yard.call(order.seller, 'POST', url, decision))).toBe('403 auth.forbidden');
    expect((await yard.call('staff', 'POST', url, decision)).status).toBe(200);
    expect((await yard.call('staff', 'POST', url, decision)).body.code).toBe('document.closed');
    expect(await lifted(order)).toBe('0.000');
  });
  it('names a wagon once on a day, on this order and any other, until the first is rejected or corrected', async () => {
    const [order, other] = [await byRail(), await byRail()];
    const [wagon] = wagons(60, 999);
    const of = (more: object = {}) =>
      railReceipt(1, { railReceipt: { fromStation: 'A', toStation: 'B', wagons: [wagon!] }, ...more });
    const first = await desk.enter(order.seller, order, of());
    expect(first.status).toBe(201);
    expect(code(await desk.enter(other.seller, other, of()))).toBe('409 document.duplicate');
    expect(code(await desk.enter(other.seller, other, of({ issuedOn: '2026-12-09' })))).toBe('201');
    const twice = railReceipt(1, {
      railReceipt: { fromStation: 'A', toStation: 'B', wagons: [wagon!, wagon!] },
    });
    expect(code(await desk.enter(order.seller, order, twice))).toBe('409 document.duplicate');
    const { id: supersedes } = first.body.documents[0];
    expect(code(await desk.enter(order.seller, order, of({ supersedes })))).toBe('201');
  });
  it('is corrected by a new version alone: what stood is taken back until that one stands', async () => {
    const order = await byRail();
    const id = await desk.standing(order, railReceipt(60));
    expect(await lifted(order)).toBe('60.000');
    const again = await desk.enter(order.seller, order, railReceipt(58, { supersedes: id }));
    expect(again.body.documents.map(({ state, version }: never) => [state, version])).toEqual([
      ['superseded', 1],
      ['open', 2],
    ]);
    expect(await lifted(order)).toBe('0.000');
    const stale = await desk.enter(order.seller, order, railReceipt(59, { supersedes: id }));
    expect(code(stale)).toBe('409 document.not_correctable');
    await desk.answer(order.buyer, order, again.body.documents[1].id, { answer: 'confirm' });
    expect(await lifted(order)).toBe('58.000');
    await expect(yard.db.sql`update delivery_document set net_kg = 1 where id = ${id}`).rejects.toThrow(
      'version',
    );
  });
  it('never weighs more than the order: what waits counts, too', async () => {
    const order = await byRail();
    await desk.enter(order.seller, order, railReceipt(60));
    const over = await desk.enter(order.seller, order, railReceipt(41));
    expect([code(over), over.body.accepted]).toEqual(['422 document.over_lift', { net: '40.000' }]);
    const both = await Promise.all([
      desk.enter(order.seller, order, railReceipt(40)),
      desk.enter(
        order.seller,
        order,
        railReceipt(40, { railReceipt: { fromStation: 'A', toStation: 'B', wagons: wagons(40, 77) } }),
      ),
    ]);
    expect(both.map(code).toSorted()).toEqual(['201', '422 document.over_lift']);
  });
  it('is the seller’s to enter and the buyer’s to answer; a stranger sees neither it nor its file', async () => {
    const order = await byRail();
    expect(code(await desk.enter(order.buyer, order, railReceipt(60)))).toBe('422 document.not_of_contract');
    expect(code(await desk.enter('stranger', order, railReceipt(60)))).toBe('404 resource.not_found');
    const { id } = (await desk.enter(order.seller, order, railReceipt(60))).body.documents[0];
    expect(code(await desk.answer(order.seller, order, id, { answer: 'confirm' }))).toBe(
      '404 resource.not_found',
    );
    expect(code(await desk.answer('stranger', order, id, { answer: 'confirm' }))).toBe(
      '404 resource.not_found',
    );
    expect(code(await desk.papers('stranger', order))).toBe('404 resource.not_found');
    const other = await byRail();
    expect(code(await desk.answer(other.buyer, other, id, { answer: 'confirm' }))).toBe(
      '404 resource.not_found',
    );
    const truck = await yard.pass(order, '30');
    expect(code(truck)).toBe('409 delivery_order.not_by_truck');
  });
  it('is refused with the figure or file that cannot be', async () => {
    const order = await byRail();
    const [wagon] = wagons(60, 50);
    const of = (more: object) =>
      railReceipt(1, { railReceipt: { fromStation: 'A', toStation: 'B', wagons: [{ ...wagon!, ...more }] } });
    const fields = async (paper: object) =>
      Object.keys((await desk.enter(order.seller, order, paper)).body.fields);
    expect([
      await fields(of({ gross: '131' })),
      await fields(of({ tare: '83' })),
      await fields(railReceipt(60, { issuedOn: '2027-06-01' })),
      await fields({ ...railReceipt(60), railReceipt: undefined }),
      await fields(railReceipt(60, { file: Buffer.from('<svg onload=alert(1)>').toString('base64') })),
      // A picture of a kind that is not taken.
      await fields(railReceipt(60, { file: 'R0lGODlhAQABAAAAACwAAAAAAQABAAA=' })),
      await fields(railReceipt(60, { receives: order.id })),
    ]).toEqual([
      ['railReceipt.wagons.0.gross'],
      ['railReceipt.wagons.0.tare'],
      ['issuedOn'],
      ['kind'],
      ['file'],
      ['file'],
      ['receives'],
    ]);
  });
});

describe('by ship', () => {
  it('the draft survey is the final weight, computed from its drafts; the bill of lading only stands beside it', async () => {
    const order = await bySea(55_000_000n);
    const [bill] = [await desk.standing(order, billOfLading('53800'))];
    expect(await lifted(order)).toBe('0.000');
    await desk.standing(order, draftSurvey());
    const { documents, counted } = (await desk.papers(order.buyer, order)).body;
    expect([counted, documents[1].net]).toEqual(['53802.000', '53802.000']);
    const step = (name: string) => documents[1].steps.find((one: CalculationStep) => one.name === name).value;
    expect([step('initial_mean_draft'), step('initial_net'), step('final_net')]).toEqual([
      '2.6100',
      '7898.000',
      '61700.000',
    ]);
    const again = billOfLading('1000', { number: documents[0].number.toLowerCase() });
    expect(code(await desk.enter(order.seller, order, again))).toBe('409 document.duplicate');
    expect(bill).toBe(documents[0].id);
  });
  it('at discharge the buyer’s survey counts where the contract says so, and the last day waits for it', async () => {
    const order = await bySea(55_000_000n, { weightFinal: 'discharge' });
    const receives = await desk.standing(order, billOfLading('53800'));
    expect(await lifted(order)).toBe('0.000');
    const survey = draftSurvey({ place: 'discharge', receives });
    const { initial, final } = survey.draftSurvey!;
    survey.draftSurvey = { ...survey.draftSurvey!, initial: final, final: initial };
    const { draftSurvey: _none, ...bare } = survey;
    expect(code(await desk.enter(order.buyer, order, bare))).toBe('422 document.facts_missing');
    await desk.standing(order, survey);
    expect(await lifted(order)).toBe('53802.000');
    const second = { ...draftSurvey({ place: 'discharge', receives }), draftSurvey: survey.draftSurvey };
    expect(code(await desk.enter(order.buyer, order, second))).toBe('409 document.received');
  });
  it('a surveyor’s document is entered by the centre for it', async () => {
    const order = await bySea(55_000_000n);
    const entered = await desk.enter('staff', order, { ...draftSurvey(), enteredFor: 'surveyor' });
    expect(entered.body.documents[0]).toMatchObject({ enteredFor: 'surveyor', state: 'open' });
    const { id } = entered.body.documents[0];
    const correction = await desk.enter(order.seller, order, draftSurvey({ supersedes: id }));
    expect(code(correction)).toBe('409 document.not_correctable');
    expect(code(await desk.answer(order.buyer, order, id, { answer: 'confirm' }))).toBe('200');
  });
});
