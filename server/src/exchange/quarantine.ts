/** Commands that made the engine throw: remembered, so that a restart does not try them again. */
import type { Sql } from 'postgres';
import { canonicalJson } from './canonical.ts';
import { type Pending, commandHash } from './pending.ts';

/** @returns the hashes, in hex, of commands this shard refuses. */
export async function loadQuarantine(sql: Sql, shard: number): Promise<string[]> {
  const rows = await sql<{ cmd_hash: Buffer }[]>`select cmd_hash from quarantine where shard_id = ${shard}`;
  return rows.map((row) => row.cmd_hash.toString('hex'));
}

export async function writeQuarantine(
  sql: Sql,
  broken: { shard: number; pending: Pending; error: Error },
): Promise<void> {
  const { shard, pending, error } = broken;
  const command = canonicalJson({ ...pending.submission });
  await sql`insert into quarantine (shard_id, cmd_hash, command, error)
    values (${shard}, ${Buffer.from(commandHash(pending), 'hex')}, ${command}, ${String(error.stack ?? error)}) on conflict do nothing`;
}
