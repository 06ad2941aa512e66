/** Reads the journal in order, checking that nothing is missing, moved or changed. */
import type { Sql } from 'postgres';
import { GENESIS, JournalCorrupt, chainHashes, decodeBody } from './chain.ts';
import { JOURNAL_PAGE_ENTRIES } from './limits.ts';
import type { JournalEntry } from './types.ts';

type SqlBatch = { first_seq: string; last_seq: string; epoch: string; bodies: string; hashes: string };

export type Checked = { readonly entry: JournalEntry; readonly body: string; readonly hash: string };

/** The entry after which reading goes on. */
type Place = { seq: number; hash: string; at: number; epoch: number };

/**
 * Entries after `after`, up to what is committed when the last page is read.
 * @throws JournalCorrupt on a gap, a broken hash, or a row that differs from its bodies.
 */
export async function* readJournal(sql: Sql, shard: number, after: number): AsyncGenerator<Checked> {
  for await (const entries of readPages(sql, shard, after)) yield* entries;
}

/** The same, some thousand at once; the next page is fetched while this one is worked on. */
export async function* readPages(sql: Sql, shard: number, after: number): AsyncGenerator<readonly Checked[]> {
  const place: Place = { seq: after, hash: await hashAt(sql, shard, after), at: 0, epoch: 0 };
  let next = fetchPage(sql, shard, after);
  for (;;) {
    const batches = await next;
    const last = batches.at(-1);
    if (!last) return;
    next = fetchPage(sql, shard, Number(last.last_seq));
    // Whoever reads no further does not wait for it.
    next.catch(() => {});
    yield batches.flatMap((batch) => checkBatch(batch, shard, place));
  }
}

/** The chain's hash after `seq`. @throws JournalCorrupt when there is no such entry. */
export async function hashAt(sql: Sql, shard: number, seq: number): Promise<string> {
  if (seq === 0) return GENESIS;
  const [row] = await sql<{ hash: string }[]>`
    select encode(hash, 'hex') as hash from journal_entry(${shard}, ${seq})`;
  if (!row) throw new JournalCorrupt({ shard, seq }, 'entry is missing');
  return row.hash;
}

async function fetchPage(sql: Sql, shard: number, after: number): Promise<readonly SqlBatch[]> {
  return sql<SqlBatch[]>`
    select first_seq, last_seq, epoch, bodies, encode(hashes, 'hex') as hashes from journal_batch
     where shard_id = ${shard} and last_seq > ${after} and last_seq <= ${after + JOURNAL_PAGE_ENTRIES}
     order by last_seq`;
}

/** Moves `place` to the end of `batch`. @returns its entries after `place`. */
function checkBatch(batch: SqlBatch, shard: number, place: Place): Checked[] {
  const [first, last, epoch] = [batch.first_seq, batch.last_seq, batch.epoch].map(Number) as [
    number,
    number,
    number,
  ];
  const broken = (seq: number, reason: string): never => {
    throw new JournalCorrupt({ shard, seq }, reason);
  };
  const seen = place.seq + 1 - first;
  if (seen < 0) broken(place.seq + 1, `found seq ${first}`);
  const bodies = batch.bodies.split('\n');
  if (bodies.length !== last - first + 1) broken(first, `${bodies.length} entries up to seq ${last}`);
  if (epoch < place.epoch) broken(first, 'epoch runs backwards');
  place.epoch = epoch;
  const hashes = chainHashes(place.hash, seen === 0 ? batch.bodies : bodies.slice(seen).join('\n'));
  const checked: Checked[] = [];
  for (let i = seen; i < bodies.length; i += 1) {
    const seq = first + i;
    const hash = hashes[i - seen]!;
    if (!batch.hashes.startsWith(hash, i * 64)) broken(seq, 'hash differs');
    const entry = decodeBody(bodies[i]!);
    if (entry.shard !== shard || entry.seq !== seq || entry.epoch !== epoch) {
      broken(seq, 'the row differs from the body');
    }
    if (entry.at < place.at) broken(seq, 'time runs backwards');
    place.seq = seq;
    place.hash = hash;
    place.at = entry.at;
    checked.push({ entry, body: bodies[i]!, hash });
  }
  return checked;
}
