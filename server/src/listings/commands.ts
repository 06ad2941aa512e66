/** What sellers and buyers do with a lot. Each runs in the caller's transaction; a refusal rolls it back. */
import { auditAssay } from '@seam/coal';
import type { ListingInput } from '@seam/protocol';
import { formatTonnes } from '@seam/units';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { type Tx, first, orm } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import { enqueue } from '../platform/outbox.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { columnsOf } from './assay.ts';
import { lacksSide } from './companies.ts';
import { type ListingMove, moveListing, notOnMarket } from './lifecycle.ts';
import { OPEN_LISTINGS_MAX } from './limits.ts';
import type { Actor, ListingDeps } from './ports.ts';
import { searchValues } from './quality.ts';
import { checkListing, readPrice, readQuantity, refusalOf } from './rules.ts';
import { ensureMine, ensureMineMouth, mineById, placeById } from './sites.ts';
import { type ListingRow, type MineRow, type PlaceRow, listing } from './tables.ts';

export const EXPIRE_TOPIC = 'listings.expire';

/**
 * Puts a lot on the market. Contradictory values are flagged on it, impossible ones refused.
 * @param id given by a seed that can be run again; else a new one.
 */
export async function createListing(
  tx: Tx,
  deps: Pick<ListingDeps, 'clock' | 'organisations'>,
  actor: Actor,
  input: ListingInput,
  id: string = newId(),
): Promise<ListingRow | Refusal> {
  const wrongSide = await lacksSide(tx, deps.organisations, actor, 'sells');
  if (wrongSide) return wrongSide;
  const checked = checkListing(input, deps.clock.now());
  if (isRefusal(checked)) return checked;
  const sites = await sitesFor(tx, actor, input);
  if (isRefusal(sites)) return sites;
  const open = await tx<{ n: number }[]>`select count(*)::int as n from listing
    where seller_id = ${actor.organisationId} and state in ('published', 'in_auction')`;
  if ((open[0]?.n ?? 0) >= OPEN_LISTINGS_MAX) {
    return refuse('listing.too_many_open', { accepted: { lots: String(OPEN_LISTINGS_MAX) } });
  }
  const { assay } = checked;
  const [row] = await orm(tx)
    .insert(listing)
    .values({
      id,
      sellerId: actor.organisationId,
      createdBy: actor.personId,
      source: 'member',
      state: 'published',
      mineId: sites.mine.id,
      loadPlaceId: sites.load.id,
      coalRank: input.coalRank,
      ...columnsOf(assay),
      ...searchValues(assay),
      calorificTyped: input.assay.calorificValue.value,
      calorificUnit: input.assay.calorificValue.unit,
      auditFlags: auditAssay(assay, input.coalRank),
      quantityKg: checked.quantityKg,
      remainingKg: checked.quantityKg,
      currency: input.currency,
      pricePerTonne: checked.pricePerTonne,
      startPrice: checked.startPrice,
      saleMethod: input.saleMethod,
      deliveryTerm: input.deliveryTerm,
      deliveryPlaceId: sites.delivery.id,
      windowFrom: input.windowFrom,
      windowTo: input.windowTo,
      transport: input.transport,
      note: input.note ?? '',
      expiresAt: checked.expiresAt,
    })
    .returning();
  if (!row) throw new Error('the listing was not stored');
  await enqueue(tx, {
    effectKey: `listing:${row.id}:expire`,
    topic: EXPIRE_TOPIC,
    payload: { listingId: row.id },
    notBefore: row.expiresAt,
  });
  return row;
}

async function sitesFor(
  tx: Tx,
  actor: Actor,
  input: ListingInput,
): Promise<{ mine: MineRow; load: PlaceRow; delivery: PlaceRow } | Refusal> {
  const mine =
    input.mineId === undefined
      ? input.newMine && (await ensureMine(tx, actor, input.newMine))
      : await mineById(tx, input.mineId);
  const load = input.loadPlaceId === undefined ? undefined : await placeById(tx, input.loadPlaceId);
  const delivery =
    input.deliveryPlaceId === undefined ? undefined : await placeById(tx, input.deliveryPlaceId);
  const refusal = refusalOf({
    ...(!mine && { mineId: 'listing.mine_unknown' as const }),
    ...(input.loadPlaceId !== undefined && !load && { loadPlaceId: 'listing.place_unknown' as const }),
    ...(input.deliveryPlaceId !== undefined &&
      !delivery && { deliveryPlaceId: 'listing.place_unknown' as const }),
  });
  if (refusal || !mine) return refusal ?? refuse('listing.mine_unknown');
  const loaded = load ?? (await ensureMineMouth(tx, mine));
  return { mine, load: loaded, delivery: delivery ?? loaded };
}

/** A lot of the caller's company, locked. Another company's is said not to exist. */
async function ownListing(tx: Tx, actor: Actor, id: string): Promise<ListingRow | Refusal> {
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
  return update(tx, row, { state });
}

/** A new price is a new version: whoever wants to take has to have seen it. */
export async function repriceListing(
  tx: Tx,
  actor: Actor,
  id: string,
  input: { readonly price: string; readonly version: number },
): Promise<ListingRow | Refusal> {
  const row = await ownListing(tx, actor, id);
  if (isRefusal(row)) return row;
  const closed = notOnMarket(row.state);
  if (closed) return closed;
  if (row.version !== input.version) return changed(row);
  const fields = {};
  const price = readPrice(input.price, 'price', fields);
  const refusal = refusalOf(fields);
  if (refusal) return refusal;
  const prices = row.saleMethod === 'auction' ? { startPrice: price } : { pricePerTonne: price };
  return update(tx, row, { ...prices, version: row.version + 1 });
}

/** Buys `quantity` tonnes at the fixed price the buyer saw. Never sells more than is left. */
export async function takeListing(
  tx: Tx,
  deps: Pick<ListingDeps, 'clock' | 'createSale' | 'organisations'>,
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
  const rest = await sell(tx, row, quantityKg);
  if (isRefusal(rest)) return rest;
  return deps.createSale(tx, {
    originKey: `listing:${row.id}:${newId()}`,
    originKind: 'listing',
    originId: row.id,
    listingId: row.id,
    sellerId: row.sellerId,
    buyerId: actor.organisationId,
    quantityKg,
    pricePerTonne: row.pricePerTonne,
    currency: row.currency,
  });
}

/** Why `actor` cannot buy from this lot now; undefined when it can. */
export function closedTo(row: ListingRow, actor: Actor, now: Date): Refusal | undefined {
  if (row.source !== 'member') return refuse('listing.not_for_sale');
  if (row.sellerId === actor.organisationId) return refuse('listing.own');
  const closed = notOnMarket(row.state);
  if (closed) return closed;
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
  more: { remainingKg?: bigint } = {},
): Promise<ListingRow> {
  const state = moveListing(row.state, step);
  if (!state) throw new Error(`listing ${row.id} cannot ${step} when ${row.state}`);
  return update(tx, row, { state, ...more });
}

function changed(row: ListingRow): Refusal {
  return refuse('listing.changed', { accepted: { version: String(row.version) } });
}

async function update(
  tx: Tx,
  row: ListingRow,
  values: Partial<Pick<ListingRow, 'state' | 'version' | 'pricePerTonne' | 'startPrice' | 'remainingKg'>>,
): Promise<ListingRow> {
  const [stored] = await orm(tx)
    .update(listing)
    .set({ ...values, updatedAt: sql`now()` })
    .where(and(eq(listing.id, row.id), eq(listing.version, row.version)))
    .returning();
  if (!stored) throw new Error(`listing ${row.id} was changed without its lock`);
  return stored;
}
