/** Two companies in one order book, from the first money to the contract, over HTTP and over the socket. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSale } from '../contracts/public.ts';
import { SocketClient } from '../exchange/testing/socket-client.ts';
import { listingRoutes } from '../listings/routes.ts';
import { NOW, lot } from '../listings/testing.ts';
import { saleChecks, tradingLots } from '../ports.ts';
import { checkLedger } from '../settlement/public.ts';
import { TradingMarket, tokenOf } from './testing.ts';

const lotClock = { now: () => NOW };
let market: TradingMarket;
beforeAll(async () => {
  market = await TradingMarket.open({
    lots: tradingLots(lotClock),
    register: (app, http) =>
      listingRoutes(app, {
        ...http,
        clock: lotClock,
        createSale,
        ...saleChecks(lotClock),
        personNames: async () => new Map(),
        organisations: async (_connection, ids) =>
          new Map(ids.map((id) => [id, { name: id, nameZh: null, sells: true, buys: true }])),
      }),
  });
});
afterAll(async () => {
  expect(await checkLedger(market.db.sql)).toEqual([]);
  await market.close();
});

async function listed(seller: string, patch: object = {}): Promise<string> {
  const answer = await market.call(seller, 'POST', '/v1/listings', lot({ quantity: '1000', ...patch }));
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 201 });
  return answer.body.id;
}

/** A trade of 200 t at 600.00, not yet nominated. */
async function traded(): Promise<{ id: string; buyer: string; seller: string; tradeId: string }> {
  const id = await market.instrument();
  const [buyer, seller] = [await market.trader('buyer', id), await market.trader('seller', id)];
  await market.order(seller, id, { side: 'sell', quantity: '200' });
  expect(await market.order(buyer, id, { quantity: '200' })).toMatchObject({
    status: 201,
    body: { outcome: { state: 'filled', filled: '200.000', averagePrice: '600.00' } },
  });
  await market.caughtUp(id);
  const [trade] = (await market.call(seller, 'GET', '/v1/market-trades')).body.items;
  return { id, buyer, seller, tradeId: trade.id };
}

const nominate = async (who: string, tradeId: string, listingId: string) =>
  market.call(who, 'POST', `/v1/market-trades/${tradeId}/nominate`, { listingId });

describe('what everybody sees', () => {
  it('an instrument with its terms, its session and its market', async () => {
    const id = await market.instrument();
    const { body } = await market.call(null, 'GET', `/v1/instruments/${id}`);
    expect(body).toMatchObject({
      id,
      grade: 'Q5500',
      tickSize: '1.00',
      lotSize: '100.000',
      hardCollarPercent: '10.00',
      maximumOrderValue: '5000000.00',
      status: { phase: 'continuous', mode: 'online', priceMinimum: '540.00', priceMaximum: '660.00' },
      stopped: null,
      session: [{ phase: 'continuous', noCancelSeconds: 0, randomEnd: null }, { phase: 'closed' }],
    });
    const all = await market.call(null, 'GET', '/v1/instruments');
    expect(all.body.items).toContainEqual(expect.objectContaining({ id, deliveryPlace: 'Qinhuangdao' }));
  });

  it('the levels of the book and the tape, in pages, without anybody’s name', async () => {
    const id = await market.instrument();
    const [maker, taker] = [await market.trader('maker', id), await market.trader('taker', id)];
    await market.order(maker, id, { side: 'sell', price: '605.00', quantity: '300' });
    await market.order(maker, id, { side: 'buy', price: '598.00' });
    await market.order(taker, id, { price: '605.00', quantity: '100' });
    await market.order(taker, id, { price: '605.00', quantity: '100' });
    await market.caughtUp(id);
    const book = await market.call(null, 'GET', `/v1/instruments/${id}/book`);
    expect(book.body).toMatchObject({
      buys: [['598.00', '100.000', 1]],
      sells: [['605.00', '100.000', 1]],
    });
    const tape = await market.call(null, 'GET', `/v1/instruments/${id}/trades`);
    expect(tape.body.items).toMatchObject([
      { tradeNumber: 2, price: '605.00', quantity: '100.000', taker: 'buy' },
      { tradeNumber: 1 },
    ]);
    const older = await market.call(null, 'GET', `/v1/instruments/${id}/trades?before=2&limit=1`);
    expect(older.body.items).toMatchObject([{ tradeNumber: 1 }]);
    expect(JSON.stringify([book.body, tape.body])).not.toContain(maker);
  });

  it('404 for what is not listed', async () => {
    for (const path of ['', '/book', '/trades'])
      expect(await market.call(null, 'GET', `/v1/instruments/none${path}`)).toMatchObject({
        status: 404,
        body: { code: 'resource.not_found' },
      });
    expect((await market.call('somebody', 'GET', '/v1/instruments/none/mine')).status).toBe(404);
  });
});

describe('orders', () => {
  it('over HTTP and over the socket are the same orders, with the same ids', async () => {
    const id = await market.instrument();
    const [buyer, seller] = [await market.trader('buyer', id), await market.trader('seller', id)];
    const commandId = market.fresh('by-http-');
    const placed = await market.order(seller, id, { side: 'sell', quantity: '300', commandId });
    expect(placed).toMatchObject({
      status: 201,
      body: { outcome: { state: 'resting', remaining: '300.000', orderId: 1 } },
    });
    const socket = new SocketClient(market.socketUrl, {
      headers: { authorization: `Bearer ${tokenOf(buyer)}` },
    });
    await socket.next('welcome');
    socket.send({
      t: 'place_order',
      id: 'by-socket-1',
      instrumentId: id,
      side: 'buy',
      price: '600.00',
      quantity: '200',
      timeInForce: 'immediate_or_cancel',
    });
    const ack = await socket.next('ack', (frame) => frame.id === 'by-socket-1');
    expect(ack.outcome).toMatchObject({ status: 'accepted', state: 'filled', filled: '200.000' });
    // The seller's own retry over the other door, and the buyer's over HTTP, find their first outcome.
    expect(await market.order(seller, id, { side: 'sell', quantity: '300', commandId })).toEqual(placed);
    const retried = await market.order(buyer, id, {
      quantity: '200',
      timeInForce: 'immediate_or_cancel',
      commandId: 'by-socket-1',
    });
    expect(retried.body).toMatchObject({ seq: ack.seq, outcome: ack.outcome });
    const reused = await market.order(buyer, id, { quantity: '100', commandId: 'by-socket-1' });
    expect(reused).toMatchObject({ status: 409, body: { code: 'bid.command_id_reused' } });
    expect(await market.mine(seller, id)).toMatchObject({
      open: [{ orderId: 1, commandId, filled: '200.000', remaining: '100.000' }],
      fills: [{ tradeNumber: 1, side: 'sell', quantity: '200.000' }],
    });
    expect((await market.mine(buyer, id)).open).toEqual([]);
    socket.socket.close();
    await socket.closed;
  });

  it('are amended, cancelled one by one, by side and all', async () => {
    const id = await market.instrument();
    const who = await market.trader('maker', id);
    const path = `/v1/instruments/${id}`;
    const batch = await market.call(who, 'POST', `${path}/orders/batch`, {
      commandId: market.fresh('batch-id-'),
      orders: ['590.00', '591.00', '700.00', '592.00'].map((price) => ({
        side: 'buy',
        price,
        quantity: '100',
        timeInForce: 'day',
      })),
    });
    expect(batch).toMatchObject({
      status: 201,
      body: {
        outcome: {
          lines: [
            { orderId: 1, state: 'resting' },
            { orderId: 2 },
            { status: 'rejected', code: 'order.price_outside_collar', accepted: { priceMaximum: '660.00' } },
            { orderId: 3 },
          ],
        },
      },
    });
    await market.order(who, id, { side: 'sell', price: '610.00' });
    const amended = await market.call(who, 'POST', `${path}/orders/1/amend`, {
      commandId: market.fresh('amend-id-'),
      price: '589.00',
      quantity: '200',
    });
    expect(amended).toMatchObject({ status: 200, body: { outcome: { remaining: '200.000' } } });
    const cancelled = await market.call(who, 'POST', `${path}/orders/1/cancel`, {
      commandId: market.fresh('cancel-id-'),
    });
    expect(cancelled.body.outcome.cancelled).toEqual([1]);
    const side = { commandId: market.fresh('cancel-id-'), side: 'buy' };
    expect((await market.call(who, 'POST', `${path}/cancel-orders`, side)).body.outcome.cancelled).toEqual([
      2, 3,
    ]);
    const all = { commandId: market.fresh('cancel-id-') };
    expect((await market.call(who, 'POST', `${path}/cancel-orders`, all)).body.outcome.cancelled).toEqual([
      4,
    ]);
    await market.caughtUp(id);
    const rows = await market.db.sql`select order_id, state, reason, price_ticks, quantity_lots, line
      from market_order where instrument_id = ${id} order by order_id`;
    expect(rows).toMatchObject([
      { state: 'cancelled', reason: 'requested', price_ticks: 589, quantity_lots: 2, line: 0 },
      { state: 'cancelled', line: 1 },
      { state: 'cancelled', line: 3 },
      { state: 'cancelled', line: null },
    ]);
  });

  it('of another company are as unknown as those that never were', async () => {
    const id = await market.instrument();
    const [owner, stranger] = [await market.trader('owner', id), await market.trader('stranger', id)];
    await market.order(owner, id, {});
    const answers = [];
    for (const orderId of [1, 999]) {
      const path = `/v1/instruments/${id}/orders/${orderId}`;
      const amend = { commandId: market.fresh('amend-id-'), price: '599.00', quantity: '100' };
      answers.push(await market.call(stranger, 'POST', `${path}/amend`, amend));
      answers.push(
        await market.call(stranger, 'POST', `${path}/cancel`, { commandId: market.fresh('cancel-') }),
      );
    }
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 404, body: { code: 'order.unknown' } });
    const withoutId = answers.map(({ body: { requestId: _one, ...rest } }) => rest);
    expect(withoutId[2]).toEqual(withoutId[0]);
    expect(withoutId[3]).toEqual(withoutId[1]);
    const none = { commandId: market.fresh('cancel-id-') };
    const all = await market.call(stranger, 'POST', `/v1/instruments/${id}/cancel-orders`, none);
    expect(all.body.outcome.cancelled).toEqual([]);
    expect((await market.mine(owner, id)).open).toHaveLength(1);
    expect((await market.mine(stranger, id)).open).toEqual([]);
  });
});

describe('a trade', () => {
  it('becomes a contract once its seller has named a lot that fits, and then binds nobody’s money', async () => {
    const { id, buyer, seller, tradeId } = await traded();
    expect((await market.call(buyer, 'GET', '/v1/market-trades')).body.items).toMatchObject([
      {
        id: tradeId,
        side: 'buy',
        state: 'to_nominate',
        price: '600.00',
        quantity: '200.000',
        counterparty: { id: seller, name: `Company of ${seller}` },
        contractId: null,
      },
    ]);
    expect(await market.release(buyer, id, '10000000.00')).toMatchObject({
      status: 409,
      body: { code: 'exposure.in_use', accepted: { amountMaximum: '9880000.00' } },
    });
    const unsettled = async (who: string) => (await market.mine(who, id)).unsettled;
    expect(await unsettled(buyer)).toEqual({ exposure: '120000.00', bought: '200.000', sold: '0.000' });
    expect(await unsettled(seller)).toEqual({ exposure: '120000.00', bought: '0.000', sold: '200.000' });
    const listingId = await listed(seller);
    const done = await nominate(seller, tradeId, listingId);
    expect(done).toMatchObject({ status: 200, body: { id: tradeId, state: 'contracted', side: 'sell' } });
    const [contract] = await market.db.sql`select c.state, s.* from contract c join sale s on s.id = c.sale_id
      where c.id = ${done.body.contractId}`;
    expect(contract).toMatchObject({
      state: 'drafted',
      origin_kind: 'order_book',
      origin_key: `trade:${id}:1`,
      seller_id: seller,
      buyer_id: buyer,
      quantity_kg: '200000',
      price_per_tonne: '60000',
    });
    const [row] = await market.db.sql`select state, remaining_kg from listing where id = ${listingId}`;
    expect(row).toMatchObject({ state: 'published', remaining_kg: '800000' });
    await market.work();
    await market.caughtUp(id);
    expect(await unsettled(buyer)).toEqual({ exposure: '0.00', bought: '0.000', sold: '0.000' });
    expect(await market.release(buyer, id, '10000000.00')).toMatchObject({ status: 200 });
    expect(await market.money(buyer)).toEqual({ free: 10_000_000, held: 0 });
  });

  it('binds its buyer at the limit of the order, as much as the market lets nobody take back', async () => {
    const id = await market.instrument();
    const [buyer, seller] = [await market.trader('buyer', id), await market.trader('seller', id)];
    await market.order(seller, id, { side: 'sell', price: '599.00', quantity: '200' });
    await market.order(buyer, id, { price: '605.00', quantity: '200' });
    await market.caughtUp(id);
    const { limits, unsettled } = await market.mine(buyer, id);
    expect(unsettled.exposure).toBe('121000.00');
    const refused = await market.release(buyer, id, limits.exposureLimit);
    expect(refused.body.accepted).toEqual({ amountMaximum: '9879000.00' });
  });

  it('is the seller’s to nominate, once, with a lot of its own that fits', async () => {
    const { buyer, seller, tradeId } = await traded();
    const fits = await listed(seller);
    const unfit = async (listingId: string) => {
      const { status, body } = await nominate(seller, tradeId, listingId);
      return [status, body.code, body.fields?.listingId];
    };
    const code = 'trade.listing_unfit';
    expect(await unfit(await listed(buyer))).toEqual([422, code, 'not_yours']);
    expect(await unfit('none')).toEqual([422, code, 'not_yours']);
    expect(await unfit(await listed(seller, { quantity: '199' }))).toEqual([422, code, 'quantity']);
    expect(await unfit(await listed(seller, { currency: 'USD' }))).toEqual([422, code, 'currency']);
    expect(await unfit(await listed(seller, { deliveryTerm: 'fca' }))).toEqual([422, code, 'delivery_term']);
    const withdrawn = await listed(seller);
    await market.call(seller, 'POST', `/v1/listings/${withdrawn}/withdraw`);
    expect(await unfit(withdrawn)).toEqual([422, code, 'not_on_market']);
    for (const who of [buyer, 'stranger'])
      expect(await nominate(who, tradeId, fits)).toMatchObject({
        status: 404,
        body: { code: 'resource.not_found' },
      });
    expect((await nominate(seller, 'none', fits)).status).toBe(404);
    // Two clicks at once: one contract, and the lot is sold once.
    const answers = await Promise.all([nominate(seller, tradeId, fits), nominate(seller, tradeId, fits)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('trade.already_nominated');
    const [row] = await market.db.sql`select remaining_kg from listing where id = ${fits}`;
    expect(row).toMatchObject({ remaining_kg: '800000' });
  });

  it('whose coal nobody names in time waits in the staff’s queue, with its trail, until somebody does', async () => {
    const { id, seller, buyer, tradeId } = await traded();
    const queued = async () =>
      (await market.call('staff1', 'GET', '/v1/staff/overdue-trades')).body.items.filter(
        (trade: { id: string }) => trade.id === tradeId,
      );
    expect(await queued()).toEqual([]);
    expect(await market.workLater('trading.nominations_due')).toContain('done');
    expect(await queued()).toMatchObject([
      { instrumentId: id, tradeNumber: 1, seller: { id: seller }, buyer: { id: buyer } },
    ]);
    const trail = await market.db.sql`select action, detail from audit_entry where subject = ${tradeId}`;
    expect(trail).toMatchObject([{ action: 'trade.nomination_overdue', detail: { sellerId: seller } }]);
    expect((await nominate(seller, tradeId, await listed(seller))).status).toBe(200);
    expect(await queued()).toEqual([]);
  });
});

it('rebuilt from the journal, the views are what they were, and nothing is asked for twice', async () => {
  const { id, seller } = await traded();
  await market.order(seller, id, { side: 'sell', price: '603.00', quantity: '500' });
  await market.caughtUp(id);
  const tables = ['instrument', 'instrument_phase', 'market_order', 'market_trade', 'market_block'];
  const read = async () => {
    const all: unknown[] = [];
    for (const table of [...tables, 'trade_nomination', 'exposure', 'exposure_return', 'sale'])
      all.push(await market.db.sql.unsafe(`select * from ${table} order by 1, 2`));
    const [work] = await market.db.sql`select count(*) from outbox`;
    return [...all, work];
  };
  const before = await read();
  await market.rebuild(tables);
  expect(await read()).toEqual(before);
  // Every entry once more, onto what is there.
  await market.rebuild([]);
  expect(await read()).toEqual(before);
});
