/**
 * Which command ids the journal already knows, for the life of the market, and the recent outcomes.
 * Filled from committed entries only, so that answering from it can never show what might be lost.
 */
import type { Sql } from 'postgres';
import { decodeBody } from './chain.ts';
import { RECENT_OUTCOMES_MAX } from './limits.ts';
import { commandKey } from './pending.ts';
import { type JournalEntry, type Recorded, outcomeOf } from './types.ts';

type Known = { cmdHash: Buffer; outcome: Recorded };

export class CommandMemory {
  readonly #seqByKey = new Map<string, number>();
  readonly #recent = new Map<number, Known>();

  /** Something like 150 bytes an id: a million commands are 150 MB, a day's market a few. */
  get size(): number {
    return this.#seqByKey.size;
  }

  remember(actor: string, cmdId: string, seq: number): void {
    this.#seqByKey.set(commandKey(actor, cmdId), seq);
  }

  record(entry: JournalEntry, cmdHash: Buffer | null): void {
    if (entry.actor === null || entry.cmdId === null || cmdHash === null) return;
    this.remember(entry.actor, entry.cmdId, entry.seq);
    this.#recent.set(entry.seq, { cmdHash, outcome: outcomeOf(entry) });
    if (this.#recent.size > RECENT_OUTCOMES_MAX) {
      for (const oldest of this.#recent.keys()) {
        this.#recent.delete(oldest);
        break;
      }
    }
  }

  seqOf(key: string): number | undefined {
    return this.#seqByKey.get(key);
  }

  /** From memory, or from the journal through `sql`. @throws when the database cannot be read. */
  async recall(sql: Sql, shard: number, seq: number): Promise<Known> {
    const recent = this.#recent.get(seq);
    if (recent) return recent;
    const [row] = await sql<{ cmd_hash: Buffer; body: string }[]>`
      select cmd_hash, body from journal where shard_id = ${shard} and seq = ${seq}`;
    if (!row) throw new Error(`journal of shard ${shard} has no seq ${seq}`);
    return { cmdHash: row.cmd_hash, outcome: outcomeOf(decodeBody(row.body)) };
  }
}
