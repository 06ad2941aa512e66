import type { AuctionTerms, BidCommandBody, CommandBody, InstrumentTerms } from '@seam/engine';
import { describe, expect, it } from 'vitest';
import { beyondBid, beyondOrder } from './person-limit.ts';

// 1.00 a tonne and 50 t: 10 ticks on 2 lots are 1,000.00.
const grid = { tickSize: '100', lotSize: '50000', currency: 'CNY' };
const english = { ...grid, format: 'english', startingPrice: 5, quantity: 4 } as unknown as AuctionTerms;
const clock = {
  ...grid,
  format: 'clock',
  startingPrice: 5,
  priceIncrements: [5, 10],
  roundsMax: 3,
} as unknown as AuctionTerms;
const bid = (more: object): BidCommandBody =>
  ({ auctionId: 'a', accountId: 'c', ...more }) as unknown as BidCommandBody;
const says = (terms: AuctionTerms, more: object): string | undefined =>
  beyondBid({ CNY: '100000' }, terms, bid(more))?.accepted?.['value'];

describe('a bid of a person who may bind its company to 1,000.00', () => {
  it.each([
    ['place_bid', english, { price: 11, quantity: 2 }, '1100.00'],
    ['accept_price', english, { price: 11, quantity: 2, step: 1 }, '1100.00'],
    ['place_offer', english, { price: 21, quantity: 1 }, '1050.00'],
    ['reveal_bid', english, { price: 11, quantity: 2 }, '1100.00'],
    ['set_auto_bid', english, { limit: 11, step: 1, quantity: 2 }, '1100.00'],
    ['offer_price', english, { price: 6 }, '1200.00'],
    ['commit_bid', english, { quantityMaximum: 5 }, '1250.00'],
    ['submit_sealed', english, { quantityMaximum: 5 }, '1250.00'],
    ['state_quantity', clock, { round: 3, quantity: 2 }, '2000.00'],
    ['state_quantity', clock, { round: 1e9, quantity: 2 }, '2000.00'],
  ])('%s is counted at what it may come to', (type, terms, more, value) => {
    expect(says(terms, { type, ...more })).toBe(value);
  });

  it('of exactly that is taken, and so is what binds nobody', () => {
    expect(says(english, { type: 'place_bid', price: 10, quantity: 2 })).toBeUndefined();
    expect(says(clock, { type: 'state_quantity', round: 2, quantity: 2 })).toBeUndefined();
    expect(says(english, { type: 'withdraw_turn_offer' })).toBeUndefined();
    expect(says(english, { type: 'offer_price', price: null })).toBeUndefined();
  });

  it('is not asked of a person without limits', () => {
    expect(
      beyondBid(undefined, english, bid({ type: 'place_bid', price: 99, quantity: 99 })),
    ).toBeUndefined();
  });
});

describe('orders of such a person', () => {
  const terms = grid as unknown as InstrumentTerms;
  const says = (command: object) => beyondOrder({ CNY: '100000' }, terms, command as CommandBody)?.refused;
  it('are counted together when they come together, an amended one anew, and taking back is free', () => {
    const order = { price: 10, quantity: 1 };
    expect(says({ type: 'place_order', price: 10, quantity: 2 })).toBeUndefined();
    expect(says({ type: 'place_order', price: 10, quantity: 3 })).toBe('member.limit_exceeded');
    expect(says({ type: 'place_orders', orders: [order, order] })).toBeUndefined();
    expect(says({ type: 'place_orders', orders: [order, order, order] })).toBe('member.limit_exceeded');
    expect(says({ type: 'amend_order', orderId: 1, price: 11, quantity: 2 })).toBe('member.limit_exceeded');
    expect(says({ type: 'cancel_order', orderId: 1 })).toBeUndefined();
    expect(beyondOrder(undefined, terms, { type: 'place_order', ...order } as never)).toBeUndefined();
  });
});
