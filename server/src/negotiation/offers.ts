/**
 * Offers: each an immutable version, one standing at a time, named by its hash. Each command runs in the
 * caller's transaction under the talk's lock, and reads the clock only once it holds it.
 */
import { createHash } from 'node:crypto';
import type { NegotiationOfferState, OfferTerms } from '@seam/protocol';
import { canonicalJson } from '@seam/units';
import { eq } from 'drizzle-orm';
import { contractValue } from '../contracts/public.ts';
import type { Actor } from '../listings/public.ts';
import { type Tx, first, orm } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import { enqueue } from '../platform/outbox.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { addEntry, full, lastOffer, lockOpen, type Seen } from './ground.ts';
import { stateAt } from './lifecycle.ts';
import { OFFERS_MAX, VALID_MAX_MS, VALID_MIN_MS } from './limits.ts';
import { readOffer } from './offer-terms.ts';
import { mayTrade } from './parties.ts';
import type { NegotiationDeps } from './ports.ts';
import {
  type EntryRow,
  type NegotiationRow,
  type OfferRow,
  type Side,
  negotiation,
  offer,
} from './tables.ts';
import { hex } from './transcript.ts';
import { readText } from './talk-text.ts';

export const EXPIRE_OFFER_TOPIC = 'negotiation.expire_offer';

/** Offers, or answers the other company's standing offer with another one. */
export async function makeOffer(
  tx: Tx,
  deps: NegotiationDeps,
  actor: Actor,
  id: string,
  input: { readonly terms: OfferTerms; readonly validUntil: string; readonly answers: string | null },
): Promise<OfferRow | Refusal> {
  const seen = await lockOpen(tx, actor, id);
  if (isRefusal(seen)) return seen;
  const now = deps.clock.now();
  const barred = await mayTrade(tx, deps, seen);
  if (barred) return barred;
  const last = await lastOffer(tx, id);
  const stale = notTheLast(last, input.answers);
  if (stale) return stale;
  if (last && last.side === seen.side && stateAt(last, now) === 'proposed')
    return refuse('negotiation.offer_standing', { accepted: nameOf(last) });
  const noRoom = full(seen.row) ?? (seen.row.offers >= OFFERS_MAX ? refuse('negotiation.full') : undefined);
  if (noRoom) return noRoom;
  const expiresAt = readValidity(input.validUntil, now);
  if (isRefusal(expiresAt)) return expiresAt;
  const read = await readOffer(tx, deps, seen.row, { terms: input.terms, now });
  if (isRefusal(read)) return read;
  // The other company may accept it at any moment: it binds as an acceptance does.
  const { terms } = read.draft;
  const value = contractValue(terms);
  const beyond = await deps.mayCommit(tx, { ...actor, value, currency: terms.currency });
  if (beyond) return beyond;
  return store(tx, seen, last, { actor, read, expiresAt, now });
}

async function store(
  tx: Tx,
  { row, side }: Seen,
  last: OfferRow | undefined,
  of: {
    readonly actor: Actor;
    readonly read: Exclude<Awaited<ReturnType<typeof readOffer>>, Refusal>;
    readonly expiresAt: Date;
    readonly now: Date;
  },
): Promise<OfferRow> {
  const { actor, read, expiresAt, now } = of;
  let about = row;
  if (last?.state === 'proposed') {
    const expired = stateAt(last, now) === 'expired';
    const decision = { state: expired ? 'expired' : 'countered', at: now } as const;
    ({ row: about } = await decide(tx, row, last, {
      ...decision,
      actor: expired ? null : { ...actor, side },
    }));
  }
  const version = about.offers + 1;
  const hashed = {
    schema: 'seam.offer.1',
    negotiationId: row.id,
    version,
    side,
    previous: last ? hex(last.sha256) : null,
    listingId: row.listingId,
    expiresAt: expiresAt.toISOString(),
    terms: read.terms,
    formulaHash: read.formula?.frozen.hash ?? null,
    // The contract word for word: an acceptance signs nothing that was not there to read.
    draftSha256: read.draft.sha256,
  };
  const terms = canonicalJson(hashed);
  const made: OfferRow = {
    id: newId(),
    negotiationId: row.id,
    version,
    side,
    personId: actor.personId,
    listingId: row.listingId,
    terms,
    sha256: createHash('sha256').update(terms).digest(),
    draft: read.draft.canonical,
    state: 'proposed',
    createdAt: now,
    expiresAt,
    decidedAt: null,
    decidedBy: null,
  };
  await orm(tx).insert(offer).values(made);
  const body = { version, sha256: hex(made.sha256), offer: hashed };
  const word = { kind: 'offer', side, personId: actor.personId, body, at: now } as const;
  await addEntry(tx, about, word, { offers: version });
  await enqueue(tx, {
    effectKey: `negotiation-offer:${made.id}:expire`,
    topic: EXPIRE_OFFER_TOPIC,
    payload: { offerId: made.id },
    notBefore: expiresAt,
  });
  return made;
}

/** The last offer, for whoever answers it by its hash: refused when it is another's, one's own, or over. */
export async function standingOffer(
  tx: Tx,
  { row, side }: Seen,
  of: { readonly sha256: string; readonly now: Date; readonly whose: 'theirs' | 'mine' },
): Promise<OfferRow | Refusal> {
  const last = await lastOffer(tx, row.id);
  if (!last) return refuse('negotiation.offer_stale');
  const stale = notTheLast(last, of.sha256);
  if (stale) return stale;
  if ((last.side === side) !== (of.whose === 'mine')) return refuse('negotiation.offer_own');
  const state = stateAt(last, of.now);
  if (state === 'expired')
    return refuse('negotiation.offer_expired', { detail: `at ${last.expiresAt.toISOString()}` });
  return state === 'proposed' ? last : refuse('negotiation.offer_closed', { detail: `it is ${state}` });
}

export async function rejectOffer(
  tx: Tx,
  deps: Pick<NegotiationDeps, 'clock'>,
  actor: Actor,
  id: string,
  input: { readonly sha256: string; readonly reason: string },
): Promise<EntryRow | Refusal> {
  const reason = readText(input.reason, 0);
  if (isRefusal(reason)) return reason;
  const seen = await lockOpen(tx, actor, id);
  if (isRefusal(seen)) return seen;
  const now = deps.clock.now();
  const last = await standingOffer(tx, seen, { sha256: input.sha256, now, whose: 'theirs' });
  if (isRefusal(last)) return last;
  const by = { ...actor, side: seen.side };
  return (await decide(tx, seen.row, last, { state: 'rejected', at: now, actor: by, reason })).entry!;
}

export async function withdrawOffer(
  tx: Tx,
  deps: Pick<NegotiationDeps, 'clock'>,
  actor: Actor,
  id: string,
  input: { readonly sha256: string },
): Promise<EntryRow | Refusal> {
  const seen = await lockOpen(tx, actor, id);
  if (isRefusal(seen)) return seen;
  const now = deps.clock.now();
  const last = await standingOffer(tx, seen, { sha256: input.sha256, now, whose: 'mine' });
  if (isRefusal(last)) return last;
  const by = { ...actor, side: seen.side };
  return (await decide(tx, seen.row, last, { state: 'withdrawn', at: now, actor: by })).entry!;
}

/** Writes an expiry down. Safe at any time and twice. */
export async function expireOffer(tx: Tx, offerId: string, now: Date): Promise<void> {
  const known = first(await orm(tx).select().from(offer).where(eq(offer.id, offerId)));
  if (!known) return;
  const about = first(
    await orm(tx).select().from(negotiation).where(eq(negotiation.id, known.negotiationId)).for('update'),
  );
  const row = first(await orm(tx).select().from(offer).where(eq(offer.id, offerId)));
  if (!about || row?.state !== 'proposed' || row.expiresAt > now) return;
  await decide(tx, about, row, { state: 'expired', at: now, actor: null });
}

const KINDS = { rejected: 'rejection', withdrawn: 'withdrawal', expired: 'expiry' } as const;

/** Ends a standing offer and writes it into the talk; a counter-offer says so by itself. */
export async function decide(
  tx: Tx,
  row: NegotiationRow,
  of: OfferRow,
  how: {
    readonly state: Exclude<NegotiationOfferState, 'proposed' | 'accepted'>;
    readonly at: Date;
    /** Null: the clock. */
    readonly actor: (Actor & { readonly side: Side }) | null;
    readonly reason?: string;
  },
): Promise<{ row: NegotiationRow; entry: EntryRow | undefined }> {
  const { state, at, actor, reason = '' } = how;
  await orm(tx)
    .update(offer)
    .set({ state, decidedAt: at, decidedBy: actor?.personId ?? null })
    .where(eq(offer.id, of.id));
  if (state === 'countered') return { row, entry: undefined };
  const body = { version: of.version, sha256: hex(of.sha256), ...(state === 'rejected' && { reason }) };
  return addEntry(tx, row, {
    kind: KINDS[state],
    side: actor?.side ?? null,
    personId: actor?.personId ?? null,
    body,
    at,
  });
}

/** Whoever answers must have had the newest version before it. */
function notTheLast(last: OfferRow | undefined, sha256: string | null): Refusal | undefined {
  if ((last ? hex(last.sha256) : null) === sha256) return undefined;
  return refuse('negotiation.offer_stale', last ? { accepted: nameOf(last) } : {});
}

const nameOf = (of: OfferRow): Record<string, string> => ({
  sha256: hex(of.sha256),
  version: String(of.version),
});

/** To the second: that is what is shown. */
function readValidity(text: string, now: Date): Date | Refusal {
  const at = Math.floor(Date.parse(text) / 1000) * 1000;
  const [least, most] = [now.getTime() + VALID_MIN_MS, now.getTime() + VALID_MAX_MS];
  if (Number.isFinite(at) && at >= least && at <= most) return new Date(at);
  return refuse('negotiation.offer_invalid', {
    fields: { validUntil: 'negotiation.offer_invalid' },
    accepted: { earliest: new Date(least).toISOString(), latest: new Date(most).toISOString() },
  });
}
