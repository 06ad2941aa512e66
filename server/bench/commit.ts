/**
 * Durable acknowledgements: how many bids a second of one hot auction are decided, journaled and
 * answered, beside a transaction a bid, plain inserts, and a file of one's own. Everything durable.
 *
 * Options: --rounds 5, --ms 3000 (of each side of each round).
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Comparison, compare, growth } from '@seam/testkit/bench';
import { openFileJournal } from './commit/file.ts';
import { openInserts } from './commit/inserts.ts';
import { openNaiveMarket } from './commit/naive.ts';
import { type BenchDatabase, withBenchDatabase } from './support/database.ts';
import { quantile, rounded } from './support/latency.ts';
import { closedLoop, openLoop } from './support/load.ts';
import { Bidding, openMarket } from './support/market.ts';

const OPEN_LOOP_PER_SECOND = 50_000;

export async function bench(args: string[]): Promise<Comparison[]> {
  const { values } = parseArgs({
    args,
    options: { rounds: { type: 'string', default: '5' }, ms: { type: 'string', default: '3000' } },
  });
  const [rounds, ms] = [Number(values.rounds), Number(values.ms)];
  return withBenchDatabase(async (database) => {
    const few = await acknowledgements(database, { outstanding: 50, rounds, ms });
    const many = await acknowledgements(database, { outstanding: 1_000, rounds, ms });
    const latency = await openLoopLatency(database, { rounds, ms });
    const cost = (comparison: Comparison): number => 1 / comparison.sides['seam']!.median;
    many.facts['growth of cost a bid, 50 to 1,000 outstanding'] = growth([
      { size: 50, cost: cost(few) },
      { size: 1_000, cost: cost(many) },
    ]);
    return [few, many, latency];
  });
}

async function acknowledgements(
  { url, sql, directory }: BenchDatabase,
  { outstanding, rounds, ms }: { outstanding: number; rounds: number; ms: number },
): Promise<Comparison> {
  const market = await openMarket(url, sql);
  const naive = await openNaiveMarket(url);
  const inserts = await openInserts(url, sql, directory);
  const file = await openFileJournal(path.join(directory, `file.${outstanding}`));
  const fileBids = new Bidding();
  await closedLoop(() => market.bid(), outstanding, ms / 3);
  try {
    return await compare({
      bench: `commit, ${outstanding} outstanding`,
      unit: 'bids/s',
      subject: { name: 'seam', run: () => closedLoop(() => market.bid(), outstanding, ms) },
      peers: [
        { name: 'transaction per bid', run: () => closedLoop(() => naive.bid(), outstanding, ms) },
        { name: inserts.name, run: () => inserts.run(ms) },
        {
          name: 'file + fdatasync',
          run: () => closedLoop(() => file.append(fileBids.next()), outstanding, ms),
        },
      ],
      rounds,
    });
  } finally {
    await Promise.all([market.stop(), naive.stop(), inserts.stop(), file.stop()]);
  }
}

/** Where bids come whether or not the earlier ones are answered: what a bidder waits. */
async function openLoopLatency(
  { url, sql }: BenchDatabase,
  { rounds, ms }: { rounds: number; ms: number },
): Promise<Comparison> {
  const market = await openMarket(url, sql);
  const naive = await openNaiveMarket(url);
  const naivePerSecond = Math.max(20, Math.round((await closedLoop(() => naive.bid(), 50, ms)) / 2));
  const p99 = { seam: [] as number[], p50: [] as number[] };
  const refused: number[] = [];
  const accepted = async (): Promise<boolean> => (await market.submit()).status === 'accepted';
  await openLoop(accepted, OPEN_LOOP_PER_SECOND / 2, ms / 3);
  try {
    const comparison = await compare({
      bench: `commit, open loop at ${OPEN_LOOP_PER_SECOND}/s: p99`,
      unit: 'ms',
      better: 'less',
      subject: {
        name: 'seam',
        async run() {
          const { times, failed } = await openLoop(accepted, OPEN_LOOP_PER_SECOND, ms);
          refused.push(failed);
          p99.p50.push(quantile(times, 0.5));
          return quantile(times, 0.99);
        },
      },
      peers: [
        {
          name: `transaction per bid at ${naivePerSecond}/s, half of what it takes`,
          run: async () =>
            quantile((await openLoop(() => naive.bid().then(() => true), naivePerSecond, ms)).times, 0.99),
        },
      ],
      rounds,
    });
    comparison.facts['p50 ms of each round'] = p99.p50.map(rounded);
    comparison.facts['refused of each round'] = refused;
    return comparison;
  } finally {
    await Promise.all([market.stop(), naive.stop()]);
  }
}
