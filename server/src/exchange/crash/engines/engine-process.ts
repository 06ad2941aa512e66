/**
 * One of several engines on one database: leads the shards it gets, answers commands (POST) and how many shards it leads (GET), ends
 * when it loses a shard. Started, stopped, paused and killed by `engines-chaos.ts` only; says
 * `ready <port>` when it listens and `halted <shard>` when a shard stands still.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import postgres from 'postgres';
import { createExchange } from '../../exchange.ts';
import { type Submission, silentLog } from '../../types.ts';
import { isVariant, journalOf } from './broken-journals.ts';

const url = process.env['DATABASE_URL'] ?? '';
const variant = process.env['ENGINE_VARIANT'] ?? 'honest';
const leaseTtlMs = Number(process.env['ENGINE_LEASE_MS'] ?? '1000');
if (!isVariant(variant)) throw new Error(`no variant ${variant}`);

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const sql = postgres(url, { max: 2, onnotice: () => {}, connection: { application_name: 'seam engine' } });
const openJournal = journalOf(variant, { url, leaseTtlMs });
const exchange = await createExchange({
  url,
  sql,
  projections: [],
  pseudonymSecret: 'crash',
  log: silentLog,
  leaseTtlMs,
  onHalted: (shard, error) => say(`halted ${shard} ${error.message}`),
  ...(openJournal && { openJournal }),
});

const server = http.createServer((httpRequest, response) => {
  if (httpRequest.method === 'GET') {
    response.end(String(exchange.health().filter(({ phase }) => phase === 'leading').length));
    return;
  }
  void bodyOf(httpRequest)
    .then((body) => exchange.gateway.submit(JSON.parse(body) as Submission))
    .then((outcome) => response.end(JSON.stringify(outcome)))
    .catch(() => response.writeHead(400).end());
});
exchange.compete();
server.listen(0, '127.0.0.1', () => say(`ready ${(server.address() as AddressInfo).port}`));

// A test that was killed itself must not leave an engine behind.
process.stdin.on('end', () => process.exit(0)).resume();

async function bodyOf(httpRequest: http.IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of httpRequest) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
