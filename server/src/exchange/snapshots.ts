/**
 * Snapshots shorten recovery and are never the truth: before use a snapshot must have the bytes it
 * was written with, belong to this very journal and these rules, and restore to the hash it names.
 */
import { hash } from 'node:crypto';
import type { Sql } from 'postgres';
import { SNAPSHOTS_KEPT } from './limits.ts';
import type { EngineRules, Log } from './types.ts';

/** What the host keeps in memory: the engine's state, and the live view folded from its events. */
type Content = { engine: string; view: string };

type Snapshot = {
  readonly shard: number;
  readonly seq: number;
  readonly journalHash: string;
  readonly engineVersion: string;
  readonly stateHash: string;
  readonly state: Buffer;
};

export function takeSnapshot<State>(
  rules: EngineRules<State>,
  from: { shard: number; seq: number; journalHash: string; state: State; view: string },
): Snapshot {
  const content: Content = { engine: rules.snapshot(from.state), view: from.view };
  return {
    shard: from.shard,
    seq: from.seq,
    journalHash: from.journalHash,
    engineVersion: rules.version,
    stateHash: rules.stateHash(from.state),
    state: Buffer.from(JSON.stringify(content)),
  };
}

export async function saveSnapshot(sql: Sql, snapshot: Snapshot): Promise<void> {
  const { shard, seq, engineVersion, state, stateHash, journalHash } = snapshot;
  await sql.begin(async (tx) => {
    await tx`insert into snapshot (shard_id, seq, engine_ver, state, state_sha256, state_hash, journal_hash)
      values (${shard}, ${seq}, ${engineVersion}, ${state}, ${hash('sha256', state, 'buffer')}, ${stateHash}, decode(${journalHash}, 'hex'))
      on conflict do nothing`;
    await tx`delete from snapshot where shard_id = ${shard} and seq not in
      (select seq from snapshot where shard_id = ${shard} order by seq desc limit ${SNAPSHOTS_KEPT})`;
  });
}

type Restored<State> = { seq: number; journalHash: string; state: State; view: string };

/** @returns the newest snapshot that proves good; undefined when none does. */
export async function loadSnapshot<State>(
  sql: Sql,
  rules: EngineRules<State>,
  options: { shard: number; lastSeq: number; log: Log },
): Promise<Restored<State> | undefined> {
  const { shard, lastSeq, log } = options;
  const rows = await sql<
    {
      seq: string;
      state: Buffer;
      state_sha256: Buffer;
      state_hash: string;
      journal_hash: string;
      truth: string | null;
    }[]
  >`select s.seq, s.state, s.state_sha256, s.state_hash,
           encode(s.journal_hash, 'hex') as journal_hash, encode(j.hash, 'hex') as truth
      from snapshot s left join lateral journal_entry(s.shard_id, s.seq) j on true
     where s.shard_id = ${shard} and s.seq <= ${lastSeq} and s.engine_ver = ${rules.version}
     order by s.seq desc`;
  for (const row of rows) {
    const refuse = (reason: string): void => log.error({ shard, seq: row.seq, reason }, 'snapshot refused');
    if (!hash('sha256', row.state, 'buffer').equals(row.state_sha256)) refuse('bytes differ from their hash');
    else if (row.truth !== row.journal_hash) refuse('belongs to another journal');
    else {
      const content = JSON.parse(row.state.toString('utf8')) as Content;
      const state = rules.restore(content.engine);
      if (rules.stateHash(state) === row.state_hash) {
        return { seq: Number(row.seq), journalHash: row.journal_hash, state, view: content.view };
      }
      refuse('restores to another state');
    }
  }
  return undefined;
}
