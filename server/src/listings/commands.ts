/** What sellers and buyers do with a lot. Each runs in the caller's transaction; a refusal rolls it back. */
import { formatMoney, formatTonnes } from '@seam/units';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { type Tx, first, orm } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { lacksSide } from './companies.ts';
import { makeSale, saleValue } from './direct-sale.ts';
import { type ListingMove, moveListing, notOnMarket } from './lifecycle.ts';
import type { Actor, ListingDeps } from './ports.ts';
import { readQuantity, refusalOf } from './readers.ts';
import { withdrawReview } from './review-cases.ts';
import { type ListingRow, listing } from './tables.ts';

/** A lot of the caller's company, locked. Another company's is said not to exist. */
export async function ownListing(tx: Tx, actor: Actor, id: string): Promise<ListingRow | Refusal> {
  const row = await lockListing(tx, id);
  if (!row || row.source !== 'member' || row.sellerId !== actor.organisationId)
    return refuse('resource.not_found');
  return row;
}

/** The row stays locked until the transaction ends: quantity and state are changed by one at a time. */
export async function lockListing(tx: Tx, id: string): Promise<ListingRow | undefined> {
  return first(await orm(tx).select().from(listing).where(eq(listing.id, id)).for('update'));
}

/** Locks several in the order of their ids, so that two transactions cannot wait for each other. */
export async function lockListings(tx: Tx, ids: readonly string[]): Promise<ListingRow[]> {
  return orm(tx)
    .select()
    .from(listing)
    .where(inArray(listing.id, [...ids]))
    .orderBy(listing.id)
    .for('update');
}

export async function withdrawListing(tx: Tx, actor: Actor, id: string): Promise<ListingRow | Refusal> {
  const row = await ownListing(tx, actor, id);
  if (isRefusal(row)) return row;
  const state = moveListing(row.state, 'withdraw');
  if (!state) return notOnMarket(row.state) ?? refuse('listing.not_published');
  await withdrawReview(tx, row.id);
  return update(tx, row, { state });
}

type TakeDeps = Pick<
  ListingDeps,
  'clock' | 'createSale' | 'organisations' | 'mayCommit' | 'contractBeforehand'
>;

/** Buys `quantity` tonnes at the fixed price the buyer saw. Never sells more than is left. */
export async function takeListing(
  tx: Tx,
  deps: TakeDeps,
  actor: Actor,
  id: string,
  input: { readonly quantity: string; readonly version: number },
): Promise<{ saleId: string; contractId: string } | Refusal> {
  const wrongSide = await lacksSide(tx, deps.organisations, actor, 'buys');
  if (wrongSide) return wrongSide;
  const fields = {};
  const quantityKg = readQuantity(input.quantity, 'quantity', fields);
  const malformed = refusalOf(fields);
  if (malformed) return malformed;
  const row = await lockListing(tx, id);
  if (!row) return refuse('resource.not_found');
  const closed = closedTo(row, actor, deps.clock.now());
  if (closed) return closed;
  if (row.version !== input.version) return changed(row);
  if (row.saleMethod !== 'fixed_price' || row.pricePerTonne === null || !row.currency) {
    return refuse('listing.not_fixed_price');
  }
  const { pricePerTonne, currency, sellerId } = row;
  const rest = await sell(tx, row, quantityKg);
  if (isRefusal(rest)) return rest;
  const { personId, organisationId: buyerId } = actor;
  const value = saleValue(pricePerTonne, quantityKg);
  const beyond = await deps.mayCommit(tx, { personId, value, currency });
  if (beyond) return beyond;
  const originKey = `listing:${row.id}:${newId()}`;
  const origin = { originKey, originKind: 'listing', originId: row.id } as const;
  return makeSale(tx, deps, row, { ...origin, sellerId, buyerId, quantityKg, pricePerTonne, currency });
}

/** Why `actor` cannot buy from this lot now; undefined when it can. */
export function closedTo(row: ListingRow, actor: Actor, now: Date): Refusal | undefined {
  if (row.source !== 'member') return refuse('listing.not_for_sale');
  if (row.sellerId === actor.organisationId) return refuse('listing.own');
  const closed = notOnMarket(row.state);
  if (closed) return closed;
  if (row.opensAt && row.opensAt > now) {
    return refuse('listing.session_not_open', { accepted: { from: row.opensAt.toISOString() } });
  }
  // The job that marks it may be late; the offer is over all the same.
  return row.expiresAt <= now
    ? refuse('listing.not_published', { detail: 'the lot has expired' })
    : undefined;
}

/** Lowers what is left of a locked row. Refuses when less is left. */
export async function sell(tx: Tx, row: ListingRow, quantityKg: bigint): Promise<ListingRow | Refusal> {
  if (quantityKg > row.remainingKg) {
    return refuse('listing.quantity_unavailable', {
      fields: { quantity: 'listing.quantity_unavailable' },
      accepted: { quantity: formatTonnes(row.remainingKg) },
    });
  }
  const remainingKg = row.remainingKg - quantityKg;
  return move(tx, row, remainingKg === 0n ? 'sell_rest' : 'sell_part', { remainingKg });
}

/** Moves a locked row by the lifecycle. @throws when the table does not allow it: the caller checks first. */
export async function move(
  tx: Tx,
  row: ListingRow,
  step: ListingMove,
  more: Partial<Pick<ListingRow, 'remainingKg' | 'publishedAt' | 'stateReason'>> = {},
): Promise<ListingRow> {
  const state = moveListing(row.state, step);
  if (!state) throw new Error(`listing ${row.id} cannot ${step} when ${row.state}`);
  return update(tx, row, { state, ...more });
}

/** The terms are no longer the ones that were read: says which version stands, and its price. */
export function changed(row: ListingRow): Refusal {
  const price = row.pricePerTonne ?? row.startPrice;
  return refuse('listing.changed', {
    accepted: { version: String(row.version), ...(price !== null && { price: formatMoney(price) }) },
  });
}

/** Changes a locked row. */
export async function update(
  tx: Tx,
  row: ListingRow,
  values: Partial<Omit<ListingRow, 'id' | 'sellerId' | 'source'>>,
): Promise<ListingRow> {
  const [stored] = await orm(tx)
    .update(listing)
    .set({ ...values, updatedAt: sql`now()` })
    .where(and(eq(listing.id, row.id), eq(listing.version, row.version)))
    .returning();
  if (!stored) throw new Error(`listing ${row.id} was changed without its lock`);
  return stored;
}
