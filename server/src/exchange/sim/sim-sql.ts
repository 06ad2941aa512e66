/**
 * The statements of the hot path besides the journal's own functions, answered by the simulated
 * PostgreSQL. A statement is known by its words; one that is not known fails loudly, so that whoever
 * changes the hot path's SQL learns that the simulator has to learn it too.
 */
import type { PgTables, Work } from '@seam/testkit/sim';
import type { Sql } from 'postgres';
import { fingerprint, packFingerprints } from '../command-index.ts';

type Rows = readonly Record<string, unknown>[];
type Answer = (tables: PgTables, parameters: readonly unknown[]) => Rows;
type Statement = { readonly words: RegExp; readonly writes?: boolean; readonly answer: Answer };

const settings = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on', data_checksums: 'on' };

const statements: readonly Statement[] = [
  {
    words: /^select name, setting from pg_settings/,
    answer: () => Object.entries(settings).map(([name, setting]) => ({ name, setting })),
  },
  { words: /^select pg_is_in_recovery/, answer: () => [{ yes: false }] },
  {
    // Every row is a batch of its own here.
    words:
      /^select first_seq, last_seq, epoch, bodies, encode\(hashes, 'hex'\) as hashes from journal_batch where shard_id = \? and last_seq > \? and last_seq <= \? order by last_seq$/,
    answer: (tables, [shard, after, upTo]) =>
      tables
        .shard(Number(shard))
        .journal.filter((row) => row.seq > Number(after) && row.seq <= Number(upTo))
        .map((row) => ({
          first_seq: String(row.seq),
          last_seq: String(row.seq),
          epoch: String(row.epoch),
          bodies: row.body,
          hashes: row.hash,
        })),
  },
  {
    words: /^select encode\(hash, 'hex'\) as hash from journal_entry\(\?, \?\)$/,
    answer: (tables, [shard, seq]) => rowsAt(tables, shard, seq).map(({ hash }) => ({ hash })),
  },
  {
    words: /^select body from journal_entry\(\?, \?\)$/,
    answer: (tables, [shard, seq]) => rowsAt(tables, shard, seq).map(({ body }) => ({ body })),
  },
  {
    words: /^select min\(first_seq\) as first_seq, string_agg\(commands/,
    answer: (tables, [shard, upTo]) => {
      const rows = tables.shard(Number(shard)).journal.filter((row) => row.seq <= Number(upTo));
      const known = rows.map(({ actor, cmdId }) =>
        actor === null || cmdId === null ? undefined : fingerprint(actor, cmdId),
      );
      return known.length === 0 ? [] : [{ first_seq: '1', commands: packFingerprints(known) }];
    },
  },
  {
    // Batches without fingerprints, or in which the snapshot's place lies: there are none here.
    words: /^select e\.body from journal_batch b, string_to_table/,
    answer: () => [],
  },
  {
    words: /^select s\.seq, s\.state, .* from snapshot s left join lateral journal_entry/,
    answer: (tables, [shard, lastSeq, version]) =>
      tables
        .shard(Number(shard))
        .snapshots.filter((row) => row.seq <= Number(lastSeq) && row.engineVersion === version)
        .toSorted((a, b) => b.seq - a.seq)
        .map((row) => ({
          seq: String(row.seq),
          state: row.state,
          state_sha256: row.stateSha256,
          state_hash: row.stateHash,
          journal_hash: row.journalHash,
          truth: rowsAt(tables, shard, row.seq)[0]?.hash ?? null,
        })),
  },
  {
    words: /^insert into snapshot /,
    writes: true,
    answer: (tables, [shard, seq, engineVersion, state, stateSha256, stateHash, journalHash]) => {
      const { snapshots } = tables.shard(Number(shard));
      if (!snapshots.some((row) => row.seq === seq))
        snapshots.push({ seq, engineVersion, state, stateSha256, stateHash, journalHash } as never);
      return [];
    },
  },
  {
    words: /^delete from snapshot /,
    writes: true,
    answer: (tables, [shard, , kept]) => {
      const target = tables.shard(Number(shard));
      target.snapshots = target.snapshots.toSorted((a, b) => a.seq - b.seq).slice(-Number(kept));
      return [];
    },
  },
  {
    words: /^select cmd_hash from quarantine/,
    answer: (tables, [shard]) =>
      [...tables.shard(Number(shard)).quarantine].map((hex) => ({ cmd_hash: Buffer.from(hex, 'hex') })),
  },
  {
    words: /^insert into quarantine/,
    writes: true,
    answer: (tables, [shard, hash]) => {
      tables.shard(Number(shard)).quarantine.add((hash as Buffer).toString('hex'));
      return [];
    },
  },
];

const rowsAt = (tables: PgTables, shard: unknown, seq: unknown) =>
  tables.shard(Number(shard)).journal.filter((row) => row.seq === Number(seq));

export type Query = <T>(work: Work<T>) => Promise<T>;

/** The driver's template function over `query`, as far as the hot path uses it. */
export function simSql(query: Query): Sql {
  const ask = (text: string, parameters: readonly unknown[]): Promise<Rows> =>
    query(workOf(text, parameters));
  const sql = (first: unknown, ...parameters: unknown[]): unknown => {
    if (!isTemplate(first)) return first;
    const text = first.join('?').replaceAll(/\s+/g, ' ').trim();
    return {
      // oxlint-disable-next-line unicorn/no-thenable -- the driver's queries are thenables too
      then: (resolve: (rows: Rows) => unknown, reject: (error: unknown) => unknown) =>
        ask(text, parameters).then(resolve, reject),
      async *cursor(size: number) {
        const rows = await ask(text, parameters);
        for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
      },
    };
  };
  // The transactions here only write snapshots, which are never the truth: their statements may part.
  const begin = <T>(work: (tx: unknown) => Promise<T>): Promise<T> => work(sql);
  return Object.assign(sql, { begin }) as unknown as Sql;
}

const isTemplate = (value: unknown): value is readonly string[] => Array.isArray(value) && 'raw' in value;

function workOf(text: string, parameters: readonly unknown[]): Work<Rows> {
  const known = statements.find(({ words }) => words.test(text));
  if (!known) throw new Error(`the simulated PostgreSQL does not know: ${text}`);
  const { answer, writes } = known;
  return {
    name: text.slice(0, 40),
    run: ({ tables }) =>
      writes
        ? { result: [], commit: () => void answer(tables, parameters) }
        : { result: answer(tables, parameters) },
  };
}
