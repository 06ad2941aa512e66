/** A talk as one of its two companies may touch it, and how a word is added to it. */
import { canonicalJson } from '@seam/units';
import { and, desc, eq } from 'drizzle-orm';
import type { Actor } from '../listings/public.ts';
import { type Connection, type Tx, first, orm } from '../platform/db.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { ENTRIES_MAX } from './limits.ts';
import { tellNews } from './news.ts';
import type { NegotiationDeps } from './ports.ts';
import {
  type EntryKind,
  type EntryRow,
  type NegotiationRow,
  type OfferRow,
  type Side,
  entry,
  negotiation,
  offer,
} from './tables.ts';
import { entryHash } from './transcript.ts';

export type Seen = { readonly row: NegotiationRow; readonly side: Side };

/** For every other company a talk does not exist. */
export async function seenBy(
  connection: Connection,
  { organisationId }: Pick<Actor, 'organisationId'>,
  id: string,
): Promise<Seen | undefined> {
  const row = first(await orm(connection).select().from(negotiation).where(eq(negotiation.id, id)));
  return row && sideOf(row, organisationId);
}

/** The same, locked until the transaction ends: one word after the other. */
export async function lockSeen(tx: Tx, actor: Actor, id: string): Promise<Seen | undefined> {
  const row = first(await orm(tx).select().from(negotiation).where(eq(negotiation.id, id)).for('update'));
  return row && sideOf(row, actor.organisationId);
}

function sideOf(row: NegotiationRow, organisationId: string): Seen | undefined {
  if (organisationId === row.buyerId) return { row, side: 'buyer' };
  if (organisationId === row.sellerId) return { row, side: 'seller' };
  return undefined;
}

/** A talk that can go on, locked. */
export async function lockOpen(tx: Tx, actor: Actor, id: string): Promise<Seen | Refusal> {
  const seen = await lockSeen(tx, actor, id);
  if (!seen) return refuse('resource.not_found');
  const { state, contractId } = seen.row;
  if (state === 'agreed') return refuse('negotiation.agreed', { accepted: { contractId: contractId ?? '' } });
  return state === 'open' ? seen : refuse('negotiation.ended');
}

export async function lastOffer(connection: Connection, id: string): Promise<OfferRow | undefined> {
  return first(
    await orm(connection)
      .select()
      .from(offer)
      .where(and(eq(offer.negotiationId, id)))
      .orderBy(desc(offer.version))
      .limit(1),
  );
}

/** The talk is over without a sale: the answer that it was about stands again. */
export async function releaseAnswer(
  tx: Tx,
  { requests }: Pick<NegotiationDeps, 'requests'>,
  { requestId, responseId }: NegotiationRow,
  now: Date,
): Promise<void> {
  if (requestId !== null && responseId !== null) await requests.release(tx, { requestId, responseId, now });
}

export type Word = {
  readonly kind: EntryKind;
  readonly side: Side | null;
  readonly personId: string | null;
  readonly body: Readonly<Record<string, unknown>>;
  readonly at: Date;
};

/** Room for an ordinary word; what ends an offer or the talk is always written. */
export function full(row: NegotiationRow): Refusal | undefined {
  return row.entries >= ENTRIES_MAX ? refuse('negotiation.full') : undefined;
}

/**
 * Writes the next entry. The caller holds the talk's lock and passes on what it got back: two words on one
 * copy of the row would take the same number, and the key refuses the second.
 */
export async function addEntry(
  tx: Tx,
  row: NegotiationRow,
  word: Word,
  more: Partial<Pick<NegotiationRow, 'state' | 'offers' | 'saleId' | 'contractId'>> = {},
): Promise<{ row: NegotiationRow; entry: EntryRow }> {
  const chained = {
    negotiationId: row.id,
    n: row.entries + 1,
    kind: word.kind,
    side: word.side,
    personId: word.personId,
    at: word.at,
    body: canonicalJson(word.body),
    prevHash: row.head,
  };
  const written: EntryRow = { ...chained, hash: entryHash(chained) };
  await orm(tx).insert(entry).values(written);
  const changed = {
    entries: chained.n,
    head: written.hash,
    updatedAt: word.at,
    // Whoever speaks has read what stands before it.
    ...(word.side === 'buyer' && { buyerRead: chained.n }),
    ...(word.side === 'seller' && { sellerRead: chained.n }),
    ...more,
  };
  await orm(tx).update(negotiation).set(changed).where(eq(negotiation.id, row.id));
  await tellNews(tx, row.id);
  return { row: { ...row, ...changed }, entry: written };
}
