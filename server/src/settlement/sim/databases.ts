/** A PostgreSQL of the simulation's own, with the exchange's database and the bank's; removed after. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openDatabase } from '../../platform/db.ts';
import { startEmbeddedPostgres } from '../../platform/embedded-postgres.ts';
import { migrate } from '../../platform/migrate.ts';

export type Databases = { readonly exchange: string; readonly bank: string; stop(): Promise<void> };

export async function openDatabases(): Promise<Databases> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'seam-settlement-'));
  fs.chmodSync(directory, 0o755);
  const server = await startEmbeddedPostgres({ directory: path.join(directory, 'postgres') });
  const admin = await openDatabase(server.adminUrl, { max: 1 });
  for (const name of ['exchange', 'bank']) await admin.unsafe(`create database ${name}`);
  await admin.end();
  const sql = await openDatabase(server.urlOf('exchange'), { max: 1 });
  await migrate(sql);
  await sql.end();
  return {
    exchange: server.urlOf('exchange'),
    bank: server.urlOf('bank'),
    stop: async () => {
      await server.stop();
      fs.rmSync(fs.realpathSync(path.join(directory, 'postgres')), { recursive: true, force: true });
      fs.rmSync(directory, { recursive: true, force: true });
    },
  };
}
