import { lots, ticks } from '@seam/units';
import { describe, expect, it } from 'vitest';
import { Market, WINDOW, at, refusal, terms } from '../oracle/market.ts';

const suspend = { type: 'suspend_auction', auctionId: 'a', reason: 'gateway down' } as const;
const resume = { type: 'resume_auction', auctionId: 'a' } as const;
const cancel = { type: 'void_auction', auctionId: 'a', reason: 'collusion' } as const;
const perTonne = { mode: 'per_tonne', amountPerTonne: '100' } as const;

describe('scheduling', () => {
  it('refuses terms out of limits, an end already past, and an id used before, ended ones too', () => {
    const market = Market.with();
    const again = { type: 'schedule_auction', terms: terms() } as const;
    expect(refusal(market.send(again))).toEqual({ code: 'auction_duplicate' });
    market.send(cancel);
    expect(refusal(market.send(again))).toEqual({ code: 'auction_duplicate' });
    const bad = { ...again, terms: terms({ auctionId: 'b', quantity: lots(0) }) };
    expect(refusal(market.send(bad))).toEqual({ code: 'auction_terms_invalid', field: 'quantity' });
    const past = { ...again, terms: terms({ auctionId: 'b' }) };
    expect(refusal(market.send(past, 120_000))).toEqual({ code: 'auction_terms_invalid', field: 'closesAt' });
  });

  it('knows no auction that was not scheduled', () => {
    expect(refusal(new Market().send(resume))).toEqual({ code: 'auction_unknown' });
  });
});

describe('timers', () => {
  it('open once, not early, and only for the deadline that stands', () => {
    const market = Market.with({ opensAt: at(50) }, { opened: false });
    const open = (deadline: number, ms: number) =>
      refusal(market.send({ type: 'open_auction', auctionId: 'a', deadline: at(deadline) }, ms));
    const conflict = { code: 'auction_state_conflict', state: 'scheduled' };
    expect(open(50, 49)).toEqual(conflict);
    expect(open(49, 50)).toEqual(conflict);
    expect(open(50, 50)).toBeUndefined();
    expect(open(50, 50)).toEqual({ code: 'auction_state_conflict', state: 'open' });
  });

  it('close once, not early, and not for an end that was moved', () => {
    const market = Market.with();
    market.bid('b1', 100, 10, { ms: 110_000 });
    const close = (deadline: number, ms: number) =>
      refusal(market.send({ type: 'close_auction', auctionId: 'a', deadline: at(deadline) }, ms));
    const conflict = { code: 'auction_state_conflict', state: 'open' };
    expect(close(120_000, 120_000)).toEqual(conflict);
    expect(close(140_000, 139_999)).toEqual(conflict);
    expect(close(140_000, 150_000)).toBeUndefined();
    expect(close(140_000, 150_000)).toEqual({ code: 'auction_state_conflict', state: 'awarded' });
    const late = { code: 'auction_closed', closedSeq: 6, closedAt: at(140_000) };
    expect(refusal(market.bid('b2', 200, 10))).toEqual(late);
    expect(refusal(market.deposit('b2', '1'))).toEqual(late);
  });
});

describe('a suspension', () => {
  it('freezes the time left, refuses bids, and gives the time back', () => {
    const market = Market.with({ closesAt: at(900_000) });
    expect(market.send(suspend, 300_000)).toEqual([
      { type: 'auction_suspended', auctionId: 'a', remainingMs: 600_000, reason: 'gateway down' },
    ]);
    expect(refusal(market.bid('b1', 100, 1))).toEqual({ code: 'auction_suspended' });
    expect(refusal(market.bid('b1', 100, 1, { ms: 2_000_000 }))).toEqual({ code: 'auction_suspended' });
    expect(refusal(market.deposit('b1', '1'))).toBeUndefined();
    const resumed = {
      type: 'auction_resumed',
      auctionId: 'a',
      closesAt: at(2_600_000),
      hardEndAt: at(3_500_000),
    };
    expect(market.send(resume, 2_000_000)).toEqual([resumed]);
    expect(refusal(market.bid('b1', 100, 1))).toBeUndefined();
  });

  it('leaves at least five minutes, past the hard end if it must', () => {
    const market = Market.with({ softClose: { ...WINDOW, hardEndAt: at(120_000) } });
    market.send(suspend, 119_999);
    const [event] = market.send(resume, 200_000);
    expect(event).toMatchObject({ closesAt: at(500_000), hardEndAt: at(500_000) });
    market.bid('b1', 100, 10, { ms: 499_000 });
    expect(market.auction().closesAt).toBe(at(500_000));
  });

  it('starts from open and ends from suspended only', () => {
    const market = Market.with({}, { opened: false });
    const conflict = (state: string) => ({ code: 'auction_state_conflict', state });
    expect(refusal(market.send(suspend))).toEqual(conflict('scheduled'));
    expect(refusal(market.send(resume))).toEqual(conflict('scheduled'));
    market.send({ type: 'open_auction', auctionId: 'a', deadline: at(0) });
    market.send(suspend);
    expect(refusal(market.send(suspend))).toEqual(conflict('suspended'));
    const deadline = market.auction().closesAt;
    const close = { type: 'close_auction', auctionId: 'a', deadline } as const;
    expect(refusal(market.send(close, 500_000))).toEqual(conflict('suspended'));
  });

  it('cannot save an auction whose end has come', () => {
    const market = Market.with();
    const closed = { code: 'auction_closed', closedSeq: 0, closedAt: at(120_000) };
    expect(refusal(market.send(suspend, 120_000))).toEqual(closed);
    expect(refusal(market.send(cancel, 120_000))).toEqual(closed);
  });
});

describe('a party of the seller’s group', () => {
  const conflict = { code: 'bid_conflict_of_interest' };
  const exclude = (accountId: string) =>
    ({ type: 'exclude_bidder', auctionId: 'a', accountId, reason: 'same owner' }) as const;

  it('named in the terms neither bids nor sets security aside', () => {
    const market = Market.with({ excludedIds: ['sister'] });
    expect(refusal(market.bid('sister', 100, 1))).toEqual(conflict);
    expect(refusal(market.deposit('sister', '1'))).toEqual(conflict);
    expect(refusal(market.send(exclude('sister')))).toEqual(conflict);
    expect(refusal(market.bid('b1', 100, 1))).toBeUndefined();
  });

  it('found later bids no more, while the bid it is bound by stands and says so', () => {
    const market = Market.with();
    market.bid('b1', 100, 4);
    expect(market.send(exclude('b1'))).toEqual([
      { type: 'bidder_excluded', auctionId: 'a', accountId: 'b1', reason: 'same owner', bound: 4 },
    ]);
    expect(refusal(market.bid('b1', 200, 4))).toEqual(conflict);
    expect(refusal(market.deposit('b1', '1'))).toEqual(conflict);
    expect(refusal(market.send(exclude('b1')))).toEqual(conflict);
    expect(refusal(market.send(exclude('seller')))).toEqual({ code: 'bid_own_lot' });
    expect(market.winners()).toEqual(['b1 4 100']);
    expect(market.close()[0]).toMatchObject({ awards: [{ accountId: 'b1', quantity: 4 }] });
    expect(refusal(market.send(exclude('b2')))).toEqual({ code: 'auction_state_conflict', state: 'awarded' });
  });

  it('may be found before the opening and while the auction is suspended, not after the end', () => {
    expect(refusal(Market.with({}, { opened: false }).send(exclude('b1')))).toBeUndefined();
    const market = Market.with();
    market.send(suspend);
    expect(market.send(exclude('b1'))).toMatchObject([{ bound: 0 }]);
    expect(refusal(Market.with().send(exclude('b1'), 120_000))).toMatchObject({ code: 'auction_closed' });
  });
});

describe('a void', () => {
  it('releases all security, in account order, and ends the auction for good', () => {
    const market = Market.with({ bidSecurity: perTonne });
    market.deposit('b2', '50000');
    market.deposit('b1', '70000');
    market.bid('b2', 100, 10);
    expect(market.send(cancel)).toEqual([
      { type: 'auction_voided', auctionId: 'a', reason: 'collusion' },
      { type: 'bid_security_released', auctionId: 'a', accountId: 'b1', amount: '70000' },
      { type: 'bid_security_released', auctionId: 'a', accountId: 'b2', amount: '50000' },
    ]);
    const voided = { code: 'auction_state_conflict', state: 'voided' };
    expect(refusal(market.send(cancel))).toEqual(voided);
    expect(refusal(market.bid('b2', 100, 10))).toEqual(voided);
    expect(refusal(market.deposit('b2', '1'))).toEqual(voided);
  });

  it('may come before the opening and during a suspension', () => {
    const scheduled = Market.with({}, { opened: false });
    expect(refusal(scheduled.send(cancel))).toBeUndefined();
    const suspended = Market.with();
    suspended.send(suspend);
    expect(refusal(suspended.send(cancel, 900_000))).toBeUndefined();
  });
});

describe('a close', () => {
  it('awards at each bidder’s own price and disposes of every unit of security once', () => {
    const market = Market.with({ bidSecurity: perTonne });
    for (const account of ['b1', 'b2', 'b3', 'b4']) market.deposit(account, '60000');
    market.bid('b3', 120, 8);
    market.bid('b1', 130, 6);
    market.bid('b2', 125, 4);
    expect(market.close()).toEqual([
      {
        type: 'auction_awarded',
        auctionId: 'a',
        awards: [
          { accountId: 'b1', price: 130, quantity: 6, bidSeq: 8 },
          { accountId: 'b2', price: 125, quantity: 4, bidSeq: 9 },
        ],
        unsold: 0,
        reserveMet: true,
      },
      { type: 'bid_security_released', auctionId: 'a', accountId: 'b1', amount: '30000' },
      { type: 'bid_security_retained', auctionId: 'a', accountId: 'b1', amount: '30000' },
      { type: 'bid_security_released', auctionId: 'a', accountId: 'b2', amount: '40000' },
      { type: 'bid_security_retained', auctionId: 'a', accountId: 'b2', amount: '20000' },
      { type: 'bid_security_released', auctionId: 'a', accountId: 'b3', amount: '60000' },
      { type: 'bid_security_released', auctionId: 'a', accountId: 'b4', amount: '60000' },
    ]);
    expect(market.state.auctions.size).toBe(0);
  });

  it('keeps from a winner in part only what the part needs', () => {
    const market = Market.with({ bidSecurity: perTonne });
    market.deposit('b1', '40000');
    market.deposit('b2', '40000');
    market.bid('b1', 130, 8);
    market.bid('b2', 120, 8);
    expect(market.close().slice(-2)).toEqual([
      { type: 'bid_security_released', auctionId: 'a', accountId: 'b2', amount: '30000' },
      { type: 'bid_security_retained', auctionId: 'a', accountId: 'b2', amount: '10000' },
    ]);
  });

  it('sells nothing under the reserve, which nobody could tell before', () => {
    const market = Market.with({ reservePrice: ticks(120) });
    market.bid('b1', 119, 6);
    market.bid('b2', 120, 3);
    expect(market.winners()).toEqual(['b2 3 120', 'b1 6 119']);
    expect(market.close()[0]).toMatchObject({
      type: 'auction_awarded',
      awards: [{ accountId: 'b2', price: 120, quantity: 3 }],
      unsold: 7,
    });
  });

  it('with fewer bidders than the terms ask for is unsold, and the security comes back', () => {
    const market = Market.with({ minimumBidders: 2, bidSecurity: perTonne });
    market.deposit('b1', '50000');
    market.deposit('idle', '50000');
    market.bid('b1', 100, 4);
    market.bid('b1', 105, 10);
    expect(market.close()).toEqual([
      { type: 'auction_unsold', auctionId: 'a', reason: 'too_few_bidders' },
      { type: 'bid_security_released', auctionId: 'a', accountId: 'b1', amount: '50000' },
      { type: 'bid_security_released', auctionId: 'a', accountId: 'idle', amount: '50000' },
    ]);
    const enough = Market.with({ minimumBidders: 2 });
    enough.bid('b1', 100, 4);
    enough.bid('b2', 105, 10);
    expect(enough.close()[0]).toMatchObject({ awards: [{ accountId: 'b2', quantity: 10 }] });
    const none = Market.with({ minimumBidders: 9 });
    expect(none.close()[0]).toMatchObject({ reason: 'no_bid' });
  });

  it('without a bid, or with none at the reserve, is unsold and says which', () => {
    expect(Market.with().close()).toEqual([{ type: 'auction_unsold', auctionId: 'a', reason: 'no_bid' }]);
    const market = Market.with({ reservePrice: ticks(120), bidSecurity: perTonne });
    market.deposit('b1', '50000');
    market.bid('b1', 119, 10);
    expect(market.close()).toEqual([
      { type: 'auction_unsold', auctionId: 'a', reason: 'reserve_not_met' },
      { type: 'bid_security_released', auctionId: 'a', accountId: 'b1', amount: '50000' },
    ]);
  });
});
