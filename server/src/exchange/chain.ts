/**
 * The journal's rows and their hash chain: hash = sha256(previous hash || body as UTF-8).
 *
 * The body names shard, seq, epoch, time, actor and command, so that a row can be neither changed,
 * moved nor renamed unseen; the columns beside it are only indexes and are compared with it.
 */
import { createHash, hash } from 'node:crypto';
import type { Command, CommandBody, Event } from '@seam/engine';
import { canonicalJson } from './canonical.ts';
import type { JournalEntry } from './types.ts';

export const GENESIS = Buffer.alloc(32);

/** A row as it is written and read. */
export type JournalRow = {
  readonly seq: number;
  readonly epoch: number;
  readonly at: number;
  readonly actor: string | null;
  readonly cmdId: string | null;
  readonly cmdHash: Buffer | null;
  readonly body: string;
  readonly hash: Buffer;
};

/** The journal is not what was written: the shard halts and a person looks. */
export class JournalCorrupt extends Error {
  readonly shard: number;
  readonly seq: number;
  constructor(place: { shard: number; seq: number }, reason: string) {
    super(`journal of shard ${place.shard} is broken at seq ${place.seq}: ${reason}`);
    this.name = 'JournalCorrupt';
    this.shard = place.shard;
    this.seq = place.seq;
  }
}

export function chainHash(previous: Buffer, body: string): Buffer {
  return createHash('sha256').update(previous).update(body, 'utf8').digest();
}

/** What tells two commands under one id apart. */
export function commandHash(body: CommandBody): Buffer {
  return hash('sha256', canonicalJson(body), 'buffer');
}

export function encodeEntry(
  entry: JournalEntry,
  options: { previous: Buffer; cmdHash: Buffer | null; engineVersion: string },
): JournalRow {
  const { shard, seq, epoch, at, actor, cmdId, command, events } = entry;
  const body = canonicalJson({
    actor,
    cmd: command,
    cmd_id: cmdId,
    engine_ver: options.engineVersion,
    epoch,
    events,
    seq,
    shard,
    ts: at,
  });
  return {
    seq,
    epoch,
    at,
    actor,
    cmdId,
    cmdHash: options.cmdHash,
    body,
    hash: chainHash(options.previous, body),
  };
}

type Body = {
  actor: string | null;
  cmd: Command;
  cmd_id: string | null;
  epoch: number;
  events: readonly Event[];
  seq: number;
  shard: number;
  ts: number;
};

/** @throws JournalCorrupt when the row is not the one that follows `previous`. */
export function decodeRow(
  row: JournalRow,
  expected: { shard: number; seq: number; previous: Buffer },
): JournalEntry {
  const { shard, seq } = expected;
  if (row.seq !== seq) throw new JournalCorrupt(expected, `found seq ${row.seq}`);
  if (!chainHash(expected.previous, row.body).equals(row.hash))
    throw new JournalCorrupt(expected, 'hash differs');
  const entry = decodeBody(row.body);
  const same =
    entry.shard === shard &&
    entry.seq === seq &&
    entry.epoch === row.epoch &&
    entry.at === row.at &&
    entry.actor === row.actor &&
    entry.cmdId === row.cmdId;
  if (!same) throw new JournalCorrupt(expected, 'columns differ from the body');
  return entry;
}

/** What a body says, unchecked: for rows whose hash was checked before. */
export function decodeBody(text: string): JournalEntry {
  const body = JSON.parse(text) as Body;
  return {
    shard: body.shard,
    seq: body.seq,
    epoch: body.epoch,
    at: body.ts,
    actor: body.actor,
    cmdId: body.cmd_id,
    command: body.cmd,
    events: body.events,
  };
}
