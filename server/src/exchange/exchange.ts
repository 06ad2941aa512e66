/**
 * The hot path, put together: every shard's host, its live view and its SQL views, behind one gateway
 * and one fan-out. The rest of the server talks to this and to nothing inside.
 */
import { randomUUID } from 'node:crypto';
import type { EngineState } from '@seam/engine';
import type { Sql } from 'postgres';
import type { MachineClock } from './clock.ts';
import { EngineHost } from './engine-host.ts';
import type { HostPhase } from './host-phase.ts';
import { type Gateway, createGateway, shardIndex } from './gateway.ts';
import { type Journal, openJournal } from './journal.ts';
import { LiveExchange } from './live-exchange.ts';
import { type AuctionView, LiveAuctions } from './live-view.ts';
import type { LiveMarket } from './markets/live-market.ts';
import { LiveMarkets } from './markets/live-markets.ts';
import { Projector, type Projection } from './projector.ts';
import { marketRules } from './rules.ts';
import { Topics } from './topics.ts';
import type { Log } from './types.ts';

export type ExchangeOptions = {
  /** For the journals' own connections, one per shard. */
  readonly url: string;
  /** The process's pool, for everything that is not an append. */
  readonly sql: Sql;
  readonly projections: readonly Projection[];
  /** Kept by the installation: bidders' names within an auction derive from it. */
  readonly pseudonymSecret: string;
  readonly log: Log;
  /** Another process leads: this one must end. Default: exit code 70. */
  readonly onFenced?: (shard: number, error: Error) => void;
  /** A shard stands still until a person has looked. */
  readonly onHalted?: (shard: number, error: Error) => void;
  readonly clock?: MachineClock;
  readonly leaseTtlMs?: number;
  readonly snapshotEvery?: number;
  /** Only for the negative control of the crash test; see EngineHost. */
  readonly acknowledge?: 'after_commit' | 'before_commit';
  /** Only for the negative controls of the chaos run; default: the product's own journal. */
  readonly openJournal?: (of: { shard: number; owner: string }) => Journal;
};

export type ShardHealth = {
  readonly shard: number;
  readonly phase: HostPhase;
  readonly queued: number;
  readonly publishedSeq: number;
  readonly projections: Readonly<Record<string, number>>;
  readonly projectionFailure: string | undefined;
};

export type Exchange = {
  readonly gateway: Gateway;
  readonly topics: Topics;
  /** The committed state of an auction; undefined when unknown or ended more than a week ago. */
  auction(auctionId: string): AuctionView | undefined;
  /** The committed state of an order book; undefined when there is none of this name. */
  market(instrumentId: string): LiveMarket | undefined;
  /** The time by which auctions close: what clients should count down against. */
  now(): Date;
  /**
   * Resolves when the SQL view `name` has applied the entry at `place` (an outcome has one).
   * @throws ProjectionLate after `timeoutMs`.
   */
  waitForProjection(name: string, place: { shard: number; seq: number }, timeoutMs?: number): Promise<void>;
  /** Resolves when every shard is led. @throws when one never will be. */
  start(): Promise<void>;
  /**
   * Starts as one of several processes on one database: leads the shards it gets, tries for the others
   * whenever their leader falls silent, and ends (`onFenced`) when it loses one. Resolves at once.
   */
  compete(): void;
  /** Ends each term after the batch under way and gives the leases back. */
  stop(): Promise<void>;
  health(): readonly ShardHealth[];
};

const FENCED_EXIT_CODE = 70;

type Shard = { id: number; host: EngineHost<EngineState>; live: LiveExchange; projector: Projector };

export async function createExchange(options: ExchangeOptions): Promise<Exchange> {
  const rows = await options.sql<{ shard_id: number }[]>`select shard_id from shard order by shard_id`;
  const marketOf = (id: string): LiveMarket | undefined => shardOf(id)?.live.markets.get(id);
  const topics = new Topics({ pseudonymSecret: options.pseudonymSecret, marketOf });
  const owner = randomUUID();
  const shards = rows.map((row) => createShard(row.shard_id, owner, topics, options));
  const shardOf = (id: string): Shard | undefined => shards[shardIndex(id, shards.length)];

  return {
    gateway: createGateway(shards.map(({ host }) => host)),
    topics,
    auction: (auctionId) => shardOf(auctionId)?.live.auctions.get(auctionId),
    market: marketOf,
    now: () => new Date(shards[0]?.host.now() ?? Date.now()),
    async waitForProjection(name, place, timeoutMs) {
      const shard = shards.find(({ id }) => id === place.shard);
      if (!shard) throw new RangeError(`no shard ${place.shard}`);
      await shard.projector.waitFor(name, place.seq, timeoutMs);
    },
    async start() {
      await Promise.all(
        shards.map(async ({ host, projector }) => {
          host.start();
          await host.leading();
          // Only now: what an earlier leader wrote until the takeover is then there to be read.
          projector.start();
        }),
      );
    },
    compete() {
      for (const { host, projector } of shards) {
        host.start();
        host.leading().then(
          () => projector.start(),
          () => {},
        );
      }
    },
    async stop() {
      await Promise.all(shards.map(({ host }) => host.stop()));
      await Promise.all(shards.map(({ projector }) => projector.stop()));
    },
    health: () =>
      shards.map(({ id, host, projector }) => ({
        shard: id,
        phase: host.phase,
        queued: host.queued,
        publishedSeq: host.publishedSeq,
        projections: Object.fromEntries(projector.positions),
        projectionFailure: projector.failure?.message,
      })),
  };
}

function createShard(id: number, owner: string, topics: Topics, options: ExchangeOptions): Shard {
  const { url, sql, projections, log, clock, leaseTtlMs, snapshotEvery, acknowledge } = options;
  const live = new LiveExchange({
    auctions: new LiveAuctions({
      changed: (view) => topics.auctionChanged(view),
      forgotten: (auctionId) => topics.auctionForgotten(auctionId),
    }),
    markets: new LiveMarkets({ changed: (market) => topics.marketChanged(market) }),
  });
  const projector = new Projector({ sql, shard: id, projections, log });
  const host = new EngineHost<EngineState>({
    shard: id,
    rules: marketRules,
    openJournal: () =>
      options.openJournal?.({ shard: id, owner }) ??
      openJournal({ url, shard: id, owner, ...(leaseTtlMs && { leaseTtlMs }) }),
    sql,
    view: live,
    onEntry: (entry) => projector.push(entry),
    log,
    onFenced: (error) => (options.onFenced ?? exit)(id, error),
    onHalted: (error) => options.onHalted?.(id, error),
    ...(clock && { clock }),
    ...(leaseTtlMs && { leaseTtlMs }),
    ...(snapshotEvery && { snapshotEvery }),
    ...(acknowledge && { acknowledge }),
  });
  return { id, host, live, projector };
}

function exit(): void {
  process.exit(FENCED_EXIT_CODE);
}
