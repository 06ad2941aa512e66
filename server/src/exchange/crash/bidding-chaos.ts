/**
 * Kills the market with -9 at random moments while bidders bid, starts it again, and then compares
 * what every bidder was told with the journal. `acknowledge: 'before_commit'` is the negative control:
 * a market that answers before its journal has committed must fail this test, or the test is worthless.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { instant, lots, ticks } from '@seam/units';
import { type AuctionTerms, PLAIN_ENGLISH, hardEndOf } from '@seam/engine';
import postgres from 'postgres';
import type { Outcome, Submission } from '../types.ts';
import { type Audit, audit } from './audit.ts';
import { Bidder } from './bidder.ts';

export type BiddingChaosOptions = {
  readonly kills: number;
  readonly bidders: number;
  readonly seed: number;
  /** Migrated, and without a journal: everything in it is checked. */
  readonly databaseUrl: string;
  readonly acknowledge?: 'after_commit' | 'before_commit';
  readonly onProgress?: (line: string) => void;
};

export type BiddingChaosReport = Audit & {
  readonly kills: number;
  readonly acknowledged: number;
  /** Bids that were sent again after a crash, and got their one answer. */
  readonly retried: number;
  readonly restartMsMedian: number;
  readonly restartMsMax: number;
  readonly durationMs: number;
  readonly passed: boolean;
};

/** Each auction is short, so that kills also fall on openings, extensions and closes. */
const AUCTION_MS = 4_000;
const SOFT_CLOSE_MS = 500;
const HARD_END_MS = 2_000;
const AUCTIONS_AT_ONCE = 2;
const ALIVE_MS = { least: 50, most: 700 };

export async function runBiddingChaos(options: BiddingChaosOptions): Promise<BiddingChaosReport> {
  const started = performance.now();
  const random = seeded(options.seed);
  const market = new Market(options);
  const floor = new TradingFloor(market);
  const restarts: number[] = [];
  await market.start();
  await floor.fill();
  const bidders = Array.from(
    { length: options.bidders },
    (_, i) =>
      new Bidder({
        name: `bidder${i}`,
        random: seeded(options.seed * 1_000 + i),
        port: () => market.port,
        auctions: () => floor.open(),
      }),
  );
  for (let kill = 1; kill <= options.kills; kill += 1) {
    await floor.fill();
    await pause(ALIVE_MS.least + random() * (ALIVE_MS.most - ALIVE_MS.least));
    await market.kill();
    const from = performance.now();
    await market.start();
    restarts.push(performance.now() - from);
    options.onProgress?.(`kill ${kill}/${options.kills}, back after ${Math.round(restarts.at(-1) ?? 0)} ms`);
  }
  await Promise.all(bidders.map((bidder) => bidder.stop()));
  await floor.end();
  await market.kill();

  const acknowledged = bidders.flatMap((bidder) => bidder.acknowledged);
  const sql = postgres(options.databaseUrl, { max: 1, onnotice: () => {} });
  let found: Audit;
  try {
    found = await audit(sql, acknowledged);
  } finally {
    await sql.end();
  }
  restarts.sort((a, b) => a - b);
  return {
    ...found,
    kills: options.kills,
    acknowledged: acknowledged.length,
    retried: bidders.reduce((sum, { retried }) => sum + retried, 0),
    restartMsMedian: Math.round(restarts[Math.floor(restarts.length / 2)] ?? 0),
    restartMsMax: Math.round(restarts.at(-1) ?? 0),
    durationMs: Math.round(performance.now() - started),
    passed:
      found.lost + found.changed + found.doubled + found.wrongAwards + found.wrongCloses === 0 &&
      found.chain === 'intact',
  };
}

/** The process under test. */
class Market {
  port: number | undefined;
  #child: ChildProcess | undefined;
  readonly #options: BiddingChaosOptions;

  constructor(options: BiddingChaosOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { databaseUrl, acknowledge } = this.#options;
    const child = spawn(process.execPath, [path.join(import.meta.dirname, 'market-process.ts')], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, DATABASE_URL: databaseUrl, CRASH_ACKNOWLEDGE: acknowledge ?? 'after_commit' },
    });
    this.#child = child;
    const ready = await new Promise<string>((resolve, reject) => {
      child.stdout.once('data', (data: Buffer) => resolve(data.toString()));
      child.once('exit', (code) => reject(new Error(`the market ended with ${code} before it was ready`)));
    });
    this.port = Number(ready.split(' ')[1]);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.port = undefined;
    if (!child || child.exitCode !== null)
      throw new Error(`the market ended by itself with ${child?.exitCode}`);
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  /** Until there is an answer; the same id, so it happens once. */
  async submit(submission: Submission): Promise<Outcome> {
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${this.port}/submit`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(submission),
      });
      const outcome = (await answer.json()) as Outcome;
      if (outcome.status !== 'refused') return outcome;
      await pause(20);
    }
  }
}

/** Keeps a few auctions open until the end. */
class TradingFloor {
  readonly #market: Market;
  #auctions: AuctionTerms[] = [];

  constructor(market: Market) {
    this.#market = market;
  }

  open(): string[] {
    return this.#auctions.map(({ auctionId }) => auctionId);
  }

  async fill(): Promise<void> {
    this.#auctions = this.#auctions.filter((terms) => hardEndOf(terms) > Date.now());
    while (this.#auctions.length < AUCTIONS_AT_ONCE) {
      const terms = termsNow(this.#auctions.length);
      const body = { type: 'schedule_auction', terms } as const;
      await this.#market.submit({ actor: 'exchange', cmdId: `schedule.${terms.auctionId}`, body });
      this.#auctions.push(terms);
    }
  }

  /** Resolves when the clock has closed every auction: the last command finds all of them ended. */
  async end(): Promise<void> {
    const last = Math.max(...this.#auctions.map(hardEndOf));
    await pause(Math.max(0, last - Date.now()) + 50);
    for (const { auctionId } of this.#auctions) {
      const body = { type: 'void_auction', auctionId, reason: 'after the end' } as const;
      await this.#market.submit({ actor: 'exchange', cmdId: `late.${auctionId}`, body });
    }
  }
}

let made = 0;
function termsNow(offset: number): AuctionTerms {
  made += 1;
  const now = Date.now();
  const closesAt = now + AUCTION_MS + (offset * AUCTION_MS) / AUCTIONS_AT_ONCE;
  return {
    auctionId: `crash-${now}-${made}`,
    format: 'english',
    pricing: 'pay_as_bid',
    ...PLAIN_ENGLISH,
    ownerId: 'seller',
    currency: 'CNY',
    tickSize: '100',
    lotSize: '50000',
    quantity: lots(100),
    minimumBidQuantity: lots(5),
    startingPrice: ticks(800),
    reservePrice: null,
    bidIncrement: ticks(1),
    maximumIncrement: null,
    opensAt: instant(now),
    closesAt: instant(closesAt),
    softClose: {
      mode: 'window',
      windowMs: SOFT_CLOSE_MS,
      extensionMs: SOFT_CLOSE_MS,
      extensionsMax: 100,
      hardEndAt: instant(closesAt + HARD_END_MS),
    },
    bidSecurity: { mode: 'fixed', amount: '0' },
    rulesVersion: 1,
  };
}

/** mulberry32: the same seed, the same moments. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
