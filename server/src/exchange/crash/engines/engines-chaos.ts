/**
 * Several engines compete for the shards of one PostgreSQL while they and it are killed, stopped, cut off
 * and crashed, and traders trade. Afterwards the journal's rows are counted against what every trader was
 * told. The broken variants must fail it, or it is worthless.
 */
import { randomUUID } from 'node:crypto';
import { instant, lots, ticks } from '@seam/units';
import postgres from 'postgres';
import { seededRandom } from '@seam/testkit/sim';
import { auctionTerms } from '../../testing/market.ts';
import type { Variant } from './broken-journals.ts';
import { Engine } from './engine.ts';
import { Mischief, type MischiefCounts } from './mischief.ts';
import { type RawAudit, rawAudit } from './raw-audit.ts';
import type { ChaosServer } from './server.ts';
import { Trader } from './trader.ts';

export type EnginesChaosOptions = {
  readonly server: ChaosServer;
  /** Names the database made for this run. */
  readonly name: string;
  readonly variant: Variant;
  readonly seconds: number;
  readonly seed: number;
  readonly engines?: number;
  readonly shards?: number;
  readonly bidders?: number;
  readonly pauseMsMax?: number;
  readonly restartEveryMs?: number;
  readonly onProgress?: (line: string) => void;
};

export type EnginesChaosReport = RawAudit &
  MischiefCounts & {
    readonly variant: Variant;
    readonly seconds: number;
    readonly takeovers: number;
    /** Engines that ended because another one led. */
    readonly fenced: number;
    readonly acknowledged: number;
    readonly retried: number;
    /** Commands without an answer long after the last mischief. */
    readonly unanswered: number;
    /** Shards that stood still. */
    readonly halted: number;
    /** Nothing is lost, changed, doubled, sold twice, missing or broken: what a guard is for. */
    readonly safe: boolean;
    /** Safe, and everybody was served. */
    readonly passed: boolean;
  };

type Running = {
  readonly auctionId: string;
  readonly closesAt: number;
  readonly hardEndAt: number;
  raises: number;
};

const AUCTION_MS = 3_000;
const SOFT_CLOSE_MS = 300;
const HARD_END_MS = 1_200;
const AUCTIONS_AT_ONCE = 5;
/** A broken market may never answer: nobody waits for it that long. */
const PATIENCE_MS = { honest: 300_000, control: 3_000 };
const LEASE_MS = 1_000;

export async function runEnginesChaos(options: EnginesChaosOptions): Promise<EnginesChaosReport> {
  const run = new Run(options, await options.server.database(options.name, options.shards ?? 4));
  return run.go();
}

class Run {
  readonly #options: EnginesChaosOptions;
  readonly #databaseUrl: string;
  readonly #random;
  readonly #engines: Engine[];
  readonly #traders: Trader[] = [];
  readonly #halts = new Set<string>();
  #auctions: Running[] = [];
  #made = 0;
  #end = Infinity;
  #unanswered = 0;

  constructor(options: EnginesChaosOptions, databaseUrl: string) {
    this.#options = options;
    this.#databaseUrl = databaseUrl;
    this.#random = seededRandom(options.seed, options.variant);
    const { variant } = options;
    const onHalted = (line: string): void => {
      this.#halts.add(line.split(' ')[1] ?? '');
      options.onProgress?.(line);
    };
    this.#engines = Array.from(
      { length: options.engines ?? 3 },
      () => new Engine({ databaseUrl, variant, leaseTtlMs: LEASE_MS, onHalted }),
    );
  }

  async go(): Promise<EnginesChaosReport> {
    const { seconds, bidders = 10, server, pauseMsMax = 30_000, restartEveryMs = 15_000 } = this.#options;
    const databaseUrl = this.#databaseUrl;
    try {
      while (!this.#engines.every(({ port }) => port !== undefined)) await wait(20);
      this.#end = Date.now() + seconds * 1_000;
      const people = [this.#operate(), ...Array.from({ length: bidders }, (_, i) => this.#bid(`bidder${i}`))];
      const { engines, random } = { engines: this.#engines, random: this.#random.fork('mischief').next };
      const nextClose = (): number | undefined => this.#nextClose();
      const mischief = new Mischief({
        server,
        databaseUrl,
        engines,
        random,
        pauseMsMax,
        restartEveryMs,
        nextClose,
      });
      const progress = setInterval(() => this.#tell(mischief.counts), 5_000);
      await mischief.run(this.#end);
      clearInterval(progress);
      await Promise.all(people);
      await this.#endAuctions();
      return await this.#report(mischief.counts);
    } finally {
      await Promise.all(this.#engines.map((engine) => engine.stop()));
    }
  }

  get #isOver(): boolean {
    const kind = this.#options.variant === 'honest' ? 'honest' : 'control';
    return Date.now() > this.#end + PATIENCE_MS[kind];
  }

  #trader(label: string): Trader {
    const ports = (): number[] => this.#engines.flatMap(({ port }) => port ?? []);
    const trader = new Trader({ ports, random: this.#random.fork(label).next });
    this.#traders.push(trader);
    return trader;
  }

  async #operate(): Promise<void> {
    const trader = this.#trader('exchange');
    while (Date.now() < this.#end) {
      this.#auctions = this.#auctions.filter(({ hardEndAt }) => hardEndAt > Date.now() - 5_000);
      const open = this.#auctions.filter(({ hardEndAt }) => hardEndAt > Date.now());
      if (open.length < AUCTIONS_AT_ONCE) await this.#schedule(trader);
      else await wait(50);
    }
  }

  async #schedule(trader: Trader): Promise<void> {
    this.#made += 1;
    const auctionId = `chaos-${this.#made}`;
    const now = Date.now();
    const closesAt = now + Math.floor(AUCTION_MS * (0.5 + this.#random.next()));
    const hardEndAt = closesAt + HARD_END_MS;
    const terms = auctionTerms(auctionId, {
      opensAt: instant(now),
      closesAt: instant(closesAt),
      softClose: {
        mode: 'window',
        windowMs: SOFT_CLOSE_MS,
        extensionMs: SOFT_CLOSE_MS,
        extensionsMax: 100,
        hardEndAt: instant(hardEndAt),
      },
    });
    const body = { type: 'schedule_auction', terms } as const;
    this.#auctions.push({ auctionId, closesAt, hardEndAt, raises: 0 });
    await trader.command({ actor: 'exchange', cmdId: `schedule.${auctionId}`, body }, () => this.#isOver);
  }

  async #bid(name: string): Promise<void> {
    const trader = this.#trader(name);
    const { next, below, pick } = this.#random.fork(`bids of ${name}`);
    while (Date.now() < this.#end) {
      await wait(next() * 20);
      const open = this.#auctions.filter(({ hardEndAt }) => hardEndAt > Date.now() - 100);
      if (open.length === 0) continue;
      const auction = pick(open);
      const body = {
        type: 'place_bid',
        auctionId: auction.auctionId,
        accountId: name,
        price: ticks(800 + auction.raises + below(3)),
        quantity: lots(5 + below(60)),
        minimumAcceptable: lots(0),
      } as const;
      const outcome = await trader.command({ actor: name, cmdId: randomUUID(), body }, () => this.#isOver);
      if (!outcome) this.#unanswered += 1;
      if (outcome?.status === 'accepted') auction.raises += 1;
    }
  }

  #nextClose(): number | undefined {
    const ahead = this.#auctions.map(({ closesAt }) => closesAt).filter((at) => at > Date.now() + 50);
    return ahead.length > 0 ? Math.min(...ahead) : undefined;
  }

  /** The last command finds every auction ended, or ends it: an outage may have given it more time. */
  async #endAuctions(): Promise<void> {
    await wait(Math.max(0, ...this.#auctions.map(({ hardEndAt }) => hardEndAt + 100 - Date.now())));
    const trader = this.#trader('end');
    await Promise.all(
      this.#auctions.map(async ({ auctionId }) => {
        const body = { type: 'void_auction', auctionId, reason: 'after the end' } as const;
        await trader.command({ actor: 'exchange', cmdId: `late.${auctionId}`, body }, () => this.#isOver);
      }),
    );
  }

  #tell(counts: MischiefCounts): void {
    const acknowledged = this.#traders.reduce((sum, { told }) => sum + told.length, 0);
    this.#options.onProgress?.(`${JSON.stringify(counts)}, ${acknowledged} acknowledged`);
  }

  async #report(counts: MischiefCounts): Promise<EnginesChaosReport> {
    const { variant, seconds } = this.#options;
    await Promise.all(this.#engines.map((engine) => engine.stop()));
    const told = this.#traders.flatMap((trader) => trader.told);
    const sql = postgres(this.#databaseUrl, { max: 1, onnotice: () => {} });
    try {
      const found = await rawAudit(sql, told);
      const [row] = await sql<{ epochs: string }[]>`select sum(epoch) as epochs from shard`;
      const broken =
        found.lost + found.changed + found.doubledCommands + found.soldTwice + found.gaps + found.hashBreaks;
      const bent = found.epochsBack + found.timesBack;
      const safe = broken + bent === 0 && found.reexecution === 'equal';
      const unserved = found.wrongAwards + found.wrongCloses + this.#halts.size + this.#unanswered;
      return {
        variant,
        seconds,
        ...counts,
        takeovers: Number(row?.epochs ?? 0),
        fenced: this.#engines.reduce((sum, { fenced }) => sum + fenced, 0),
        acknowledged: told.length,
        retried: this.#traders.reduce((sum, { retried }) => sum + retried, 0),
        unanswered: this.#unanswered,
        halted: this.#halts.size,
        ...found,
        safe,
        passed: safe && unserved === 0,
      };
    } finally {
      await sql.end();
    }
  }
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
