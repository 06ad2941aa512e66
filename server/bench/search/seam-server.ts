/** The exchange's search as it is served, in a process of its own: production core, routes and feed. */
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { buildCore } from '../../src/core.ts';
import { isRefusal } from '../../src/platform/refusal.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { openDatabase } from '../../src/platform/db.ts';
import type { Organisations } from '../../src/listings/public.ts';
import { Search, searchRoutes } from '../../src/search/public.ts';
import { answer, cpuMicros } from '../support/child.ts';
import { quantile, rounded } from '../support/latency.ts';
import { PAGE, addressOf, questions } from './questions.ts';

const sql = await openDatabase(process.env['BENCH_DATABASE_URL']!, { max: 4 });
const organisations: Organisations = async () => new Map();
const search = new Search({ sql, organisations, clock: systemClock, log: pino({ level: 'silent' }) });
const began = performance.now();
await search.feed.start();
const startMs = performance.now() - began;
const app = await buildCore({
  sql,
  publicUrl: 'http://127.0.0.1',
  requestsPerMinute: 1e9,
  authenticate: async () => null,
});
searchRoutes(app, {
  sql,
  wake: () => search.feed.nudge(),
  organisations,
  clock: systemClock,
  search,
  mail: { secret: 'bench', isSent: false },
});
await app.listen({ port: 0, host: '127.0.0.1' });

/** What the index takes of each question, without HTTP: milliseconds. */
async function latency(of: { seed: number; count: number; plants: number }): Promise<object> {
  const times: number[] = [];
  const counting: number[] = [];
  for (const asked of questions(of.seed, of.count)) {
    const address = addressOf({ ...asked, plant: asked.plant % of.plants });
    const { searchParams } = new URL(address, 'http://bench');
    const { limit: _limit, ...query } = Object.fromEntries(searchParams);
    const question = await search.question(query);
    if (isRefusal(question)) throw new Error(JSON.stringify(question));
    const from = performance.now();
    search.index.page(question, undefined, PAGE);
    times.push(performance.now() - from);
    if (times.length % 20 === 0) {
      const begun = performance.now();
      search.index.facets(question);
      counting.push(performance.now() - begun);
    }
    // Orders that were asked for are made between requests, as in the exchange.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return {
    p50: rounded(quantile(times, 0.5)),
    p99: rounded(quantile(times, 0.99)),
    max: rounded(times.at(-1)!),
    facetsP50: rounded(quantile(counting, 0.5)),
    facetsP99: rounded(quantile(counting, 0.99)),
  };
}

answer({
  port: () => (app.server.address() as AddressInfo).port,
  facts: () => ({
    lots: search.index.lots.size,
    startSeconds: rounded(startMs / 1000),
    memoryMb: Math.round(process.memoryUsage().rss / 1e6),
  }),
  cpu: cpuMicros,
  latency,
});
