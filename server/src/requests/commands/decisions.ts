/** What a buyer decides about an answer short of buying: shortlist, decline, negotiate. */
import { eq } from 'drizzle-orm';
import { type Tx, orm } from '../../platform/db.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import { moveResponse } from '../lifecycle.ts';
import type { Actor, RequestDeps } from '../ports.ts';
import { linesOf } from '../lines.ts';
import { type ResponseRow, response } from '../tables.ts';
import { lockOwn, lockRequest, lockResponses, notLive, settleRequest } from './state.ts';
import type { Answered } from './responses.ts';

type Of = { readonly requestId: string; readonly responseId: string };

/** @param note the buyer's own words; null takes it off the list. */
export async function shortlistResponse(
  tx: Tx,
  deps: Pick<RequestDeps, 'clock'>,
  actor: Actor,
  of: Of & { readonly note: string | null },
): Promise<Answered | Refusal> {
  const found = await lockDecision(tx, deps, actor, of);
  if (isRefusal(found)) return found;
  const { row } = found;
  const state = moveResponse(row.state, of.note === null ? 'unlist' : 'shortlist');
  if (!state) return over(row);
  const now = deps.clock.now();
  return change(tx, found, {
    state,
    shortlistedAt: of.note === null ? null : (row.shortlistedAt ?? now),
    shortlistNote: of.note ?? '',
  });
}

export async function declineResponse(
  tx: Tx,
  deps: Pick<RequestDeps, 'clock'>,
  actor: Actor,
  of: Of & { readonly reason: string },
): Promise<Answered | Refusal> {
  const found = await lockDecision(tx, deps, actor, of);
  if (isRefusal(found)) return found;
  const state = moveResponse(found.row.state, 'decline');
  return state ? change(tx, found, { state, reason: of.reason }) : over(found.row);
}

/** Opens a talk about one lot of an answer. Until it ends the answer can neither be taken nor changed. */
export async function negotiateResponse(
  tx: Tx,
  deps: Pick<RequestDeps, 'clock' | 'startNegotiation'>,
  actor: Actor,
  of: Of & { readonly listingId: string },
): Promise<{ negotiationId: string } | Refusal> {
  const found = await lockDecision(tx, deps, actor, of);
  if (isRefusal(found)) return found;
  const { to, row } = found;
  if (to.poolId !== null) return refuse('purchase_request.pooled');
  const line = (await linesOf(tx, [row.id])).find(({ listingId }) => listingId === of.listingId);
  if (!line)
    return refuse('purchase_request.lot_unknown', { fields: { listingId: 'purchase_request.lot_unknown' } });
  const state = moveResponse(row.state, 'negotiate');
  if (!state) return over(row);
  if (!deps.startNegotiation) return refuse('purchase_request.negotiation_unavailable');
  const started = await deps.startNegotiation(tx, {
    requestId: to.id,
    responseId: row.id,
    listingId: line.listingId,
    buyerId: to.buyerId,
    sellerId: row.sellerId,
    personId: actor.personId,
    quantityKg: line.quantityKg,
    pricePerTonne: line.pricePerTonne,
    currency: to.currency,
  });
  if (isRefusal(started)) return started;
  await orm(tx).update(response).set({ state }).where(eq(response.id, row.id));
  await settleRequest(tx, to, { negotiations: to.negotiations + 1 });
  return started;
}

type Ended = { readonly requestId: string; readonly responseId: string; readonly now: Date };

/** A negotiation ended without a sale: its answer stands again where it stood, unless its time is over. */
export async function endNegotiation(tx: Tx, of: Ended): Promise<void> {
  const found = await lockNegotiated(tx, of);
  if (!found) return;
  const { to, row } = found;
  const isOver = notLive(to, of.now) !== undefined || row.validUntil <= of.now;
  const move = isOver ? 'end' : row.shortlistedAt ? 'return_listed' : 'return';
  await orm(tx)
    .update(response)
    .set({ state: moveResponse(row.state, move)! })
    .where(eq(response.id, row.id));
  if (notLive(to, new Date(0))) return;
  await settleRequest(tx, to, { negotiations: to.negotiations - 1 });
}

/**
 * A negotiation ended in a sale of `quantityKg`, which its slice has made: the request is lowered by it and
 * the answer is taken. Refuses when the buyer needs less by now; then nothing is booked.
 */
export async function bookNegotiated(
  tx: Tx,
  of: Ended & { readonly quantityKg: bigint },
): Promise<undefined | Refusal> {
  const found = await lockNegotiated(tx, of);
  if (!found) return refuse('purchase_request.response_closed');
  const { to, row } = found;
  const closed = notLive(to, new Date(0));
  if (closed) return closed;
  const outstanding = to.quantityKg - to.contractedKg - to.auctionedKg;
  if (of.quantityKg > outstanding) return refuse('purchase_request.quantity_exceeded');
  await orm(tx)
    .update(response)
    .set({ state: moveResponse(row.state, 'take')! })
    .where(eq(response.id, row.id));
  await settleRequest(tx, to, {
    negotiations: to.negotiations - 1,
    contractedKg: to.contractedKg + of.quantityKg,
  });
  return undefined;
}

async function lockNegotiated(tx: Tx, of: Ended): Promise<Answered | undefined> {
  const to = await lockRequest(tx, of.requestId);
  const [row] = to ? await lockResponses(tx, to, [of.responseId]) : [];
  return to && row?.state === 'negotiating' ? { to, row } : undefined;
}

/** The buyer's live request and one answer to it that is not over, both locked. */
async function lockDecision(
  tx: Tx,
  { clock }: Pick<RequestDeps, 'clock'>,
  actor: Actor,
  of: Of,
): Promise<Answered | Refusal> {
  const to = await lockOwn(tx, actor, of.requestId);
  if (isRefusal(to)) return to;
  const [row] = await lockResponses(tx, to, [of.responseId]);
  if (!row) return refuse('resource.not_found');
  const now = clock.now();
  return notLive(to, now) ?? (row.validUntil <= now ? over(row) : { to, row });
}

async function change(tx: Tx, { to, row }: Answered, values: Partial<ResponseRow>): Promise<Answered> {
  await orm(tx).update(response).set(values).where(eq(response.id, row.id));
  return { to: await settleRequest(tx, to), row: { ...row, ...values } };
}

export function over(row: ResponseRow): Refusal {
  return refuse('purchase_request.response_closed', { detail: `it is ${row.state}` });
}
