/** Auctions that move by themselves, for tests by example: the clock runs as a punctual host runs it. */
import { instant, lots, ticks } from '@seam/units';
import { dueTimers } from '../../timers.ts';
import type { Auction } from '../../state.ts';
import type { AuctionTerms, CommandBody, CommonTerms, Event, FormatName } from '../../types.ts';
import { Market, ORIGIN, at } from '../market.ts';

/** 10 lots of 50 t from 1,400 ticks, opened at time 0, no security asked. */
export function common(closesAfterMs: number): CommonTerms {
  return {
    auctionId: 'a',
    ownerId: 'seller',
    currency: 'CNY',
    tickSize: '100',
    lotSize: '50000',
    quantity: lots(10),
    minimumBidQuantity: lots(1),
    startingPrice: ticks(1_400),
    opensAt: at(0),
    closesAt: at(closesAfterMs),
    softClose: { mode: 'none' },
    bidSecurity: { mode: 'fixed', amount: '0' },
    rulesVersion: 1,
  };
}

/** A market with this one auction, open at time 0. */
export function opened(terms: AuctionTerms): Market {
  const market = new Market();
  const [event] = market.send({ type: 'schedule_auction', terms }, -1);
  if (event?.type !== 'auction_scheduled') throw new Error(`not scheduled: ${JSON.stringify(event)}`);
  runTo(market, 0);
  return market;
}

/** Lets the clock run to `ms` after ORIGIN: everything due until then happens, in order. */
export function runTo(market: Market, ms: number): readonly Event[] {
  const events: Event[] = [];
  for (;;) {
    const [timer] = dueTimers(market.state, instant(ORIGIN + ms));
    if (timer === undefined) return events;
    events.push(...market.send(timer, timer.deadline - ORIGIN));
  }
}

/** A bidder's command at `ms`, after everything that was due by then. */
export function sendAt(market: Market, ms: number, body: CommandBody): readonly Event[] {
  runTo(market, ms);
  return market.send(body, ms);
}

/** The one auction, of the format the test has given it. */
export function live<Name extends FormatName>(market: Market): Auction<Name> {
  const auction = market.state.auctions.get('a');
  if (auction === undefined) throw new Error('the auction is not live');
  return auction as Auction<Name>;
}

/** What was awarded, as "account quantity price". */
export function awardsIn(events: readonly Event[]): string[] {
  return events.flatMap((event) =>
    event.type === 'auction_awarded'
      ? event.awards.map((award) => `${award.accountId} ${award.quantity} ${award.price}`)
      : [],
  );
}
