/**
 * Buyers post what they take at a firm price; producers deliver lots of theirs into it, in parts, until it is full.
 * Each runs in the caller's transaction and locks posting, then lot.
 */
import type { BuyListingInput, BuyQuality } from '@seam/protocol';
import { formatTonnes, parseScaled } from '@seam/units';
import { convertEnergy, parseRational, roundHalfEven } from '@seam/coal';
import { eq } from 'drizzle-orm';
import { type Tx, first, orm } from '../../platform/db.ts';
import { newId } from '../../platform/id.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import type { Accepted, FieldErrors } from '../assay.ts';
import { closedTo, lockListing, sell } from '../commands.ts';
import { lacksSide } from '../companies.ts';
import { makeSale, saleValue } from '../direct-sale.ts';
import type { Actor, ListingDeps } from '../ports.ts';
import { checkWindow, readPrice, readQuantity, readValidUntil, refusalOf } from '../readers.ts';
import { placeById } from '../sites.ts';
import type { ListingRow } from '../tables.ts';
import { enqueuePostingExpiry } from './expiry.ts';
import { type BuyRow, buyListing } from './tables.ts';

type Deps = Pick<ListingDeps, 'clock' | 'organisations'>;
type BindingDeps = Deps & Pick<ListingDeps, 'mayCommit'>;

export async function createBuyListing(
  tx: Tx,
  deps: BindingDeps,
  actor: Actor,
  input: BuyListingInput,
): Promise<BuyRow | Refusal> {
  const wrongSide = await lacksSide(tx, deps.organisations, actor, 'buys');
  if (wrongSide) return wrongSide;
  const now = deps.clock.now();
  const fields: FieldErrors = {};
  const accepted: Accepted = {};
  const quantityKg = readQuantity(input.quantity, 'quantity', fields, accepted);
  const minimumKg =
    input.minimumQuantity === undefined
      ? quantityKg
      : readQuantity(input.minimumQuantity, 'minimumQuantity', fields, accepted);
  if (!fields['quantity'] && minimumKg > quantityKg) {
    fields['minimumQuantity'] = 'buy_listing.minimum_above_quantity';
  }
  const pricePerTonne = readPrice(input.price, 'price', fields);
  checkQuality(input.quality, fields);
  checkWindow(input, now, fields);
  const expiresAt = readValidUntil(input, now, fields);
  if (!(await placeById(tx, input.deliveryPlaceId))) fields['deliveryPlaceId'] = 'listing.place_unknown';
  const refusal = refusalOf(fields, accepted);
  if (refusal) return refusal;
  // Producers may fill it at any moment: it binds as a purchase does.
  const beyond = await deps.mayCommit(tx, {
    personId: actor.personId,
    value: saleValue(pricePerTonne, quantityKg),
    currency: input.currency,
  });
  if (beyond) return beyond;
  const [row] = await orm(tx)
    .insert(buyListing)
    .values({
      id: newId(),
      buyerId: actor.organisationId,
      createdBy: actor.personId,
      state: 'published',
      coalRanks: [...input.coalRanks],
      limits: input.quality,
      quantityKg,
      remainingKg: quantityKg,
      minimumKg,
      currency: input.currency,
      pricePerTonne,
      deliveryTerm: input.deliveryTerm,
      deliveryPlaceId: input.deliveryPlaceId,
      windowFrom: input.windowFrom,
      windowTo: input.windowTo,
      note: input.note ?? '',
      expiresAt,
    })
    .returning();
  if (!row) throw new Error('the posting was not stored');
  await enqueuePostingExpiry(tx, row);
  return row;
}

/** kcal/kg, else percent: what no coal has is no limit but a slip of the hand. */
const MOST = { calorificMin: 9_000, ashMax: 99, sulphurMax: 40, moistureMax: 60 } as const;

function checkQuality(quality: BuyQuality, fields: FieldErrors): void {
  for (const name of Object.keys(MOST) as (keyof typeof MOST)[]) {
    const text = quality[name];
    if (text === undefined) continue;
    if (parseScaled(text, 2) === undefined) fields[`quality.${name}`] = 'listing.value_precision';
    else if (Number(text) < 0 || Number(text) > MOST[name])
      fields[`quality.${name}`] = 'buy_listing.limit_out_of_range';
  }
}

async function lockPosting(tx: Tx, id: string): Promise<BuyRow | undefined> {
  return first(await orm(tx).select().from(buyListing).where(eq(buyListing.id, id)).for('update'));
}

/** What is past its end is over: the work that marks it may be late, and nobody may sell into it meanwhile. */
export function stateAt(row: BuyRow, now: Date): BuyRow['state'] {
  return row.state === 'published' && row.expiresAt <= now ? 'expired' : row.state;
}

function notOpen(row: BuyRow, now: Date): Refusal | undefined {
  const state = stateAt(row, now);
  return state === 'published' ? undefined : refuse('buy_listing.not_open', { detail: `it is ${state}` });
}

/** Marks what is past its end; anything else is left as it is. */
export async function expirePosting(tx: Tx, deps: Pick<ListingDeps, 'clock'>, id: string): Promise<void> {
  const row = await lockPosting(tx, id);
  if (row?.state !== 'published' || stateAt(row, deps.clock.now()) !== 'expired') return;
  await update(tx, row, { state: 'expired' });
}

export async function withdrawBuyListing(
  tx: Tx,
  deps: Deps,
  actor: Actor,
  id: string,
): Promise<BuyRow | Refusal> {
  const row = await lockPosting(tx, id);
  if (row?.buyerId !== actor.organisationId) return refuse('resource.not_found');
  const closed = notOpen(row, deps.clock.now());
  return closed ?? update(tx, row, { state: 'withdrawn' });
}

/** A producer sells from a lot of its own at the posting's price. Never more than either side has left. */
export async function deliverInto(
  tx: Tx,
  deps: BindingDeps & Pick<ListingDeps, 'createSale' | 'contractBeforehand'>,
  actor: Actor,
  id: string,
  input: { readonly listingId: string; readonly quantity: string; readonly version: number },
): Promise<{ saleId: string; contractId: string } | Refusal> {
  const wrongSide = await lacksSide(tx, deps.organisations, actor, 'sells');
  if (wrongSide) return wrongSide;
  const fields: FieldErrors = {};
  const quantityKg = readQuantity(input.quantity, 'quantity', fields);
  const malformed = refusalOf(fields);
  if (malformed) return malformed;
  const now = deps.clock.now();
  const row = await lockPosting(tx, id);
  if (!row) return refuse('resource.not_found');
  if (row.buyerId === actor.organisationId) return refuse('listing.own');
  const refusal = notOpen(row, now) ?? tooMuch(row, quantityKg, input.version);
  if (refusal) return refusal;
  const lot = await lockListing(tx, input.listingId);
  if (!lot || lot.source !== 'member' || lot.sellerId !== actor.organisationId) {
    return refuse('resource.not_found', { fields: { listingId: 'resource.not_found' } });
  }
  const closed = closedTo(lot, { personId: row.createdBy, organisationId: row.buyerId }, now);
  if (closed) return closed;
  const misfits = misfitsOf(row, lot);
  if (Object.keys(misfits).length > 0) return refuse('buy_listing.lot_does_not_fit', { accepted: misfits });
  const sold = await sell(tx, lot, quantityKg);
  if (isRefusal(sold)) return sold;
  const remainingKg = row.remainingKg - quantityKg;
  await update(tx, row, { remainingKg, state: remainingKg === 0n ? 'filled' : 'published' });
  const { buyerId, pricePerTonne, currency } = row;
  const value = saleValue(pricePerTonne, quantityKg);
  const beyond = await deps.mayCommit(tx, { personId: actor.personId, value, currency });
  if (beyond) return beyond;
  return makeSale(tx, deps, lot, {
    originKey: `buy_listing:${row.id}:${newId()}`,
    originKind: 'listing',
    originId: lot.id,
    sellerId: lot.sellerId,
    buyerId,
    quantityKg,
    pricePerTonne,
    currency,
  });
}

function tooMuch(row: BuyRow, quantityKg: bigint, version: number): Refusal | undefined {
  if (row.version !== version) {
    return refuse('buy_listing.changed', { accepted: { version: String(row.version) } });
  }
  if (quantityKg > row.remainingKg) {
    return refuse('buy_listing.quantity_exceeded', { accepted: { quantity: formatTonnes(row.remainingKg) } });
  }
  // What is left at the end may be less than the least delivery.
  const least = row.minimumKg < row.remainingKg ? row.minimumKg : row.remainingKg;
  if (quantityKg >= least) return undefined;
  return refuse('buy_listing.below_minimum', { accepted: { quantityMinimum: formatTonnes(least) } });
}

/** By name, what the posting asks for where the lot does not have it. A value the lot does not state is not had. */
export function misfitsOf(row: BuyRow, lot: ListingRow): Record<string, string> {
  const { calorificMin, ashMax, sulphurMax, moistureMax } = row.limits;
  const points = (text: string): number => Number(parseScaled(text, 2));
  const joules = (kcal: string): number =>
    Number(roundHalfEven(convertEnergy(parseRational(kcal)!, 'kcal/kg', 'J/g')));
  const above = (value: number | null, most: string | undefined): boolean =>
    most !== undefined && (value === null || value > points(most));
  const tooCold =
    calorificMin !== undefined &&
    (lot.searchNetArJPerG === null || lot.searchNetArJPerG < joules(calorificMin));
  const elsewhere = lot.deliveryTerm !== row.deliveryTerm || lot.deliveryPlaceId !== row.deliveryPlaceId;
  return {
    ...(row.coalRanks.length > 0 &&
      !row.coalRanks.includes(lot.coalRank) && { coalRank: row.coalRanks.join(', ') }),
    ...(tooCold && { calorificValue: `≥ ${calorificMin} kcal/kg` }),
    ...(above(lot.searchAshArBp, ashMax) && { ash: `≤ ${ashMax} %` }),
    ...(above(lot.searchSulphurArBp, sulphurMax) && { sulphur: `≤ ${sulphurMax} %` }),
    ...(above(lot.totalMoistureBp, moistureMax) && { totalMoisture: `≤ ${moistureMax} %` }),
    // The price is that of the term and the place: another lot would be another bargain.
    ...(elsewhere && { deliveryTerm: row.deliveryTerm }),
    // The posting asks for one delivery window, not for call-offs month by month.
    ...(lot.monthSplit && { channel: 'spot' }),
    ...((lot.windowFrom > row.windowTo || lot.windowTo < row.windowFrom) && {
      window: `${row.windowFrom} – ${row.windowTo}`,
    }),
  };
}

async function update(
  tx: Tx,
  row: BuyRow,
  values: Partial<Pick<BuyRow, 'state' | 'remainingKg'>>,
): Promise<BuyRow> {
  const [stored] = await orm(tx).update(buyListing).set(values).where(eq(buyListing.id, row.id)).returning();
  if (!stored) throw new Error(`posting ${row.id} is gone`);
  return stored;
}
