/**
 * Checks a shard's journal from its first entry: the chain, the gapless seq, the head, that the rules,
 * run again on the recorded commands, decide what was recorded, that no command id comes twice, and that
 * the fingerprints by which a leader knows them are theirs.
 */
import type { Sql } from 'postgres';
import { canonicalJson } from './canonical.ts';
import { GENESIS, JournalCorrupt } from './chain.ts';
import { type Checked, readJournal } from './journal-reader.ts';
import { type Fingerprint, fingerprint, packFingerprints } from './command-index.ts';
import { CommandMemory } from './command-memory.ts';
import { COMMANDS_PAGE_ENTRIES } from './limits.ts';
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
  const [head] = await sql<{ last_seq: string; last_hash: string }[]>`
    select last_seq, encode(last_hash, 'hex') as last_hash from shard where shard_id = ${shard}`;
  const state = rules.create();
  const headSeq = Number(head?.last_seq ?? 0);
  let seq = 0;
  let last = GENESIS;
  let atHead = GENESIS;
  const ids = new CommandMemory();
  const fingerprints: (Fingerprint | undefined)[] = [];
  for await (const checked of readJournal(sql, shard, 0)) {
    const { entry, hash } = checked;
    const events = rules.step(state, entry.command);
    if (canonicalJson(events) !== canonicalJson(entry.events)) {
      throw new JournalCorrupt({ shard, seq: entry.seq }, 'the engine decides otherwise');
    }
    fingerprints.push(await newId(sql, ids, checked));
    seq = entry.seq;
    last = hash;
    if (seq === headSeq) atHead = last;
  }
  if (seq < headSeq || (head?.last_hash ?? GENESIS) !== atHead) {
    throw new JournalCorrupt({ shard, seq }, `the shard's row ends at seq ${headSeq} with another hash`);
  }
  await compareFingerprints(sql, shard, fingerprints);
  return {
    shard,
    entries: seq,
    lastSeq: seq,
    lastHash: last,
    stateHash: rules.stateHash(state),
  };
}

/** @throws JournalCorrupt when an earlier entry has the id of this one. */
async function newId(sql: Sql, ids: CommandMemory, checked: Checked): Promise<Fingerprint | undefined> {
  const { actor, cmdId, shard, seq } = checked.entry;
  if (actor === null || cmdId === null) return undefined;
  const looks = fingerprint(actor, cmdId);
  const places = ids.placesOf({ fingerprint: looks });
  const first = places && (await ids.whose(sql, shard, { actor, cmdId, places }));
  if (first) throw new JournalCorrupt({ shard, seq }, `has the command id of seq ${first.seq}`);
  ids.record(checked, looks);
  return looks;
}

async function compareFingerprints(
  sql: Sql,
  shard: number,
  expected: readonly (Fingerprint | undefined)[],
): Promise<void> {
  const pages = await sql<{ first_seq: string; commands: Buffer }[]>`
    select min(first_seq) as first_seq, string_agg(commands, ''::bytea order by last_seq) as commands
      from journal_batch where shard_id = ${shard} and last_seq <= ${expected.length} and commands is not null
     group by last_seq / ${COMMANDS_PAGE_ENTRIES} order by 1`;
  for (const { first_seq, commands } of pages) {
    const first = Number(first_seq);
    const right = packFingerprints(expected.slice(first - 1, first - 1 + commands.length / 8));
    if (right.equals(commands)) continue;
    const at = right.findIndex((byte, i) => byte !== commands[i]);
    throw new JournalCorrupt({ shard, seq: first + (at >> 3) }, 'the fingerprint is of another command id');
  }
}
