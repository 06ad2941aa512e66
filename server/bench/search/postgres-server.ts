/** The same search answered by PostgreSQL behind the same web server: one statement, rows ready as JSON. */
import type { AddressInfo } from 'node:net';
import postgres from 'postgres';
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
app.get('/search/:how', async (request, reply) => {
  const question = JSON.parse((request.query as { q: string }).q) as BenchQuestion;
  const { how } = request.params as { how: string };
  const sql = how === 'scan' ? scanning : indexed;
  const table = sql(`lot_at_${question.plant}`);
  const rows = await sql<{ id: string; doc: string }[]>`
    with page as (
      select id, landed from ${table}
       where heat >= ${question.heatMin} and ash <= ${question.ashArMax} and sulphur <= ${question.sulphurArMax}
         and moisture <= ${question.moistureMax} and km <= ${question.radiusKm}
         ${question.rank ? sql`and rank = ${question.rank}` : sql``}
         ${question.transport ? sql`and transport = ${question.transport}` : sql``}
       order by landed, id limit ${PAGE})
    select p.id, d.doc from page p join lot_doc d using (id) order by p.landed, p.id`;
  return reply
    .type('application/json; charset=utf-8')
    .send(`{"items":[${rows.map(({ doc }) => doc).join(',')}]}`);
});
await app.listen({ port: 0, host: '127.0.0.1' });
answer({ port: () => (app.server.address() as AddressInfo).port });
