import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bindContract, termsBetween } from '../../test/trade/binding-contract.ts';
import { type Deal, Years, evenly, priceLater } from './testing/years.ts';

let years: Years;
beforeAll(async () => {
  years = await Years.open();
});
afterAll(async () => years.close());

const quarter = { callOff: { months: evenly(100, 3) } };
const newest = async (deal: Deal) => (await years.view(deal)).callOffs[0]!;

describe('a call-off', () => {
  it('is refused beyond what is left, outside its month or too late, and says what would be accepted', async () => {
    years.turnTo('2026-12-10');
    const deal = await years.deal(100, quarter);
    const refused = async (month: string, tonnes: number, days?: [string, string]) => {
      const { status, body } = await years.request(deal, month, tonnes, days);
      return { status, code: body.code, fields: body.fields, accepted: body.accepted };
    };
    expect(await refused('2027-01', 100.001)).toEqual({
      status: 422,
      code: 'call_off.exceeds_remaining',
      fields: { quantity: 'exceeds_remaining' },
      accepted: { quantity: '100.000' },
    });
    expect(await refused('2027-04', 10)).toMatchObject({
      code: 'call_off.outside_window',
      accepted: { earliest: '2027-01-01', latest: '2027-03-31' },
    });
    expect(
      await years.call(deal.buyer, 'POST', `/v1/contracts/${deal.id}/call-offs`, {
        windowFrom: '2027-01-20',
        windowTo: '2027-02-02',
        quantity: '10',
      }),
    ).toMatchObject({ body: { code: 'call_off.outside_window', accepted: { latest: '2027-01-31' } } });
    years.turnTo('2027-01-04');
    expect(await refused('2027-01', 10)).toMatchObject({
      code: 'call_off.too_late',
      accepted: { earliest: '2027-01-11' },
    });
    expect(await refused('2027-02', 10, ['30', '31'])).toMatchObject({ code: 'request.invalid' });
    expect(await refused('2027-02', 10, ['20', '10'])).toMatchObject({ code: 'request.invalid' });
    expect(await refused('2027-02', 0)).toMatchObject({ code: 'request.invalid' });
    expect((await years.view(deal)).callOffs).toEqual([]);
  });

  it('asked for twice is one: by its key the same answer, without one a refusal', async () => {
    years.turnTo('2026-12-10');
    const deal = await years.deal(100, quarter);
    const url = `/v1/contracts/${deal.id}/call-offs`;
    const body = { windowFrom: '2027-01-10', windowTo: '2027-01-20', quantity: '30' };
    const first = await years.call(deal.buyer, 'POST', url, body, 'once');
    expect(await years.call(deal.buyer, 'POST', url, body, 'once')).toEqual(first);
    expect(await years.call(deal.buyer, 'POST', url, body)).toMatchObject({
      body: { code: 'call_off.duplicate' },
    });
    expect((await years.view(deal)).callOffs).toHaveLength(1);
  });

  it('of two at once for more than is left has one winner', async () => {
    years.turnTo('2026-12-10');
    const deal = await years.deal(100, quarter);
    const both = await Promise.all([years.request(deal, '2027-01', 60), years.request(deal, '2027-01', 61)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 422]);
    expect(both.find(({ status }) => status === 422)!.body.code).toBe('call_off.exceeds_remaining');
    const asked = await newest(deal);
    const answers = await Promise.all([years.confirm(deal, asked.id), years.decline(deal, asked.id)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)!.body.code).toBe('call_off.answered');
  });

  it('is seen and answered by its own parties only', async () => {
    years.turnTo('2026-12-10');
    const deal = await years.deal(100, quarter);
    await years.request(deal, '2027-01', 60);
    const { id } = await newest(deal);
    const missing = { status: 404, body: { code: 'resource.not_found' } };
    const stranger = { ...deal, buyer: 'stranger', seller: 'stranger' };
    expect(await years.request(stranger, '2027-01', 10)).toMatchObject(missing);
    expect(await years.confirm(stranger, id)).toMatchObject(missing);
    expect(await years.call('stranger', 'GET', `/v1/contracts/${deal.id}/long-term`)).toMatchObject(missing);
    // Nor may the buyer confirm for the seller, or the seller call off for the buyer.
    expect(await years.confirm({ ...deal, seller: deal.buyer }, id)).toMatchObject(missing);
    expect(await years.request({ ...deal, buyer: deal.seller }, '2027-01', 10)).toMatchObject(missing);
    expect((await years.call('stranger', 'GET', '/v1/long-term')).body.items).toEqual([]);
    expect((await years.call('staff', 'GET', '/v1/long-term')).body.items.length).toBeGreaterThan(0);
  });

  it('needs a contract that binds, and one that is called off', async () => {
    const spot = await bindContract(years.sql, termsBetween('spotseller', 'spotbuyer'));
    const deal = { id: spot, seller: 'spotseller', buyer: 'spotbuyer' };
    expect(await years.request(deal, '2027-01', 10)).toMatchObject({
      status: 409,
      body: { code: 'long_term.not_called_off' },
    });
    const draft = termsBetween('draftseller', 'draftbuyer', { chosen: { kind: 'long_term' } });
    await years.sql`insert into sale (id, origin_key, origin_kind, origin_id, listing_id, seller_id, buyer_id,
      quantity_kg, price_per_tonne, currency) values (${draft.origin.saleId}, 'draft', 'auction', 'a', 'l',
      'draftseller', 'draftbuyer', 1000, 1, 'CNY')`;
    await years.sql`insert into contract (id, sale_id, number, seller_id, buyer_id, state)
      values (${draft.contractId}, ${draft.origin.saleId}, 'SC-draft', 'draftseller', 'draftbuyer', 'drafted')`;
    const drafted = { id: draft.contractId, seller: 'draftseller', buyer: 'draftbuyer' };
    expect(await years.request(drafted, '2027-01', 10)).toMatchObject({
      body: { code: 'long_term.not_binding' },
    });
    expect(await years.request({ ...drafted, buyer: 'x' }, '2027-01', 10)).toMatchObject({ status: 404 });
    expect(await years.request({ ...drafted, id: 'nonsense' }, '2027-01', 10)).toMatchObject({ status: 404 });
  });

  it('means by silence what the contract says', async () => {
    years.turnTo('2026-12-10');
    const yes = await years.deal(100, { callOff: { ...quarter.callOff, silence: 'confirms' } });
    const no = await years.deal(100, { callOff: { ...quarter.callOff, silence: 'declines' } });
    await years.request(yes, '2027-01', 60);
    await years.request(no, '2027-01', 60);
    await years.live('2026-12-14');
    expect(await newest(yes)).toMatchObject({ state: 'open', bySilence: true });
    expect(await newest(no)).toMatchObject({ state: 'declined', bySilence: true });
    expect(await years.confirm(no, (await newest(no)).id)).toMatchObject({
      body: { code: 'call_off.answered' },
    });
  });

  it('that nobody paid for or lifted ends with its window, and the escrow goes back', async () => {
    years.turnTo('2026-12-10');
    const deal = await years.deal(100, { callOff: { ...quarter.callOff, carryOver: 'none' } });
    const unpaid = await years.callOff(deal, '2027-01', 40);
    const unlifted = await years.callOff(deal, '2027-01', 60);
    const before = await years.free(deal.buyer);
    expect((await years.pay(deal, unlifted.id)).status).toBe(200);
    expect(await years.free(deal.buyer)).toBe(before - 36_000);
    await years.call(deal.buyer, 'POST', `/v1/call-offs/${unlifted.id}/not-supplied`, {
      quantity: '25',
      reason: 'no wagons at the siding',
    });
    expect(
      await years.call(deal.buyer, 'POST', `/v1/call-offs/${unpaid.id}/not-supplied`, {
        quantity: '1',
        reason: 'not even paid for',
      }),
    ).toMatchObject({ body: { code: 'call_off.not_open' } });
    await years.live('2027-02-01');
    expect(await years.free(deal.buyer)).toBe(before);
    const view = await years.view(deal);
    expect(view.callOffs).toMatchObject([
      { state: 'closed', lifted: '0.000', settlement: 'cancelled' },
      { state: 'closed', lifted: '0.000', settlement: 'cancelled' },
    ]);
    expect(view.months[0]).toMatchObject({ sellerShort: '25.000', buyerShort: '75.000', level: 'short' });
    // 25 t of 100 leave the seller at 75 %, below 80 %; each pays 5.00 for its own tonnes.
    expect(view.months[0]).toMatchObject({ sellerOwes: '125.00', buyerOwes: '375.00' });
  });
});

describe('an index', () => {
  it('is refused with a month missing, twice, or not published yet; a correction names what it corrects', async () => {
    years.turnTo('2027-06-10');
    await years.call('staff', 'POST', '/v1/staff/indices', {
      id: 'wb',
      title: 'WB',
      unit: 'USD/t',
      source: 'WB',
    });
    expect(
      await years.call('staff', 'POST', '/v1/staff/indices', {
        id: 'wb',
        title: 'WB',
        unit: 'USD/t',
        source: 'WB',
      }),
    ).toMatchObject({ status: 409, body: { code: 'index.exists' } });
    const enter = async (
      month: string,
      value: string,
      corrects: number | null = null,
      publishedOn = '2027-06-01',
    ) =>
      (
        await years.call('staff', 'POST', '/v1/staff/indices/wb/values', {
          month,
          value,
          publishedOn,
          note: 'n',
          corrects,
        })
      ).body;
    expect(await enter('2027-03', '90.5')).toMatchObject({ months: 1 });
    expect(await enter('2027-05', '91')).toMatchObject({ code: 'index.gap', accepted: { month: '2027-04' } });
    expect(await enter('2027-03', '91')).toMatchObject({ code: 'index.duplicate_month' });
    expect(await enter('2027-04', '91', null, '2027-06-11')).toMatchObject({ code: 'index.not_published' });
    expect(await enter('2027-03', '91', 1)).toMatchObject({ latest: { value: '91', version: 2 } });
    expect(await enter('2027-03', '92', 1)).toMatchObject({
      code: 'index.not_newest',
      accepted: { version: '2' },
    });
    const two = await Promise.all([enter('2027-04', '93'), enter('2027-04', '94')]);
    expect(two.map(({ code }) => code ?? 'entered').toSorted()).toEqual(['entered', 'index.duplicate_month']);
  });

  it('is read from a table whole or not at all', async () => {
    years.turnTo('2027-06-10');
    await years.call('staff', 'POST', '/v1/staff/indices', {
      id: 'csv',
      title: 'C',
      unit: 'USD/t',
      source: 'S',
    });
    const load = async (csv: string, column = 'coal') =>
      (
        await years.call('staff', 'POST', '/v1/staff/indices/csv/import', {
          csv,
          column,
          publishedDay: 5,
          note: 'n',
        })
      ).body;
    expect(await load('month,coal\n2027-01,90\n2027-03,91\n')).toMatchObject({
      code: 'index.gap',
      accepted: { month: '2027-02' },
    });
    expect(await load('month,coal\n2027-01,90\n2027-02,\n2027-03,91\n')).toMatchObject({ code: 'index.gap' });
    expect(await load('month,coal\n2027-01,90\n2027-01,91\n')).toMatchObject({
      code: 'index.duplicate_month',
      fields: { csv: 'line 3' },
    });
    expect(await load('month,coal\n2027-01,ninety\n')).toMatchObject({
      code: 'index.csv_invalid',
      fields: { csv: 'line 2' },
    });
    expect(await load('month,coal\n2027-01,90\n', 'gas')).toMatchObject({
      code: 'index.csv_invalid',
      fields: { column: 'unknown' },
    });
    expect(await load('"')).toMatchObject({ code: 'index.csv_invalid' });
    expect(await load('month,coal\n2027-05,90\n2027-06,91\n')).toMatchObject({ code: 'index.not_published' });
    expect((await years.call('staff', 'GET', '/v1/indices/csv')).body.values).toEqual([]);
    expect(await load('month,coal\n2026-12,\n2027-01,90\n2027-02,91.25\n')).toMatchObject({
      added: 2,
      known: 0,
    });
    expect(await load('month,coal\n2027-01,90\n2027-02,99\n2027-03,92\n')).toMatchObject({
      added: 1,
      known: 2,
      differing: ['2027-02'],
    });
    expect(await load('month,coal\n2027-05,90\n')).toMatchObject({ code: 'index.gap' });
  });

  it('fixes a price only once it is published before the first day, and waits until then', async () => {
    years.turnTo('2026-12-10');
    await years.publish(['700']);
    const deal = await years.deal(100, { ...quarter, priceLater: priceLater(0) });
    const waiting = await years.callOff(deal, '2027-01', 50);
    expect(waiting).toMatchObject({
      state: 'confirmed',
      pricePerTonne: null,
      settlement: null,
      inputs: [{ seriesId: 'bspi', month: '2027-01', value: null }],
    });
    // Published on the very first day: too late to fix it, and it lapses with its window.
    years.turnTo('2027-01-10');
    await years.publish(['800'], '2027-01');
    expect((await newest(deal)).state).toBe('confirmed');
    await years.live('2027-01-21');
    expect((await newest(deal)).state).toBe('lapsed');
  });
});

describe('a move between months', () => {
  it('takes both sides, leaves every call-off what it rests on, and keeps the sum', async () => {
    years.turnTo('2026-12-10');
    const deal = await years.deal(100, { callOff: { months: evenly(100, 3), carryOver: 'none' } });
    await years.callOff(deal, '2027-01', 70);
    const propose = async (quantity: string, from = '2027-01', to = '2027-02', as = deal.seller) =>
      years.call(as, 'POST', `/v1/contracts/${deal.id}/month-moves`, {
        fromMonth: from,
        toMonth: to,
        quantity,
        reason: 'works at the siding',
      });
    expect(await propose('31')).toMatchObject({
      body: { code: 'month_move.impossible', accepted: { quantity: '30.000' } },
    });
    expect(await propose('10', '2027-01', '2027-04')).toMatchObject({
      body: { code: 'month_move.impossible' },
    });
    expect(await propose('10', '2027-01', '2027-01')).toMatchObject({
      body: { code: 'month_move.impossible' },
    });
    expect(await propose('10', '2027-01', '2027-02', 'stranger')).toMatchObject({ status: 404 });
    expect((await propose('30')).status).toBe(201);
    const { id } = (await years.view(deal)).moves[0]!;
    const answer = async (as: string, word: string) =>
      years.call(as, 'POST', `/v1/month-moves/${id}/answer`, { answer: word });
    expect(await answer(deal.seller, 'agreed')).toMatchObject({ status: 404 });
    expect(await answer('stranger', 'agreed')).toMatchObject({ status: 404 });
    expect((await answer(deal.buyer, 'agreed')).status).toBe(200);
    expect(await answer(deal.buyer, 'rejected')).toMatchObject({ body: { code: 'month_move.closed' } });
    const { months, total } = await years.view(deal);
    expect(months.map(({ contracted }) => contracted)).toEqual(['70.000', '130.000', '100.000']);
    expect(total).toBe('300.000');
    // What was proposed before and is agreed later must still be possible then.
    await propose('100', '2027-03', '2027-02');
    const late = (await years.view(deal)).moves[0]!;
    await years.callOff(deal, '2027-03', 50);
    expect(
      await years.call(deal.buyer, 'POST', `/v1/month-moves/${late.id}/answer`, { answer: 'agreed' }),
    ).toMatchObject({ body: { code: 'month_move.impossible' } });
    await years.live('2027-04-01');
    expect((await years.view(deal)).moves[0]).toMatchObject({ state: 'lapsed' });
  });
});

describe('force majeure and objections', () => {
  it('excuse what the other side or the centre accepts, and nothing else', async () => {
    years.turnTo('2026-12-10');
    const deal = await years.deal(100, { callOff: { months: evenly(100, 3), carryOver: 'none' } });
    const declare = async (quantity: string, month = '2027-01') =>
      years.call(deal.seller, 'POST', `/v1/contracts/${deal.id}/force-majeure`, {
        month,
        quantity,
        reason: 'flooded shaft',
      });
    expect(await declare('101')).toMatchObject({
      body: { code: 'request.invalid', accepted: { quantity: '100.000' } },
    });
    expect(await declare('10', '2028-01')).toMatchObject({ body: { code: 'force_majeure.period' } });
    await declare('60');
    const { id } = (await years.view(deal)).forceMajeure[0]!;
    const answer = async (as: string, word: string) =>
      years.call(as, 'POST', `/v1/force-majeure/${id}/answer`, { answer: word });
    expect(await answer(deal.seller, 'accepted')).toMatchObject({ status: 404 });
    expect((await answer(deal.buyer, 'contested')).status).toBe(200);
    // While it is argued about, its month is not assessed.
    await years.live('2027-02-02');
    expect((await years.view(deal)).months[0]).toMatchObject({ assessedAt: null });
    const decided = await years.call('staff', 'POST', `/v1/staff/force-majeure/${id}/decision`, {
      accept: true,
      reason: 'the mine inspectorate closed it',
    });
    expect(decided.status).toBe(200);
    expect((await years.view(deal)).months[0]).toMatchObject({
      contracted: '100.000',
      excused: '60.000',
      buyerShort: '40.000',
      buyerOwes: '200.00',
    });
    expect(await declare('10')).toMatchObject({ body: { code: 'force_majeure.period' } });

    // The buyer objects; the centre lets a part stand; nobody else may.
    const [notice] = (await years.view(deal)).shortfalls;
    const object = async (as: string) =>
      years.call(as, 'POST', `/v1/shortfalls/${notice!.id}/objection`, { reason: 'the mine was closed' });
    expect(await object(deal.seller)).toMatchObject({ status: 404 });
    expect((await object(deal.buyer)).status).toBe(200);
    expect(await object(deal.buyer)).toMatchObject({ body: { code: 'shortfall.closed' } });
    await years.live('2027-02-20');
    expect((await years.view(deal)).obligations).toEqual([]);
    const decide = async (amount: string) =>
      years.call('staff', 'POST', `/v1/staff/shortfalls/${notice!.id}/decision`, {
        amount,
        reason: 'half of it',
      });
    expect(await decide('200.01')).toMatchObject({ body: { code: 'request.invalid' } });
    expect((await decide('100.00')).status).toBe(200);
    expect(await decide('50.00')).toMatchObject({ body: { code: 'shortfall.closed' } });
    const [owed] = (await years.view(deal)).obligations;
    expect(owed).toMatchObject({ amount: '100.00', kind: 'shortfall', mine: 'debtor', paidAt: null });
    // The creditor cannot pay it, the debtor can, once.
    const pay = async (as: string) => years.call(as, 'POST', `/v1/obligations/${owed!.id}/payment`);
    expect(await pay(deal.seller)).toMatchObject({ status: 404 });
    const before = await years.free(deal.seller);
    expect((await pay(deal.buyer)).status).toBe(200);
    expect(await pay(deal.buyer)).toMatchObject({ body: { code: 'settlement.not_due' } });
    expect(await years.free(deal.seller)).toBe(before + 100);
  });

  it('leave a sum owed where there is no money for it, for staff to see', async () => {
    years.turnTo('2026-12-10');
    const deal = await years.deal(100, { callOff: { months: evenly(100, 1) } }, 0);
    await years.live('2027-02-01');
    await years.live('2027-02-10');
    await years.live('2027-02-15');
    const [owed] = (await years.view(deal)).obligations;
    expect(owed).toMatchObject({ amount: '500.00', paidAt: null });
    expect(await years.call(deal.buyer, 'POST', `/v1/obligations/${owed!.id}/payment`)).toMatchObject({
      body: { code: 'ledger.insufficient_funds' },
    });
    const { items } = (await years.call('staff', 'GET', '/v1/long-term')).body;
    const row = items.find(({ contractId }: { contractId: string }) => contractId === deal.id);
    expect(row).toMatchObject({ behind: true, waiting: { overdue: 1 } });
  });
});
