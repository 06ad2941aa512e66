/** Runs `work` on the configured database: the one of DATABASE_URL, or the project's own, started if need be. */
import fs from 'node:fs';
import path from 'node:path';
import type { Sql } from 'postgres';
import { readConfig } from '../platform/config.ts';
import { openDatabase } from '../platform/db.ts';
import { startEmbeddedPostgres } from '../platform/embedded-postgres.ts';
import { migrate } from '../platform/migrate.ts';

/** @throws StartError when the database cannot be had. */
export async function withDatabase<T>(work: (sql: Sql, url: string) => Promise<T>): Promise<T> {
  const config = readConfig(process.env);
  if (config.databaseUrl) return using(config.databaseUrl, work);
  const directory = path.join(config.dataDir, 'postgres');
  // A server that the running exchange uses is borrowed, and left running.
  const borrowed = fs.existsSync(path.join(config.dataDir, 'seam.pid'));
  const server = await startEmbeddedPostgres({ directory });
  try {
    const admin = await openDatabase(server.adminUrl, { max: 1 });
    const [found] = await admin`select 1 from pg_database where datname = 'seam'`;
    if (!found) await admin.unsafe('create database seam');
    await admin.end();
    return await using(server.urlOf('seam'), work);
  } finally {
    if (!borrowed) await server.stop();
  }
}

async function using<T>(url: string, work: (sql: Sql, url: string) => Promise<T>): Promise<T> {
  const sql = await openDatabase(url, { max: 4, name: 'seam-cli' });
  try {
    await migrate(sql);
    return await work(sql, url);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
