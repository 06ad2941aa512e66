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
      return await work({ url, sql, directory });
    } finally {
      await sql.end({ timeout: 5 });
    }
  } finally {
    await server.stop();
    fs.rmSync(directory, { recursive: true, force: true });
  }
}
