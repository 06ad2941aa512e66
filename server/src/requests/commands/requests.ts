/** What a buyer does with a need: drafts it, publishes it, takes it back. Each runs in the caller's transaction. */
import type { RequestInput } from '@seam/protocol';
import { eq } from 'drizzle-orm';
import { createPlace, lacksSide, placeById } from '../../listings/public.ts';
import { type Tx, orm } from '../../platform/db.ts';
import { newId } from '../../platform/id.ts';
import { enqueue } from '../../platform/outbox.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import { moveRequest } from '../lifecycle.ts';
import { DRAFTS_MAX, OPEN_REQUESTS_MAX } from '../limits.ts';
import type { Actor, NamedAccount, RequestDeps } from '../ports.ts';
import { type CheckedRequest, checkRequest } from '../rules.ts';
import { type RequestRow, request } from '../tables.ts';
import { closeAnswers, lockOwn, lockRequest, setRequest } from './state.ts';

export const EXPIRE_REQUEST_TOPIC = 'requests.expire';
export const MATCH_REQUEST_TOPIC = 'requests.match';

export type PublishDeps = Pick<RequestDeps, 'clock' | 'organisations' | 'accountOf'>;

/** @param id given by a seed that can be run again; else a new one. */
export async function createRequest(
  tx: Tx,
  deps: PublishDeps,
  actor: Actor,
  input: RequestInput,
  id: string = newId(),
): Promise<RequestRow | Refusal> {
  const wrongSide = await lacksSide(tx, deps.organisations, actor, 'buys');
  if (wrongSide) return wrongSide;
  const stated = await stateNeed(tx, deps, actor, input);
  if (isRefusal(stated)) return stated;
  const full = await hasTooMany(tx, actor, input.draft === true);
  if (full) return full;
  return storeRequest(tx, { id, actor, stated, draft: input.draft === true });
}

/** The whole draft is written anew; with `draft` left out it is published. */
export async function editRequest(
  tx: Tx,
  deps: PublishDeps,
  actor: Actor,
  requestId: string,
  input: RequestInput,
): Promise<RequestRow | Refusal> {
  const row = await lockOwn(tx, actor, requestId);
  if (isRefusal(row)) return row;
  if (row.state !== 'draft') return refuse('purchase_request.not_draft');
  const stated = await stateNeed(tx, deps, actor, input);
  if (isRefusal(stated)) return stated;
  await orm(tx).update(request).set(stated).where(eq(request.id, row.id));
  return input.draft === true ? { ...row, ...stated } : publishRequest(tx, deps, actor, requestId);
}

export async function publishRequest(
  tx: Tx,
  deps: PublishDeps,
  actor: Actor,
  requestId: string,
): Promise<RequestRow | Refusal> {
  const row = await lockOwn(tx, actor, requestId);
  if (isRefusal(row)) return row;
  if (!moveRequest(row.state, 'publish')) return refuse('purchase_request.not_draft');
  const now = deps.clock.now();
  if (row.expiresAt <= now)
    return refuse('listing.valid_until_past', { fields: { validUntil: 'listing.valid_until_past' } });
  if (row.windowTo < now.toISOString().slice(0, 10))
    return refuse('listing.window_past', { fields: { windowTo: 'listing.window_past' } });
  const account = await deps.accountOf(tx, actor.organisationId);
  if (!account) return refuse('purchase_request.account_missing');
  const full = await hasTooMany(tx, actor, false);
  if (full) return full;
  await orm(tx).update(request).set({ account, state: 'open' }).where(eq(request.id, row.id));
  const published: RequestRow = { ...row, account, state: 'open' };
  await follow(tx, published);
  return published;
}

type Stated = CheckedRequest &
  Pick<
    RequestRow,
    'coalRanks' | 'plantPlaceId' | 'windowFrom' | 'windowTo' | 'currency' | 'note' | 'audience'
  > & { readonly account: NamedAccount };

/** Everything a request says, checked, with its place made and the account it is paid from. */
async function stateNeed(
  tx: Tx,
  deps: PublishDeps,
  actor: Actor,
  input: RequestInput,
): Promise<Stated | Refusal> {
  const checked = checkRequest(input, deps.clock.now());
  if (isRefusal(checked)) return checked;
  const account = await deps.accountOf(tx, actor.organisationId);
  if (!account) return refuse('purchase_request.account_missing');
  const plantPlaceId = await placeFor(tx, actor, { placeId: input.plantPlaceId, newPlace: input.newPlant });
  if (isRefusal(plantPlaceId)) return plantPlaceId;
  const { coalRanks, windowFrom, windowTo, currency, note = '', audience = 'public' } = input;
  return { ...checked, coalRanks, windowFrom, windowTo, currency, note, audience, account, plantPlaceId };
}

export async function storeRequest(
  tx: Tx,
  of: {
    readonly id: string;
    readonly actor: Actor;
    readonly stated: Stated;
    readonly draft: boolean;
    readonly poolId?: string;
  },
): Promise<RequestRow> {
  const [row] = await orm(tx)
    .insert(request)
    .values({
      id: of.id,
      buyerId: of.actor.organisationId,
      createdBy: of.actor.personId,
      state: of.draft ? 'draft' : 'open',
      poolId: of.poolId ?? null,
      ...of.stated,
    })
    .returning();
  if (!row) throw new Error('the request was not stored');
  if (!of.draft) await follow(tx, row);
  return row;
}

/** What happens by itself once it is published: the market is looked through, and one day it is over. */
async function follow(tx: Tx, row: RequestRow): Promise<void> {
  await enqueue(tx, {
    effectKey: `request:${row.id}:match`,
    topic: MATCH_REQUEST_TOPIC,
    payload: { requestId: row.id },
  });
  await enqueue(tx, {
    effectKey: `request:${row.id}:expire`,
    topic: EXPIRE_REQUEST_TOPIC,
    payload: { requestId: row.id },
    notBefore: row.expiresAt,
  });
}

async function hasTooMany(tx: Tx, actor: Actor, drafts: boolean): Promise<Refusal | undefined> {
  const [has] = await tx<{ drafts: number; live: number }[]>`
    select count(*) filter (where state = 'draft')::int as drafts,
           count(*) filter (where state not in ('draft', 'contracted', 'cancelled', 'expired'))::int as live
      from request where buyer_id = ${actor.organisationId}`;
  const [most, count] = drafts ? [DRAFTS_MAX, has!.drafts] : [OPEN_REQUESTS_MAX, has!.live];
  return count >= most
    ? refuse('purchase_request.too_many_open', { accepted: { requests: String(most) } })
    : undefined;
}

/** A place of the register whose coordinates are known, or a new one. */
export async function placeFor(
  tx: Tx,
  actor: Actor,
  of: {
    readonly placeId: string | undefined;
    readonly newPlace: RequestInput['newPlant'];
    readonly field?: string;
  },
): Promise<string | Refusal> {
  if (of.newPlace) {
    const made = await createPlace(tx, actor, of.newPlace);
    return isRefusal(made) ? made : made.id;
  }
  const place = await placeById(tx, of.placeId ?? '');
  const code = !place
    ? 'listing.place_unknown'
    : place.latitude === null
      ? 'purchase_request.place_without_coordinates'
      : undefined;
  if (code || !place)
    return refuse(code ?? 'listing.place_unknown', { fields: { [of.field ?? 'plantPlaceId']: code ?? '' } });
  return place.id;
}

export async function closeRequest(tx: Tx, actor: Actor, requestId: string): Promise<RequestRow | Refusal> {
  const row = await lockOwn(tx, actor, requestId);
  if (isRefusal(row)) return row;
  if (row.auctionedKg > 0n) return refuse('purchase_request.in_auction');
  if (row.negotiations > 0) return refuse('purchase_request.in_negotiation');
  if (!moveRequest(row.state, 'cancel'))
    return refuse('purchase_request.not_open', { detail: `it is ${row.state}` });
  await closeAnswers(tx, row.id, 'declined');
  return setRequest(tx, row, { state: 'cancelled' });
}

/** Ends a request whose time is over. Safe to call at any time and twice. */
export async function expireRequest(tx: Tx, requestId: string, now: Date): Promise<void> {
  const row = await lockRequest(tx, requestId);
  if (!row || !moveRequest(row.state, 'expire') || row.expiresAt > now) return;
  // An auction or a negotiation that is under way ends it when it ends itself.
  if (row.auctionedKg > 0n || row.negotiations > 0) return;
  await closeAnswers(tx, row.id, 'expired');
  await setRequest(tx, row, { state: 'expired' });
}
