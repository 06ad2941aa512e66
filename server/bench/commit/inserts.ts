/**
 * Fifty connections, each inserting one bid a transaction into a table without any contention: the most
 * that PostgreSQL acknowledges when every bid is a commit of its own. By pgbench where it is installed,
 * else by a loop of the same shape.
 */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import postgres, { type Sql } from 'postgres';
import { closedLoop } from '../support/load.ts';
import { CONNECTIONS } from './naive.ts';

export type Inserts = { readonly name: string; run(ms: number): Promise<number>; stop(): Promise<void> };

export async function openInserts(url: string, sql: Sql, directory: string): Promise<Inserts> {
  await sql.unsafe(`create table if not exists insert_bid
    (id bigint generated always as identity primary key, auction_id int not null, bidder_id int not null,
     price bigint not null, quantity int not null, placed_at timestamptz not null default now())`);
  if (spawnSync('pgbench', ['--version']).status !== 0) return openLoopOfInserts(url);
  const script = path.join(directory, 'insert.sql');
  fs.writeFileSync(
    script,
    `\\set bidder random(1, 50)
insert into insert_bid (auction_id, bidder_id, price, quantity) values (1, :bidder, :bidder * 10, 100);
`,
  );
  return {
    name: `pgbench, ${CONNECTIONS} clients`,
    async run(ms) {
      const args = `-n -c ${CONNECTIONS} -j 2 -M prepared -T ${Math.max(1, Math.round(ms / 1000))} -f ${script}`;
      const { stdout, stderr, status } = spawnSync('pgbench', [...args.split(' '), url], {
        encoding: 'utf8',
      });
      const tps = /tps = ([\d.]+)/.exec(stdout)?.[1];
      if (status !== 0 || tps === undefined) throw new Error(`pgbench failed: ${stderr}`);
      return Number(tps);
    },
    async stop() {},
  };
}

function openLoopOfInserts(url: string): Inserts {
  const sql = postgres(url, { max: CONNECTIONS, onnotice: () => {} });
  return {
    name: `autocommit inserts, ${CONNECTIONS} connections (no pgbench here)`,
    run: (ms) =>
      closedLoop(
        async () => {
          await sql`insert into insert_bid (auction_id, bidder_id, price, quantity)
            values (1, ${randomUUID().length}, 900, 100)`;
        },
        CONNECTIONS,
        ms,
      ),
    stop: () => sql.end({ timeout: 5 }),
  };
}
