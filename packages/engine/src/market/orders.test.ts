import { describe, expect, it } from 'vitest';
import { instant, lots, ticks } from '@seam/units';
import { Venue, at, refusalOf, tradesOf, typesOf } from '../oracle/market-book/venue.ts';
import { instrument } from '../oracle/market-book/terms.ts';

const DAY = 86_400_000;
const open = (...accounts: string[]): Venue => {
  const venue = Venue.open().admit(...accounts);
  venue.to(0);
  return venue;
};
const code = (told: Parameters<typeof refusalOf>[0]): string | undefined => refusalOf(told)?.code;

describe('matching', () => {
  it('gives the worked example of the rules (A10): who has no line is passed over, and rests crossed', () => {
    const venue = Venue.open({ referencePrice: ticks(8050) });
    for (const accountId of ['a', 'b', 'x', 'y', 'z'])
      venue.admitAs(accountId, { settlementClass: 'credit' });
    for (const [from, to] of [
      ['b', 'y'],
      ['b', 'z'],
      ['a', 'x'],
    ] as const) {
      venue.send({ type: 'set_credit_line', instrumentId: 'm', from, to, amount: 'open' });
      venue.send({ type: 'set_credit_line', instrumentId: 'm', from: to, to: from, amount: 'open' });
    }
    venue.to(0);
    venue.place('x', 'sell 25@8050');
    venue.place('y', 'sell 50@8050');
    venue.place('z', 'sell 25@8060');
    expect(tradesOf(venue.place('b', 'buy 75@8060'))).toEqual(['4 2 50@8050', '4 3 25@8060']);
    expect(tradesOf(venue.place('a', 'buy 50@8055'))).toEqual(['5 1 25@8050']);
    expect(venue.book()).toEqual(['a 25@8055']);
    const ioc = venue.place('y', 'sell 25@8060', { timeInForce: 'immediate_or_cancel' });
    expect(typesOf(ioc)).toEqual(['order_accepted', 'order_cancelled']);
    expect(venue.book()).toEqual(['a 25@8055']);
  });

  it('keeps the entry of a resting order small: command and events well under 400 bytes', () => {
    const uuid = '0190b7c8-3f6e-7cc1-a2a4-1d2f0e4b5a69';
    const venue = Venue.open().admit(uuid);
    venue.to(0);
    const command = {
      type: 'place_order',
      instrumentId: uuid,
      accountId: uuid,
      ...venue.order('buy 25@1050'),
      seq: 123_456_789,
      at: at(0),
    };
    const events = venue.place(uuid, 'buy 25@1050');
    expect(JSON.stringify({ command, events }).length).toBeLessThan(320);
  });

  it('lets several orders of one command see each other, each with its own outcome', () => {
    const venue = open('a', 'b');
    const orders = [venue.order('sell 5@1000'), venue.order('sell 5@9999'), venue.order('sell 5@1001')];
    const told = venue.send({ type: 'place_orders', instrumentId: 'm', accountId: 'a', orders });
    expect(told).toMatchObject([
      { type: 'order_accepted', orderId: 1, line: 0 },
      { type: 'order_rejected', line: 1, rejection: { code: 'order_price_outside_collar' } },
      { type: 'order_accepted', orderId: 2, line: 2 },
    ]);
    const both = [venue.order('buy 7@1001'), venue.order('sell 1@1000')];
    const second = venue.send({ type: 'place_orders', instrumentId: 'm', accountId: 'b', orders: both });
    expect(tradesOf(second)).toEqual(['3 1 5@1000', '3 2 2@1001']);
    for (const count of [0, 51]) {
      const wrong = Array.from({ length: count }, () => venue.order('buy 1@900'));
      expect(
        code(venue.send({ type: 'place_orders', instrumentId: 'm', accountId: 'b', orders: wrong })),
      ).toBe('batch_size_invalid');
    }
    const most = Array.from({ length: 50 }, () => venue.order('buy 1@900'));
    expect(
      venue.send({ type: 'place_orders', instrumentId: 'm', accountId: 'b', orders: most }),
    ).toHaveLength(50);
  });

  it('changes an order: less keeps its place, more or another price goes to the end, what is filled stays filled', () => {
    const venue = open('a', 'b', 'c');
    venue.place('a', 'buy 10@1000');
    venue.place('b', 'buy 10@1000');
    expect(venue.amend('a', 1, 'buy 6@1000')).toEqual([
      { type: 'order_amended', orderId: 1, keepsPriority: true },
    ]);
    expect(venue.book()).toEqual(['a 6@1000', 'b 10@1000']);
    expect(tradesOf(venue.place('c', 'sell 2@1000'))).toEqual(['3 1 2@1000']);
    expect(refusalOf(venue.amend('a', 1, 'buy 2@1000'))).toEqual({
      code: 'order_quantity_out_of_range',
      quantityMinimum: 3,
      quantityMaximum: 1_000_000_000,
    });
    expect(venue.amend('a', 1, 'buy 7@1000')).toEqual([
      { type: 'order_amended', orderId: 1, keepsPriority: false },
    ]);
    expect(venue.book()).toEqual(['b 10@1000', 'a 5@1000']);
    expect(code(venue.amend('a', 1, 'buy 7@1000'))).toBe('order_unchanged');
    venue.place('c', 'sell 4@1001');
    expect(tradesOf(venue.amend('b', 2, 'buy 10@1001'))).toEqual(['2 4 4@1001']);
    expect(venue.book()).toEqual(['b 6@1001', 'a 5@1000']);
  });

  it('shows a stranger’s order as unknown, and changes nothing by it', () => {
    const venue = open('a', 'b');
    venue.place('a', 'buy 10@1000');
    for (const told of [venue.cancel('b', 1), venue.cancel('b', 77), venue.amend('b', 1, 'buy 1@1000')]) {
      expect(refusalOf(told)).toEqual({ code: 'order_unknown' });
    }
    expect(code(venue.cancel('nobody', 1))).toBe('account_not_admitted');
    expect(venue.book()).toEqual(['a 10@1000']);
  });

  it('records each prevented trade inside an owner group, and lets the newer order go', () => {
    const venue = Venue.open().admitAs('a', { ownerGroup: 'g' }).admitAs('b', { ownerGroup: 'g' });
    venue.to(0);
    venue.place('a', 'sell 5@1000');
    expect(venue.place('b', 'buy 8@1000')).toEqual([
      { type: 'order_accepted', orderId: 2 },
      { type: 'self_trade_prevented', orderId: 2, restingOrderId: 1, price: 1000, quantity: 5 },
      { type: 'order_cancelled', orderId: 2, quantity: 8, reason: 'self_trade' },
    ]);
    expect(venue.book()).toEqual(['a 5@1000']);
  });
});

describe('limits of an order, each at its edge and one beyond', () => {
  const terms = {
    collar: { hardBasisPoints: 1_000, softBasisPoints: 333 },
    maximumOrderNotional: '100000',
  };
  const venue = Venue.open(terms).admit('a').admitAs('poor', { limit: '5000' });
  venue.to(0);
  const edge = at(0);
  it.each([
    ['lowest price of the hard collar', 'buy 1@900', { confirm: true }, undefined],
    ['one tick below it', 'buy 1@899', { confirm: true }, 'order_price_outside_collar'],
    ['highest price of the hard collar', 'sell 1@1100', { confirm: true }, undefined],
    ['one tick above it', 'sell 1@1101', { confirm: true }, 'order_price_outside_collar'],
    // 1000 × 333 / 10,000 = 33.3: the edge is rounded to the inside.
    ['lowest price that needs no confirmation', 'buy 1@967', {}, undefined],
    ['one tick below it', 'buy 1@966', {}, 'order_confirm_required'],
    ['highest price that needs no confirmation', 'sell 1@1033', {}, undefined],
    ['one tick above it', 'sell 1@1034', {}, 'order_confirm_required'],
    ['confirmed', 'sell 1@1034', { confirm: true }, undefined],
    ['largest notional', 'buy 100@1000', { timeInForce: 'immediate_or_cancel' }, undefined],
    ['one lot more', 'buy 101@1000', { timeInForce: 'immediate_or_cancel' }, 'order_notional_exceeded'],
    ['no lot', 'buy 0@1000', {}, 'order_quantity_out_of_range'],
    ['minimum of all lots', 'buy 3@999', { minimumQuantity: lots(3) }, undefined],
    ['minimum of one lot more', 'buy 3@999', { minimumQuantity: lots(4) }, 'order_minimum_quantity_invalid'],
    [
      'expires in a millisecond',
      'buy 1@999',
      { timeInForce: 'good_till_date', expiresAt: instant(edge + 1) },
      undefined,
    ],
    ['expires now', 'buy 1@999', { timeInForce: 'good_till_date', expiresAt: edge }, 'order_expiry_invalid'],
    [
      'expires in a year and a day',
      'buy 1@999',
      { timeInForce: 'good_till_date', expiresAt: instant(edge + 366 * DAY) },
      undefined,
    ],
    [
      'a millisecond later',
      'buy 1@999',
      { timeInForce: 'good_till_date', expiresAt: instant(edge + 366 * DAY + 1) },
      'order_expiry_invalid',
    ],
    ['a date without needing one', 'buy 1@999', { expiresAt: instant(edge + 1) }, 'order_expiry_invalid'],
    ['no date where one is needed', 'buy 1@999', { timeInForce: 'good_till_date' }, 'order_expiry_invalid'],
  ] as const)('%s', (_, text, change, refusal) => {
    expect(code(venue.place('a', text, change))).toBe(refusal);
  });

  it('takes the last lot that an exposure limit covers, and says how many it would take', () => {
    expect(code(venue.place('poor', 'buy 4@999'))).toBeUndefined();
    // 5000 - 3996 leaves 1004.
    expect(refusalOf(venue.place('poor', 'buy 2@999'))).toEqual({
      code: 'order_exposure_exceeded',
      quantityMaximum: 1,
    });
    expect(code(venue.place('poor', 'buy 1@1000'))).toBeUndefined();
    expect(refusalOf(venue.place('poor', 'buy 1@967'))).toEqual({
      code: 'order_reduce_only',
      quantityMaximum: 0,
    });
  });

  it('lets an account have ten thousand orders and not one more', () => {
    const busy = Venue.open().admit('a');
    busy.to(0);
    const orders = Array.from({ length: 50 }, () => busy.order('buy 1@600'));
    for (let batch = 0; batch < 200; batch++) {
      busy.send({ type: 'place_orders', instrumentId: 'm', accountId: 'a', orders });
    }
    expect(busy.market.orders.size).toBe(10_000);
    expect(refusalOf(busy.place('a', 'buy 1@600'))).toEqual({
      code: 'order_limit_reached',
      ordersMaximum: 10_000,
    });
    busy.cancel('a', 5_000);
    expect(code(busy.place('a', 'buy 1@600'))).toBeUndefined();
  });
});

describe('an instrument', () => {
  const list = (change: object): unknown => {
    const told = new Venue().send({
      type: 'list_instrument',
      terms: instrument({ tickSize: '10', ...session(START, START + 1), ...change }),
    });
    const refusal = refusalOf(told);
    return refusal?.code === 'market_terms_invalid' ? refusal.field : refusal;
  };
  const START = 1_700_000_000_000;
  const session = (...starts: number[]): object => ({
    session: starts.map((startsAt, index) => ({
      phase: index === starts.length - 1 ? 'closed' : index % 2 === 0 ? 'continuous' : 'pre_open',
      startsAt,
    })),
  });
  const call = (change: object): object => ({
    session: [
      { phase: 'call', startsAt: START, noCancelMs: 0, randomEnd: null, ...change },
      { phase: 'closed', startsAt: START + 1_000 },
    ],
  });
  const commitment = 'a'.repeat(64);
  it.each([
    ['instrumentId', { instrumentId: 'x'.repeat(128) }, { instrumentId: 'x'.repeat(129) }],
    ['gradeId', { gradeId: 'x' }, { gradeId: '' }],
    ['specificationId', { specificationId: 'x' }, { specificationId: '' }],
    ['deliveryTerm', { deliveryTerm: 'x'.repeat(200) }, { deliveryTerm: 'x'.repeat(201) }],
    ['deliveryPlace', { deliveryPlace: 'x' }, { deliveryPlace: '' }],
    ['deliveryPeriod', { deliveryPeriod: 'x' }, { deliveryPeriod: '' }],
    ['currency', { currency: 'CNY' }, { currency: 'cny' }],
    [
      'tickSize',
      { tickSize: '1000000000', maximumOrderNotional: '1000000000000' },
      { tickSize: '1000000001' },
    ],
    ['lotSize', { tickSize: '1', lotSize: '1000' }, { tickSize: '1', lotSize: '999' }],
    [
      'lotSize',
      { lotSize: '1000000000', maximumOrderNotional: '1000000000000' },
      { lotSize: '1000000001', maximumOrderNotional: '1000000000000' },
    ],
    [
      'collar.hardBasisPoints',
      { collar: { hardBasisPoints: 10_000, softBasisPoints: 0 } },
      { collar: { hardBasisPoints: 10_001, softBasisPoints: 0 } },
    ],
    [
      'collar.hardBasisPoints',
      { collar: { hardBasisPoints: 1, softBasisPoints: 1 } },
      { collar: { hardBasisPoints: 0, softBasisPoints: 0 } },
    ],
    [
      'collar.softBasisPoints',
      { collar: { hardBasisPoints: 5, softBasisPoints: 5 } },
      { collar: { hardBasisPoints: 5, softBasisPoints: 6 } },
    ],
    ['referencePrice', { referencePrice: 1 }, { referencePrice: 0 }],
    [
      'referencePrice',
      { referencePrice: 500_000_000, maximumOrderNotional: '1000000000000000' },
      { referencePrice: 500_000_001, maximumOrderNotional: '1000000000000000' },
    ],
    [
      'maximumOrderNotional',
      { maximumOrderNotional: '1000000000000000' },
      { maximumOrderNotional: '1000000000000001' },
    ],
    // 100 ticks of 3.33 minor units.
    ['maximumOrderNotional', { maximumOrderNotional: '333' }, { maximumOrderNotional: '332' }],
    [
      'volatility.basisPoints',
      { volatility: { basisPoints: 10_000, windowMs: 1, callMs: 1 } },
      { volatility: { basisPoints: 10_001, windowMs: 1, callMs: 1 } },
    ],
    [
      'volatility.windowMs',
      { volatility: { basisPoints: 1, windowMs: DAY, callMs: 1 } },
      { volatility: { basisPoints: 1, windowMs: DAY + 1, callMs: 1 } },
    ],
    [
      'volatility.callMs',
      { volatility: { basisPoints: 1, windowMs: 1, callMs: 1 } },
      { volatility: { basisPoints: 1, windowMs: 1, callMs: 0 } },
    ],
    ['reopeningCallMs', { reopeningCallMs: DAY }, { reopeningCallMs: DAY + 1 }],
    ['session', session(START, START + 1), { session: [] }],
    [
      'session',
      session(...Array.from({ length: 500 }, (_, n) => START + n)),
      session(...Array.from({ length: 501 }, (_, n) => START + n)),
    ],
    ['session.1.startsAt', session(START, START + 1), session(START, START)],
    [
      'session.1.phase',
      session(START, START + 1),
      {
        session: [
          { phase: 'continuous', startsAt: START },
          { phase: 'pre_close', startsAt: START + 1 },
        ],
      },
    ],
    [
      'session.0.phase',
      session(START, START + 1),
      {
        session: [
          { phase: 'closed', startsAt: START },
          { phase: 'closed', startsAt: START + 1 },
        ],
      },
    ],
    ['session.0.noCancelMs', call({ noCancelMs: 1_000 }), call({ noCancelMs: 1_001 })],
    [
      'session.0.randomEnd.windowMs',
      call({ randomEnd: { windowMs: 1_000, commitment } }),
      call({ randomEnd: { windowMs: 1_001, commitment } }),
    ],
    [
      'session.0.randomEnd.commitment',
      call({ randomEnd: { windowMs: 1, commitment } }),
      call({ randomEnd: { windowMs: 1, commitment: 'A'.repeat(64) } }),
    ],
    ['rulesVersion', { rulesVersion: 1 }, { rulesVersion: 2 }],
  ])('has %s within its limit and not one beyond', (field, good, bad) => {
    expect(list(good)).toBeUndefined();
    expect(list(bad)).toBe(field);
  });

  it('is listed before its first phase', () => {
    const venue = new Venue();
    venue.now = 0;
    const terms = instrument({
      session: [
        { phase: 'continuous', startsAt: at(0) },
        { phase: 'closed', startsAt: at(1) },
      ],
    });
    expect(refusalOf(venue.send({ type: 'list_instrument', terms }))).toEqual({
      code: 'market_terms_invalid',
      field: 'session.0.startsAt',
    });
    venue.now = -1;
    expect(refusalOf(new Venue().send({ type: 'list_instrument', terms }))).toBeUndefined();
  });
});
