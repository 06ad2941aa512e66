/**
 * Checks a shard's journal from its first entry: the chain, the gapless seq, the head, and that the
 * rules, run again on the recorded commands, decide what was recorded.
 */
import type { Sql } from 'postgres';
import { canonicalJson } from './canonical.ts';
import { GENESIS, JournalCorrupt } from './chain.ts';
import { readJournal } from './journal-reader.ts';
import type { EngineRules } from './types.ts';

export type Verified = {
  shard: number;
  entries: number;
  lastSeq: number;
  lastHash: string;
  stateHash: string;
};

/** @throws JournalCorrupt naming the first entry that is wrong. Safe beside a running leader. */
export async function verifyShard<State>(
  sql: Sql,
  { shard, rules }: { shard: number; rules: EngineRules<State> },
): Promise<Verified> {
  // Read before the journal: a leader may append meanwhile, but never take back.
  const [head] = await sql<{ last_seq: string; last_hash: Buffer }[]>`
    select last_seq, last_hash from shard where shard_id = ${shard}`;
  const state = rules.create();
  const headSeq = Number(head?.last_seq ?? 0);
  let seq = 0;
  let last: Buffer = GENESIS;
  let atHead: Buffer = GENESIS;
  for await (const { entry, row } of readJournal(sql, shard, 0)) {
    const events = rules.step(state, entry.command);
    if (canonicalJson(events) !== canonicalJson(entry.events)) {
      throw new JournalCorrupt({ shard, seq: entry.seq }, 'the engine decides otherwise');
    }
    seq = entry.seq;
    last = row.hash;
    if (seq === headSeq) atHead = last;
  }
  if (seq < headSeq || !(head?.last_hash ?? GENESIS).equals(atHead)) {
    throw new JournalCorrupt({ shard, seq }, `the shard's row ends at seq ${headSeq} with another hash`);
  }
  return {
    shard,
    entries: seq,
    lastSeq: seq,
    lastHash: last.toString('hex'),
    stateHash: rules.stateHash(state),
  };
}
