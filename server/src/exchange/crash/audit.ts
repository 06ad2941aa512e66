/** After the crashes: what the bidders were told against what the journal has, and every award recomputed. */
import type { Sql } from 'postgres';
import { readJournal } from '../journal-reader.ts';
import { marketRules } from '../rules.ts';
import type { JournalEntry } from '../types.ts';
import { verifyShard } from '../verify.ts';
import type { Acknowledged } from './bidder.ts';
import { type Histories, auditEntries } from './histories.ts';

export type Audit = Histories & {
  readonly entries: number;
  /** Acknowledged, and not in the journal. */
  readonly lost: number;
  /** Acknowledged as something else than the journal has, or at another place. */
  readonly changed: number;
  /** The same command twice in the journal, or an auction that ended twice or sold too much. */
  readonly doubled: number;
  /** `intact`, or what is broken. */
  readonly chain: string;
};

export async function audit(sql: Sql, acknowledged: readonly Acknowledged[]): Promise<Audit> {
  const shards = await sql<{ shard_id: number }[]>`select shard_id from shard order by shard_id`;
  const entries: JournalEntry[] = [];
  let chain: Audit['chain'] = 'intact';
  for (const { shard_id: shard } of shards) {
    try {
      await verifyShard(sql, { shard, rules: marketRules });
      for await (const { entry } of readJournal(sql, shard, 0)) entries.push(entry);
    } catch (error) {
      chain = (error as Error).message;
    }
  }
  const told = compareAnswers(entries, acknowledged);
  const found = auditEntries(entries);
  return { entries: entries.length, ...told, ...found, doubled: told.doubled + found.doubled, chain };
}

function compareAnswers(
  entries: readonly JournalEntry[],
  acknowledged: readonly Acknowledged[],
): Pick<Audit, 'lost' | 'changed' | 'doubled'> {
  const journaled = new Map<string, JournalEntry>();
  let doubled = 0;
  for (const entry of entries) {
    if (entry.cmdId === null) continue;
    const key = `${entry.actor} ${entry.cmdId}`;
    if (journaled.has(key)) doubled += 1;
    journaled.set(key, entry);
  }
  let lost = 0;
  let changed = 0;
  for (const { bidder, id, seq, at, status } of acknowledged) {
    const entry = journaled.get(`org:${bidder} ${id}`);
    if (!entry) lost += 1;
    else {
      const has = entry.events[0]?.type === 'command_rejected' ? 'rejected' : 'accepted';
      if (entry.seq !== seq || entry.at !== Date.parse(at) || has !== status) changed += 1;
    }
  }
  return { lost, changed, doubled };
}
