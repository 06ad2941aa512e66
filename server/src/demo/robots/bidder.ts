/** One robot in one auction: listens, thinks for a while, bids, and leaves when it is refused too often. */
import type { AuctionState, LiveSocket } from '@seam/client';
import { BIDS_MAX, REFUSALS_MAX, THINK_MAX_MS, THINK_MIN_MS } from './limits.ts';
import { type Random, between } from './random.ts';
import { type Wish, nextBid } from './strategy.ts';

export type RobotLog = {
  debug(facts: object, message: string): void;
  warn(facts: object, message: string): void;
};

export class Bidder {
  readonly #auctionId: string;
  readonly #socket: LiveSocket;
  readonly #wish: Wish;
  readonly #random: Random;
  readonly #log: RobotLog;
  readonly #unsubscribe: () => void;
  #state: AuctionState | undefined;
  #thinking: ReturnType<typeof setTimeout> | undefined;
  #bidding = false;
  #left = false;
  #bids = 0;
  #refusals = 0;

  constructor(of: { auctionId: string; socket: LiveSocket; wish: Wish; random: Random; log: RobotLog }) {
    this.#auctionId = of.auctionId;
    this.#socket = of.socket;
    this.#wish = of.wish;
    this.#random = of.random;
    this.#log = of.log;
    this.#unsubscribe = of.socket.subscribe(`auction:${of.auctionId}`, (update) => {
      this.#state = update.type === 'state' && update.fresh ? update.state : undefined;
      this.#think();
    });
  }

  leave(): void {
    this.#left = true;
    clearTimeout(this.#thinking);
    this.#unsubscribe();
  }

  #think(): void {
    if (this.#left || this.#bidding || this.#thinking !== undefined || this.#state === undefined) return;
    if (this.#bids >= BIDS_MAX || this.#refusals >= REFUSALS_MAX) return;
    if (nextBid(this.#state, this.#wish, this.#random) === null) return;
    const leftMs = Date.parse(this.#state.closesAt) - this.#socket.nowMs();
    // Towards the end it decides faster, or it would never bid in the last seconds.
    const longestMs = Math.max(THINK_MIN_MS, Math.min(THINK_MAX_MS, leftMs / 6));
    const waitMs = between(this.#random, THINK_MIN_MS, longestMs);
    this.#thinking = setTimeout(() => {
      this.#thinking = undefined;
      void this.#bid();
    }, waitMs);
  }

  /** What the auction is now counts, not what it was when the thinking began. */
  async #bid(): Promise<void> {
    const bid = this.#state && nextBid(this.#state, this.#wish, this.#random);
    if (!bid || this.#left || this.#socket.status.state !== 'live') return;
    this.#bidding = true;
    this.#bids += 1;
    const outcome = await this.#socket.placeBid({ auctionId: this.#auctionId, ...bid }).settled;
    this.#bidding = false;
    if (outcome.status === 'accepted') this.#refusals = 0;
    else {
      this.#refusals += 1;
      this.#log.debug({ auctionId: this.#auctionId, bid, outcome }, 'robot bid not accepted');
    }
    this.#think();
  }
}
