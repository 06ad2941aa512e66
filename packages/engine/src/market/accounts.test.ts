import { describe, expect, it } from 'vitest';
import { Venue, refusalOf, tradesOf, typesOf } from '../oracle/market-book/venue.ts';
import type { InstrumentChange } from '../oracle/market-book/terms.ts';
import { exposureOf } from './state.ts';

const exposure = (venue: Venue, accountId: string): number => {
  const account = venue.market.accounts.get(accountId);
  return account === undefined ? NaN : exposureOf(venue.market, account);
};
const settle = (venue: Venue, tradeNumber: number) =>
  venue.send({ type: 'settle_trade', instrumentId: 'm', tradeNumber });

describe('an exposure', () => {
  it('is what an account is bound to at its own limit prices, until it is cancelled or settled', () => {
    const venue = Venue.open().admit('a', 'b');
    venue.to(0);
    venue.place('a', 'buy 10@1000');
    expect(exposure(venue, 'a')).toBe(10_000);
    venue.place('b', 'sell 4@990');
    expect([exposure(venue, 'a'), exposure(venue, 'b')]).toEqual([10_000, 3_960]);
    venue.cancel('a', 1);
    expect(exposure(venue, 'a')).toBe(4_000);
    expect(typesOf(settle(venue, 1))).toEqual(['trade_settled']);
    expect([exposure(venue, 'a'), exposure(venue, 'b')]).toEqual([0, 0]);
    expect(refusalOf(settle(venue, 1))).toEqual({ code: 'trade_unknown' });
  });

  it('limits to the last unit: of a hundred orders exactly as many pass as the limit covers', () => {
    const venue = Venue.open().admitAs('a', { limit: '10999' });
    venue.to(0);
    const taken = Array.from({ length: 100 }, () => refusalOf(venue.place('a', 'buy 1@1000')) === undefined);
    // Nine tenths of 10,999 are reached by the tenth order: the last thousand is for reducing alone.
    expect(taken.filter(Boolean)).toHaveLength(10);
    expect(taken.slice(0, 10).every(Boolean)).toBe(true);
    const whole = Venue.open().admitAs('a', { limit: '10999' });
    whole.to(0);
    expect(refusalOf(whole.place('a', 'buy 11@1000'))).toEqual({
      code: 'order_exposure_exceeded',
      quantityMaximum: 10,
    });
    expect(refusalOf(whole.place('a', 'buy 10@1000'))).toBeUndefined();
  });

  it.each([
    ['just below nine tenths', 'buy 1@999', undefined],
    ['of exactly nine tenths', 'buy 1@1000', 'order_reduce_only'],
  ] as const)('%s decides whether the account may go on', (_, last, code) => {
    const venue = Venue.open().admitAs('a', { limit: '10000' });
    venue.to(0);
    venue.place('a', 'buy 8@1000');
    venue.place('a', last);
    expect(refusalOf(venue.place('a', 'buy 1@1000'))?.code).toBe(code);
  });

  it('of nine tenths leaves only what reduces the position', () => {
    const venue = Venue.open().admitAs('a', { limit: '10000' }).admit('b');
    venue.to(0);
    venue.place('b', 'sell 4@1000');
    venue.place('a', 'buy 4@1000');
    venue.place('a', 'buy 4@999');
    expect(exposure(venue, 'a')).toBe(7_996);
    expect(refusalOf(venue.place('a', 'buy 1@1005'))).toBeUndefined();
    // 9,001 of 10,000.
    expect(refusalOf(venue.place('a', 'buy 1@900'))).toEqual({
      code: 'order_reduce_only',
      quantityMaximum: 0,
    });
    expect(refusalOf(venue.place('a', 'sell 5@1100'))).toEqual({
      code: 'order_reduce_only',
      quantityMaximum: 4,
    });
    expect(refusalOf(venue.place('a', 'sell 1@1100'))).toEqual({
      code: 'order_exposure_exceeded',
      quantityMaximum: 0,
    });
    expect(refusalOf(venue.place('a', 'sell 1@999', { timeInForce: 'immediate_or_cancel' }))).toBeUndefined();
    expect(typesOf(venue.amend('a', 3, 'buy 3@999'))).toEqual(['order_amended']);
  });

  it('is never above its limit, which falls only as far as it is free', () => {
    const venue = Venue.open({ tickSize: '7', lotSize: '333' }).admitAs('a', { limit: '0' });
    venue.to(0);
    const change = (type: 'allocate_exposure' | 'release_exposure', amount: string) =>
      venue.send({ type, instrumentId: 'm', accountId: 'a', amount });
    expect(refusalOf(venue.place('a', 'buy 1@1000'))).toEqual({
      code: 'order_exposure_exceeded',
      quantityMaximum: 0,
    });
    // A tick-lot is worth 2.331: 1,000 of them are 2,331 and not one less.
    change('allocate_exposure', '2330');
    expect(refusalOf(venue.place('a', 'buy 1@1000'))).toMatchObject({ code: 'order_exposure_exceeded' });
    expect(change('allocate_exposure', '9')).toEqual([
      { type: 'exposure_allocated', accountId: 'a', amount: '9', total: '2339' },
    ]);
    expect(refusalOf(venue.place('a', 'buy 1@1000'))).toBeUndefined();
    expect(refusalOf(change('release_exposure', '9'))).toEqual({
      code: 'exposure_in_use',
      amountMaximum: '8',
    });
    expect(change('release_exposure', '8')).toMatchObject([{ total: '2331' }]);
    for (const amount of ['0', '-1', '1.5', '1000000000000001']) {
      expect(refusalOf(change('allocate_exposure', amount))).toEqual({ code: 'exposure_invalid' });
    }
    expect(refusalOf(change('allocate_exposure', '999999999997669'))).toBeUndefined();
    expect(refusalOf(change('allocate_exposure', '1'))).toEqual({ code: 'exposure_invalid' });
  });
});

describe('credit lines', () => {
  const credit = (change: InstrumentChange = {}): Venue => {
    const venue = Venue.open(change);
    for (const accountId of ['x', 'y']) venue.admitAs(accountId, { settlementClass: 'credit' });
    venue.admit('e');
    venue.to(0);
    return venue;
  };
  const line = (venue: Venue, from: string, to: string, amount: string) =>
    venue.send({ type: 'set_credit_line', instrumentId: 'm', from, to, amount });

  it('must go both ways, except where one of the two settles through escrow', () => {
    const venue = credit();
    line(venue, 'x', 'y', 'open');
    venue.place('x', 'sell 5@1000');
    expect(tradesOf(venue.place('y', 'buy 5@1000'))).toEqual([]);
    expect(tradesOf(venue.place('e', 'buy 2@1000'))).toEqual(['3 1 2@1000']);
    expect(venue.book()).toEqual(['y 5@1000', 'x 3@1000']);
  });

  it('let orders that crossed for want of them meet at once, the earlier as the maker', () => {
    const venue = credit();
    line(venue, 'x', 'y', 'open');
    venue.place('x', 'sell 5@1000');
    venue.place('y', 'buy 3@1010');
    expect(tradesOf(line(venue, 'y', 'x', 'open'))).toEqual(['2 1 3@1000']);
  });

  it('let nobody meet in a phase that is over by the clock', () => {
    const venue = credit();
    line(venue, 'x', 'y', 'open');
    venue.place('x', 'sell 5@1000');
    venue.place('y', 'buy 5@1000');
    venue.now = 100_000;
    expect(typesOf(line(venue, 'y', 'x', 'open'))).toEqual(['credit_line_set']);
  });

  it('can let a price through that pauses trading', () => {
    const venue = credit({ volatility: { basisPoints: 1_000, windowMs: 1_000, callMs: 10 } });
    venue.place('x', 'sell 1@1000');
    venue.place('e', 'buy 1@1000');
    line(venue, 'x', 'y', 'open');
    venue.place('x', 'sell 5@1100');
    venue.place('y', 'buy 5@1100');
    expect(typesOf(line(venue, 'y', 'x', 'open'))).toEqual([
      'credit_line_set',
      'trade_executed',
      'volatility_paused',
      'phase_changed',
    ]);
  });

  it('of an amount bear a whole order or nothing of it, and what is settled is free again', () => {
    const venue = credit();
    line(venue, 'x', 'y', '5000');
    line(venue, 'y', 'x', '9000');
    venue.place('x', 'sell 9@1000', { timeInForce: 'good_till_cancel' });
    expect(tradesOf(venue.place('y', 'buy 6@1000', { timeInForce: 'immediate_or_cancel' }))).toEqual([]);
    expect(tradesOf(venue.place('y', 'buy 5@1000'))).toEqual(['3 1 5@1000']);
    expect(tradesOf(venue.place('y', 'buy 1@1000'))).toEqual([]);
    expect(tradesOf(settle(venue, 1))).toEqual(['4 1 1@1000']);
    line(venue, 'x', 'y', '0');
    expect(tradesOf(venue.place('y', 'buy 1@1000'))).toEqual([]);
    line(venue, 'x', 'y', '999');
    expect(venue.book()).toEqual(['y 1@1000', 'x 3@1000']);
    expect(tradesOf(line(venue, 'x', 'y', '2000'))).toEqual(['5 1 1@1000']);
  });

  it('are for two different admitted accounts, and an amount of money or open', () => {
    const venue = credit();
    const invalid = (field: string): object => ({ code: 'credit_line_invalid', field });
    expect(refusalOf(line(venue, 'nobody', 'x', 'open'))).toEqual(invalid('from'));
    expect(refusalOf(line(venue, 'x', 'nobody', 'open'))).toEqual(invalid('to'));
    expect(refusalOf(line(venue, 'x', 'x', 'open'))).toEqual(invalid('to'));
    expect(refusalOf(line(venue, 'x', 'y', 'much'))).toEqual(invalid('amount'));
  });
});

describe('an admission', () => {
  it('changes owner and class only while no order rests', () => {
    const venue = Venue.open().admit('a', 'b');
    venue.to(0);
    const admit = (ownerGroup: string) =>
      venue.send({
        type: 'admit_account',
        instrumentId: 'm',
        accountId: 'a',
        ownerGroup,
        settlementClass: 'credit',
      });
    venue.place('a', 'buy 1@900');
    expect(refusalOf(admit('of b'))).toEqual({ code: 'account_has_orders', orders: 1 });
    venue.cancel('a', 1);
    expect(typesOf(admit('of b'))).toEqual(['account_admitted']);
    venue.place('a', 'buy 1@900');
    expect(typesOf(venue.place('b', 'sell 1@900'))).toContain('self_trade_prevented');
    expect(exposure(venue, 'a')).toBe(900);
  });

  it('is needed for every order', () => {
    const venue = Venue.open();
    venue.to(0);
    expect(refusalOf(venue.place('a', 'buy 1@900'))).toEqual({ code: 'account_not_admitted' });
  });
});
