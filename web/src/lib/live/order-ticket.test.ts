import { describe, expect, test } from 'vitest';
import {
  type Sight,
  type Wish,
  forecast,
  heatOf,
  limitLeft,
  mostWithin,
  perGigajoule,
  steppedPrice,
  steppedQuantity,
} from './order-ticket.ts';

const wish = (more: Partial<Wish> = {}): Wish => ({
  side: 'buy',
  price: '743.00',
  quantity: '300',
  timeInForce: 'day',
  postOnly: false,
  minimumQuantity: '',
  ...more,
});
const sight = (more: Partial<Sight> = {}): Sight => ({
  status: { phase: 'continuous' },
  book: {
    buys: [
      ['741.00', '200.000', 1],
      ['740.00', '300.000', 2],
    ],
    sells: [
      ['742.00', '100.000', 1],
      ['743.00', '100.000', 1],
      ['745.00', '500.000', 1],
    ],
  },
  open: [],
  ...more,
});

describe('what an order would do', () => {
  test('takes the better levels first, and what is left waits', () => {
    expect(forecast(wish(), sight())).toEqual({
      outcome: 'takes_rests',
      taken: '200.000',
      averagePrice: '742.50',
      left: '100.000',
      binds: '222900.00',
      meetsOwn: false,
    });
    expect(forecast(wish({ price: '745.00' }), sight())).toMatchObject({
      outcome: 'takes',
      averagePrice: '743.33',
      left: '0.000',
    });
    expect(forecast(wish({ side: 'sell', price: '741.00' }), sight())).toMatchObject({
      outcome: 'takes_rests',
      taken: '200.000',
      averagePrice: '741.00',
    });
    expect(forecast(wish({ price: '741.00' }), sight())).toMatchObject({
      outcome: 'rests',
      averagePrice: null,
    });
  });

  test('nothing waits of what must trade at once', () => {
    expect(forecast(wish({ timeInForce: 'immediate_or_cancel' }), sight())?.outcome).toBe('takes_lapses');
    expect(forecast(wish({ timeInForce: 'immediate_or_cancel', price: '741.00' }), sight())?.outcome).toBe(
      'lapses',
    );
    expect(forecast(wish({ timeInForce: 'fill_or_kill' }), sight())).toMatchObject({
      outcome: 'lapses',
      taken: '0.000',
    });
    expect(forecast(wish({ timeInForce: 'fill_or_kill', quantity: '200' }), sight())?.outcome).toBe('takes');
  });

  test('a minimum that is not there ends the order, one that is there lets the rest wait', () => {
    expect(forecast(wish({ minimumQuantity: '201' }), sight())?.outcome).toBe('lapses');
    expect(forecast(wish({ minimumQuantity: '200' }), sight())?.outcome).toBe('takes_rests');
  });

  test('an order that only rests is refused where it would take, also from its own company', () => {
    expect(forecast(wish({ postOnly: true }), sight())?.outcome).toBe('would_take');
    expect(forecast(wish({ postOnly: true, price: '741.00' }), sight())?.outcome).toBe('rests');
    const open = [{ side: 'sell' as const, price: '742.00', remaining: '100.000' }];
    expect(forecast(wish({ postOnly: true, price: '742.00' }), sight({ open }))?.outcome).toBe('would_take');
  });

  test('nobody trades with itself: own orders are passed over, and what would rest against them ends', () => {
    const open = [{ side: 'sell' as const, price: '742.00', remaining: '100.000' }];
    expect(forecast(wish(), sight({ open }))).toMatchObject({
      outcome: 'takes_lapses',
      taken: '100.000',
      averagePrice: '743.00',
      meetsOwn: true,
    });
    expect(forecast(wish({ quantity: '100' }), sight({ open }))).toMatchObject({
      outcome: 'takes',
      meetsOwn: false,
    });
  });

  test('while orders are collected everything waits for the one price', () => {
    for (const phase of ['pre_open', 'call', 'pre_close'] as const)
      expect(forecast(wish(), sight({ status: { phase } }))).toMatchObject({
        outcome: 'collects',
        taken: '0.000',
        left: '300.000',
      });
  });

  test('says nothing of what is no number', () => {
    expect(forecast(wish({ price: '' }), sight())).toBeNull();
    expect(forecast(wish({ quantity: 'x' }), sight())).toBeNull();
    expect(forecast(wish({ quantity: '0' }), sight())).toBeNull();
  });
});

describe('steps', () => {
  const grid = { tickSize: '0.50', priceMinimum: '668.00', priceMaximum: '816.00' };
  test('of the price stay on the grid and inside the collar', () => {
    expect(steppedPrice('742.00', 1, grid)).toBe('742.50');
    expect(steppedPrice('742.00', -10, grid)).toBe('737.00');
    expect(steppedPrice('742.20', 1, grid)).toBe('742.50');
    expect(steppedPrice('742.20', -1, grid)).toBe('742.00');
    expect(steppedPrice('815.90', 10, grid)).toBe('816.00');
    expect(steppedPrice('', -1, grid)).toBe('668.00');
  });

  test('of the quantity are whole lots, at least one', () => {
    expect(steppedQuantity('300', 1, '100.000')).toBe('400');
    expect(steppedQuantity('350', 1, '100.000')).toBe('400');
    expect(steppedQuantity('350', -1, '100.000')).toBe('300');
    expect(steppedQuantity('100', -1, '100.000')).toBe('100');
    expect(steppedQuantity('', 10, '0.500')).toBe('5');
  });
});

describe('the limit', () => {
  const open = [{ price: '740.00', remaining: '300.000' }];
  test('is used by open orders and by trades without a contract', () => {
    expect(limitLeft('1000000.00', open, '100000.00')).toEqual({
      used: '322000.00',
      free: '678000.00',
      percent: 32,
    });
    expect(limitLeft('0', [], '0')).toEqual({ used: '0.00', free: '0.00', percent: 0 });
    expect(limitLeft('100.00', open, '0')).toMatchObject({ free: '0.00', percent: 100 });
  });

  test('bears whole lots only', () => {
    expect(mostWithin('222999.99', '743.00', '100.000')).toBe('300');
    expect(mostWithin('222899.99', '743.00', '100.000')).toBe('200');
    expect(mostWithin('100.00', '743.00', '100.000')).toBe('0');
    expect(mostWithin('100.00', '', '100.000')).toBeNull();
  });
});

describe('heat', () => {
  test('is read from the standard quality, else from the grade, else not at all', () => {
    expect(heatOf({ grade: 'Q5500', specification: '5500 kcal/kg net ar, S ≤ 0.8 %' })).toBe(5500);
    expect(heatOf({ grade: 'Q5000', specification: 'S ≤ 0.8 %' })).toBe(5000);
    expect(heatOf({ grade: 'PCI', specification: 'ash ≤ 10 %' })).toBeNull();
  });

  test('5,500 kcal/kg are 23.0274 GJ a tonne', () => {
    expect(perGigajoule('742.00', 5500)).toBe('32.22');
    expect(perGigajoule('', 5500)).toBeNull();
  });
});
