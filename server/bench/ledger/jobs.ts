/**
 * Settlement jobs a second: contracts that bind are opened (provisional invoice, its document in both forms, all in
 * the transaction that marks the row done) by one process of workers, woken by BullMQ on Redis or on PostgreSQL.
 */
import { type Comparison, compare } from '@seam/testkit/bench';
import { type WorkHandler } from '../../src/platform/outbox.ts';
import { startJobs } from '../../src/platform/jobs.ts';
import { stepOf } from '../../src/settlement/bank/deps.ts';
import { bindAll, bound } from '../../src/settlement/sim/contracts.ts';
import { plannedTrades } from '../../src/settlement/sim/plan.ts';
import { simPorts } from '../../src/settlement/sim/ports.ts';
import { type OwnRedis, startRedis } from '../../src/settlement/sim/redis.ts';
import { tradeWork } from '../../src/settlement/trade/work.ts';
import type { BenchDatabase } from '../support/database.ts';

const clock = { now: () => new Date() };
const silent = { warn: () => {}, error: () => {} };

export async function benchJobs(
  database: BenchDatabase,
  { rounds, jobs }: { rounds: number; jobs: number },
): Promise<Comparison> {
  const { sql } = database;
  const handlers = tradeWork({
    clock,
    ports: simPorts,
    stepOf: (tx) => stepOf({ clock }, tx),
  });
  const redis = await startRedis();
  if (!redis) process.stderr.write('NO REDIS on this machine: only the PostgreSQL backend is measured\n');
  const side = (name: string, redisUrl: string | undefined) => {
    let round = 0;
    return {
      name,
      run: async () => perSecond(database, { handlers, redisUrl, jobs, seed: hash(name) + (round += 1) }),
    };
  };
  try {
    const comparison = await compare({
      bench: 'ledger, settlement jobs of one process',
      unit: 'jobs/s',
      subject: side('BullMQ on PostgreSQL', undefined),
      peers: redis ? [side('BullMQ on Redis', (redis satisfies OwnRedis).url)] : [],
      rounds,
    });
    const [row] = await sql<{ done: number; left: number }[]>`
      select count(*) filter (where done_at is not null)::int as done,
             count(*) filter (where done_at is null)::int as left from outbox where topic = 'settlement.open'`;
    if (row!.left > 0) throw new Error(`${row!.left} jobs were not done`);
    comparison.facts['jobs done, each once'] = row!.done;
    return comparison;
  } finally {
    await redis?.stop();
  }
}

const hash = (text: string): number =>
  [...text].reduce((sum, letter) => sum + letter.codePointAt(0)! * 1_000, 0);

/** From the commit that asked for them until the last is done. */
async function perSecond(
  { sql, url: databaseUrl }: BenchDatabase,
  of: { handlers: readonly WorkHandler[]; redisUrl: string | undefined; jobs: number; seed: number },
): Promise<number> {
  const { handlers, redisUrl, jobs, seed } = of;
  const trades = plannedTrades(seed, jobs).map((trade) => bound(trade, Date.now()));
  let left = jobs;
  const all = Promise.withResolvers<void>();
  const counting = handlers.map((handler): WorkHandler => {
    if (handler.topic !== 'settlement.open') return handler;
    return {
      topic: handler.topic,
      async write(tx, item) {
        await handler.write?.(tx, item);
        left -= 1;
        if (left === 0) all.resolve();
      },
    };
  });
  const running = await startJobs({ sql, databaseUrl, redisUrl, handlers: counting, log: silent });
  try {
    await bindAll(sql, trades);
    const began = performance.now();
    running.wake();
    await all.promise;
    return (jobs * 1000) / (performance.now() - began);
  } finally {
    await running.stop();
  }
}
