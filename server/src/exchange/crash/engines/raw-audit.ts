/** The journal's rows as they lie in the table, counted for everything that may not be, and compared with what was told. */
import type { Sql } from 'postgres';
import { GENESIS, chainHash, decodeBody } from '../../chain.ts';
import { marketRules } from '../../rules.ts';
import type { JournalEntry } from '../../types.ts';
import { verifyShard } from '../../verify.ts';
import { type Histories, auditEntries } from '../histories.ts';
import type { Told } from './trader.ts';

export type RawAudit = {
  readonly entries: number;
  /** Acknowledged, and not in the journal. */
  readonly lost: number;
  /** Acknowledged as something else than the journal has, or at another place. */
  readonly changed: number;
  /** Commands with two entries. */
  readonly doubledCommands: number;
  /** Auctions that ended twice or sold more than was offered. */
  readonly soldTwice: number;
  readonly gaps: number;
  /** Rows whose hash does not follow from the one before, or whose body belongs to another place. */
  readonly hashBreaks: number;
  /** Rows with an older epoch or time than the one before. */
  readonly epochsBack: number;
  readonly timesBack: number;
  readonly auctions: number;
  readonly acceptedBids: number;
  readonly wrongAwards: number;
  readonly wrongCloses: number;
  /** `equal`, or the first thing that the rules, run again, decide otherwise. */
  readonly reexecution: string;
};

type Row = { seq: string; epoch: string; ts_ms: string; body: string; hash: string };

export async function rawAudit(sql: Sql, told: readonly Told[]): Promise<RawAudit> {
  const shards = await sql<{ shard_id: number }[]>`select shard_id from shard order by shard_id`;
  const found = { gaps: 0, hashBreaks: 0, epochsBack: 0, timesBack: 0 };
  const entries: JournalEntry[] = [];
  let reexecution = 'equal';
  for (const { shard_id: shard } of shards) {
    let [seq, epoch, at] = [0, 0, 0];
    let hash = GENESIS;
    const rows = await sql<Row[]>`
      select seq, epoch, ts_ms, body, encode(hash, 'hex') as hash from journal where shard_id = ${shard} order by seq`;
    for (const row of rows) {
      const entry = decodeBody(row.body);
      const place = Number(row.seq);
      if (place !== seq + 1) found.gaps += 1;
      if (chainHash(hash, row.body) !== row.hash || entry.seq !== place) found.hashBreaks += 1;
      if (Number(row.epoch) < epoch) found.epochsBack += 1;
      if (Number(row.ts_ms) < at) found.timesBack += 1;
      [seq, epoch, at, hash] = [place, Number(row.epoch), Number(row.ts_ms), row.hash];
      entries.push({ ...entry, seq: place });
    }
    await verifyShard(sql, { shard, rules: marketRules }).catch((error: Error) => {
      reexecution = error.message;
    });
  }
  const { doubled: soldTwice, ...histories }: Histories = auditEntries(entries);
  return {
    entries: entries.length,
    ...compare(entries, told),
    soldTwice,
    ...found,
    ...histories,
    reexecution,
  };
}

function compare(
  entries: readonly JournalEntry[],
  told: readonly Told[],
): Pick<RawAudit, 'lost' | 'changed' | 'doubledCommands'> {
  const journaled = new Map<string, JournalEntry>();
  let doubledCommands = 0;
  for (const entry of entries) {
    if (entry.cmdId === null) continue;
    const key = `${entry.actor} ${entry.cmdId}`;
    if (journaled.has(key)) doubledCommands += 1;
    journaled.set(key, entry);
  }
  let [lost, changed] = [0, 0];
  for (const { actor, cmdId, shard, seq, at, status } of told) {
    const entry = journaled.get(`${actor} ${cmdId}`);
    const has = entry?.events[0]?.type === 'command_rejected' ? 'rejected' : 'accepted';
    if (!entry) lost += 1;
    else if (entry.shard !== shard || entry.seq !== seq || entry.at !== at || has !== status) changed += 1;
  }
  return { lost, changed, doubledCommands };
}
