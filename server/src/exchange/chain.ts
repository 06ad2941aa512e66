/**
 * The journal's entries and their hash chain: hash = sha256(previous hash || body as UTF-8).
 *
 * The body names shard, seq, epoch, time, actor and command, so that an entry can be neither changed,
 * moved nor renamed unseen. Hashes are hex text here and bytes in the database.
 */
import { hash } from 'node:crypto';
import type { Command, CommandBody, Event } from '@seam/engine';
import { canonicalJson } from './canonical.ts';
import type { Fingerprint } from './command-index.ts';
import { eventsSaidOnce, eventsToldInFull } from './said-once.ts';
import type { JournalEntry } from './types.ts';

/** Before the first entry. */
export const GENESIS = '00'.repeat(32);

/** An entry as it is written. `body` holds no line break: JSON writes one as \n. */
export type JournalRow = {
  readonly seq: number;
  readonly epoch: number;
  readonly at: number;
  readonly actor: string | null;
  readonly cmdId: string | null;
  readonly body: string;
  readonly hash: string;
  /** Of `(actor, cmdId)`; absent for what the clock caused. */
  readonly fingerprint: Fingerprint | undefined;
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

const HASH_BYTES = 32;
/** Most entries are under a kilobyte; what is longer gets a buffer of its own. */
let scratch = Buffer.allocUnsafe(64 * 1024);

function roomFor(characters: number): Buffer {
  const most = HASH_BYTES + characters * 3;
  if (most > scratch.length) scratch = Buffer.allocUnsafe(most);
  return scratch;
}

export function chainHash(previous: string, body: string): string {
  const room = roomFor(body.length);
  room.write(previous, 0, HASH_BYTES, 'hex');
  const length = HASH_BYTES + room.write(body, HASH_BYTES, 'utf8');
  return hash('sha256', room.subarray(0, length), 'hex');
}

/**
 * The hashes of `bodies`, each on a line of its own, as one run of hex. They are written to memory once:
 * each hash is put before its body over the end of the one that is hashed already.
 */
export function chainHashes(previous: string, bodies: string): string[] {
  const room = roomFor(bodies.length);
  const end = HASH_BYTES + room.write(bodies, HASH_BYTES, 'utf8');
  const hashes: string[] = [];
  let last = previous;
  for (let from = HASH_BYTES; from <= end;) {
    const found = room.indexOf(LINE_BREAK, from);
    const to = found < 0 || found > end ? end : found;
    room.write(last, from - HASH_BYTES, HASH_BYTES, 'hex');
    last = hash('sha256', room.subarray(from - HASH_BYTES, to), 'hex');
    hashes.push(last);
    from = to + 1;
  }
  return hashes;
}

const LINE_BREAK = 0x0a;

/** What tells two commands under one id apart, and what the entry repeats of it. */
export function commandText(body: CommandBody): string {
  return canonicalJson(body);
}

/** The command of an entry as it came in: without the place and time it was given. */
export function commandTextOf({ command }: Pick<JournalEntry, 'command'>): string {
  const { seq: _seq, at: _at, ...body } = command;
  return canonicalJson(body);
}

/** @param options.command `commandText` of what `entry.command` was before it was stamped. */
export function encodeEntry(
  entry: JournalEntry,
  options: { previous: string; command: string; engineVersion: string; fingerprint: Fingerprint | undefined },
): JournalRow {
  const { shard, seq, epoch, at, actor, cmdId, command, events } = entry;
  const body =
    `{"actor":${canonicalJson(actor)},"cmd":${options.command},"cmd_id":${canonicalJson(cmdId)}` +
    `,"engine_ver":${canonicalJson(options.engineVersion)},"epoch":${epoch}` +
    `,"events":${canonicalJson(eventsSaidOnce(command, events))},"seq":${seq},"shard":${shard},"ts":${at}}`;
  const hash = chainHash(options.previous, body);
  return { seq, epoch, at, actor, cmdId, body, hash, fingerprint: options.fingerprint };
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

/** What a body says, unchecked. Gives the command its stamp back, and the bid's event its bid: an entry says them once. */
export function decodeBody(text: string): JournalEntry {
  const body = JSON.parse(text) as Body;
  const command = body.cmd as { seq: number; at: number };
  command.seq = body.seq;
  command.at = body.ts;
  return {
    shard: body.shard,
    seq: body.seq,
    epoch: body.epoch,
    at: body.ts,
    actor: body.actor,
    cmdId: body.cmd_id,
    command: body.cmd,
    events: eventsToldInFull(body.cmd, body.events),
  };
}
