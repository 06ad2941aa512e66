/** A hot auction on the real engine host: real rules, real journal, real live view, fifty companies bidding. */
import { randomUUID } from 'node:crypto';
import type { AuctionTerms, EngineState } from '@seam/engine';
import { instant, lots, ticks } from '@seam/units';
import type { Sql } from 'postgres';
import { EngineHost } from '../../src/exchange/engine-host.ts';
import { openJournal } from '../../src/exchange/journal.ts';
import { LiveAuctions } from '../../src/exchange/live-view.ts';
import { marketRules } from '../../src/exchange/rules.ts';
import { auctionTerms } from '../../src/exchange/testing/market.ts';
import { type Outcome, type Submission, memberActor, silentLog } from '../../src/exchange/types.ts';

export const BIDDERS = 50;
const STARTING_PRICE = 800;

/** Open for a day, far from its end. */
export function hotTerms(auctionId: string): AuctionTerms {
  const now = Date.now() - 1_000;
  const day = 86_400_000;

  return auctionTerms(auctionId, {
    quantity: lots(1_000),
    opensAt: instant(now),
    closesAt: instant(now + day),
    softClose: {
      mode: 'window',
      windowMs: 120_000,
      extensionMs: 120_000,
      hardEndAt: instant(now + 2 * day),
      extensionsMax: 100,
    },
  });
}

/** Bids of `BIDDERS` companies in turn, each a tick above the one before: all of them valid. */
export class Bidding {
  readonly auctionId = randomUUID();
  readonly #companies = Array.from({ length: BIDDERS }, () => randomUUID());
  #placed = 0;

  scheduling(): Submission {
    const body = { type: 'schedule_auction', terms: hotTerms(this.auctionId) } as const;
    return { actor: 'exchange', cmdId: `schedule.${this.auctionId}`, body };
  }

  next(): Submission {
    this.#placed += 1;
    const accountId = this.#companies[this.#placed % BIDDERS]!;
    return {
      actor: memberActor(accountId),
      cmdId: randomUUID(),
      body: {
        type: 'place_bid',
        auctionId: this.auctionId,
        accountId,
        price: ticks(STARTING_PRICE + this.#placed),
        quantity: lots(100),
        minimumAcceptable: lots(0),
      },
    };
  }
}

export type Market = {
  readonly bidding: Bidding;
  /** @throws when the bid was not accepted and journaled. */
  bid(): Promise<void>;
  /** The next bid, whatever becomes of it. */
  submit(): Promise<Outcome>;
  stop(): Promise<void>;
};

export async function openMarket(url: string, sql: Sql, shard = 0): Promise<Market> {
  const owner = randomUUID();
  const fail = (error: Error): void => {
    throw error;
  };
  const host = new EngineHost<EngineState>({
    shard,
    rules: marketRules,
    openJournal: () => openJournal({ url, shard, owner }),
    sql,
    view: new LiveAuctions(),
    onEntry: () => {},
    log: silentLog,
    onFenced: fail,
    onHalted: fail,
  });
  host.start();
  await host.leading();
  const bidding = new Bidding();
  await host.submit(bidding.scheduling());
  return {
    bidding,
    async bid() {
      const outcome = await host.submit(bidding.next());
      if (outcome.status !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(outcome)}`);
    },
    submit: () => host.submit(bidding.next()),
    stop: () => host.stop(),
  };
}
