/**
 * Brings a database to the state of `migrations/`: each file once, in order of name, each in one
 * transaction. Forward only. A file that changed after it ran, or a database that knows files this
 * checkout does not have, stops the start: guessing would lose data.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Sql } from 'postgres';
import { StartError } from './start-error.ts';

const MIGRATIONS = path.resolve(import.meta.dirname, '../../../migrations');

/** @returns the names of the files that ran now. @throws StartError as above. */
export async function migrate(sql: Sql, directory: string = MIGRATIONS): Promise<string[]> {
  await createRegister(sql);
  const files = fs
    .readdirSync(directory)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  const ran: string[] = [];
  for (const name of files) {
    const text = fs.readFileSync(path.join(directory, name), 'utf8');
    const sha256 = createHash('sha256').update(text).digest('hex');
    await sql.begin(async (tx) => {
      // Two processes starting at once: the second waits here and then finds the work done.
      await tx`lock table schema_migration in exclusive mode`;
      const [known] = await tx<
        { sha256: string }[]
      >`select sha256 from schema_migration where name = ${name}`;
      if (known && known.sha256 !== sha256) {
        throw new StartError(`migration ${name} was changed after it ran on this database; write a new one`);
      }
      if (known) return;
      await tx.unsafe(text);
      await tx`insert into schema_migration (name, sha256) values (${name}, ${sha256})`;
      ran.push(name);
    });
  }
  const unknown = await sql<
    { name: string }[]
  >`select name from schema_migration where name != all(${files}) limit 1`;
  if (unknown[0])
    throw new StartError(`this database is newer than this Seam: it has run ${unknown[0].name}`);
  return ran;
}

/**
 * `create … if not exists` collides when two sessions create at once, each time with another code
 * (duplicate table, type or key), so they take turns.
 */
async function createRegister(sql: Sql): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtext('seam.schema_migration'))`;
    await tx`create table if not exists schema_migration (
      name text primary key, sha256 text not null, applied_at timestamptz not null default now())`;
  });
}
