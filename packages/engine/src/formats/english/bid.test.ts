import { lots, ticks } from '@seam/units';
import { describe, expect, it } from 'vitest';
import { Market, at, refusal } from '../../oracle/market.ts';

describe('a first bid', () => {
  it('is taken from the starting price on, also when others stand higher', () => {
    const market = Market.with();
    expect(refusal(market.bid('b1', 99, 4))).toEqual({ code: 'bid_price_below_start', priceMinimum: 100 });
    market.bid('b1', 140, 4);
    expect(refusal(market.bid('b2', 100, 4))).toBeUndefined();
    expect(market.winners()).toEqual(['b1 4 140', 'b2 4 100']);
  });

  it('must beat the margin by the increment once every lot is won', () => {
    const market = Market.with();
    market.bid('b1', 140, 6);
    market.bid('b2', 120, 4);
    const refused = { code: 'bid_below_increment', priceMinimum: 125 };
    expect(refusal(market.bid('b3', 124, 2))).toEqual(refused);
    expect(refusal(market.bid('b3', 120, 9))).toEqual(refused);
    market.bid('b3', 125, 2);
    expect(market.winners()).toEqual(['b1 6 140', 'b3 2 125', 'b2 2 120']);
  });

  it('counts the starting price and no more while a lot is unsold', () => {
    const market = Market.with();
    market.bid('b1', 140, 9);
    market.bid('b2', 100, 5);
    expect(market.winners()).toEqual(['b1 9 140', 'b2 1 100']);
  });

  it('with the whole lot as least quantity follows the single-lot rule: best plus increment', () => {
    const market = Market.with({ minimumBidQuantity: lots(10) });
    market.bid('b1', 100, 10);
    expect(refusal(market.bid('b2', 104, 10))).toEqual({ code: 'bid_below_increment', priceMinimum: 105 });
    market.bid('b2', 105, 10);
    expect(market.winners()).toEqual(['b2 10 105']);
  });

  it('is refused outside the quantities of the lot', () => {
    const market = Market.with({ minimumBidQuantity: lots(2) });
    const refused = { code: 'bid_quantity_out_of_range', quantityMinimum: 2, quantityMaximum: 10 };
    expect(refusal(market.bid('b1', 100, 1))).toEqual(refused);
    expect(refusal(market.bid('b1', 100, 11))).toEqual(refused);
    expect(refusal(market.bid('b1', 100, 2))).toBeUndefined();
  });

  it('cannot insist on more than it asks for', () => {
    const events = Market.with().bid('b1', 100, 4, { minimumAcceptable: 5 });
    expect(refusal(events)).toEqual({ code: 'bid_minimum_acceptable_invalid', maximum: 4 });
  });

  it('of the seller on its own lot is refused, and so is its security', () => {
    const market = Market.with();
    expect(refusal(market.bid('seller', 100, 4))).toEqual({ code: 'bid_own_lot' });
    expect(refusal(market.deposit('seller', '100'))).toEqual({ code: 'bid_own_lot' });
  });

  it('with a fraction or no number in it is refused, whoever let it through', () => {
    const market = Market.with();
    const place = { type: 'place_bid', auctionId: 'a', accountId: 'b1' } as const;
    const good = { price: ticks(100), quantity: lots(1), minimumAcceptable: lots(0) };
    const codes = (['price', 'quantity', 'minimumAcceptable'] as const).flatMap((field) =>
      [0.5 + 100, Number.NaN, Infinity].map((value) => {
        const bad = { ...good, [field]: value };
        return refusal(market.send({ ...place, ...bad }))?.code;
      }),
    );
    expect(new Set(codes)).toEqual(
      new Set(['bid_price_below_start', 'bid_quantity_out_of_range', 'bid_minimum_acceptable_invalid']),
    );
  });
});

describe('the guard against typing errors', () => {
  it('bounds a bid from the starting price, then from the margin', () => {
    const market = Market.with({ maximumIncrement: ticks(20) });
    expect(refusal(market.bid('b1', 121, 10))).toEqual({
      code: 'bid_above_maximum_increment',
      priceMaximum: 120,
    });
    market.bid('b1', 120, 10);
    expect(refusal(market.bid('b2', 141, 10))).toEqual({
      code: 'bid_above_maximum_increment',
      priceMaximum: 140,
    });
    expect(refusal(market.bid('b2', 140, 10))).toBeUndefined();
  });

  it('keeps the whole value of a lot inside what the ledger books, even without a limit', () => {
    const market = Market.with({ tickSize: '1000000000', lotSize: '1000000', startingPrice: ticks(1) });
    expect(refusal(market.bid('b1', 101, 1))).toEqual({
      code: 'bid_above_maximum_increment',
      priceMaximum: 100,
    });
    expect(refusal(market.bid('b1', 100, 1))).toBeUndefined();
  });
});

describe('a revision', () => {
  it('never lowers price or quantity and must improve one of them', () => {
    const market = Market.with();
    market.bid('b1', 120, 4);
    const refused = { code: 'bid_not_improving', priceMinimum: 125, quantityMinimum: 4 };
    expect(refusal(market.bid('b1', 119, 4))).toEqual(refused);
    expect(refusal(market.bid('b1', 130, 3))).toEqual(refused);
    expect(refusal(market.bid('b1', 120, 4))).toEqual(refused);
    expect(refusal(market.bid('b1', 115, 6))).toEqual({ ...refused, priceMinimum: 120 });
    expect(market.winners()).toEqual(['b1 4 120']);
  });

  it('raises the price by the increment or leaves it', () => {
    const market = Market.with();
    market.bid('b1', 120, 4);
    expect(refusal(market.bid('b1', 124, 4))).toEqual({ code: 'bid_below_increment', priceMinimum: 125 });
    expect(refusal(market.bid('b1', 124, 5))).toEqual({ code: 'bid_below_increment', priceMinimum: 125 });
    expect(refusal(market.bid('b1', 120, 5))).toBeUndefined();
    expect(refusal(market.bid('b1', 125, 5))).toBeUndefined();
    expect(market.winners()).toEqual(['b1 5 125']);
  });

  it('at an unchanged price under the new floor is refused with the price that would do', () => {
    const market = Market.with();
    market.bid('b1', 100, 4);
    market.bid('b2', 140, 6);
    expect(refusal(market.bid('b1', 100, 8))).toEqual({ code: 'bid_below_increment', priceMinimum: 105 });
  });

  it('takes a new place in time: it stands behind an equal bid that came before it', () => {
    const market = Market.with({ quantity: lots(11) });
    market.bid('b1', 120, 4);
    market.bid('b2', 120, 5);
    market.bid('b1', 120, 5);
    expect(market.winners()).toEqual(['b2 5 120', 'b1 5 120']);
  });

  it('may accept less than before but not insist on more: that would be half a withdrawal', () => {
    const market = Market.with();
    market.bid('b1', 120, 4, { minimumAcceptable: 2 });
    const refused = { code: 'bid_minimum_acceptable_invalid', maximum: 2 };
    expect(refusal(market.bid('b1', 130, 8, { minimumAcceptable: 3 }))).toEqual(refused);
    expect(refusal(market.bid('b1', 130, 8, { minimumAcceptable: 1 }))).toBeUndefined();
  });

  it('leaves one bid per account', () => {
    const market = Market.with();
    for (const price of [100, 110, 120]) market.bid('b1', price, 4);
    expect(market.auction().room.standing).toHaveLength(1);
  });
});

describe('security before a bid', () => {
  it('is counted in full for the quantity, and the refusal says how much it would cover', () => {
    const market = Market.with({ bidSecurity: { mode: 'per_tonne', amountPerTonne: '15000' } });
    market.deposit('b1', '2249999');
    expect(refusal(market.bid('b1', 100, 3))).toEqual({
      code: 'bid_security_insufficient',
      required: '2250000',
      allocated: '2249999',
      quantityMaximum: 2,
    });
    expect(market.deposit('b1', '1')).toEqual([
      { type: 'bid_security_allocated', auctionId: 'a', accountId: 'b1', amount: '1', total: '2250000' },
    ]);
    expect(refusal(market.bid('b1', 100, 3))).toBeUndefined();
    expect(refusal(market.bid('b1', 100, 4))?.code).toBe('bid_security_insufficient');
    expect(refusal(market.bid('b1', 400, 3))).toBeUndefined();
  });

  it('may be allocated before the opening and is no amount unless positive, canonical and bookable', () => {
    const market = Market.with({}, { opened: false });
    expect(refusal(market.deposit('b1', '5'))).toBeUndefined();
    for (const amount of ['0', '-1', '01', '1.5', '', '1e3', '1000000000000001', '1000000000000000']) {
      expect(refusal(market.deposit('b1', amount))).toEqual({ code: 'bid_security_invalid' });
    }
  });
});

describe('time', () => {
  it('before the opening is refused, at the end is late even when no close is journaled', () => {
    const market = Market.with({}, { opened: false });
    expect(refusal(market.bid('b1', 100, 1))).toEqual({ code: 'auction_not_open', opensAt: at(0) });
    market.send({ type: 'open_auction', auctionId: 'a', deadline: at(0) });
    expect(refusal(market.bid('b1', 100, 1, { ms: 119_999 }))).toBeUndefined();
    const { closesAt } = market.auction();
    const late = market.bid('b2', 200, 10, { ms: closesAt - at(0) });
    expect(refusal(late)).toEqual({ code: 'auction_closed', closedSeq: 0, closedAt: closesAt });
  });
});

/** Bids by two who outbid each other at `seconds`; returns the end in seconds and the extensions. */
function softClose(market: Market, seconds: readonly number[]): { end: number; extensions: number } {
  seconds.forEach((second, index) => {
    market.bid(`b${index % 2}`, 100 + index * 5, 10, { ms: second * 1000 });
  });
  const { closesAt, extensions } = market.auction();
  return { end: (closesAt - at(0)) / 1000, extensions };
}

function windowOf(seconds: number, hardEnd: number, extensionsMax = 100) {
  const ms = seconds * 1000;
  return {
    mode: 'window',
    windowMs: ms,
    extensionMs: ms,
    hardEndAt: at(hardEnd * 1000),
    extensionsMax,
  } as const;
}

describe('soft close', () => {
  it('moves the end to half a minute after each late change: 95, 118, 140 end at 170', () => {
    const market = Market.with({ softClose: windowOf(30, 1800) });
    expect(softClose(market, [60, 95, 118, 140])).toEqual({ end: 170, extensions: 3 });
    expect(refusal(market.bid('b9', 900, 10, { ms: 175_000 }))?.code).toBe('auction_closed');
  });

  it('never passes the hard end', () => {
    const market = Market.with({ closesAt: at(900_000), softClose: windowOf(120, 1800) });
    const late = [890, 1000, 1110, 1220, 1330, 1440, 1550, 1660, 1770, 1795];
    expect(softClose(market, late)).toEqual({ end: 1800, extensions: 9 });
  });

  it('starts anew with every late change', () => {
    const market = Market.with({ closesAt: at(3_600_000), softClose: windowOf(120, 9000) });
    expect(softClose(market, [3590, 3700, 3815])).toEqual({ end: 3935, extensions: 3 });
  });

  it('stops after the agreed number of extensions', () => {
    const market = Market.with({ softClose: windowOf(30, 1800, 2) });
    expect(softClose(market, [95, 118, 140])).toEqual({ end: 148, extensions: 2 });
  });

  it('begins exactly a window before the end', () => {
    expect(softClose(Market.with({ softClose: windowOf(30, 1800) }), [89.999]).extensions).toBe(0);
    expect(
      softClose(Market.with({ softClose: { ...windowOf(30, 1800), extensionMs: 30_001 } }), [90]).extensions,
    ).toBe(1);
  });

  it('never shortens the time left', () => {
    const market = Market.with({ softClose: { ...windowOf(30, 1800), extensionMs: 5_000 } });
    expect(softClose(market, [95])).toEqual({ end: 120, extensions: 0 });
  });

  it('is not moved by a bid that changes nobody’s share nor the margin', () => {
    const market = Market.with();
    market.bid('b1', 140, 6);
    market.bid('b2', 120, 4);
    const raise = market.bid('b1', 150, 6, { ms: 110_000 });
    expect(raise).toHaveLength(1);
    expect(raise[0]).toMatchObject({ type: 'bid_accepted', standingChanged: false });
    expect(market.auction().closesAt).toBe(at(120_000));
  });

  it('is moved by a bid that only lifts the margin', () => {
    const market = Market.with();
    market.bid('b1', 120, 10);
    const raise = market.bid('b1', 125, 10, { ms: 110_000 });
    expect(raise[1]).toEqual({
      type: 'auction_extended',
      auctionId: 'a',
      closesAt: at(140_000),
      extensions: 1,
    });
  });

  it('is not moved by a refused bid', () => {
    const market = Market.with();
    market.bid('b1', 120, 10);
    expect(refusal(market.bid('b2', 121, 10, { ms: 110_000 }))?.code).toBe('bid_below_increment');
    expect(market.auction().closesAt).toBe(at(120_000));
  });
});
