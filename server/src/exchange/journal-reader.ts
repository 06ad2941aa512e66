/** Reads the journal in order, checking that nothing is missing, moved or changed. */
import type { Sql } from 'postgres';
import { GENESIS, JournalCorrupt, type JournalRow, decodeRow } from './chain.ts';
import { JOURNAL_PAGE_ENTRIES } from './limits.ts';
import type { JournalEntry } from './types.ts';

type SqlRow = {
  seq: string;
  epoch: string;
  ts_ms: string;
  actor: string | null;
  cmd_id: string | null;
  cmd_hash: Buffer | null;
  body: string;
  hash: Buffer;
};

export type Checked = { entry: JournalEntry; row: JournalRow };

/**
 * Entries after `after`, up to what is committed when the last page is read.
 * @throws JournalCorrupt on a gap, a broken hash, or columns that differ from the body.
 */
export async function* readJournal(sql: Sql, shard: number, after: number): AsyncGenerator<Checked> {
  let seq = after;
  let previous = await hashAt(sql, shard, after);
  let at = 0;
  let epoch = 0;
  for (;;) {
    const rows = await sql<SqlRow[]>`
      select seq, epoch, ts_ms, actor, cmd_id, cmd_hash, body, hash from journal
       where shard_id = ${shard} and seq > ${seq} order by seq limit ${JOURNAL_PAGE_ENTRIES}`;
    for (const raw of rows) {
      const row = fromSql(raw);
      const entry = decodeRow(row, { shard, seq: seq + 1, previous });
      if (entry.at < at) throw new JournalCorrupt({ shard, seq: entry.seq }, 'time runs backwards');
      if (entry.epoch < epoch) throw new JournalCorrupt({ shard, seq: entry.seq }, 'epoch runs backwards');
      yield { entry, row };
      seq = entry.seq;
      at = entry.at;
      epoch = entry.epoch;
      previous = row.hash;
    }
    if (rows.length < JOURNAL_PAGE_ENTRIES) return;
  }
}

/** The chain's hash after `seq`. @throws JournalCorrupt when there is no such entry. */
export async function hashAt(sql: Sql, shard: number, seq: number): Promise<Buffer> {
  if (seq === 0) return GENESIS;
  const [row] = await sql<{ hash: Buffer }[]>`
    select hash from journal where shard_id = ${shard} and seq = ${seq}`;
  if (!row) throw new JournalCorrupt({ shard, seq }, 'entry is missing');
  return row.hash;
}

function fromSql(raw: SqlRow): JournalRow {
  return {
    seq: Number(raw.seq),
    epoch: Number(raw.epoch),
    at: Number(raw.ts_ms),
    actor: raw.actor,
    cmdId: raw.cmd_id,
    cmdHash: raw.cmd_hash,
    body: raw.body,
    hash: raw.hash,
  };
}
