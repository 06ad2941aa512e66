/**
 * What a seller changes of a lot: its price, its specification, its place in the queue for the market. A change
 * of terms is a new version, made at once, or kept as a proposal while the centre looks at it and the old terms
 * hold. Each runs in the caller's transaction, under the lot's lock.
 */
import { formatTonnes } from '@seam/units';
import type { Connection, Tx } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { type Candidate, admit, reasonsFor, withinQuotas } from './admission.ts';
import { changed, ownListing, update } from './commands.ts';
import { lacksSide } from './companies.ts';
import { enqueueExpiry } from './expiry.ts';
import { notOnMarket } from './lifecycle.ts';
import { type Offer, readOffer } from './offer.ts';
import type { Actor, ListingDeps } from './ports.ts';
import { readPrice, refusalOf } from './readers.ts';
import { openReview, withdrawReview } from './review-cases.ts';
import { mineById, placeById } from './sites.ts';
import type { Proposal } from './tables-more.ts';
import type { ListingRow } from './tables.ts';
import { changesBetween } from './versions.ts';

type Deps = Pick<ListingDeps, 'clock' | 'organisations'>;
/** The terms a change leads to, and where the lot then comes from and goes to. */
export type Changed = {
  readonly terms: Offer['terms'];
  readonly sites: Pick<Candidate, 'mine' | 'delivery'>;
};

/** A draft goes to the market, by way of the centre where its rules ask for it. */
export async function submitListing(
  tx: Tx,
  deps: Deps,
  actor: Actor,
  id: string,
): Promise<ListingRow | Refusal> {
  const wrongSide = await lacksSide(tx, deps.organisations, actor, 'sells');
  if (wrongSide) return wrongSide;
  const row = await ownListing(tx, actor, id);
  if (isRefusal(row)) return row;
  if (row.state !== 'draft') return refuse('listing.not_draft', { detail: `the lot is ${row.state}` });
  const now = deps.clock.now();
  if (row.expiresAt <= now) return refuse('listing.not_published', { detail: 'the lot has expired' });
  const admitted = await admit(tx, actor.organisationId, now, [await candidateOf(tx, row)]);
  if (isRefusal(admitted)) return admitted;
  const reasons = admitted[0] ?? [];
  if (reasons.length === 0) {
    return update(tx, row, { state: 'published', publishedAt: now, stateReason: '' });
  }
  await openReview(tx, row, actor, reasons);
  return update(tx, row, { state: 'in_review', stateReason: '' });
}

/** A stored lot as the rules look at it. */
export async function candidateOf(connection: Connection, row: ListingRow): Promise<Candidate> {
  const mine = await mineById(connection, row.mineId);
  const delivery = row.deliveryPlaceId ? await placeById(connection, row.deliveryPlaceId) : undefined;
  assert(mine && delivery, `listing ${row.id} has lost its places`);
  return { listingId: row.id, terms: row, mine, delivery, quantityKg: row.quantityKg };
}

/** @param input the version the seller saw, and the price or the whole terms it asks for. */
export async function changeListing(
  tx: Tx,
  deps: Deps,
  actor: Actor,
  id: string,
  input: { readonly version: number; readonly proposal: Proposal },
): Promise<ListingRow | Refusal> {
  const row = await ownListing(tx, actor, id);
  if (isRefusal(row)) return row;
  const closed = row.state === 'draft' ? undefined : notOnMarket(row.state);
  if (closed) return closed;
  if (row.version !== input.version) return changed(row);
  const now = deps.clock.now();
  const wanted = await termsOf(tx, actor, row, input.proposal, now);
  if (isRefusal(wanted)) return wanted;
  const changes = changesBetween(row, wanted.terms);
  if (changes.length === 0) return refuse('listing.nothing_changed');
  const refusal = await fits(tx, row, wanted, now);
  if (refusal) return refusal;
  if (row.state === 'published') {
    const [reasons = []] = await reasonsFor(tx, row.sellerId, [
      { ...wanted.sites, listingId: row.id, terms: wanted.terms, quantityKg: wanted.terms.quantityKg },
    ]);
    // The company is known by this very lot, and its certificates were looked at when they came.
    const asked = reasons.filter(({ code }) => code === 'price_band');
    if (asked.length > 0) {
      await openReview(tx, row, actor, asked, { proposal: input.proposal, changes });
      return row;
    }
    await withdrawReview(tx, row.id);
  }
  return applyChange(tx, row, wanted.terms, actor);
}

/** The terms that a proposal asks for. */
export async function termsOf(
  tx: Tx,
  actor: Actor,
  row: ListingRow,
  proposal: Proposal,
  now: Date,
): Promise<Changed | Refusal> {
  if ('terms' in proposal) {
    const offer = await readOffer(tx, actor, proposal.terms, now);
    return isRefusal(offer) ? offer : { terms: offer.terms, sites: offer };
  }
  const fields = {};
  const price = readPrice(proposal.price, 'price', fields);
  const refusal = refusalOf(fields);
  if (refusal) return refusal;
  const prices = row.saleMethod === 'auction' ? { startPrice: price } : { pricePerTonne: price };
  const { mine, delivery } = await candidateOf(tx, row);
  return { terms: { ...termsIn(row), ...prices }, sites: { mine, delivery } };
}

/** The terms of a stored lot. */
function termsIn(row: ListingRow): Offer['terms'] {
  const { id: _id, sellerId: _seller, createdBy: _by, source: _source, importKey: _key, ...rest } = row;
  const { importRecord: _record, state: _state, stateReason: _why, remainingKg: _left, ...kept } = rest;
  const { version: _version, versionBy: _who, versionAt: _when, publishedAt: _out, ...dated } = kept;
  const { createdAt: _made, updatedAt: _changed, ...terms } = dated;
  return terms;
}

/** What a change may not do to a lot that was published. */
export async function fits(
  tx: Tx,
  row: ListingRow,
  { terms }: Changed,
  now: Date,
): Promise<Refusal | undefined> {
  const takenKg = row.quantityKg - row.remainingKg;
  if (terms.quantityKg <= takenKg) {
    return refuse('listing.quantity_below_taken', {
      fields: { quantity: 'listing.quantity_below_taken' },
      accepted: { quantity: `> ${formatTonnes(takenKg)} t` },
    });
  }
  if (row.state === 'draft') return undefined;
  if (terms.channel !== row.channel) {
    return refuse('listing.channel_fixed', {
      fields: { channel: 'listing.channel_fixed' },
      accepted: { channel: String(row.channel) },
    });
  }
  const added = terms.quantityKg - row.quantityKg;
  if (added <= 0n || !row.channel) return undefined;
  return withinQuotas(tx, { organisationId: row.sellerId, channel: row.channel, kg: added, now });
}

/** Writes the new version; the one before is kept by the table itself. */
export async function applyChange(
  tx: Tx,
  row: ListingRow,
  terms: Offer['terms'],
  actor: Actor,
): Promise<ListingRow> {
  const remainingKg = terms.quantityKg - (row.quantityKg - row.remainingKg);
  const stored = await update(tx, row, {
    ...terms,
    remainingKg,
    version: row.version + 1,
    versionBy: actor.personId,
  });
  await enqueueExpiry(tx, stored);
  return stored;
}
