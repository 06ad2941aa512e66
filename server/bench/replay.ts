/**
 * A leader starts again: from nothing but the journal, every hash checked, every entry decoded and applied,
 * every command id known again; and from a snapshot and the entries after it.
 *
 * Options: --entries 1000000, --rounds 5. Half a gigabyte of journal for the first.
 */
import { parseArgs } from 'node:util';
import { type Comparison, compare, growth } from '@seam/testkit/bench';
import type { EngineState } from '@seam/engine';
import type { Sql } from 'postgres';
import { CommandMemory } from '../src/exchange/command-memory.ts';
import type { Head } from '../src/exchange/journal.ts';
import { SNAPSHOT_EVERY_ENTRIES } from '../src/exchange/limits.ts';
import { LiveAuctions } from '../src/exchange/live-view.ts';
import { GENESIS } from '../src/exchange/chain.ts';
import { readPages } from '../src/exchange/journal-reader.ts';
import { recover } from '../src/exchange/recovery.ts';
import { marketRules } from '../src/exchange/rules.ts';
import { saveSnapshot, takeSnapshot } from '../src/exchange/snapshots.ts';
import { silentLog } from '../src/exchange/types.ts';
import { withBenchDatabase } from './support/database.ts';
import { openMarket } from './support/market.ts';

const OUTSTANDING = 2_000;

export async function bench(args: string[]): Promise<Comparison[]> {
  const { values } = parseArgs({
    args,
    options: { rounds: { type: 'string', default: '5' }, entries: { type: 'string', default: '1000000' } },
  });
  const [rounds, entries] = [Number(values.rounds), Number(values.entries)];
  return withBenchDatabase(async ({ url, sql }) => {
    const small = Math.round(entries / 10);
    await writeJournal(url, sql, { shard: 1, entries: small });
    const less = await wholeJournal(sql, { shard: 1, rounds, entries: small });
    await writeJournal(url, sql, { shard: 0, entries });
    const whole = await wholeJournal(sql, { shard: 0, rounds, entries });
    whole.facts['growth of seconds, a tenth of the journal to all of it'] = growth([
      { size: small, cost: small / less.sides['seam']!.median },
      { size: entries, cost: entries / whole.sides['seam']!.median },
    ]);
    return [less, whole, await fromSnapshot(sql, { shard: 0, rounds, entries })];
  });
}

type Size = { readonly shard: number; readonly rounds: number; readonly entries: number };

async function wholeJournal(sql: Sql, { shard, rounds, entries }: Size): Promise<Comparison> {
  await sql`delete from snapshot where shard_id = ${shard}`;
  const run = async (): Promise<number> => {
    const { seconds, replayed } = await recoverOnce(sql, shard);
    if (replayed < entries) throw new Error(`${replayed} entries were replayed`);
    return replayed / seconds;
  };
  return compare({
    bench: `replay, ${entries} entries with their hashes`,
    unit: 'entries/s',
    subject: { name: 'seam', run },
    peers: [],
    rounds,
  });
}

/** With as many entries after the snapshot as there can be before the next one. */
async function fromSnapshot(sql: Sql, { shard, rounds, entries }: Size): Promise<Comparison> {
  const tail = Math.min(SNAPSHOT_EVERY_ENTRIES, entries);
  const [before] = await sql<{ seq: string }[]>`
    select max(last_seq) as seq from journal_batch where shard_id = ${shard} and last_seq <= ${entries - tail}`;
  const seq = Number(before?.seq ?? 0);
  if (seq > 0) await snapshotAt(sql, shard, seq);
  let replayed = 0;
  const run = async (): Promise<number> => {
    const once = await recoverOnce(sql, shard);
    ({ replayed } = once);
    return once.seconds;
  };
  const comparison = await compare({
    bench: `replay, snapshot and tail of ${entries} entries`,
    unit: 's',
    better: 'less',
    subject: { name: 'seam', run },
    peers: [],
    rounds,
  });
  comparison.facts['entries after the snapshot'] = replayed;
  return comparison;
}

type Recovered = { readonly seconds: number; readonly replayed: number; readonly known: number };

/** What a host does between its takeover and its first decision. */
async function recoverOnce(sql: Sql, shard: number): Promise<Recovered> {
  const commands = new CommandMemory();
  const view = new LiveAuctions();
  let replayed = 0;
  const started = performance.now();
  await recover<EngineState>(sql, {
    rules: marketRules,
    shard,
    head: await headOf(sql, shard),
    commands,
    view,
    published: 0,
    publishedHash: GENESIS,
    publish(checked) {
      replayed += 1;
      commands.record(checked);
      view.apply(checked.entry);
    },
    renew: async () => {},
    log: silentLog,
  });
  return { seconds: (performance.now() - started) / 1000, replayed, known: commands.size };
}

async function headOf(sql: Sql, shard: number): Promise<Head> {
  const [row] = await sql<{ epoch: number; seq: number; at: number; hash: string }[]>`
    select epoch::int, last_seq::float8 as seq, last_ts_ms::float8 as at, encode(last_hash, 'hex') as hash
      from shard where shard_id = ${shard}`;
  if (!row) throw new RangeError(`no shard ${shard}`);
  return { epoch: row.epoch, lastSeq: row.seq, lastAt: row.at, lastHash: row.hash, aliveAt: 0 };
}

/** The snapshot that a leader would have taken at `seq`, which ends a batch. */
async function snapshotAt(sql: Sql, shard: number, seq: number): Promise<void> {
  const [row] = await sql<{ hash: string; epoch: number; at: number }[]>`
    select encode(hash, 'hex') as hash, epoch::int, ts_ms::float8 as at from journal_entry(${shard}, ${seq})`;
  const head: Head = { epoch: row!.epoch, lastSeq: seq, lastAt: row!.at, lastHash: row!.hash, aliveAt: 0 };
  const view = new LiveAuctions();
  const state = await stateAt(sql, { shard, head, view });
  await saveSnapshot(
    sql,
    takeSnapshot(marketRules, { shard, seq, journalHash: head.lastHash, state, view: view.snapshot() }),
  );
}

async function stateAt(
  sql: Sql,
  { shard, head, view }: { shard: number; head: Head; view: LiveAuctions },
): Promise<EngineState> {
  const state = marketRules.create();
  for await (const page of readPages(sql, shard, 0)) {
    for (const { entry } of page) {
      if (entry.seq > head.lastSeq) return state;
      marketRules.apply(state, entry.command, entry.events);
      view.apply(entry);
    }
  }
  return state;
}

async function writeJournal(
  url: string,
  sql: Sql,
  { shard, entries }: { shard: number; entries: number },
): Promise<void> {
  const market = await openMarket(url, sql, shard);
  let left = entries - 2;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await market.bid();
    }
  };
  await Promise.all(Array.from({ length: OUTSTANDING }, worker));
  await market.stop();
}
