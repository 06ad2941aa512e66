/**
 * Two ways to guard a journal that many systems use and that do not hold: the negative controls of the
 * chaos run. Both let the database find the place of an entry, as a serial column would.
 *
 * `advisory_lock`: whoever holds PostgreSQL's advisory lock leads; the lock lives on one connection, the
 * writes go over another. `unlocked_epoch`: the writing transaction reads the epoch first and then writes,
 * without a lock on the row it read.
 */
import postgres, { type Sql, type TransactionSql } from 'postgres';
import type { JournalRow } from '../../chain.ts';
import { packFingerprints } from '../../command-index.ts';
import {
  AppendUnknown,
  ConnectionLost,
  Fenced,
  type Head,
  type Journal,
  openJournal,
} from '../../journal.ts';

export const variants = ['honest', 'advisory_lock', 'unlocked_epoch'] as const;
export type Variant = (typeof variants)[number];
export const isVariant = (name: string): name is Variant => variants.some((variant) => variant === name);

type Where = { readonly url: string; readonly leaseTtlMs: number };
type Open = (of: { shard: number; owner: string }) => Journal;

/** @returns undefined for the honest one: the product's own. */
export function journalOf(variant: Variant, where: Where): Open | undefined {
  if (variant === 'honest') return undefined;
  return variant === 'advisory_lock'
    ? ({ shard }) => advisoryLock(where, shard)
    : ({ shard, owner }) => unlockedEpoch(where, { shard, owner });
}

const LOCKS = 4_711;

function advisoryLock({ url }: Where, shard: number): Journal {
  const lock = connect(url, `seam lock ${shard}`);
  const writes = connect(url, `seam writes ${shard}`);
  return {
    sql: writes,
    async takeover() {
      const [got] = await lock<{ yes: boolean }[]>`select pg_try_advisory_lock(${LOCKS}, ${shard}) as yes`;
      if (!got?.yes) return undefined;
      await writes`update shard set epoch = epoch + 1 where shard_id = ${shard}`;
      return headOf(writes, shard);
    },
    append: (rows) => writing(writes, (tx) => insert(tx, shard, rows)),
    async heartbeat() {
      await writes`select 1`;
    },
    async release() {
      await lock`select pg_advisory_unlock(${LOCKS}, ${shard})`;
    },
    databaseMs: () => databaseMs(writes),
    destroy() {
      for (const sql of [lock, writes]) sql.end({ timeout: 0 }).catch(() => {});
    },
  };
}

function unlockedEpoch(
  { url, leaseTtlMs }: Where,
  { shard, owner }: { shard: number; owner: string },
): Journal {
  const honest = openJournal({ url, shard, owner, leaseTtlMs });
  return {
    ...honest,
    append: (rows) =>
      writing(honest.sql, async (tx) => {
        const [row] = await tx<{ epoch: string }[]>`select epoch from shard where shard_id = ${shard}`;
        if (Number(row?.epoch) !== rows[0]?.epoch) throw new Fenced('another epoch leads');
        await insert(tx, shard, rows);
        await tx`update shard set lease_until = clock_timestamp() + ${`${leaseTtlMs} milliseconds`}::interval
          where shard_id = ${shard}`;
      }),
  };
}

async function writing(sql: Sql, write: (tx: TransactionSql) => Promise<void>): Promise<void> {
  await sql.begin(write).catch((error: unknown) => {
    throw error instanceof Fenced
      ? error
      : new AppendUnknown('append failed', { cause: new ConnectionLost(String(error)) });
  });
}

/** At whatever place is free. */
async function insert(tx: TransactionSql, shard: number, rows: readonly JournalRow[]): Promise<void> {
  const [found] = await tx<{ seq: string }[]>`
    select coalesce(max(last_seq), 0) as seq from journal_batch where shard_id = ${shard}`;
  const before = Number(found?.seq ?? 0);
  const seq = before + rows.length;
  const last = rows.at(-1)!;
  const bodies = rows.map(({ body }) => body).join('\n');
  const hashes = Buffer.from(rows.map(({ hash }) => hash).join(''), 'hex');
  const commands = packFingerprints(rows.map(({ fingerprint }) => fingerprint));
  await tx`insert into journal_batch (shard_id, first_seq, last_seq, epoch, bodies, hashes, commands)
    values (${shard}, ${before + 1}, ${seq}, ${last.epoch}, ${bodies}, ${hashes}, ${commands})`;
  await tx`update shard set last_seq = ${seq}, last_ts_ms = ${last.at}, last_hash = ${Buffer.from(last.hash, 'hex')}
    where shard_id = ${shard}`;
}

async function headOf(sql: Sql, shard: number): Promise<Head | undefined> {
  const [row] = await sql<{ epoch: string; last_seq: string; last_ts_ms: string; last_hash: Buffer }[]>`
    select epoch, last_seq, last_ts_ms, last_hash from shard where shard_id = ${shard}`;
  return (
    row && {
      epoch: Number(row.epoch),
      lastSeq: Number(row.last_seq),
      lastAt: Number(row.last_ts_ms),
      lastHash: row.last_hash.toString('hex'),
      aliveAt: Number(row.last_ts_ms),
    }
  );
}

async function databaseMs(sql: Sql): Promise<number> {
  const [row] = await sql<{ ms: number }[]>`
    select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`;
  return row?.ms ?? Number.NaN;
}

function connect(url: string, name: string): Sql {
  return postgres(url, {
    max: 1,
    idle_timeout: 0,
    onnotice: () => {},
    connection: { application_name: name },
  });
}
