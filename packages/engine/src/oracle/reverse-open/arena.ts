/** One auction of any format for tests by example: keeps seq and time, says commands in one line. */
import { type Instant, instant, lots, ticks } from '@seam/units';
import type { Merit } from '../../scoring/types.ts';
import { type Auction, type EngineState, createState } from '../../state.ts';
import { step } from '../../step.ts';
import { dueTimers } from '../../timers.ts';
import type { CommandBody, CommonTerms, Event, FormatName, Rejection, TermsOf } from '../../types.ts';

/** Auction time 0; times in the tests count milliseconds from here. */
const ORIGIN = 1_700_000_000_000;

export const at = (ms: number): Instant => instant(ORIGIN + ms);

/** 10 lots of 50 t at most 800 ticks of 1.00, open for 120 s, soft close 30 s, no security asked. */
export const COMMON: CommonTerms = {
  auctionId: 'a',
  ownerId: 'buyer',
  currency: 'CNY',
  tickSize: '100',
  lotSize: '50000',
  quantity: lots(10),
  minimumBidQuantity: lots(1),
  startingPrice: ticks(800),
  opensAt: at(0),
  closesAt: at(120_000),
  softClose: {
    mode: 'window',
    windowMs: 30_000,
    extensionMs: 30_000,
    hardEndAt: at(1_800_000),
    extensionsMax: 100,
  },
  bidSecurity: { mode: 'fixed', amount: '0' },
  rulesVersion: 1,
};

export const BUYING = {
  scoring: { mode: 'price' },
  award: { mode: 'quantity' },
  floor: null,
  reservePrice: null,
} as const;

type Offered = { readonly quantity?: number; readonly minimumAcceptable?: number; readonly merit?: Merit };

export class Arena<Name extends FormatName> {
  readonly state: EngineState = createState();
  readonly auctionId: string;
  /** Everything that happened, by the close and the timers too. */
  readonly log: Event[] = [];
  #clock = 0;

  constructor(terms: TermsOf<Name>) {
    this.auctionId = terms.auctionId;
    this.send({ type: 'schedule_auction', terms }, -1);
    if (this.state.auctions.size > 0) this.until(0);
  }

  /** `ms` after ORIGIN; what is due before comes first. A time before the last counts as that instant. */
  send(body: CommandBody, ms = this.now): readonly Event[] {
    const stamp = instant(Math.max(this.state.lastAt, at(ms)));
    for (let [timer] = dueTimers(this.state, stamp); timer; [timer] = dueTimers(this.state, stamp)) {
      this.#run(timer, instant(Math.max(this.state.lastAt, timer.deadline)));
    }
    return this.#run(body, stamp);
  }

  /** Lets the clock run to `ms`. */
  until(ms: number): void {
    this.#clock = Math.max(this.#clock, ms);
    const stamp = at(ms);
    for (let [timer] = dueTimers(this.state, stamp); timer; [timer] = dueTimers(this.state, stamp)) {
      this.#run(timer, instant(Math.max(this.state.lastAt, timer.deadline)));
    }
  }

  /** Lets the clock run until the auction is over, and says what its last entry was. */
  end(): Event | undefined {
    this.until(1_000_000_000);
    return this.log.findLast((event) => ['auction_awarded', 'auction_unsold'].includes(event.type));
  }

  offer(
    accountId: string,
    price: number,
    { quantity = 1, minimumAcceptable = 0, merit = null }: Offered = {},
  ) {
    const counts = {
      price: ticks(price),
      quantity: lots(quantity),
      minimumAcceptable: lots(minimumAcceptable),
    };
    return this.send({ type: 'place_offer', auctionId: this.auctionId, accountId, ...counts, merit });
  }

  deposit(accountId: string, amount: string): readonly Event[] {
    return this.send({ type: 'allocate_bid_security', auctionId: this.auctionId, accountId, amount });
  }

  /** @throws when it is over. */
  get auction(): Auction<Name> {
    const auction = this.state.auctions.get(this.auctionId);
    if (auction === undefined) throw new Error(`${this.auctionId} is not live`);
    return auction as unknown as Auction<Name>;
  }

  /** The latest awards, as "account quantity price". */
  get awards(): readonly string[] {
    const awarded = this.end();
    if (awarded?.type !== 'auction_awarded') return [];
    return awarded.awards.map((award) => `${award.accountId} ${award.quantity} ${award.price}`);
  }

  get now(): number {
    return Math.max(this.#clock, this.state.lastAt - ORIGIN);
  }

  #run(body: CommandBody, stamp: Instant): readonly Event[] {
    const events = step(this.state, { ...body, seq: this.state.seq + 1, at: stamp });
    this.log.push(...events);
    return events;
  }
}

/** The refusal in a list of events, or undefined when the command was accepted. */
export function refusal(events: readonly Event[]): Rejection | undefined {
  const [event] = events;
  return event?.type === 'command_rejected' ? event.rejection : undefined;
}
