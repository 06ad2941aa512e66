import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Desk, type Trade } from '../../settlement/trade/testing.ts';

/** One per cent less heat, and ash, sulphur and moisture above the promise: 573.21 of 600.00. */
const WORSE = { calorificValue: '22770', ash: '16.50', sulphur: '0.80', totalMoisture: '13.00' };

let desk: Desk;
let trade: Trade;
beforeAll(async () => {
  desk = await Desk.open();
  trade = await desk.trade(61_000);
});
afterAll(async () => desk.close());

const read = async (as: string, of = trade, file = '') =>
  desk.call(as, 'GET', `/v1/settlements/${of.id}/result-report${file}`);

describe('the result report', () => {
  it('is not there before weights and analyses are', async () => {
    expect(await read(trade.buyer)).toMatchObject({ status: 404 });
    await desk.deliver(trade, '95', WORSE);
    expect(await read(trade.buyer)).toMatchObject({
      status: 200,
      body: { state: 'waits', acceptedBy: null },
    });
  });

  it('says what was weighed, found and promised, and how the price came of it', async () => {
    const { body } = await read(trade.seller);
    expect(body).toMatchObject({
      delivered: '95.000',
      payable: '95.000',
      contracted: '100.000',
      weights: [
        { kind: 'truck', number: 'T-1', gross: '115.000', tare: '20.000', net: '95.000', counts: true },
      ],
      certificates: [{ role: 'first', laboratory: 'Laboratory' }],
      contractPrice: '600.00',
      unitPrice: '573.21',
      amount: '54454.95',
    });
    const ash = body.values.find((one: { parameter: string }) => one.parameter === 'ash');
    expect(ash).toMatchObject({ certified: '16.5', reference: '15.00', unit: '%', basis: 'ar' });
    const { amount, price } = body.steps.at(-1);
    expect(price).toBe('573.21000');
    expect(amount).not.toBe('');
    const kinds = body.documents.map((one: { kind: string }) => one.kind);
    expect(kinds).toEqual(expect.arrayContaining(['contract', 'terms', 'certificate']));
    expect(await read(trade.buyer)).toMatchObject({ body });
  });

  it('is a paper with its data inside, for its two sides and staff alone', async () => {
    for (const as of [trade.seller, trade.buyer, 'staff']) {
      const paper = await read(as, trade, '.pdf');
      expect(paper.status).toBe(200);
      expect(Buffer.from(paper.body).subarray(0, 5).toString()).toBe('%PDF-');
    }
    expect((await read('stranger')).status).toBe(404);
    expect((await read('stranger', trade, '.pdf')).status).toBe(404);
  });

  it('carries the acceptance of the settlement: by the buyer, by time, or contested', async () => {
    await desk.accept(trade);
    expect(await read(trade.seller)).toMatchObject({ body: { state: 'accepted', acceptedBy: 'buyer' } });
    const other = await desk.trade(61_000);
    await desk.deliver(other, '100');
    await desk.dispute(other);
    expect(await read(other.seller, other)).toMatchObject({ body: { state: 'disputed', acceptedAt: null } });
  });
});
