/**
 * A request held against every lot on the market: which fit, best first by cost of energy at the plant, the
 * near misses, and how many lots miss what. Beside it PostgreSQL with tables made for the question, which
 * gives the best and their number alone, a plain pass over rows, and the same for a buyer with quotes of carriers
 * for its plants. First all sides must name the same lots.
 *
 * Options: --lots 100000, --rounds 5, --asked 60 (requests of a side in a round; of the plain pass one).
 */
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { type Comparison, compare } from '@seam/testkit/bench';
import { pino } from 'pino';
import type { Sql } from 'postgres';
import { FreightBook } from '../src/freight/public.ts';
import { placesById } from '../src/listings/public.ts';
import { systemClock } from '../src/platform/clock.ts';
import {
  type RequestRow,
  everyLot,
  judgeLots,
  marketMatches,
  needsOf,
  SUGGESTIONS_MAX,
} from '../src/requests/bench.ts';
import { Search } from '../src/search/public.ts';
import { needs, plantId } from './match/needs.ts';
import { makeMatchTables, matchInPostgres } from './match/peer.ts';
import { PLANTS, generateLots } from './search/lots.ts';
import { makePeerTables } from './search/peer-tables.ts';
import { withBenchDatabase } from './support/database.ts';
import { quantile, rounded } from './support/latency.ts';

const CHECKED = 12;
const QUOTED_PLACES = 50;

export async function bench(args: string[]): Promise<Comparison> {
  const { values } = parseArgs({
    args,
    options: {
      lots: { type: 'string', default: '100000' },
      rounds: { type: 'string', default: '5' },
      asked: { type: 'string', default: '60' },
    },
  });
  const [lots, rounds, asked] = [values.lots, values.rounds, values.asked].map(Number) as [
    number,
    number,
    number,
  ];
  return withBenchDatabase(async ({ sql }) => {
    await generateLots(sql, lots);
    await addPlants(sql);
    await makePeerTables(sql, PLANTS.length);
    await makeMatchTables(sql, PLANTS.length);
    const organisations = async () => new Map();
    const search = new Search({ sql, organisations, clock: systemClock, log: pino({ level: 'silent' }) });
    await search.feed.start();
    const deps = { search, organisations, clock: systemClock };
    const seam = async (row: RequestRow) => marketMatches(deps, sql, row);
    const quotes = await addQuotes(sql);
    const held = { ...deps, freight: new FreightBook({ sql, clock: systemClock }) };
    try {
      const same = await checkSame(sql, seam);
      const times: number[] = [];
      let seed = 1_000;
      const perSecond = async (
        work: (of: { plant: number; row: RequestRow }) => Promise<unknown>,
        count: number,
        own?: number[],
      ) => {
        const from = performance.now();
        for (const one of needs((seed += 1), count)) {
          const began = performance.now();
          await work(one);
          own?.push(performance.now() - began);
        }
        return (count * 1000) / (performance.now() - from);
      };
      const comparison = await compare({
        bench: `match, ${lots.toLocaleString('en-US')} lots`,
        unit: 'requests/s',
        subject: { name: 'seam', run: async () => perSecond(async ({ row }) => seam(row), asked, times) },
        peers: [
          {
            name: 'PostgreSQL',
            run: async () => perSecond(async ({ plant, row }) => matchInPostgres(sql, plant, row), asked),
          },
          {
            name: `seam, ${quotes} quotes accepted`,
            run: async () => perSecond(async ({ row }) => marketMatches(held, sql, row), asked),
          },
          { name: 'a pass over rows', run: async () => perSecond(async ({ row }) => plainPass(sql, row), 1) },
        ],
        rounds,
      });
      comparison.facts['requests that all sides answered alike'] = same;
      comparison.facts['ms'] = {
        median: rounded(quantile(times, 0.5)),
        p99: rounded(quantile(times, 0.99)),
        most: rounded(times.at(-1)!),
      };
      return comparison;
    } finally {
      await search.feed.stop();
    }
  });
}

async function addPlants(sql: Sql): Promise<void> {
  for (const [at, [country, latitude, longitude]] of PLANTS.entries()) {
    await sql`insert into place (id, kind, name, country, latitude, longitude, source)
      values (${plantId(at)}, 'plant', ${`Plant ${at}`}, ${country}, ${latitude}, ${longitude}, 'catalogue')`;
  }
}

/** Of the buyer of this bench, to each of its plants from many places. @returns how many. */
async function addQuotes(sql: Sql): Promise<number> {
  const from = await sql<{ id: string }[]>`select distinct delivery_place_id as id from listing
    where delivery_place_id is not null order by id limit ${QUOTED_PLACES}`;
  for (const [plant] of PLANTS.entries())
    for (const { id } of from) {
      const [request, quote] = [randomUUID(), randomUUID()];
      await sql`insert into transport_request (id, shipper_id, created_by, from_place_id, to_place_id, quantity_kg,
          window_from, window_to, currency, state, expires_at, created_at)
        values (${request}, 'buyer', 'person', ${id}, ${plantId(plant)}, 100000000, '2027-01-01', '2099-01-01',
          'USD', 'accepted', '2099-01-01', now())`;
      await sql`insert into transport_quote (id, request_id, carrier_id, state, version, accepted_version,
          accepted_by, accepted_at) values (${quote}, ${request}, 'carrier', 'accepted', 1, 1, 'person', now())`;
      await sql`insert into transport_quote_version (quote_id, version, price_per_tonne, loss_permille, hours, slots,
          valid_until, sha256, made_by, made_at)
        values (${quote}, 1, 1500, 5, 40, '[]', '2099-01-01', ${Buffer.alloc(32)}, 'person', now())`;
    }
  return from.length * PLANTS.length;
}

/** Every row read, judged and sorted. */
async function plainPass(sql: Sql, row: RequestRow): Promise<string[]> {
  const rows = await everyLot(sql, systemClock.now());
  const places = await placesById(sql, [row.plantPlaceId, ...rows.map((lot) => lot.deliveryPlaceId)]);
  const wanted = needsOf(row, places.get(row.plantPlaceId))!;
  return judgeLots(row, wanted, rows, places)
    .filter(({ match }) => match.fits)
    .map(({ row: lot }) => lot.id);
}

/** @throws when a side names other lots, or counts others. */
async function checkSame(
  sql: Sql,
  seam: (row: RequestRow) => ReturnType<typeof marketMatches>,
): Promise<{ requests: number; lotsThatFit: number }> {
  let fit = 0;
  for (const [at, { plant, row }] of needs(7, CHECKED).entries()) {
    const { items, fitting } = await seam(row);
    const ids = items.filter((item) => item.fits).map(({ listing }) => listing.id);
    const theirs = await matchInPostgres(sql, plant, row);
    const differs = ids.join() !== theirs.ids.join() || fitting !== theirs.fitting;
    if (differs) throw new Error(`PostgreSQL finds ${theirs.fitting} for ${row.id}, seam ${fitting}`);
    fit += fitting;
    // The plain pass takes seconds: it is asked twice.
    if (at > 1) continue;
    const plain = await plainPass(sql, row);
    if (plain.length !== fitting || plain.slice(0, SUGGESTIONS_MAX).join() !== ids.join())
      throw new Error(`a pass over rows finds ${plain.length} for ${row.id}, seam ${fitting}`);
  }
  return { requests: CHECKED, lotsThatFit: fit };
}
