/**
 * Replays recorded procurement by sealed bids (a town's works: ceiling, sometimes a floor, lowest eligible
 * bid wins) through the engine's own sealed-bid auction: every row is committed to, opened and ranked
 * there. Writes `auction_id,winner_bidder_id,price` in the order of the file; the last two are empty where
 * nobody wins.
 *
 * What the records know and the bids do not say is given as what it was: a note that does not report the
 * win is the reason for which the bid was set aside, so that bid is disqualified after the opening.
 * `is_winner` is never read. Equal bids were decided by lottery; here the first in the file wins.
 */
import { type SealedBidTerms, commitmentText, createState, dueTimers, sha256, step } from '@seam/engine';
import type { CommandBody, Event } from '@seam/engine';
import { type Instant, instant, lots, ticks } from '@seam/units';
import { ReplayError } from '../error.ts';
import { type RecordedAuction, type RecordedBid, type RefusedRow, readRecorded } from './tsuchiura-rows.ts';

/** Any time: the records have a date and nothing that depends on it. */
const START = 1_000_000;
const SUBMISSION_MS = 1_000;
const OPENING_MS = 1_000;
const WHOLE = lots(1);
const STEP_MAX = 1_000_000;
/** The engine's own bound on a price. */
const PRICE_TICKS_MAX = 500_000_000;

export type TsuchiuraAward = {
  readonly auctionId: string;
  /** Null: nobody was eligible. */
  readonly winner: { readonly bidderId: string; readonly price: number } | null;
};

export type TsuchiuraReplayed = {
  readonly awards: readonly TsuchiuraAward[];
  readonly refused: readonly RefusedRow[];
  /** The awards as CSV, with its header. */
  readonly csv: string;
};

/** @throws ReplayError when the file is of another form. */
export async function replayTsuchiura(input: Uint8Array): Promise<TsuchiuraReplayed> {
  const { auctions, refused } = await readRecorded(input);
  const awards = auctions.map(awardRecorded);
  const lines = awards.map(({ auctionId, winner }) =>
    [auctionId, winner?.bidderId ?? '', winner?.price ?? ''].join(','),
  );
  return { awards, refused, csv: `${['auction_id,winner_bidder_id,price', ...lines].join('\n')}\n` };
}

/** Runs one auction from its schedule to its award. */
function awardRecorded(recorded: RecordedAuction): TsuchiuraAward {
  if (recorded.bids.length === 0) return { auctionId: recorded.auctionId, winner: null };
  const tick = commonStep(recorded);
  const market = new Market(termsOf(recorded, tick));
  const { bids } = recorded;
  for (const bid of bids) market.send({ type: 'commit_bid', ...sealed(recorded, bid, tick) });
  market.runTo(START + SUBMISSION_MS);
  for (const bid of bids) market.send({ type: 'reveal_bid', ...revealed(recorded, bid, tick) });
  for (const bid of bids) {
    if (bid.setAside === null) continue;
    const { auctionId } = recorded;
    market.trySend({ type: 'disqualify_bid', auctionId, bidderId: accountOf(bid), reason: bid.setAside });
  }
  market.runTo(START + SUBMISSION_MS + OPENING_MS);
  const [award] = market.awards();
  const bid = bids.find((candidate) => accountOf(candidate) === award?.accountId);
  const winner = award && bid ? { bidderId: bid.bidderId, price: award.price * tick } : null;
  return { auctionId: recorded.auctionId, winner };
}

/** One firm may stand in an auction twice, as itself and in a joint venture: a row is an account. */
function accountOf({ line }: RecordedBid): string {
  return `line-${line}`;
}

/**
 * The largest step, up to a million yen, that all prices of the auction are whole numbers of.
 * @throws ReplayError when the dearest is then more steps than a price of the engine has.
 */
function commonStep({ auctionId, ceiling, floor, bids }: RecordedAuction): number {
  const prices = [ceiling, floor, ...bids.map((bid) => bid.price)].filter((price) => price !== null);
  const tick = prices.reduce(divisor, STEP_MAX);
  if (Math.max(...prices) / tick <= PRICE_TICKS_MAX) return tick;
  const detail = `auction ${auctionId}: its prices share no step large enough`;
  throw new ReplayError('replay.range_too_wide', detail);
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

/** One lot of 1 kg, a tick of `tick` yen. The engine has no yen; nothing here depends on the currency. */
function termsOf({ auctionId, ceiling, floor, bids }: RecordedAuction, tick: number): SealedBidTerms {
  // Without a ceiling nothing is too dear: the dearest bid is the ceiling.
  const highest = ceiling ?? Math.max(floor ?? 0, ...bids.map((bid) => bid.price));
  return {
    auctionId,
    format: 'sealed_bid',
    direction: 'buy',
    pricing: 'pay_as_bid',
    ownerId: 'buyer',
    currency: 'CNY',
    tickSize: String(tick),
    lotSize: '1',
    quantity: WHOLE,
    minimumBidQuantity: WHOLE,
    startingPrice: ticks(highest / tick),
    reservePrice: null,
    scoring: { mode: 'price' },
    award: { mode: 'quantity' },
    floor: floor === null ? null : { price: ticks(floor / tick), below: 'refuse' },
    opensAt: instant(START),
    closesAt: instant(START + SUBMISSION_MS + OPENING_MS),
    openingMs: OPENING_MS,
    softClose: { mode: 'none' },
    bidSecurity: { mode: 'fixed', amount: '0' },
    secrecy: { mode: 'commit_reveal' },
    quantityBands: [WHOLE],
    unopenedPenalty: 0,
    rulesVersion: 1,
  };
}

function contentOf(bid: RecordedBid, tick: number) {
  return {
    price: ticks(bid.price / tick),
    quantity: WHOLE,
    minimumAcceptable: lots(0),
    merit: null,
    // Unguessable they need not be: everything is public already.
    bidder: String(bid.line).padStart(32, '0'),
    nonce: String(bid.line).padStart(32, '0'),
  };
}

function sealed({ auctionId }: RecordedAuction, bid: RecordedBid, tick: number) {
  const accountId = accountOf(bid);
  const commitment = sha256(commitmentText({ auctionId, content: contentOf(bid, tick) }));
  return { auctionId, accountId, commitment, quantityMaximum: WHOLE };
}

function revealed({ auctionId }: RecordedAuction, bid: RecordedBid, tick: number) {
  return { auctionId, accountId: accountOf(bid), ...contentOf(bid, tick) };
}

/** One auction on an engine of its own. */
class Market {
  readonly #state = createState();
  readonly #events: Event[] = [];

  constructor(terms: SealedBidTerms) {
    this.send({ type: 'schedule_auction', terms });
    this.runTo(START);
  }

  /** @throws Error when the engine refuses what the records say was taken. */
  send(body: CommandBody): void {
    const [first] = this.trySend(body);
    if (first?.type === 'command_rejected')
      throw new Error(`${body.type}: ${JSON.stringify(first.rejection)}`);
  }

  trySend(body: CommandBody): readonly Event[] {
    return this.#step(body, this.#state.lastAt);
  }

  /** Lets everything happen that is due by then. */
  runTo(ms: number): void {
    for (let [due] = dueTimers(this.#state, instant(ms)); due; [due] = dueTimers(this.#state, instant(ms))) {
      this.#step(due, instant(Math.max(this.#state.lastAt, due.deadline)));
    }
  }

  awards() {
    return this.#events.flatMap((event) => (event.type === 'auction_awarded' ? event.awards : []));
  }

  #step(body: CommandBody, at: Instant): readonly Event[] {
    const events = step(this.#state, { ...body, seq: this.#state.seq + 1, at });
    this.#events.push(...events);
    return events;
  }
}
