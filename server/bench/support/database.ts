/** A PostgreSQL of the bench's own, as the exchange starts it, with a migrated database; removed after. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Sql } from 'postgres';
import { openDatabase } from '../../src/platform/db.ts';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres.ts';
import { migrate } from '../../src/platform/migrate.ts';

export type BenchDatabase = { readonly url: string; readonly sql: Sql; readonly directory: string };

export async function withBenchDatabase<T>(work: (database: BenchDatabase) => Promise<T>): Promise<T> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'seam-bench-'));
  fs.chmodSync(directory, 0o755);
  const server = await startEmbeddedPostgres({ directory: path.join(directory, 'postgres') });
  try {
    const admin = await openDatabase(server.adminUrl, { max: 1 });
    await admin.unsafe('create database bench');
    await admin.end();
    const url = server.urlOf('bench');
    const sql = await openDatabase(url, { max: 10 });
    try {
      await migrate(sql);
      await writeLogFiles(sql);
      return await work({ url, sql, directory });
    } finally {
      await sql.end({ timeout: 5 });
    }
  } finally {
    await server.stop();
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * A database that has run for a while writes its log into files that are there; a new one makes each of
 * them first, which stops whoever commits. Nobody's first minute is what is measured here.
 */
async function writeLogFiles(sql: Sql): Promise<void> {
  await sql.unsafe('create table filler (text text)');
  for (let i = 0; i < 16; i += 1) {
    await sql.unsafe('insert into filler select repeat(md5(n::text), 30) from generate_series(1, 60000) n');
  }
  await sql.unsafe('drop table filler');
  for (let i = 0; i < 2; i += 1) {
    await sql.unsafe('select pg_switch_wal()');
    await sql.unsafe('checkpoint');
  }
}
