/** What a producer does with its answer: gives it, replaces it by a new version, takes it back. */
import type { ResponseInput } from '@seam/protocol';
import { formatMoney, formatTonnes, minor } from '@seam/units';
import { compare, rational } from '@seam/coal';
import { eq } from 'drizzle-orm';
import { type ListingRow, listingsById, notOnMarket, placesById } from '../../listings/public.ts';
import { type Tx, first, orm } from '../../platform/db.ts';
import { newId } from '../../platform/id.ts';
import { enqueue } from '../../platform/outbox.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import { moveResponse } from '../lifecycle.ts';
import { noticeSettled } from '../../members/public.ts';
import { invitationOf } from './invitations.ts';
import { judge, needsOf, offerOf } from '../matching/needs.ts';
import type { Actor, NamedAccount, RequestDeps } from '../ports.ts';
import { isMemberOf, isInvited } from '../readers.ts';
import { type CheckedLot, type CheckedResponse, checkResponse } from '../rules.ts';
import { type RequestRow, type ResponseRow, response, responseLot, responseVersion } from '../tables.ts';
import { mayBind } from './sell.ts';
import { exceeded, lockRequest, lockResponses, notLive, outstandingKg, settleRequest } from './state.ts';

export const EXPIRE_RESPONSE_TOPIC = 'requests.expire_response';
export type Answered = { readonly to: RequestRow; readonly row: ResponseRow };
type AnswerDeps = Pick<RequestDeps, 'clock' | 'accountOf' | 'freight' | 'mayCommit'>;

/** A firm answer with lots of the actor's company. They stay on the market until somebody takes them. */
export async function createResponse(
  tx: Tx,
  deps: AnswerDeps,
  actor: Actor,
  requestId: string,
  input: ResponseInput,
): Promise<Answered | Refusal> {
  const checked = checkResponse(input, deps.clock.now());
  if (isRefusal(checked)) return checked;
  const to = await lockRequest(tx, requestId);
  if (!to || !(await maySee(tx, actor, to))) return refuse('resource.not_found');
  const account = await answerable(tx, deps, actor, { to, checked });
  if (isRefusal(account)) return account;
  const [row] = await orm(tx)
    .insert(response)
    .values({
      id: newId(),
      requestId,
      sellerId: actor.organisationId,
      createdBy: actor.personId,
      state: 'offered',
      account,
      note: input.note ?? '',
      validUntil: checked.validUntil,
    })
    .returning();
  if (!row) throw new Error('the answer was not stored');
  await storeVersion(tx, row, checked.lots, input, actor);
  await noticeSettled(tx, invitationOf(requestId, actor.organisationId), deps.clock.now());
  return { to: await settleRequest(tx, to), row };
}

/** Replaces version `input.version`: whoever awards has to have seen the new one. */
export async function reviseResponse(
  tx: Tx,
  deps: AnswerDeps,
  actor: Actor,
  of: { requestId: string; responseId: string; input: ResponseInput & { version: number } },
): Promise<Answered | Refusal> {
  const { version, ...input } = of.input;
  const checked = checkResponse(input, deps.clock.now());
  if (isRefusal(checked)) return checked;
  const found = await lockOwnAnswer(tx, actor, of);
  if (isRefusal(found)) return found;
  const { to, row } = found;
  const state = moveResponse(row.state, 'revise');
  if (!state) return refuse('purchase_request.response_closed', { detail: `it is ${row.state}` });
  if (row.version !== version)
    return refuse('purchase_request.response_changed', { accepted: { version: String(row.version) } });
  const account = await answerable(tx, deps, actor, { to, checked, except: row.id });
  if (isRefusal(account)) return account;
  const values = {
    state,
    account,
    version: version + 1,
    note: input.note ?? '',
    shortlistedAt: null,
    validUntil: checked.validUntil,
  };
  await orm(tx).update(response).set(values).where(eq(response.id, row.id));
  await orm(tx).delete(responseLot).where(eq(responseLot.responseId, row.id));
  const next = { ...row, ...values };
  await storeVersion(tx, next, checked.lots, input, actor);
  return { to: await settleRequest(tx, to), row: next };
}

export async function withdrawResponse(
  tx: Tx,
  actor: Actor,
  of: { requestId: string; responseId: string },
): Promise<Answered | Refusal> {
  const found = await lockOwnAnswer(tx, actor, of);
  if (isRefusal(found)) return found;
  const { to, row } = found;
  const state = moveResponse(row.state, 'withdraw');
  if (!state) return refuse('purchase_request.response_closed', { detail: `it is ${row.state}` });
  await orm(tx).update(response).set({ state }).where(eq(response.id, row.id));
  return { to: notLive(to, new Date(0)) ? to : await settleRequest(tx, to), row: { ...row, state } };
}

/** Ends an answer whose time is over. Safe to call at any time and twice. */
export async function expireResponse(tx: Tx, responseId: string, now: Date): Promise<void> {
  const known = first(await orm(tx).select().from(response).where(eq(response.id, responseId)));
  const to = known && (await lockRequest(tx, known.requestId));
  const [row] = to ? await lockResponses(tx, to, [responseId]) : [];
  const state = row && moveResponse(row.state, 'expire');
  if (!to || !row || !state || row.validUntil > now) return;
  await orm(tx).update(response).set({ state }).where(eq(response.id, responseId));
  if (!notLive(to, new Date(0))) await settleRequest(tx, to);
}

async function maySee(tx: Tx, actor: Actor, to: RequestRow): Promise<boolean> {
  if (to.state === 'draft') return false;
  return to.audience === 'public' || isInvited(tx, to.id, actor.organisationId);
}

async function lockOwnAnswer(
  tx: Tx,
  actor: Actor,
  of: { requestId: string; responseId: string },
): Promise<Answered | Refusal> {
  const to = await lockRequest(tx, of.requestId);
  const [row] = to ? await lockResponses(tx, to, [of.responseId]) : [];
  if (!to || row?.sellerId !== actor.organisationId) return refuse('resource.not_found');
  return { to, row };
}

/** Whether this can be an answer to a locked request now. @returns the account it is to be paid to. */
async function answerable(
  tx: Tx,
  deps: AnswerDeps,
  actor: Actor,
  of: { readonly to: RequestRow; readonly checked: CheckedResponse; readonly except?: string },
): Promise<NamedAccount | Refusal> {
  const { to, checked } = of;
  const now = deps.clock.now();
  if (to.buyerId === actor.organisationId || (await isMemberOf(tx, to.poolId, actor.organisationId)))
    return refuse('purchase_request.own');
  const closed = notLive(to, now);
  if (closed) return closed;
  const account = await deps.accountOf(tx, actor.organisationId);
  if (!account) return refuse('purchase_request.account_missing');
  const rows = await listingsById(
    tx,
    checked.lots.map(({ listingId }) => listingId),
  );
  const parts = checked.lots.map(({ quantityKg: kg, pricePerTonne }) => ({ kg, pricePerTonne }));
  const wrong =
    unwanted(to, checked) ??
    unoffered(actor, checked, rows, now) ??
    (await answeredAlready(tx, actor, of)) ??
    (await tooDear(tx, deps, to, checked, rows)) ??
    // The buyer may award it at any moment: it binds as an award does.
    (await mayBind(tx, deps, { actor, currency: to.currency, parts }));
  return wrong ?? account;
}

/** Why the buyer has no use for it. */
function unwanted(to: RequestRow, { lots }: CheckedResponse): Refusal | undefined {
  const outstanding = outstandingKg(to);
  const least = to.minimumKg < outstanding ? to.minimumKg : outstanding;
  const quantityKg = lots.reduce((sum, lot) => sum + lot.quantityKg, 0n);
  const field = `lots.${lots.length - 1}.quantity`;
  if (quantityKg > outstanding)
    return { ...exceeded(outstanding), fields: { [field]: 'purchase_request.quantity_exceeded' } };
  if (quantityKg >= least) return undefined;
  const code = 'purchase_request.quantity_below_minimum';
  return refuse(code, { fields: { [field]: code }, accepted: { quantity: `≥ ${formatTonnes(least)}` } });
}

/** Why the producer cannot offer it. */
function unoffered(
  actor: Actor,
  { lots }: CheckedResponse,
  rows: ReadonlyMap<string, ListingRow>,
  now: Date,
): Refusal | undefined {
  for (const [place, { listingId, quantityKg }] of lots.entries()) {
    const lot = rows.get(listingId);
    const field = `lots.${place}.listingId`;
    if (!lot || lot.source !== 'member' || lot.sellerId !== actor.organisationId)
      return refuse('purchase_request.lot_unknown', { fields: { [field]: 'purchase_request.lot_unknown' } });
    const closed = notOnMarket(lot.state);
    if (closed) return { ...closed, fields: { [field]: closed.refused } };
    if (lot.expiresAt <= now)
      return refuse('listing.not_published', { fields: { [field]: 'listing.not_published' } });
    if (quantityKg > lot.remainingKg) {
      const code = 'listing.quantity_unavailable';
      return refuse(code, {
        fields: { [`lots.${place}.quantity`]: code },
        accepted: { quantity: formatTonnes(lot.remainingKg) },
      });
    }
  }
  return undefined;
}

/** A lot answers a request once at a time; the request is locked, so nobody answers meanwhile. */
async function answeredAlready(
  tx: Tx,
  actor: Actor,
  { to, checked, except }: { to: RequestRow; checked: CheckedResponse; except?: string },
): Promise<Refusal | undefined> {
  const ids = checked.lots.map(({ listingId }) => listingId);
  const [taken] = await tx<{ id: string }[]>`
    select l.listing_id as id from response r join response_lot l on l.response_id = r.id
     where r.request_id = ${to.id} and r.seller_id = ${actor.organisationId} and r.id <> ${except ?? ''}
       and r.state in ('offered', 'shortlisted', 'negotiating') and l.listing_id = any(${ids}) limit 1`;
  if (!taken) return undefined;
  const code = 'purchase_request.already_answered';
  return refuse(code, { fields: { [`lots.${ids.indexOf(taken.id)}.listingId`]: code } });
}

/** Above what the buyer pays, on the lot's delivery term or at the plant. */
async function tooDear(
  tx: Tx,
  deps: AnswerDeps,
  to: RequestRow,
  { lots }: CheckedResponse,
  rows: ReadonlyMap<string, ListingRow>,
): Promise<Refusal | undefined> {
  if (to.priceCeiling === null) return undefined;
  const places = await placesById(tx, [
    to.plantPlaceId,
    ...[...rows.values()].map((row) => row.deliveryPlaceId),
  ]);
  const needs = needsOf(to, places.get(to.plantPlaceId), deps.freight);
  for (const [place, { listingId, pricePerTonne, quantityKg }] of lots.entries()) {
    const price = { perTonne: minor(pricePerTonne), currency: to.currency };
    const offer =
      to.ceilingAt === 'delivered' && offerOf(rows.get(listingId)!, places, { quantityKg, price });
    const paid = offer && needs ? judge(to, needs, offer).landed?.perTonne : rational(pricePerTonne);
    if (paid && compare(paid, rational(to.priceCeiling)) <= 0) continue;
    const code = 'purchase_request.price_above_ceiling';
    return refuse(code, {
      fields: { [`lots.${place}.price`]: code },
      accepted: {
        price: `≤ ${formatMoney(to.priceCeiling)}${to.ceilingAt === 'delivered' ? ' (delivered)' : ''}`,
      },
    });
  }
  return undefined;
}

async function storeVersion(
  tx: Tx,
  row: ResponseRow,
  lots: readonly CheckedLot[],
  content: ResponseInput,
  actor: Actor,
): Promise<void> {
  await orm(tx)
    .insert(responseLot)
    .values(lots.map((lot, place) => ({ responseId: row.id, place, ...lot })));
  await orm(tx)
    .insert(responseVersion)
    .values({ responseId: row.id, version: row.version, content, madeBy: actor.personId });
  await enqueue(tx, {
    effectKey: `response:${row.id}:${row.version}:expire`,
    topic: EXPIRE_RESPONSE_TOPIC,
    payload: { responseId: row.id },
    notBefore: row.validUntil,
  });
}
