/** What the simulated server keeps on its disk: the tables of the journal, and how to lose their newest part. */
export type ShardRow = {
  epoch: number;
  owner: string | null;
  /** Session that took the lead; what `pg_stat_activity` is asked about. */
  session: number | null;
  /** By the server's clock, ms. */
  leaseUntil: number;
  /** When a serving leader last said so, or stopped; 0 for never. */
  aliveAt: number;
  lastSeq: number;
  lastAt: number;
  /** Hex, as all hashes of the chain here. */
  lastHash: string;
};

export type JournalRowOnDisk = {
  seq: number;
  epoch: number;
  at: number;
  actor: string | null;
  cmdId: string | null;
  body: string;
  hash: string;
};

export type SnapshotRow = {
  seq: number;
  engineVersion: string;
  state: Buffer;
  stateSha256: Buffer;
  stateHash: string;
  journalHash: string;
};

export type ShardTables = {
  row: ShardRow;
  journal: JournalRowOnDisk[];
  snapshots: SnapshotRow[];
  readonly quarantine: Set<string>;
};

type Before = { readonly shard: number; readonly row: ShardRow; readonly length: number };

export class PgTables {
  readonly shards: ShardTables[];
  #undo: Before[] = [];

  constructor(shards: number) {
    this.shards = Array.from({ length: shards }, () => ({
      row: {
        epoch: 0,
        owner: null,
        session: null,
        leaseUntil: -Infinity,
        aliveAt: 0,
        lastSeq: 0,
        lastAt: 0,
        lastHash: '00'.repeat(32),
      },
      journal: [],
      snapshots: [],
      quarantine: new Set(),
    }));
  }

  /** @throws RangeError when there is no such shard. */
  shard(id: number): ShardTables {
    const shard = this.shards[id];
    if (!shard) throw new RangeError(`no shard ${id}`);
    return shard;
  }

  /** Remembers how a shard was, so that an asynchronous standby can lack what comes now. */
  remember(id: number): void {
    const { row, journal } = this.shard(id);
    this.#undo.push({ shard: id, row: { ...row }, length: journal.length });
    if (this.#undo.length > 50) this.#undo.shift();
  }

  /** The newest `commits` commits never happened. */
  lose(commits: number): void {
    for (let i = 0; i < commits; i += 1) {
      const before = this.#undo.pop();
      if (!before) return;
      const shard = this.shard(before.shard);
      shard.journal.length = before.length;
      shard.row = before.row;
      shard.snapshots = shard.snapshots.filter(({ seq }) => seq <= before.row.lastSeq);
    }
  }
}
