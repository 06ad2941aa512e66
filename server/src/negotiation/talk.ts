/** Words and files. Each runs in the caller's transaction; what was said can never be changed. */
import { createHash } from 'node:crypto';
import { eq, sum, count } from 'drizzle-orm';
import type { Actor } from '../listings/public.ts';
import { type Tx, orm } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import type { CheckedFile } from './files/check.ts';
import { addEntry, full, lastOffer, lockOpen, lockSeen, releaseAnswer } from './ground.ts';
import { stateAt } from './lifecycle.ts';
import { FILES_BYTES_MAX, FILES_MAX } from './limits.ts';
import { decide } from './offers.ts';
import type { NegotiationDeps } from './ports.ts';
import { type EntryRow, attachment, negotiation } from './tables.ts';
import { readText } from './talk-text.ts';
import { hex } from './transcript.ts';

export async function say(
  tx: Tx,
  actor: Actor,
  id: string,
  of: { readonly text: string; readonly now: Date },
): Promise<EntryRow | Refusal> {
  const text = readText(of.text, 1);
  if (isRefusal(text)) return text;
  const seen = await lockOpen(tx, actor, id);
  if (isRefusal(seen)) return seen;
  const { row, side } = seen;
  const word = { kind: 'message', side, personId: actor.personId, body: { text }, at: of.now } as const;
  return full(row) ?? (await addEntry(tx, row, word)).entry;
}

export async function attach(
  tx: Tx,
  actor: Actor,
  id: string,
  of: { readonly file: CheckedFile; readonly bytes: Uint8Array; readonly now: Date },
): Promise<EntryRow | Refusal> {
  const seen = await lockOpen(tx, actor, id);
  if (isRefusal(seen)) return seen;
  const { row, side } = seen;
  const [held] = await orm(tx)
    .select({ n: count(), bytes: sum(attachment.sizeBytes) })
    .from(attachment)
    .where(eq(attachment.negotiationId, id));
  if (held!.n >= FILES_MAX || Number(held!.bytes ?? 0) + of.bytes.length > FILES_BYTES_MAX)
    return refuse('negotiation.full', { accepted: { maximum: String(FILES_MAX) } });
  const sha256 = createHash('sha256').update(of.bytes).digest();
  const { name, mediaType } = of.file;
  const attachmentId = newId();
  const noRoom = full(row);
  if (noRoom) return noRoom;
  await orm(tx).insert(attachment).values({
    id: attachmentId,
    negotiationId: id,
    side,
    name,
    mediaType,
    sizeBytes: of.bytes.length,
    sha256,
    file: of.bytes,
    createdAt: of.now,
  });
  const body = { attachmentId, name, mediaType, bytes: of.bytes.length, sha256: hex(sha256) };
  const word = { kind: 'attachment', side, personId: actor.personId, body, at: of.now } as const;
  return (await addEntry(tx, row, word)).entry;
}

/** Ends the talk: a standing offer is withdrawn or rejected with it. */
export async function end(
  tx: Tx,
  actor: Actor,
  id: string,
  of: { readonly now: Date; readonly deps: Pick<NegotiationDeps, 'requests'> },
): Promise<EntryRow | Refusal> {
  const seen = await lockOpen(tx, actor, id);
  if (isRefusal(seen)) return seen;
  const { side } = seen;
  let { row } = seen;
  const last = await lastOffer(tx, id);
  if (last?.state === 'proposed') {
    const expired = stateAt(last, of.now) === 'expired';
    const state = expired ? 'expired' : last.side === side ? 'withdrawn' : 'rejected';
    ({ row } = await decide(tx, row, last, {
      state,
      at: of.now,
      actor: expired ? null : { ...actor, side },
    }));
  }
  const word = { kind: 'ended', side, personId: actor.personId, body: {}, at: of.now } as const;
  const ended = await addEntry(tx, row, word, { state: 'ended' });
  await releaseAnswer(tx, of.deps, row, of.now);
  return ended.entry;
}

/** @returns how many entries the company has not read; it never goes back. */
export async function markRead(
  tx: Tx,
  actor: Actor,
  id: string,
  n: number,
): Promise<{ unread: number } | Refusal> {
  const seen = await lockSeen(tx, actor, id);
  if (!seen) return refuse('resource.not_found');
  const { row, side } = seen;
  const before = side === 'buyer' ? row.buyerRead : row.sellerRead;
  const read = Math.max(before, Math.min(n, row.entries));
  if (read > before)
    await orm(tx)
      .update(negotiation)
      .set(side === 'buyer' ? { buyerRead: read } : { sellerRead: read })
      .where(eq(negotiation.id, id));
  return { unread: row.entries - read };
}
