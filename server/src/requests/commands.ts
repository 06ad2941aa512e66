/**
 * What buyers and producers do with a request. Each runs in the caller's transaction and takes its locks in
 * one order: request, response, listing.
 */
import type { RequestInput, ResponseInput } from '@seam/protocol';
import { formatMoney, formatTonnes } from '@seam/units';
import { and, eq } from 'drizzle-orm';
import {
  createPlace,
  lacksSide,
  listingById,
  notOnMarket,
  placeById,
  sellFromListing,
} from '../listings/public.ts';
import { type Tx, first, orm } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import { enqueue } from '../platform/outbox.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { type RequestMove, moveRequest, moveResponse } from './lifecycle.ts';
import { OPEN_REQUESTS_MAX } from './limits.ts';
import type { Actor, RequestDeps } from './ports.ts';
import { type CheckedResponse, checkRequest, checkResponse } from './rules.ts';
import { type RequestRow, type ResponseRow, request, response } from './tables.ts';

export const EXPIRE_REQUEST_TOPIC = 'requests.expire';
export const EXPIRE_RESPONSE_TOPIC = 'requests.expire_response';

/** @param id given by a seed that can be run again; else a new one. */
export async function createRequest(
  tx: Tx,
  deps: Pick<RequestDeps, 'clock' | 'organisations'>,
  actor: Actor,
  input: RequestInput,
  id: string = newId(),
): Promise<RequestRow | Refusal> {
  const wrongSide = await lacksSide(tx, deps.organisations, actor, 'buys');
  if (wrongSide) return wrongSide;
  const checked = checkRequest(input, deps.clock.now());
  if (isRefusal(checked)) return checked;
  const plantPlaceId = await plantFor(tx, actor, input);
  if (isRefusal(plantPlaceId)) return plantPlaceId;
  const [open] = await tx<{ n: number }[]>`select count(*)::int as n from request
    where buyer_id = ${actor.organisationId} and state in ('open', 'responding')`;
  if ((open?.n ?? 0) >= OPEN_REQUESTS_MAX) return refuse('purchase_request.too_many_open');
  const [row] = await orm(tx)
    .insert(request)
    .values({
      id,
      buyerId: actor.organisationId,
      createdBy: actor.personId,
      state: 'open',
      coalRanks: input.coalRanks,
      plantPlaceId,
      windowFrom: input.windowFrom,
      windowTo: input.windowTo,
      currency: input.currency,
      note: input.note ?? '',
      ...checked,
    })
    .returning();
  if (!row) throw new Error('the request was not stored');
  await enqueue(tx, {
    effectKey: `request:${row.id}:expire`,
    topic: EXPIRE_REQUEST_TOPIC,
    payload: { requestId: row.id },
    notBefore: row.expiresAt,
  });
  return row;
}

async function plantFor(tx: Tx, actor: Actor, input: RequestInput): Promise<string | Refusal> {
  if (input.newPlant) {
    const made = await createPlace(tx, actor, input.newPlant);
    return isRefusal(made) ? made : made.id;
  }
  const place = await placeById(tx, input.plantPlaceId ?? '');
  const code = !place
    ? 'listing.place_unknown'
    : place.latitude === null
      ? 'purchase_request.place_without_coordinates'
      : undefined;
  if (code || !place)
    return refuse(code ?? 'listing.place_unknown', { fields: { plantPlaceId: code ?? '' } });
  return place.id;
}

/** A producer's firm answer with one of its lots. The lot stays on the market until somebody takes it. */
export async function createResponse(
  tx: Tx,
  deps: Pick<RequestDeps, 'clock'>,
  actor: Actor,
  requestId: string,
  input: ResponseInput,
): Promise<{ to: RequestRow; row: ResponseRow } | Refusal> {
  const now = deps.clock.now();
  const checked = checkResponse(input, now);
  if (isRefusal(checked)) return checked;
  const to = await lockRequest(tx, requestId);
  if (!to) return refuse('resource.not_found');
  if (to.buyerId === actor.organisationId) return refuse('purchase_request.own');
  const moved = moveRequest(to.state, 'respond');
  if (!moved || to.expiresAt <= now)
    return refuse('purchase_request.not_open', { detail: `it is ${to.state}` });
  const wrong = unwanted(to, checked) ?? (await unoffered(tx, actor, input.listingId, checked, now));
  if (wrong) return wrong;
  const [row] = await orm(tx)
    .insert(response)
    .values({
      id: newId(),
      requestId,
      sellerId: actor.organisationId,
      createdBy: actor.personId,
      listingId: input.listingId,
      state: 'offered',
      note: input.note ?? '',
      ...checked,
    })
    .onConflictDoNothing()
    .returning();
  if (!row)
    return refuse('purchase_request.already_answered', {
      fields: { listingId: 'purchase_request.already_answered' },
    });
  await enqueue(tx, {
    effectKey: `response:${row.id}:expire`,
    topic: EXPIRE_RESPONSE_TOPIC,
    payload: { responseId: row.id },
    notBefore: row.validUntil,
  });
  return { to: await setRequest(tx, to, { state: moved }), row };
}

/** Why the buyer has no use for it. */
function unwanted(to: RequestRow, { quantityKg, pricePerTonne }: CheckedResponse): Refusal | undefined {
  const outstanding = outstandingKg(to);
  const least = to.minimumKg < outstanding ? to.minimumKg : outstanding;
  if (quantityKg > outstanding) return exceeded(outstanding);
  if (quantityKg < least) {
    const code = 'purchase_request.quantity_below_minimum';
    return refuse(code, { fields: { quantity: code }, accepted: { quantity: `≥ ${formatTonnes(least)}` } });
  }
  if (to.priceCeiling !== null && pricePerTonne > to.priceCeiling) {
    const code = 'purchase_request.price_above_ceiling';
    return refuse(code, {
      fields: { price: code },
      accepted: { price: `≤ ${formatMoney(to.priceCeiling)}` },
    });
  }
  return undefined;
}

/** Why the producer cannot offer it. */
async function unoffered(
  tx: Tx,
  actor: Actor,
  listingId: string,
  { quantityKg }: CheckedResponse,
  now: Date,
): Promise<Refusal | undefined> {
  const lot = await listingById(tx, listingId);
  if (!lot || lot.source !== 'member' || lot.sellerId !== actor.organisationId) {
    return refuse('purchase_request.lot_unknown', { fields: { listingId: 'purchase_request.lot_unknown' } });
  }
  const closed = notOnMarket(lot.state);
  if (closed) return { ...closed, fields: { listingId: closed.refused } };
  if (lot.expiresAt <= now)
    return refuse('listing.not_published', { fields: { listingId: 'listing.not_published' } });
  if (quantityKg > lot.remainingKg) {
    const code = 'listing.quantity_unavailable';
    return refuse(code, {
      fields: { quantity: code },
      accepted: { quantity: formatTonnes(lot.remainingKg) },
    });
  }
  return undefined;
}

/** The buyer takes an answer at its price: lot, request and answer move together, and the contract follows. */
export async function takeResponse(
  tx: Tx,
  deps: Pick<RequestDeps, 'clock' | 'createSale'>,
  actor: Actor,
  of: { requestId: string; responseId: string },
): Promise<{ saleId: string; contractId: string } | Refusal> {
  const now = deps.clock.now();
  const found = await lockAnswer(tx, actor, of);
  if (isRefusal(found)) return found;
  const { to, row } = found;
  if (!moveResponse(row.state, 'take') || row.validUntil <= now) {
    return refuse('purchase_request.response_closed', { detail: `it is ${row.state}` });
  }
  const outstanding = outstandingKg(to);
  if (row.quantityKg > outstanding) return exceeded(outstanding);
  const contractedKg = to.contractedKg + row.quantityKg;
  const move: RequestMove = contractedKg === to.quantityKg ? 'take_rest' : 'take_part';
  const state = moveRequest(to.state, move);
  if (!state || to.expiresAt <= now)
    return refuse('purchase_request.not_open', { detail: `it is ${to.state}` });
  const sold = await sellFromListing(tx, {
    listingId: row.listingId,
    buyer: actor,
    quantityKg: row.quantityKg,
    now,
  });
  if (isRefusal(sold)) return sold;
  const sale = await deps.createSale(tx, {
    originKey: `request:${to.id}:${row.id}`,
    originKind: 'request',
    originId: to.id,
    listingId: row.listingId,
    sellerId: row.sellerId,
    buyerId: to.buyerId,
    quantityKg: row.quantityKg,
    pricePerTonne: row.pricePerTonne,
    currency: to.currency,
  });
  await orm(tx)
    .update(response)
    .set({ state: 'taken', ...sale })
    .where(eq(response.id, row.id));
  await setRequest(tx, to, { state, contractedKg });
  if (state === 'contracted') await closeAnswers(tx, to.id, 'declined');
  return sale;
}

export async function declineResponse(
  tx: Tx,
  actor: Actor,
  of: { requestId: string; responseId: string },
): Promise<{ to: RequestRow; row: ResponseRow } | Refusal> {
  const found = await lockAnswer(tx, actor, of);
  if (isRefusal(found)) return found;
  const state = moveResponse(found.row.state, 'decline');
  if (!state) return refuse('purchase_request.response_closed', { detail: `it is ${found.row.state}` });
  await orm(tx).update(response).set({ state }).where(eq(response.id, found.row.id));
  return { to: found.to, row: { ...found.row, state } };
}

export async function closeRequest(tx: Tx, actor: Actor, requestId: string): Promise<RequestRow | Refusal> {
  const row = await lockRequest(tx, requestId);
  if (!row || row.buyerId !== actor.organisationId) return refuse('resource.not_found');
  if (row.auctionedKg > 0n) return refuse('purchase_request.in_auction');
  const state = moveRequest(row.state, 'cancel');
  if (!state) return refuse('purchase_request.not_open', { detail: `it is ${row.state}` });
  await closeAnswers(tx, row.id, 'declined');
  return setRequest(tx, row, { state });
}

/** Ends a request whose time is over. Safe to call at any time and twice. */
export async function expireRequest(tx: Tx, requestId: string, now: Date): Promise<void> {
  const row = await lockRequest(tx, requestId);
  const state = row && moveRequest(row.state, 'expire');
  // An auction that still buys for it ends it when it ends itself.
  if (!row || !state || row.expiresAt > now || row.auctionedKg > 0n) return;
  await closeAnswers(tx, row.id, 'expired');
  await setRequest(tx, row, { state });
}

/** Ends an answer whose time is over. Safe to call at any time and twice. */
export async function expireResponse(tx: Tx, responseId: string, now: Date): Promise<void> {
  const known = first(await orm(tx).select().from(response).where(eq(response.id, responseId)));
  if (!known) return;
  await lockRequest(tx, known.requestId);
  const row = first(await orm(tx).select().from(response).where(eq(response.id, responseId)).for('update'));
  const state = row && moveResponse(row.state, 'expire');
  if (!row || !state || row.validUntil > now) return;
  await orm(tx).update(response).set({ state }).where(eq(response.id, responseId));
}

/** What nobody has sold yet, and no auction is buying. */
export function outstandingKg(row: RequestRow): bigint {
  return row.quantityKg - row.contractedKg - row.auctionedKg;
}

export async function lockRequest(tx: Tx, id: string): Promise<RequestRow | undefined> {
  return first(await orm(tx).select().from(request).where(eq(request.id, id)).for('update'));
}

/** The buyer's request and one answer to it, both locked. For everyone else they do not exist. */
async function lockAnswer(
  tx: Tx,
  actor: Actor,
  of: { requestId: string; responseId: string },
): Promise<{ to: RequestRow; row: ResponseRow } | Refusal> {
  const to = await lockRequest(tx, of.requestId);
  if (!to || to.buyerId !== actor.organisationId) return refuse('resource.not_found');
  const row = first(
    await orm(tx)
      .select()
      .from(response)
      .where(and(eq(response.id, of.responseId), eq(response.requestId, to.id)))
      .for('update'),
  );
  return row ? { to, row } : refuse('resource.not_found');
}

export async function closeAnswers(tx: Tx, requestId: string, state: 'declined' | 'expired'): Promise<void> {
  await orm(tx)
    .update(response)
    .set({ state })
    .where(and(eq(response.requestId, requestId), eq(response.state, 'offered')));
}

export async function setRequest(
  tx: Tx,
  row: RequestRow,
  values: Partial<Pick<RequestRow, 'state' | 'contractedKg' | 'auctionedKg'>>,
): Promise<RequestRow> {
  await orm(tx).update(request).set(values).where(eq(request.id, row.id));
  return { ...row, ...values };
}

function exceeded(outstanding: bigint): Refusal {
  const code = 'purchase_request.quantity_exceeded';
  return refuse(code, {
    fields: { quantity: code },
    accepted: { quantity: `≤ ${formatTonnes(outstanding)}` },
  });
}
