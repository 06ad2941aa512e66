/** A market for tests by example: says what happens in one line, keeps seq and time itself. */
import { type Instant, instant, lots, ticks } from '@seam/units';
import { PLAIN_ENGLISH } from '../formats/english/terms.ts';
import { type Auction, type EngineState, createState } from '../state.ts';
import { step } from '../step.ts';
import type { CommandBody, EnglishTerms, Event, Rejection } from '../types.ts';

/** Auction time 0; times in the tests count milliseconds from here. */
export const ORIGIN = 1_700_000_000_000;

export function at(ms: number): Instant {
  return instant(ORIGIN + ms);
}

/** The soft close of `terms`. */
export const WINDOW = {
  mode: 'window',
  windowMs: 30_000,
  extensionMs: 30_000,
  hardEndAt: at(1_800_000),
  extensionsMax: 100,
} as const;

export type TermsChange = { readonly [Field in keyof EnglishTerms]?: EnglishTerms[Field] };

/** 10 lots of 50 t from 100 ticks by 5, open for 120 s, soft close 30 s, no security asked. */
export function terms(change: TermsChange = {}): EnglishTerms {
  return {
    auctionId: 'a',
    format: 'english',
    pricing: 'pay_as_bid',
    ...PLAIN_ENGLISH,
    ownerId: 'seller',
    currency: 'CNY',
    tickSize: '100',
    lotSize: '50000',
    quantity: lots(10),
    minimumBidQuantity: lots(1),
    startingPrice: ticks(100),
    reservePrice: null,
    bidIncrement: ticks(5),
    maximumIncrement: null,
    opensAt: at(0),
    closesAt: at(120_000),
    softClose: WINDOW,
    bidSecurity: { mode: 'fixed', amount: '0' },
    rulesVersion: 1,
    ...change,
  };
}

export type BidOptions = {
  readonly ms?: number;
  readonly minimumAcceptable?: number;
  readonly auctionId?: string;
};

export class Market {
  readonly state: EngineState = createState();

  /** One auction, open at time 0 unless `opened` is false. */
  static with(change: TermsChange = {}, { opened = true } = {}): Market {
    const market = new Market();
    market.send({ type: 'schedule_auction', terms: terms(change) }, -1);
    if (opened)
      market.send({ type: 'open_auction', auctionId: 'a', deadline: market.auction().terms.opensAt });
    return market;
  }

  /** `ms` after ORIGIN; a time before the last command's counts as the same instant. */
  send(body: CommandBody, ms = 0): readonly Event[] {
    const stamp = instant(Math.max(this.state.lastAt, at(ms)));
    return step(this.state, { ...body, seq: this.state.seq + 1, at: stamp });
  }

  bid(accountId: string, price: number, quantity: number, options: BidOptions = {}): readonly Event[] {
    const { ms = 0, minimumAcceptable = 0, auctionId = 'a' } = options;
    return this.send(
      {
        type: 'place_bid',
        auctionId,
        accountId,
        price: ticks(price),
        quantity: lots(quantity),
        minimumAcceptable: lots(minimumAcceptable),
      },
      ms,
    );
  }

  deposit(accountId: string, amount: string, ms = 0): readonly Event[] {
    return this.send({ type: 'allocate_bid_security', auctionId: 'a', accountId, amount }, ms);
  }

  /** Closes at the end as it stands now. */
  close(): readonly Event[] {
    const { closesAt } = this.auction();
    return this.send({ type: 'close_auction', auctionId: 'a', deadline: closesAt }, closesAt - ORIGIN);
  }

  /** @throws when the auction is not live. */
  auction(auctionId = 'a'): Auction<'english'> {
    const auction = this.state.auctions.get(auctionId);
    if (auction === undefined) throw new Error(`${auctionId} is not live`);
    return auction as Auction<'english'>;
  }

  /** What each account would win now, as "account quantity price". */
  winners(): string[] {
    return this.auction()
      .room.standing.filter((line) => line.allocated > 0)
      .map((line) => `${line.accountId} ${line.allocated} ${line.price}`);
  }
}

/** The refusal in a list of events, or undefined when the command was accepted. */
export function refusal(events: readonly Event[]): Rejection | undefined {
  const [event] = events;
  return event?.type === 'command_rejected' ? event.rejection : undefined;
}
