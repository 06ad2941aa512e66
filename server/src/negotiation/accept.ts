/**
 * Accepting exactly the last offer, by its hash. One transaction under the talk's lock finds it standing, takes
 * the quantity from the lot, marks the answer to the request, and makes the sale with the contract that was
 * offered word for word. Of two acceptances, or an acceptance and the clock, one comes first.
 */
import { eq } from 'drizzle-orm';
import { type LibraryTerms, checkDraftPrintable, contractValue, createSale } from '../contracts/public.ts';
import { type Actor, sellFromListing } from '../listings/public.ts';
import { type Tx, orm } from '../platform/db.ts';
import { type Refusal, isRefusal } from '../platform/refusal.ts';
import { addEntry, lockOpen, type Seen } from './ground.ts';
import { standingOffer } from './offers.ts';
import { mayTrade } from './parties.ts';
import type { NegotiationDeps, Sale } from './ports.ts';
import { type OfferRow, offer } from './tables.ts';
import { hex } from './transcript.ts';

export type Accepted = Sale & { readonly negotiationId: string; readonly version: number };

export async function acceptOffer(
  tx: Tx,
  deps: NegotiationDeps,
  actor: Actor,
  id: string,
  input: { readonly sha256: string },
): Promise<Accepted | Refusal> {
  const seen = await lockOpen(tx, actor, id);
  if (isRefusal(seen)) return seen;
  const now = deps.clock.now();
  const last = await standingOffer(tx, seen, { sha256: input.sha256, now, whose: 'theirs' });
  if (isRefusal(last)) return last;
  const barred = await mayTrade(tx, deps, seen);
  if (barred) return barred;
  const terms = JSON.parse(last.draft) as LibraryTerms;
  const beyond = await deps.mayCommit(tx, {
    ...actor,
    value: contractValue(terms),
    currency: terms.currency,
  });
  if (beyond) return beyond;
  const unprintable = await checkDraftPrintable(last.draft);
  if (unprintable) return unprintable;
  const sale = await sellAsOffered(tx, deps, seen, { last, terms, now });
  if (isRefusal(sale)) return sale;
  await orm(tx)
    .update(offer)
    .set({ state: 'accepted', decidedAt: now, decidedBy: actor.personId })
    .where(eq(offer.id, last.id));
  const body = { version: last.version, sha256: hex(last.sha256), ...sale };
  const word = { kind: 'acceptance', side: seen.side, personId: actor.personId, body, at: now } as const;
  await addEntry(tx, seen.row, word, { state: 'agreed', ...sale });
  return { negotiationId: id, version: last.version, ...sale };
}

async function sellAsOffered(
  tx: Tx,
  deps: NegotiationDeps,
  { row }: Seen,
  of: { readonly last: OfferRow; readonly terms: LibraryTerms; readonly now: Date },
): Promise<Sale | Refusal> {
  const { last, terms, now } = of;
  const quantityKg = BigInt(terms.quantityKg);
  const { requestId, responseId } = row;
  // Request and answer before the lot: everybody takes these locks in this order.
  if (requestId !== null && responseId !== null) {
    const short = await deps.requests.book(tx, { requestId, responseId, quantityKg, now });
    if (short) return short;
  }
  const buyer = { personId: last.personId, organisationId: row.buyerId };
  const taken = await sellFromListing(tx, { listingId: last.listingId, buyer, quantityKg, now });
  if (isRefusal(taken)) return taken;
  return createSale(tx, {
    originKey: `negotiation:${row.id}`,
    ...(requestId === null
      ? { originKind: 'listing', originId: row.listingId }
      : { originKind: 'request', originId: requestId }),
    listingId: last.listingId,
    sellerId: row.sellerId,
    buyerId: row.buyerId,
    quantityKg,
    pricePerTonne: BigInt(terms.pricePerTonne),
    currency: terms.currency,
    agreedTerms: last.draft,
  });
}
