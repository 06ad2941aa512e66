/** Every way in which the routes of order books say no, each brought about as it would be in life. */
import { type ProblemCode, marketRoutes } from '@seam/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TradingMarket, personLimits } from './testing.ts';

type Name = keyof typeof marketRoutes;
/** By the route: what this file has seen it answer. */
const seen = new Map<Name, Set<string>>();
/** Of the world, not of the caller: shown below by a market that cannot be reached. */
const OUTCOMES = {
  overloaded: 'service.overloaded',
  not_leading: 'service.unavailable',
  unknown: 'bid.outcome_unknown',
} as const;

let market: TradingMarket;
/** Trades all year, `maker` has 10 million in it. */
let id: string;
let maker: string;
beforeAll(async () => {
  market = await TradingMarket.open();
});
it('a market to be refused by', async () => {
  id = await market.instrument();
  maker = await market.trader('maker', id);
});
afterAll(async () => market.close());

type Of = { readonly as?: string; readonly id?: string; readonly orderId?: number; readonly body?: object };
async function call(name: Name, of: Of) {
  const { method, url } = marketRoutes[name];
  const path = url.replace(':id', of.id ?? id).replace(':orderId', String(of.orderId ?? 1));
  const answer = await market.call(of.as ?? maker, method, path, of.body);
  if (answer.status >= 400) {
    const codes = seen.get(name) ?? new Set();
    seen.set(name, codes.add(answer.body.code));
  }
  return answer;
}
const ORDER = { side: 'buy', price: '600.00', quantity: '100', timeInForce: 'good_till_cancel' };
const place = (more: object = {}) => ({ commandId: market.fresh('command-'), ...ORDER, ...more });
const batch = (...orders: object[]) => ({
  commandId: market.fresh('command-'),
  orders: orders.map((order) => ({ ...ORDER, ...order })),
});
const amend = (more: object = {}) => ({
  commandId: market.fresh('command-'),
  price: '600.00',
  quantity: '100',
  ...more,
});
const own = (more: object = {}) => ({ commandId: market.fresh('command-'), ...more });
const PHASES = () => [
  { phase: 'continuous', startsAt: market.at(60) },
  { phase: 'closed', startsAt: market.at(120) },
];

async function refused(name: Name, of: Of, code: ProblemCode, accepted?: object): Promise<void> {
  const answer = await call(name, of);
  expect([name, answer.status >= 400, answer.body.code]).toEqual([name, true, code]);
  if (accepted) expect(answer.body.accepted).toEqual(accepted);
}

describe('an order', () => {
  it('off the grid or out of its limits is refused with what would be taken', async () => {
    const wrong: [object, ProblemCode, object?][] = [
      [{ price: '600.50' }, 'order.price_off_grid', { tickSize: '1.00' }],
      [{ quantity: '150' }, 'order.quantity_off_grid', { lotSize: '100.000' }],
      [{ price: '661.00' }, 'order.price_outside_collar', { priceMinimum: '540.00', priceMaximum: '660.00' }],
      [{ price: '631.00' }, 'order.confirm_required', { priceMinimum: '570.00', priceMaximum: '630.00' }],
      [{ quantity: '0' }, 'order.quantity_out_of_range'],
      [{ quantity: '8400' }, 'order.notional_exceeded', { quantityMaximum: '8300.000' }],
      [{ minimumQuantity: '200' }, 'order.minimum_quantity_invalid', { quantityMaximum: '100.000' }],
      [{ timeInForce: 'good_till_date' }, 'order.expiry_invalid'],
      [{ timeInForce: 'good_till_date', expiresAt: '2026-13-01T00:00:00Z' }, 'order.expiry_invalid'],
    ];
    for (const [more, code, accepted] of wrong)
      await refused('placeOrder', { body: place(more) }, code, accepted);
    for (const [more, code] of wrong.filter(([, code]) => code.endsWith('off_grid')))
      await refused('placeOrders', { body: batch({}, more) }, code);
    const never = { timeInForce: 'good_till_date', expiresAt: '2026-13-01T00:00:00Z' };
    await refused('placeOrders', { body: batch(never) }, 'order.expiry_invalid');
  });

  it('beyond the exposure limit, and in its last tenth, is refused', async () => {
    const poor = await market.trader('poor', id, 130_000);
    const as = poor;
    await refused('placeOrder', { as, body: place({ quantity: '300' }) }, 'order.exposure_exceeded', {
      quantityMaximum: '200.000',
    });
    const { body } = await call('placeOrder', { as, body: place({ price: '580.00', quantity: '100' }) });
    const { orderId } = body.outcome;
    await refused('amendOrder', { as, orderId, body: amend({ quantity: '300' }) }, 'order.exposure_exceeded');
    await call('amendOrder', { as, orderId, body: amend({ price: '590.00', quantity: '200' }) });
    await refused('placeOrder', { as, body: place({}) }, 'order.reduce_only', { quantityMaximum: '0.000' });
    await refused('amendOrder', { as, orderId, body: amend({ quantity: '200' }) }, 'order.reduce_only');
    await call('cancelOrders', { as, body: own() });
  });

  it('that would take, though it may only rest, is refused, also by an amend', async () => {
    const taker = await market.trader('taker', id);
    await call('placeOrder', { body: place({ side: 'sell', price: '605.00' }) });
    const would = place({ price: '605.00', postOnly: true });
    await refused('placeOrder', { as: taker, body: would }, 'order.would_take', {
      priceTaken: '605.00',
      priceAccepted: '604.00',
    });
    const rests = await call('placeOrder', { as: taker, body: place({ price: '580.00', postOnly: true }) });
    const { orderId } = rests.body.outcome;
    await refused('amendOrder', { as: taker, orderId, body: amend({ price: '606.00' }) }, 'order.would_take');
    await call('cancelOrders', { as: taker, body: own() });
    await call('cancelOrders', { body: own() });
  });

  it('is amended only to something else that would be taken', async () => {
    const { body } = await call('placeOrder', { body: place() });
    const { orderId } = body.outcome;
    const wrong: [object, ProblemCode][] = [
      [{}, 'order.unchanged'],
      [{ price: '600.01' }, 'order.price_off_grid'],
      [{ quantity: '99' }, 'order.quantity_off_grid'],
      [{ price: '700.00' }, 'order.price_outside_collar'],
      [{ price: '635.00' }, 'order.confirm_required'],
      [{ quantity: '0' }, 'order.quantity_out_of_range'],
      [{ quantity: '8400' }, 'order.notional_exceeded'],
    ];
    for (const [more, code] of wrong) await refused('amendOrder', { orderId, body: amend(more) }, code);
    await refused('amendOrder', { orderId: 2_000_000_000, body: amend() }, 'order.unknown');
    await refused('cancelOrder', { orderId: 2_000_000_000, body: own() }, 'order.unknown');
    await call('cancelOrders', { body: own() });
  });

  it('number ten thousand and one of a company is refused', async () => {
    const many = await market.trader('many', id, 1_000_000_000);
    const orders = Array.from({ length: 50 }, () => ({ ...ORDER, price: '560.00', confirm: true }));
    await Promise.all(
      Array.from({ length: 200 }, async () => call('placeOrders', { as: many, body: batch(...orders) })),
    );
    await refused('placeOrder', { as: many, body: place() }, 'order.limit_reached', {
      ordersMaximum: '10000',
    });
    const cancelled = await call('cancelOrders', { as: many, body: own() });
    expect(cancelled.body.outcome.cancelled).toHaveLength(10_000);
  });

  it('under an id that was used for something else is refused', async () => {
    const commandId = market.fresh('command-');
    await call('placeOrder', { body: place({ commandId }) });
    for (const [name, body] of [
      ['placeOrder', place({ commandId, price: '601.00' })],
      ['placeOrders', { ...batch({}), commandId }],
      ['amendOrder', amend({ commandId })],
      ['cancelOrder', own({ commandId })],
      ['cancelOrders', own({ commandId })],
      ['releaseExposure', own({ commandId, amount: '1.00' })],
    ] as const)
      await refused(name, { body }, 'bid.command_id_reused');
    await call('cancelOrders', { body: own() });
  });
});

/** What a market says to every order and cancel in a state of its own. */
async function everyOrder(of: Of, taking: ProblemCode, cancelling?: ProblemCode): Promise<void> {
  await refused('placeOrder', { ...of, body: place() }, taking);
  await refused('placeOrders', { ...of, body: batch({}) }, taking);
  await refused('amendOrder', { ...of, body: amend() }, taking);
  if (cancelling === undefined) return;
  await refused('cancelOrder', { ...of, body: own() }, cancelling);
  await refused('cancelOrders', { ...of, body: own() }, cancelling);
}

describe('a market', () => {
  it('that there is not, or that does not know the company', async () => {
    await everyOrder({ id: 'none' }, 'market.unknown', 'market.unknown');
    const stranger = await market.company('stranger', 1);
    await everyOrder({ as: stranger }, 'account.not_admitted', 'account.not_admitted');
    const as = 'staff1';
    const amount = { amount: '1.00' };
    await refused('holdExposure', { id: 'none', body: amount }, 'market.unknown');
    await refused('releaseExposure', { id: 'none', body: own(amount) }, 'market.unknown');
    await refused('scheduleSession', { as, id: 'none', body: { session: PHASES() } }, 'market.unknown');
    await refused('superviseMarket', { as, id: 'none', body: { action: 'resume' } }, 'market.unknown');
    const lift = { action: 'lift', scope: { of: 'market' } };
    await refused('killSwitch', { as, id: 'none', body: lift }, 'market.unknown');
    const line = { from: maker, to: maker, amount: null };
    await refused('setCreditLine', { as, id: 'none', body: line }, 'market.unknown');
    for (const name of ['instrument', 'instrumentBook', 'instrumentTrades', 'marketPosition'] as const)
      await refused(name, { id: 'none' }, 'resource.not_found');
    await refused('marketSupervision', { as, id: 'none' }, 'resource.not_found');
    await refused('nominateTrade', { id: 'none', body: { listingId: 'l' } }, 'resource.not_found');
  });

  it('that is halted, takes cancels only, or is stopped', async () => {
    const stopped = await market.instrument();
    await market.hold(await market.trader('x', stopped), stopped, '1.00');
    const of = { id: stopped, as: await market.trader('maker', stopped) };
    const staff = { as: 'staff1', id: stopped };
    const reason = 'Test';
    await call('superviseMarket', { ...staff, body: { action: 'cancel_only', reason } });
    await everyOrder(of, 'market.cancel_only');
    await call('superviseMarket', { ...staff, body: { action: 'halt', reason } });
    await everyOrder(of, 'market.halted', 'market.halted');
    await refused('superviseMarket', { ...staff, body: { action: 'halt', reason } }, 'market.state_conflict');
    await call('superviseMarket', { ...staff, body: { action: 'resume' } });
    await refused('superviseMarket', { ...staff, body: { action: 'resume' } }, 'market.approvals_invalid');
    await call('superviseMarket', { as: 'staff2', id: stopped, body: { action: 'resume' } });
    const scope = { of: 'market' };
    await refused('killSwitch', { ...staff, body: { action: 'lift', scope } }, 'trading.not_blocked');
    await call('killSwitch', { ...staff, body: { action: 'set', scope, reason } });
    await everyOrder(of, 'trading.blocked');
    await refused('killSwitch', { ...staff, body: { action: 'set', scope, reason } }, 'trading.blocked');
    await call('killSwitch', { ...staff, body: { action: 'lift', scope } });
    await refused('killSwitch', { ...staff, body: { action: 'lift', scope } }, 'market.approvals_invalid');
    const nobody = { of: 'account', organisationId: 'nobody' };
    await refused(
      'killSwitch',
      { ...staff, body: { action: 'set', scope: nobody, reason } },
      'account.invalid',
    );
  });

  it('that is closed, collects orders, or keeps them until its call has ended', async () => {
    const called = market.fresh('Q5500-');
    const session = [
      { phase: 'call' as const, startsAt: market.at(60), noCancelSeconds: 30 },
      { phase: 'continuous' as const, startsAt: market.at(120) },
      { phase: 'closed' as const, startsAt: market.at(180) },
    ];
    await call('listInstrument', { as: 'staff1', body: market.terms(called, session) });
    const of = { id: called, as: await market.trader('maker', called) };
    await everyOrder(of, 'market.closed');
    market.turnClock(61);
    await refused('placeOrder', { ...of, body: place({ postOnly: true }) }, 'order.not_in_call', {
      field: 'postOnly',
    });
    await call('placeOrder', { ...of, body: place() });
    market.turnClock(31);
    await refused('amendOrder', { ...of, body: amend({ quantity: '200' }) }, 'order.cancel_barred');
    await refused('cancelOrder', { ...of, body: own() }, 'order.cancel_barred');
    await refused('cancelOrders', { ...of, body: own() }, 'order.cancel_barred');
  });

  it('refuses money, terms and credit lines that are out of range', async () => {
    await refused('holdExposure', { body: { amount: '0.00' } }, 'exposure.invalid');
    await refused('holdExposure', { body: { amount: '1000000.00' } }, 'ledger.insufficient_funds');
    await refused('releaseExposure', { body: own({ amount: '0.00' }) }, 'exposure.invalid');
    await refused('releaseExposure', { body: own({ amount: '10000000.01' }) }, 'exposure.in_use', {
      amountMaximum: '10000000.00',
    });
    const as = await market.company('stranger', 1);
    await refused('releaseExposure', { as, body: own({ amount: '1.00' }) }, 'account.not_admitted');
    const staff = { as: 'staff1' };
    const session = [
      { phase: 'continuous' as const, startsAt: market.at(60) },
      { phase: 'closed' as const, startsAt: market.at(120) },
    ];
    await refused('listInstrument', { ...staff, body: market.terms(id, session) }, 'market.duplicate');
    const wrong = { ...market.terms(market.fresh('Q'), session), tickSize: '0' };
    await refused('listInstrument', { ...staff, body: wrong }, 'market.terms_invalid');
    await refused('scheduleSession', { ...staff, body: { session } }, 'market.terms_invalid');
    const line = { from: maker, to: maker, amount: '1.00' };
    await refused('setCreditLine', { ...staff, body: line }, 'credit_line.invalid');
  });

  it('that cannot be reached or is overloaded says so, and nothing is journaled', async () => {
    const before = market.exchange.market(id)?.seq;
    await market.fund(maker, 10);
    const staff = { as: 'staff1' };
    const scope = { of: 'market' };
    const stopped = await market.instrument();
    const resume = { ...staff, id: stopped, body: { action: 'resume' } };
    await call('superviseMarket', { ...staff, id: stopped, body: { action: 'halt', reason: 'Test' } });
    await call('superviseMarket', { ...resume, as: 'staff2' });
    for (const [code, told] of Object.entries(OUTCOMES) as [keyof typeof OUTCOMES, ProblemCode][])
      await market.whileRefusing(code, async () => {
        await everyOrder({}, told, told);
        await refused('holdExposure', { body: { amount: '1.00' } }, told);
        await refused('releaseExposure', { body: own({ amount: '1.00' }) }, told);
        await refused('superviseMarket', resume, told);
        await refused('killSwitch', { ...staff, body: { action: 'set', scope, reason: 'r' } }, told);
        const year = 366 * 24 * 3600;
        const session = [
          { phase: 'continuous' as const, startsAt: market.at(year) },
          { phase: 'closed' as const, startsAt: market.at(year + 1) },
        ];
        await refused('scheduleSession', { ...staff, body: { session } }, told);
        await refused('listInstrument', { ...staff, body: market.terms(market.fresh('Q'), session) }, told);
        await refused('setCreditLine', { ...staff, body: { from: maker, to: maker, amount: null } }, told);
      });
    expect(market.exchange.market(id)?.seq).toBe(before);
    // Held three times meanwhile: counted when the market is back.
    await market.work();
    expect((await market.mine(maker, id)).limits.exposureLimit).toBe('10000003.00');
  });
});

it('403 beyond what the person may bind its company to, and nothing reaches the market', async () => {
  const as = await market.trader('limited', id);
  personLimits.set(as, { CNY: '5999999' });
  const [code, before] = ['member.limit_exceeded', market.exchange.market(id)?.seq] as const;
  await refused('placeOrder', { as, body: place() }, code, {
    limit: '59999.99',
    currency: 'CNY',
    value: '60000.00',
  });
  await refused('placeOrders', { as, body: batch({}) }, code);
  await refused('amendOrder', { as, body: amend() }, code);
  expect(market.exchange.market(id)?.seq).toBe(before);
  personLimits.delete(as);
});

it('these are all the refusals that the routes name, and the routes name them all', () => {
  // With lots of its own, in trading.pg.test.ts.
  const elsewhere = { nominateTrade: ['trade.already_nominated', 'trade.listing_unfit'] };
  for (const [name, codes] of Object.entries(elsewhere))
    for (const code of codes) seen.set(name as Name, (seen.get(name as Name) ?? new Set()).add(code));
  for (const [name, { problems }] of Object.entries(marketRoutes))
    expect([name, [...(seen.get(name as Name) ?? [])].toSorted()]).toEqual([name, [...problems].toSorted()]);
});
