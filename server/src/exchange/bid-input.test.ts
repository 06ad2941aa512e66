import type { Rejection } from '@seam/engine';
import { PROBLEMS, auctionRoutes } from '@seam/protocol';
import { instant, lots, ticks } from '@seam/units';
import { describe, expect, it } from 'vitest';
import { bidCommand } from './bid-input.ts';
import { naiveAward } from './crash/naive-award.ts';
import { REJECTION_CODES, publicRejection } from './rejection-codes.ts';
import { auctionTerms } from './testing/market.ts';

const terms = auctionTerms('a', { tickSize: '50', lotSize: '25000' });

const bidCounts = (_: typeof terms, bid: { price: string; quantity: string; minimumAcceptable?: string }) =>
  bidCommand(terms, { type: 'place_bid', ...bid }, 'b');

describe('a bid in money and tonnes', () => {
  it('becomes ticks and lots, exactly', () => {
    expect(bidCounts(terms, { price: '900.50', quantity: '1000', minimumAcceptable: '25.000' })).toEqual({
      type: 'place_bid',
      auctionId: 'a',
      accountId: 'b',
      price: 1801,
      quantity: 40,
      minimumAcceptable: 1,
    });
    expect(bidCounts(terms, { price: '900', quantity: '25' })).toMatchObject({ minimumAcceptable: 0 });
  });

  it('is never rounded: off the grid it is refused with the step', () => {
    for (const price of ['900.25', '900.501', '1e3', '-50', '999999999999999']) {
      expect(bidCounts(terms, { price, quantity: '25' })).toEqual({
        refused: 'bid.price_off_grid',
        accepted: { tickSize: '0.50' },
        fields: { price: 'off_grid' },
      });
    }
    for (const quantity of ['24.999', '26', '-25', 'x', '99999999999999']) {
      expect(bidCounts(terms, { price: '900', quantity })).toMatchObject({
        refused: 'bid.quantity_off_grid',
        fields: { quantity: 'off_grid' },
      });
      expect(bidCounts(terms, { price: '900', quantity: '25', minimumAcceptable: quantity })).toMatchObject({
        refused: 'bid.quantity_off_grid',
        accepted: { lotSize: '25.000' },
        fields: { minimumAcceptable: 'off_grid' },
      });
    }
  });
});

describe('a rejection', () => {
  it('of an auction is announced by a route of auctions', () => {
    const announced = new Set<string>(Object.values(auctionRoutes).flatMap(({ problems }) => problems));
    const bidsMay = new Set<string>(auctionRoutes.placeBid.problems);
    // The first two answer the exchange itself; the others are told where their command goes in.
    const internal = ['auction.duplicate', 'auction.outage_without_effect'];
    const elsewhere = ['auction.terms_invalid', 'auction.state_conflict', 'bid_security.invalid'];
    for (const code of Object.values(REJECTION_CODES)) {
      if (!/^(auction|auto_bid|bid|bid_security|offer|sealed_bid)\./.test(code) || internal.includes(code))
        continue;
      expect(announced, code).toContain(code);
      const isOfOpening = code.startsWith('sealed_bid.share_') || elsewhere.includes(code);
      expect(isOfOpening || bidsMay.has(code), code).toBe(true);
    }
  });

  it('has a public code with a page, and says what would do in the units of the wire', () => {
    for (const code of Object.values(REJECTION_CODES)) expect(Object.hasOwn(PROBLEMS, code)).toBe(true);
    const rejections: [Rejection, Record<string, string>][] = [
      [{ code: 'bid_below_increment', priceMinimum: ticks(1801) }, { priceMinimum: '900.50' }],
      [{ code: 'bid_minimum_acceptable_invalid', maximum: lots(2) }, { minimumAcceptableMaximum: '50.000' }],
      [
        { code: 'bid_security_insufficient', required: '12345', allocated: '0', quantityMaximum: lots(0) },
        { required: '123.45', allocated: '0.00', quantityMaximum: '0.000' },
      ],
      [
        { code: 'auction_closed', closedSeq: 9, closedAt: instant(0) },
        { closedSeq: '9', closedAt: '1970-01-01T00:00:00.000Z' },
      ],
    ];
    for (const [rejection, accepted] of rejections)
      expect(publicRejection(rejection, terms).accepted).toEqual(accepted);
    expect(
      publicRejection({ code: 'bid_below_increment', priceMinimum: ticks(1) }, undefined).accepted,
    ).toEqual({});
  });
});

describe('the award worked out on paper', () => {
  it('goes by price, quantity, time; skips who would get too little; never below the reserve', () => {
    const paper = (account: string, price: number, quantity: number, seq: number, least = 0) => ({
      account,
      price,
      quantity,
      seq,
      least,
    });
    const bids = [
      paper('a', 10, 60, 1),
      paper('b', 12, 30, 2),
      paper('c', 10, 60, 3, 60),
      paper('d', 9, 50, 4),
      paper('b', 12, 50, 5),
    ];
    expect([...naiveAward(bids, 100, 0)]).toEqual([
      ['b', 50],
      ['a', 50],
    ]);
    expect([...naiveAward(bids, 115, 10)]).toEqual([
      ['b', 50],
      ['a', 60],
    ]);
    expect([...naiveAward(bids, 115, 0)]).toContainEqual(['d', 5]);
  });
});
