/**
 * Search over HTTP: a facet, ranges of quality, a radius, ordered by landed cost; beside the same questions
 * through PostgreSQL with the best indexes for them, and with a sequential scan. Truth is in PostgreSQL, the
 * index is fed from it. Asked twice: for the list alone, and with the number of lots that fit and of each
 * choice beside it. First every side must give the same answer to every part of it.
 *
 * Options: --lots 100000,1000000 (a run for each), --rounds 5, --ms 3000 (of each side of each round).
 */
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { type Comparison, compare } from '@seam/testkit/bench';
import type { Sql } from 'postgres';
import { openClient, type HttpClient } from './search/http-client.ts';
import { PLANTS, generateLots } from './search/lots.ts';
import { makePeerTables } from './search/peer-tables.ts';
import { type BenchQuestion, addressOf, questions } from './search/questions.ts';
import { type Child, startChild } from './support/child.ts';
import { withBenchDatabase } from './support/database.ts';
import { quantile, rounded } from './support/latency.ts';
import { closedLoop } from './support/load.ts';

const CONNECTIONS = 16;
/** More different questions than any side could remember the answers of. */
const QUESTIONS = 4_000;
const CHECKED = 100;
const SHAPES = ['list', 'facets'] as const;
type Shape = (typeof SHAPES)[number];

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
    comparisons.push(...(await search({ lots, rounds: Number(values.rounds), ms: Number(values.ms) })));
  }
  return comparisons;
}

async function search(of: { lots: number; rounds: number; ms: number }): Promise<Comparison[]> {
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
      const comparisons: Comparison[] = [];
      for (const shape of SHAPES) {
        const same = await checkSame(ours, theirs, asked.slice(0, CHECKED), shape);
        const comparison = await compareShape({ ours, theirs, seam, asked, shape, lots, rounds, ms });
        comparison.facts['questions that all sides answered alike'] = same;
        comparisons.push(comparison);
      }
      const { facts } = comparisons[0]!;
      facts['index alone, ms'] = await seam.ask({ do: 'latency', seed: 2, count: 4_000, plants });
      facts['searchable after commit, ms'] = await searchableAfter(sql, ours);
      Object.assign(facts, await seam.ask({ do: 'facts' }));
      return comparisons;
    } finally {
      ours.close();
      theirs.close();
      await seam.stop();
      await peer.stop();
    }
  });
}

async function compareShape(of: {
  ours: HttpClient;
  theirs: HttpClient;
  seam: Child;
  asked: readonly BenchQuestion[];
  shape: Shape;
  lots: number;
  rounds: number;
  ms: number;
}): Promise<Comparison> {
  const { ours, theirs, seam, asked, shape, lots, rounds, ms } = of;
  const rate = (client: HttpClient, addressIn: (question: BenchQuestion) => string) => {
    const addresses = asked.map(addressIn);
    let next = 0;
    return async (): Promise<number> =>
      closedLoop(
        async () => {
          const { status } = await client.get(addresses[next++ % addresses.length]!);
          if (status !== 200) throw new Error(`status ${status}`);
        },
        CONNECTIONS,
        ms,
      );
  };
  const micros: number[] = [];
  const own = rate(ours, (question) => addressOf(question, shape));
  const comparison = await compare({
    bench: `search, ${lots.toLocaleString('en-US')} lots, ${shape === 'list' ? 'the list' : 'with the counts of each choice'}`,
    unit: 'requests/s',
    subject: {
      name: 'seam',
      async run() {
        const [from, began] = [await seam.ask<number>({ do: 'cpu' }), performance.now()];
        const perSecond = await own();
        const requests = (perSecond * (performance.now() - began)) / 1000;
        micros.push(((await seam.ask<number>({ do: 'cpu' })) - from) / requests);
        return perSecond;
      },
    },
    peers: [
      { name: 'PostgreSQL, best indexes', run: rate(theirs, peerAddress('index', shape)) },
      { name: 'PostgreSQL, sequential scan', run: rate(theirs, peerAddress('scan', shape)) },
    ],
    rounds,
  });
  comparison.facts['processor for a request, µs'] = rounded(quantile(micros, 0.5));
  return comparison;
}

function peerAddress(how: 'index' | 'scan', shape: Shape): (question: BenchQuestion) => string {
  return (question) => `/search/${how}/${shape}?q=${encodeURIComponent(JSON.stringify(question))}`;
}

/** @throws when a side answers otherwise than the exchange: lots, their order, costs, distances, counts. */
async function checkSame(
  ours: HttpClient,
  theirs: HttpClient,
  asked: readonly BenchQuestion[],
  shape: Shape,
): Promise<number> {
  const answerOf = async (client: HttpClient, path: string): Promise<object> => {
    const { body } = await client.get(path);
    const { items, facets, nextCursor, hasMore = nextCursor !== null } = JSON.parse(body) as Answer;
    return { items, facets, hasMore };
  };
  for (const question of asked) {
    const expected = await answerOf(ours, addressOf(question, shape));
    for (const how of ['index', 'scan'] as const)
      assert.deepEqual(await answerOf(theirs, peerAddress(how, shape)(question)), expected);
  }
  return asked.length;
}

type Answer = { items: object[]; facets?: object; nextCursor?: string | null; hasMore?: boolean };

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
