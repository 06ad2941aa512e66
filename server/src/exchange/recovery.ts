/**
 * From a shard's row and its journal to a state that may decide again: newest good snapshot, then
 * the tail, applying recorded events (never deciding anew), until exactly the head that the takeover
 * returned, through everything this process has ever shown. Anything else halts the shard.
 */
import type { Sql } from 'postgres';
import { JournalCorrupt, decodeBody } from './chain.ts';
import type { CommandMemory } from './command-memory.ts';
import { Fenced, type Head } from './journal.ts';
import { type Checked, hashAt, readPages } from './journal-reader.ts';
import { COMMANDS_PAGE_ENTRIES } from './limits.ts';
import { loadSnapshot } from './snapshots.ts';
import type { EngineRules, JournalEntry, Log } from './types.ts';

/** What the host shows to the outside, folded from committed entries. */
export type LiveView = { apply(entry: JournalEntry): void; snapshot(): string; restore(text: string): void };

type Recovery<State> = {
  readonly rules: EngineRules<State>;
  readonly shard: number;
  readonly head: Head;
  readonly commands: CommandMemory;
  readonly view: LiveView;
  /** Highest seq that `view` and `commands` hold; 0 at the start of the process. */
  readonly published: number;
  /** The chain's hash at `published`: a database that has lost or changed it may not be led. */
  readonly publishedHash: string;
  /** Called for each entry after `published`, in order. */
  readonly publish: (checked: Checked) => void;
  /** Called now and then: a long replay must not lose the lease. */
  readonly renew: () => Promise<void>;
  readonly log: Log;
};

/** `base` is the seq of the snapshot it began with, 0 without one. */
type Recovered<State> = { readonly state: State; readonly base: number };

/** @param sql a connection on which the takeover was already answered. @throws JournalCorrupt. */
export async function recover<State>(sql: Sql, recovery: Recovery<State>): Promise<Recovered<State>> {
  const { rules, shard, head, commands, view, log } = recovery;
  if (head.lastSeq < recovery.published) throw lostEntries(recovery);
  const snapshot = await loadSnapshot(sql, rules, { shard, lastSeq: head.lastSeq, log });
  const state = snapshot?.state ?? rules.create();
  const base = snapshot?.seq ?? 0;
  let published = recovery.published;
  if (published === 0 && snapshot) {
    view.restore(snapshot.view);
    await rememberCommands(sql, shard, snapshot.seq, commands);
    published = snapshot.seq;
  }

  // A process that led before may have published less or more than the snapshot covers.
  const from = Math.min(base, published);
  let seq = from;
  let last = await hashAt(sql, shard, from);
  const isShownOne = (at: number): boolean => at === recovery.published && at > 0;
  if (isShownOne(from) && last !== recovery.publishedHash) throw lostEntries(recovery);
  for await (const page of readPages(sql, shard, from)) {
    for (const checked of page) {
      const { entry, hash } = checked;
      // Written by a later leader while this one was reading: it has lost the shard, nothing is broken.
      if (entry.epoch > head.epoch) throw new Fenced(`epoch ${entry.epoch} leads, not ${head.epoch}`);
      if (isShownOne(entry.seq) && hash !== recovery.publishedHash) throw lostEntries(recovery);
      if (entry.seq > base) rules.apply(state, entry.command, entry.events);
      if (entry.seq > published) recovery.publish(checked);
      seq = entry.seq;
      last = hash;
    }
    await recovery.renew();
  }
  if (seq !== head.lastSeq || last !== head.lastHash) {
    throw new JournalCorrupt(
      { shard, seq },
      `the shard's row says seq ${head.lastSeq} and another hash or length`,
    );
  }
  return { state, base };
}

/** A standby that lacked the newest commits became the server, or somebody restored a backup. */
function lostEntries({ shard, published }: { shard: number; published: number }): JournalCorrupt {
  return new JournalCorrupt(
    { shard, seq: published },
    'the database no longer has what was answered from it',
  );
}

async function rememberCommands(
  sql: Sql,
  shard: number,
  upTo: number,
  commands: CommandMemory,
): Promise<void> {
  const known = await sql<{ first_seq: string; commands: Buffer }[]>`
    select min(first_seq) as first_seq, string_agg(commands, ''::bytea order by last_seq) as commands
      from journal_batch where shard_id = ${shard} and last_seq <= ${upTo} and commands is not null
     group by last_seq / ${COMMANDS_PAGE_ENTRIES} order by 1`;
  for (const row of known) commands.remember(row.commands, Number(row.first_seq));
  const others = sql<{ body: string }[]>`
    select e.body from journal_batch b, string_to_table(b.bodies, E'\n') with ordinality as e (body, place)
     where b.shard_id = ${shard} and b.first_seq + e.place - 1 <= ${upTo}
       and (b.commands is null or b.last_seq > ${upTo} and b.first_seq <= ${upTo})`.cursor(1_000);
  for await (const page of others) {
    for (const { body } of page) commands.record({ entry: decodeBody(body), body });
  }
}
