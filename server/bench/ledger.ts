/**
 * Posted transfers a second with fifty clients and accounts that everybody uses: holds, entries, effect keys
 * and proofs as the exchange keeps them, beside a naive transaction a transfer. Then settlement jobs a second on
 * both backends of the queue. Everything durable. `seam` is the way of transfers that stand alone, as moves of
 * standing deposits do; what commits with rows of its own goes the way of the second peer (docs/decisions/0007).
 *
 * Options: --rounds 5, --ms 3000 (of each side of each round), --jobs 1000 (of each side of each round).
 */
import { parseArgs } from 'node:util';
import { type Comparison, compare } from '@seam/testkit/bench';
import { openDatabase } from '../src/platform/db.ts';
import { post } from '../src/settlement/ledger/ledger.ts';
import { LedgerPoster } from '../src/settlement/ledger/poster.ts';
import { checkLedger } from '../src/settlement/ledger/read.ts';
import { benchJobs } from './ledger/jobs.ts';
import { openNaiveLedger } from './ledger/naive.ts';
import { CLIENTS, type Transfer, Transfers, postingOf } from './ledger/workload.ts';
import { withBenchDatabase } from './support/database.ts';
import { closedLoop } from './support/load.ts';

export async function bench(args: string[]): Promise<Comparison[]> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '5' },
      ms: { type: 'string', default: '3000' },
      jobs: { type: 'string', default: '1000' },
    },
  });
  const [rounds, ms, jobs] = [Number(values.rounds), Number(values.ms), Number(values.jobs)];
  const transfers = await benchTransfers({ rounds, ms });
  return [transfers, await withBenchDatabase(async (database) => benchJobs(database, { rounds, jobs }))];
}

async function benchTransfers({ rounds, ms }: { rounds: number; ms: number }): Promise<Comparison> {
  return withBenchDatabase(async ({ url, sql }) => {
    const transfers = new Transfers();
    const clients = await openDatabase(url, { max: CLIENTS });
    const naive = await openNaiveLedger(url, transfers.accounts);
    const poster = new LedgerPoster(sql);
    for (const one of transfers.funding()) await poster.post(one);
    const through = async (how: (one: Transfer) => Promise<boolean>): Promise<number> =>
      closedLoop(
        async () => {
          if (!(await how(transfers.next()))) throw new Error('a transfer was refused');
        },
        CLIENTS,
        ms,
      );
    const batched = async (one: Transfer): Promise<boolean> => (await poster.post(postingOf(one))).ok;
    await through(batched);
    try {
      const comparison = await compare({
        bench: `ledger, ${CLIENTS} clients, hot accounts`,
        unit: 'transfers/s',
        subject: { name: 'seam', run: () => through(batched) },
        peers: [
          { name: 'naive: select … for update of both accounts', run: () => through(naive.transfer) },
          {
            name: 'seam, in a transaction of each caller',
            run: () => through(async (one) => (await post(clients, postingOf(one))).ok),
          },
        ],
        rounds,
      });
      const wrong = await checkLedger(sql);
      if (wrong.length > 0) throw new Error(`the ledger is wrong: ${JSON.stringify(wrong.slice(0, 3))}`);
      comparison.facts['the ledger recomputed'] = 'no difference';
      return comparison;
    } finally {
      await poster.stop();
      await Promise.all([naive.stop(), clients.end({ timeout: 5 })]);
    }
  });
}
