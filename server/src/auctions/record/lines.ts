/**
 * The public record of an auction: one line for each of its journal entries, chained.
 *
 * A line is the command and its events without names: every account is an alias that holds for this
 * auction only. Money held as security is left out; it decides who may bid, not who wins. Because the
 * heads of the chain are published while hidden prices are still hidden, each line carries a salt that
 * nobody can guess: without it an observer could try prices until a hash fits.
 *
 * hash of line i = SHA-256(hash of line i−1 ‖ canonical JSON of line i); before the first: 32 zero bytes.
 */
import { createHash, createHmac } from 'node:crypto';
import { canonicalJson } from '@seam/units';
import type { JournalEntry } from '../../exchange/types.ts';

export type RecordLine = {
  readonly seq: number;
  readonly at: number;
  readonly salt: string;
  readonly command: Readonly<Record<string, unknown>> | null;
  readonly events: readonly Readonly<Record<string, unknown>>[];
};

export const GENESIS = Buffer.alloc(32);
/** Half a SHA-256 is beyond guessing, for a salt and for an alias. */
const ALIAS_HEX = 16;
const SALT_HEX = 32;

/** Keys that name a company or a person; the auction's own ids are no secret. */
const NAMES_SOMEBODY = /^(order|(?!auction)\w*Ids?)$/;
const SECURITY = /^(allocate_bid_security|bid_security_)/;
/** What was under seal is told by the event that opens it; a command may say what stays shut, or a name. */
const OPENS = /^(reveal_bid|open_sealed)$/;

/** The auctions an entry says something about. Empty: none that the record of an auction would hold. */
export function auctionsOf({ command, events }: JournalEntry): readonly string[] {
  const ids = new Set<string>();
  for (const part of [command, ...events]) {
    if ('auctionId' in part) ids.add(part.auctionId);
    else if ('terms' in part && 'auctionId' in part.terms) ids.add(part.terms.auctionId);
  }
  return [...ids];
}

/**
 * What the record of `auctionId` says of an entry; undefined when it says nothing: money matters, and
 * refusals that concern no bidder.
 */
export function recordLine(entry: JournalEntry, auctionId: string, secret: string): RecordLine | undefined {
  const { command, events, seq, at } = entry;
  const isOwn = 'auctionId' in command ? command.auctionId === auctionId : 'terms' in command;
  const told = events.filter((event) => !SECURITY.test(event.type) && isAbout(event, auctionId, isOwn));
  if (told.length === 0) return undefined;
  if (told[0]?.type === 'command_rejected' && !('accountId' in command)) return undefined;
  const publicly = (value: object): Record<string, unknown> => {
    const { auctionId: _own, seq: _seq, at: _at, ...rest } = value as Record<string, unknown>;
    return withoutNames(rest, (name) => aliasOf(name, auctionId, secret)) as Record<string, unknown>;
  };
  return {
    seq,
    at,
    salt: keyed(secret, `salt\0${auctionId}\0${seq}`).slice(0, SALT_HEX),
    // The terms stand in the event.
    command: isOwn && !('terms' in command) && !SECURITY.test(command.type) ? publicly(said(command)) : null,
    events: told.map(publicly),
  };
}

function said(command: JournalEntry['command']): object {
  if (!OPENS.test(command.type)) return command;
  return 'accountId' in command
    ? { type: command.type, accountId: command.accountId }
    : { type: command.type };
}

/** The name of an account in the record of one auction: its holder finds it with its bids. */
export function aliasOf(accountId: string, auctionId: string, secret: string): string {
  return keyed(secret, `alias\0${auctionId}\0${accountId}`).slice(0, ALIAS_HEX);
}

export function nextHash(previous: Buffer, line: RecordLine): Buffer {
  return createHash('sha256').update(previous).update(canonicalJson(line), 'utf8').digest();
}

function isAbout(event: JournalEntry['events'][number], auctionId: string, isOwn: boolean): boolean {
  if ('auctionId' in event) return event.auctionId === auctionId;
  if ('terms' in event && 'auctionId' in event.terms) return event.terms.auctionId === auctionId;
  return event.type === 'command_rejected' && isOwn;
}

function withoutNames(value: unknown, alias: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((inner) => withoutNames(inner, alias));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      NAMES_SOMEBODY.test(key) ? aliased(inner, alias) : withoutNames(inner, alias),
    ]),
  );
}

function aliased(value: unknown, alias: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((inner) => aliased(inner, alias));
  return typeof value === 'string' ? alias(value) : value;
}

function keyed(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}
