/**
 * Search over HTTP: a facet, ranges of quality, a radius, ordered by landed cost; beside the same questions
 * through PostgreSQL with the best indexes for them, and with a sequential scan. Truth is in PostgreSQL, the
 * index is fed from it. First every side must give the same lots.
 *
 * Options: --lots 100000,1000000 (a run for each), --rounds 5, --ms 3000 (of each side of each round).
 */
import { parseArgs } from 'node:util';
import { type Comparison, compare } from '@seam/testkit/bench';
import type { Sql } from 'postgres';
import { openClient, type HttpClient } from './search/http-client.ts';
import { PLANTS, generateLots } from './search/lots.ts';
import { makePeerTables } from './search/peer-tables.ts';
import { type BenchQuestion, addressOf, questions } from './search/questions.ts';
import { startChild } from './support/child.ts';
import { withBenchDatabase } from './support/database.ts';
import { quantile, rounded } from './support/latency.ts';
import { closedLoop } from './support/load.ts';

const CONNECTIONS = 16;
/** More different questions than any side could remember the answers of. */
const QUESTIONS = 4_000;
const CHECKED = 100;

export async function bench(args: string[]): Promise<Comparison[]> {
  const { values } = parseArgs({
    args,
    options: {
      lots: { type: 'string', default: '100000,1000000' },
      rounds: { type: 'string', default: '5' },
      ms: { type: 'string', default: '3000' },
    },
  });
  const comparisons: Comparison[] = [];
  for (const lots of values.lots.split(',').map(Number)) {
    comparisons.push(await search({ lots, rounds: Number(values.rounds), ms: Number(values.ms) }));
  }
  return comparisons;
}

async function search(of: { lots: number; rounds: number; ms: number }): Promise<Comparison> {
  const { lots, rounds, ms } = of;
  // A million lots at four plants would be mostly the peer's tables.
  const plants = lots > 200_000 ? 2 : PLANTS.length;
  return withBenchDatabase(async ({ url, sql }) => {
    await generateLots(sql, lots);
    await makePeerTables(sql, plants);
    const env = { BENCH_DATABASE_URL: url };
    const seam = await startChild('search/seam-server.ts', [], env);
    const peer = await startChild('search/postgres-server.ts', [], env);
    const ours = await openClient(await seam.ask<number>({ do: 'port' }), CONNECTIONS);
    const theirs = await openClient(await peer.ask<number>({ do: 'port' }), CONNECTIONS);
    try {
      const asked = questions(1, QUESTIONS).map((each) => ({ ...each, plant: each.plant % plants }));
      const same = await checkSame(ours, theirs, asked.slice(0, CHECKED));
      const rate = (
        client: HttpClient,
        addressIn: (question: BenchQuestion) => string,
        outstanding: number,
      ) => {
        const addresses = asked.map(addressIn);
        let next = 0;
        return async (): Promise<number> =>
          closedLoop(
            async () => {
              const { status } = await client.get(addresses[next++ % addresses.length]!);
              if (status !== 200) throw new Error(`status ${status}`);
            },
            outstanding,
            ms,
          );
      };
      const comparison = await compare({
        bench: `search, ${lots.toLocaleString('en-US')} lots`,
        unit: 'requests/s',
        subject: { name: 'seam', run: rate(ours, addressOf, CONNECTIONS) },
        peers: [
          { name: 'PostgreSQL, best indexes', run: rate(theirs, peerAddress('index'), CONNECTIONS) },
          { name: 'PostgreSQL, sequential scan', run: rate(theirs, peerAddress('scan'), CONNECTIONS) },
        ],
        rounds,
      });
      comparison.facts['questions that all sides answered alike'] = same;
      comparison.facts['index alone, ms'] = await seam.ask({ do: 'latency', seed: 2, count: 4_000 });
      comparison.facts['searchable after commit, ms'] = await searchableAfter(sql, ours);
      Object.assign(comparison.facts, await seam.ask({ do: 'facts' }));
      return comparison;
    } finally {
      ours.close();
      theirs.close();
      await seam.stop();
      await peer.stop();
    }
  });
}

function peerAddress(how: 'index' | 'scan'): (question: BenchQuestion) => string {
  return (question) => `/search/${how}?q=${encodeURIComponent(JSON.stringify(question))}`;
}

/** @throws when a side gives other lots, or another order, than the exchange. */
async function checkSame(
  ours: HttpClient,
  theirs: HttpClient,
  asked: readonly BenchQuestion[],
): Promise<number> {
  const idsOf = async (client: HttpClient, path: string): Promise<string> => {
    const { body } = await client.get(path);
    return (JSON.parse(body) as { items: { id: string }[] }).items.map(({ id }) => id).join();
  };
  for (const question of asked) {
    const expected = await idsOf(ours, addressOf(question));
    for (const how of ['index', 'scan'] as const) {
      const found = await idsOf(theirs, peerAddress(how)(question));
      if (found !== expected)
        throw new Error(`${how} answers ${JSON.stringify(question)} with ${found}, not ${expected}`);
    }
  }
  return asked.length;
}

/** A lot that another process commits, until the search shows it. */
async function searchableAfter(sql: Sql, client: HttpClient): Promise<object> {
  const times: number[] = [];
  const columns = await sql<{ name: string }[]>`
    select attname as name from pg_attribute where attrelid = 'listing'::regclass and attnum > 0 and not attisdropped
       and attname not in ('id', 'seller_id')`;
  const rest = columns.map(({ name }) => name).join(', ');
  for (let n = 0; n < 20; n += 1) {
    await sql.unsafe(`insert into listing (id, seller_id, ${rest})
      select 'fresh-${n}', 'fresh-${n}', ${rest} from listing where id < 'f' limit 1`);
    const committed = performance.now();
    while (!(await client.get(`/v1/search/lots?seller=fresh-${n}`)).body.includes(`"fresh-${n}"`));
    times.push(performance.now() - committed);
  }
  return { median: rounded(quantile(times, 0.5)), most: rounded(times.at(-1)!) };
}
