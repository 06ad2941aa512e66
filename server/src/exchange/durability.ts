/** Refuses to lead on a database that could forget what it has acknowledged. */
import type { Sql } from 'postgres';

class NotDurable extends Error {
  override readonly name = 'NotDurable';
}

const REQUIRED: Record<string, readonly string[]> = {
  fsync: ['on'],
  full_page_writes: ['on'],
  synchronous_commit: ['on', 'remote_apply'],
  data_checksums: ['on'],
};

/** @throws NotDurable naming every setting that is wrong. */
export async function assertDurable(sql: Sql): Promise<void> {
  const rows = await sql<{ name: string; setting: string }[]>`
    select name, setting from pg_settings where name in ${sql(Object.keys(REQUIRED))}`;
  const wrong = Object.entries(REQUIRED).flatMap(([name, allowed]) => {
    const found = rows.find((row) => row.name === name)?.setting ?? 'absent';
    return allowed.includes(found) ? [] : [`${name} is ${found}`];
  });
  const [standby] = await sql<{ yes: boolean }[]>`select pg_is_in_recovery() as yes`;
  if (standby?.yes) wrong.push('the server is a standby');
  if (wrong.length > 0)
    throw new NotDurable(`this database may lose acknowledged entries: ${wrong.join(', ')}`);
}
