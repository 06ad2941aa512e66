/**
 * The same search answered by PostgreSQL behind the same web server: one statement with rows ready as JSON, and
 * where they are asked for one more that counts lots by all facets together, from which each count follows.
 */
import type { AddressInfo } from 'node:net';
import postgres, { type Sql } from 'postgres';
import { buildCore } from '../../src/core.ts';
import { answer } from '../support/child.ts';
import { type BenchQuestion, PAGE } from './questions.ts';

const connection = (more: Record<string, string>) => ({
  // A plan for the values at hand: the general one is five hundred times slower here.
  plan_cache_mode: 'force_custom_plan',
  jit: 'off',
  ...more,
});
const url = process.env['BENCH_DATABASE_URL']!;
const indexed = postgres(url, { max: 8, connection: connection({}) });
const scanning = postgres(url, {
  max: 2,
  connection: connection({ enable_indexscan: 'off', enable_indexonlyscan: 'off', enable_bitmapscan: 'off' }),
});

// The same limits, headers and hooks as the exchange's own: what differs is who finds the lots.
const app = await buildCore({
  sql: indexed,
  publicUrl: 'http://127.0.0.1',
  requestsPerMinute: 1e9,
  authenticate: async () => null,
});
app.get('/search/:how/:shape', async (request, reply) => {
  const question = JSON.parse((request.query as { q: string }).q) as BenchQuestion;
  const { how, shape } = request.params as { how: string; shape: string };
  const sql = how === 'scan' ? scanning : indexed;
  const facets = shape === 'facets' ? countFacets(sql, question) : undefined;
  const rows = await listLots(sql, question);
  const items = rows
    .slice(0, PAGE)
    .map(
      ({ doc, landed, unknown, km }) =>
        `${doc.slice(0, -1)},"landed":${landed},"landedUnknown":${unknown},"shown":[],"distanceKm":${km}}`,
    );
  const rest = { hasMore: rows.length > PAGE, ...(facets && { facets: await facets }) };
  return reply
    .type('application/json; charset=utf-8')
    .send(`{"items":[${items.join(',')}],${JSON.stringify(rest).slice(1)}`);
});

type Row = { id: string; doc: string; landed: string; unknown: string; km: number };

async function listLots(sql: Sql, question: BenchQuestion): Promise<Row[]> {
  return sql<Row[]>`
    with page as (
      select id, landed from ${sql(`lot_at_${question.plant}`)}
       where ${limits(sql, question)}
         ${question.rank ? sql`and rank = ${question.rank}` : sql``}
         ${question.transport ? sql`and transport = ${question.transport}` : sql``}
       order by landed, id limit ${PAGE + 1})
    select p.id, d.doc, t.landed, t.unknown, t.km
      from page p join lot_doc d using (id) join ${sql(`text_at_${question.plant}`)} t using (id)
     order by p.landed, p.id`;
}

function limits(sql: Sql, { heatMin, ashArMax, sulphurArMax, moistureMax, radiusKm }: BenchQuestion) {
  return sql`heat >= ${heatMin} and ash <= ${ashArMax} and sulphur <= ${sulphurArMax}
    and moisture <= ${moistureMax} and km <= ${radiusKm}`;
}

const FACETS = ['country', 'rank', 'transport', 'saleMethod', 'deliveryTerm', 'currency'] as const;
type Group = Record<(typeof FACETS)[number], string> & { lots: number };

/** Each facet as if it alone were not chosen from. */
async function countFacets(sql: Sql, question: BenchQuestion): Promise<object> {
  const groups = await sql<Group[]>`
    select country, rank, transport, method as "saleMethod", term as "deliveryTerm", currency, count(*)::int as lots
      from ${sql(`lot_at_${question.plant}`)} where ${limits(sql, question)} group by 1, 2, 3, 4, 5, 6`;
  const fits = (group: Group, but?: string): boolean =>
    (['rank', 'transport'] as const).every(
      (facet) => facet === but || question[facet] === undefined || group[facet] === question[facet],
    );
  const sum = (some: readonly Group[]): number => some.reduce((all, { lots }) => all + lots, 0);
  const counted = FACETS.map((facet) => {
    const byValue = Map.groupBy(
      groups.filter((group) => fits(group, facet)),
      (group) => group[facet],
    );
    const counts = [...byValue].map(([value, some]) => ({ value, lots: sum(some) }));
    return [facet, counts.sort((a, b) => b.lots - a.lots || (a.value < b.value ? -1 : 1))];
  });
  const lots = sum(groups.filter((group) => fits(group)));
  return { ...Object.fromEntries(counted), lots, spans: [] };
}

await app.listen({ port: 0, host: '127.0.0.1' });
answer({ port: () => (app.server.address() as AddressInfo).port });
