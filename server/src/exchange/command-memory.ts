/**
 * Which command ids the journal already knows, for the life of the market, and the recent entries.
 * Filled from committed entries only, so that answering from it can never show what might be lost.
 */
import type { Sql } from 'postgres';
import { commandTextOf, decodeBody } from './chain.ts';
import {
  CommandIndex,
  FINGERPRINT_BYTES,
  type Fingerprint,
  fingerprint,
  fingerprintAt,
} from './command-index.ts';
import { RECENT_ENTRIES } from './limits.ts';
import type { Pending } from './pending.ts';
import { type JournalEntry, type Recorded, outcomeOf } from './types.ts';

/** `other` is another command under the same id; `none`: the id only looked like a known one. */
type Recalled = Recorded | 'other' | 'none';

/** An entry and its text in the journal. */
type Written = { readonly entry: JournalEntry; readonly body: string };

export class CommandMemory {
  readonly #index = new CommandIndex();
  /** By seq modulo its length; as texts, because so many objects would cost every bid a collector's pause. */
  readonly #recent: string[] = Array.from({ length: RECENT_ENTRIES }, () => '');
  readonly #recentSeq = new Float64Array(RECENT_ENTRIES);

  /** Under 40 bytes an id: a million commands are 40 MB, a day's market a few. */
  get size(): number {
    return this.#index.size;
  }

  /** What the journal keeps of the ids of entries from `firstSeq` on. */
  remember(fingerprints: Buffer, firstSeq: number): void {
    for (let i = 0; i * FINGERPRINT_BYTES < fingerprints.length; i += 1) {
      const found = fingerprintAt(fingerprints, i * FINGERPRINT_BYTES);
      if (found) this.#index.add(found, firstSeq + i);
    }
  }

  record({ entry, body }: Written, known?: Fingerprint): void {
    const { seq, actor, cmdId } = entry;
    if (actor === null || cmdId === null) return;
    this.#index.add(known ?? fingerprint(actor, cmdId), seq);
    this.#recent[seq % RECENT_ENTRIES] = body;
    this.#recentSeq[seq % RECENT_ENTRIES] = seq;
  }

  /** Where the journal may know this command from; undefined when it certainly does not. */
  placesOf(pending: Pick<Pending, 'fingerprint'>): readonly number[] | undefined {
    return this.#index.find(pending.fingerprint);
  }

  /** From memory, or from the journal through `sql`. @throws when the database cannot be read. */
  async recall(
    sql: Sql,
    shard: number,
    { pending, places }: { pending: Pick<Pending, 'submission' | 'text'>; places: readonly number[] },
  ): Promise<Recalled> {
    const { actor, cmdId } = pending.submission;
    const entry = await this.whose(sql, shard, { actor, cmdId, places });
    if (!entry) return 'none';
    return commandTextOf(entry) === pending.text ? outcomeOf(entry) : 'other';
  }

  /** The entry among `places` that has this very id. @throws when the database cannot be read. */
  async whose(
    sql: Sql,
    shard: number,
    { actor, cmdId, places }: { actor: string; cmdId: string; places: readonly number[] },
  ): Promise<JournalEntry | undefined> {
    for (const seq of places) {
      const place = seq % RECENT_ENTRIES;
      const isRecent = this.#recentSeq[place] === seq;
      const entry = isRecent ? decodeBody(this.#recent[place]!) : await readEntry(sql, shard, seq);
      if (entry.actor === actor && entry.cmdId === cmdId) return entry;
    }
    return undefined;
  }
}

async function readEntry(sql: Sql, shard: number, seq: number): Promise<JournalEntry> {
  const [row] = await sql<{ body: string }[]>`select body from journal_entry(${shard}, ${seq})`;
  if (!row) throw new Error(`journal of shard ${shard} has no seq ${seq}`);
  return decodeBody(row.body);
}
