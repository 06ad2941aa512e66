import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Deal, Years, evenly, priceLater } from './testing/years.ts';

let years: Years;
beforeAll(async () => {
  years = await Years.open();
});
afterAll(async () => years.close());

const owed = async (deal: Deal) =>
  (await years.view(deal)).obligations.map(({ kind, debtor, amount, paidAt }) => ({
    kind,
    by: debtor.id === deal.seller ? 'seller' : 'buyer',
    amount,
    paid: paidAt !== null,
  }));

describe('a year of a long-term contract', () => {
  it('runs from the split to the close: call-offs, index prices, a true-up, shortfalls of both sides', async () => {
    await years.publish(['700']);
    const deal = await years.deal(100, { priceLater: priceLater() });
    const opened = await years.view(deal);
    expect(opened).toMatchObject({ state: 'running', total: '1200.000', delivered: '0.000' });
    expect(opened.months.map(({ contracted }) => contracted)).toEqual(Array(12).fill('100.000'));

    // January: all of it, at the base price.
    const january = await years.callOff(deal, '2027-01', 100);
    expect(january).toMatchObject({ state: 'open', pricePerTonne: '600.00' });
    await years.live('2027-01-12');
    await years.deliver(deal, january.id, 100);

    // February: the index has risen to 760, half of it counts. 70 t taken of 100 called off.
    await years.live('2027-01-31');
    await years.publish(['760'], '2027-01');
    const february = await years.callOff(deal, '2027-02', 100);
    expect(february).toMatchObject({
      pricePerTonne: '630.00',
      inputs: [{ name: 'BSPI', seriesId: 'bspi', month: '2027-01', version: 1, value: '760' }],
    });
    await years.live('2027-02-12');
    await years.deliver(deal, february.id, 70);

    // The index of January is corrected to 780: the price stays, the difference is owed on its own.
    const corrected = await years.call('staff', 'POST', '/v1/staff/indices/bspi/values', {
      month: '2027-01',
      value: '780',
      publishedOn: '2027-02-11',
      note: 'corrected bulletin',
      corrects: 1,
    });
    expect(corrected.status).toBe(200);
    await years.work();
    const after = await years.view(deal);
    expect(after.callOffs.find(({ id }) => id === february.id)!.pricePerTonne).toBe('630.00');
    expect(after.trueUps).toMatchObject([
      { callOff: 2, fromPrice: '630.00', toPrice: '640.00', amount: '700.00' },
    ]);

    // March: what was left of February carries over within the quarter: 130 t can be called off.
    await years.live('2027-02-28');
    await years.publish(['700'], '2027-02');
    expect((await years.view(deal)).months[2]).toMatchObject({ contracted: '100.000', remaining: '130.000' });
    await years.live('2027-03-01');
    expect((await years.view(deal)).months[1]).toMatchObject({
      percent: '70.00',
      level: 'short',
      buyerShort: '30.000',
      sellerShort: '0.000',
      buyerOwes: '150.00',
    });
    const march = await years.callOff(deal, '2027-03', 130);
    await years.live('2027-03-12');
    await years.deliver(deal, march.id, 130);

    // The first quarter is whole again; the second: the seller declines all of May and June.
    await years.live('2027-04-01');
    expect((await years.view(deal)).periods[0]).toMatchObject({
      period: '2027-Q1',
      percent: '100.00',
      level: 'met',
    });
    await years.publish(['700', '700', '700', '700', '700', '700', '700', '700', '700'], '2027-03');
    const april = await years.callOff(deal, '2027-04', 100);
    for (const month of ['2027-05', '2027-06']) {
      const asked = await years.request(deal, month, 100);
      await years.decline(deal, asked.body.callOffs[0].id);
    }
    await years.live('2027-04-12');
    await years.deliver(deal, april.id, 100);
    await years.live('2027-07-01');
    const half = await years.view(deal);
    expect(half.months.slice(4, 6)).toMatchObject([
      { sellerShort: '100.000', buyerShort: '0.000', sellerOwes: '500.00' },
      { sellerShort: '100.000', buyerShort: '0.000', sellerOwes: '500.00' },
    ]);
    // 200 t short of 300 owe 1,000.00 for the quarter; the months owed that already.
    expect(half.periods[1]).toMatchObject({ percent: '33.33', sellerOwes: '0.00', buyerOwes: '0.00' });

    // The rest of the year: 85 t a month. Enough for each month, too little for its quarter.
    for (const month of ['07', '08', '09', '10', '11', '12']) {
      await years.live(`2027-${month}-01`);
      const called = await years.callOff(deal, `2027-${month}`, 85);
      await years.live(`2027-${month}-12`);
      await years.deliver(deal, called.id, 85);
    }
    await years.live('2028-01-01');
    const end = await years.view(deal);
    expect(end.periods.slice(2)).toMatchObject([
      { period: '2027-Q3', percent: '85.00', level: 'short', buyerShort: '45.000', buyerOwes: '225.00' },
      { period: '2027-Q4', percent: '85.00', level: 'short', buyerShort: '45.000', buyerOwes: '225.00' },
      // 290 t short of 1,200: the seller answers for 200 of them (83.33 % fulfilled), the buyer for 90 (92.50 %).
      {
        period: '2027',
        percent: '75.83',
        sellerShort: '200.000',
        buyerShort: '90.000',
        sellerOwes: '0.00',
        buyerOwes: '0.00',
      },
    ]);

    // Nobody objects: everything is owed, paid, and the contract ends.
    const before = { seller: await years.free(deal.seller), buyer: await years.free(deal.buyer) };
    await years.live('2028-01-09');
    await years.live('2028-01-12');
    expect(await owed(deal)).toEqual(
      [
        { kind: 'shortfall', by: 'buyer', amount: '225.00', paid: true },
        { kind: 'shortfall', by: 'buyer', amount: '225.00', paid: true },
        { kind: 'shortfall', by: 'seller', amount: '500.00', paid: true },
        { kind: 'shortfall', by: 'seller', amount: '500.00', paid: true },
        { kind: 'shortfall', by: 'buyer', amount: '150.00', paid: true },
        { kind: 'true_up', by: 'buyer', amount: '700.00', paid: true },
      ].toSorted(() => 0),
    );
    expect(await years.free(deal.seller)).toBe(before.seller + 225);
    expect(await years.free(deal.buyer)).toBe(before.buyer - 225);
    expect(await years.view(deal)).toMatchObject({ state: 'closed', delivered: '910.000' });
    expect(await years.request(deal, '2027-12', 1)).toMatchObject({ body: { code: 'long_term.closed' } });
  });

  it('opens no settlement of the whole quantity, and one for each call-off', async () => {
    const deal = await years.deal(100, { callOff: { months: evenly(100, 2) } });
    expect(await years.call(deal.buyer, 'GET', `/v1/settlements/${deal.id}`)).toMatchObject({ status: 404 });
  });
});
