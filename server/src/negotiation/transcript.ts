/**
 * The record of a talk. Each entry's hash covers what it says and the hash before it: nothing can be changed,
 * left out, added or moved without every later hash telling, and the two parties hold the same last hash.
 */
import { createHash } from 'node:crypto';
import type { TranscriptView } from '@seam/protocol';
import { canonicalJson } from '@seam/units';
import type { EntryKind, Side } from './tables.ts';

export type Chained = {
  readonly negotiationId: string;
  readonly n: number;
  readonly kind: EntryKind;
  readonly side: Side | null;
  readonly personId: string | null;
  readonly at: Date;
  /** Canonical JSON. */
  readonly body: string;
  /** Of the entry before; null for the first. */
  readonly prevHash: Uint8Array | null;
};

export function entryHash(of: Chained): Uint8Array {
  const text = canonicalJson({
    schema: 'seam.negotiation-entry.1',
    negotiationId: of.negotiationId,
    n: of.n,
    kind: of.kind,
    side: of.side,
    personId: of.personId,
    at: of.at.toISOString(),
    body: of.body,
    prevHash: of.prevHash === null ? null : hex(of.prevHash),
  });
  return createHash('sha256').update(text).digest();
}

/** @returns the number of the first entry that is not as it was written; undefined when all are. */
export function brokenAt(transcript: TranscriptView): number | undefined {
  let prevHash: Uint8Array | null = null;
  for (const [index, one] of transcript.entries.entries()) {
    const { n, kind, side, personId, body } = one;
    const { negotiationId } = transcript;
    const hash = entryHash({ negotiationId, n, kind, side, personId, at: new Date(one.at), body, prevHash });
    if (n !== index + 1 || hex(hash) !== one.hash) return index + 1;
    if (one.prevHash !== (prevHash === null ? null : hex(prevHash))) return index + 1;
    prevHash = hash;
  }
  return undefined;
}

/** To read and to keep: one entry a paragraph, with the words as they were typed. */
export function transcriptText(transcript: TranscriptView): string {
  const { buyer, seller } = transcript;
  const nameOf = { buyer: buyer.nameZh ?? buyer.name, seller: seller.nameZh ?? seller.name };
  const head = [
    `Negotiation ${transcript.negotiationId}`,
    `Buyer: ${both(buyer)}`,
    `Seller: ${both(seller)}`,
    `Lot: ${transcript.listingId}${transcript.requestId === null ? '' : `; request: ${transcript.requestId}`}`,
    'Each hash is SHA-256 over the canonical JSON of the entry and the hash before it.',
  ];
  const entries = transcript.entries.map((one) => {
    const who = one.side === null ? 'clock' : `${nameOf[one.side]}, ${one.person ?? one.personId ?? ''}`;
    return `#${one.n} ${one.at} ${one.kind} (${who})\n${spoken(one.kind, one.body)}\n${one.hash}`;
  });
  return `${[...head, ...entries].join('\n\n')}\n`;
}

/** What was typed stands as it was typed; everything else as the JSON that is hashed. */
function spoken(kind: EntryKind, body: string): string {
  return kind === 'message' ? (JSON.parse(body) as { text: string }).text : body;
}

const both = ({ name, nameZh }: { name: string; nameZh: string | null }): string =>
  nameZh === null || nameZh === name ? name : `${nameZh} (${name})`;

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
