/** What small buyers do together. A pool is locked before its request; each command runs in one transaction. */
import type { PoolInput, PoolJoin } from '@seam/protocol';
import { formatTonnes } from '@seam/units';
import { and, eq } from 'drizzle-orm';
import {
  type FieldErrors,
  checkCoordinates,
  endOfDay,
  lacksSide,
  readQuantity,
  refusalOf,
} from '../../listings/public.ts';
import { type Tx, first, orm } from '../../platform/db.ts';
import { newId } from '../../platform/id.ts';
import { enqueue } from '../../platform/outbox.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import { placeFor, storeRequest } from '../commands/requests.ts';
import { OPEN_POOLS_MAX, POOL_MEMBERS_MAX, QUANTITY_KG_MAX } from '../limits.ts';
import type { Actor, NamedAccount, RequestDeps } from '../ports.ts';
import { type PoolMemberRow, type PoolRow, pool, poolMember } from '../tables.ts';
import { lockMembers } from './members.ts';
import { checkPool } from './rules.ts';

export const END_POOL_TOPIC = 'requests.end_pool';
type PoolDeps = Pick<RequestDeps, 'clock' | 'organisations' | 'accountOf'>;

export async function openPool(
  tx: Tx,
  deps: PoolDeps,
  actor: Actor,
  input: PoolInput,
): Promise<PoolRow | Refusal> {
  const account = await mayJoin(tx, deps, actor);
  if (isRefusal(account)) return account;
  const checked = checkPool(input, deps.clock.now());
  if (isRefusal(checked)) return checked;
  const placeId = await placeFor(tx, actor, {
    placeId: input.placeId,
    newPlace: input.newPlace,
    field: 'placeId',
  });
  if (isRefusal(placeId)) return placeId;
  const [open] = await tx<{ n: number }[]>`select count(*)::int as n from request_pool
    where opened_by = ${actor.organisationId} and state = 'open'`;
  if (open!.n >= OPEN_POOLS_MAX)
    return refuse('purchase_request.too_many_open', { accepted: { pools: String(OPEN_POOLS_MAX) } });
  const { quantityKg, ...stated } = checked;
  const { name, coalRanks, windowFrom, windowTo, currency, note = '' } = input;
  const [row] = await orm(tx)
    .insert(pool)
    .values({
      id: newId(),
      openedBy: actor.organisationId,
      createdBy: actor.personId,
      state: 'open',
      name,
      coalRanks,
      windowFrom,
      windowTo,
      currency,
      note,
      placeId: input.placeOf === 'common' ? placeId : null,
      ...stated,
    })
    .returning();
  if (!row) throw new Error('the pool was not stored');
  await putMember(tx, row, actor, { quantityKg, placeId, account });
  await enqueue(tx, {
    effectKey: `pool:${row.id}:end`,
    topic: END_POOL_TOPIC,
    payload: { poolId: row.id },
    notBefore: row.deadline,
  });
  return row;
}

/** Joins, or changes the tonnes and the place of who has joined already. */
export async function joinPool(
  tx: Tx,
  deps: PoolDeps,
  actor: Actor,
  of: { readonly poolId: string; readonly input: PoolJoin },
): Promise<PoolRow | Refusal> {
  const { input } = of;
  const fields: FieldErrors = {};
  const accepted = {};
  const quantityKg = readQuantity(input.quantity, 'quantity', fields, accepted);
  if (input.newPlace) checkCoordinates(input.newPlace, 'newPlace', fields);
  const wrong = refusalOf(fields, accepted, 'purchase_request.invalid');
  if (wrong) return wrong;
  const row = await lockOpen(tx, of.poolId, deps.clock.now());
  if (isRefusal(row)) return row;
  const account = await mayJoin(tx, deps, actor);
  if (isRefusal(account)) return account;
  const placeId = await placeOf(tx, actor, row, input);
  if (isRefusal(placeId)) return placeId;
  const others = (await lockMembers(tx, row.id)).filter((one) => one.organisationId !== actor.organisationId);
  const room = QUANTITY_KG_MAX - totalKg(others);
  if (others.length >= POOL_MEMBERS_MAX || quantityKg > room)
    return refuse('request_pool.full', { accepted: { quantity: `≤ ${formatTonnes(room)}` } });
  await putMember(tx, row, actor, { quantityKg, placeId, account });
  return row;
}

export async function leavePool(
  tx: Tx,
  deps: Pick<RequestDeps, 'clock'>,
  actor: Actor,
  poolId: string,
): Promise<PoolRow | Refusal> {
  const row = await lockOpen(tx, poolId, deps.clock.now());
  if (isRefusal(row)) return row;
  if (row.openedBy === actor.organisationId) return refuse('request_pool.opener_stays');
  const gone = await orm(tx)
    .delete(poolMember)
    .where(and(eq(poolMember.poolId, row.id), eq(poolMember.organisationId, actor.organisationId)))
    .returning();
  return gone.length === 0 ? refuse('request_pool.not_joined') : row;
}

/** The opener makes the request before the day: enough has come together. */
export async function closePool(
  tx: Tx,
  deps: Pick<RequestDeps, 'clock'>,
  actor: Actor,
  poolId: string,
): Promise<PoolRow | Refusal> {
  const row = await lockOpen(tx, poolId, deps.clock.now());
  if (isRefusal(row)) return row;
  if (row.openedBy !== actor.organisationId) return refuse('resource.not_found');
  const members = await lockMembers(tx, row.id);
  if (totalKg(members) < row.minimumKg) {
    return refuse('request_pool.minimum_missed', {
      accepted: { quantity: `≥ ${formatTonnes(row.minimumKg)}` },
      detail: `${formatTonnes(totalKg(members))} t have come together`,
    });
  }
  return becomeRequest(tx, row, members, deps.clock.now());
}

export async function cancelPool(
  tx: Tx,
  deps: Pick<RequestDeps, 'clock'>,
  actor: Actor,
  of: { readonly poolId: string; readonly reason: string },
): Promise<PoolRow | Refusal> {
  const now = deps.clock.now();
  const row = await lockOpen(tx, of.poolId, now);
  if (isRefusal(row)) return row;
  if (row.openedBy !== actor.organisationId) return refuse('resource.not_found');
  return setPool(tx, row, { state: 'cancelled', reason: of.reason, closedAt: now });
}

/** On its day a pool becomes a request, or ends and says why. Safe to call at any time and twice. */
export async function endPool(tx: Tx, deps: Pick<RequestDeps, 'clock'>, poolId: string): Promise<void> {
  const now = deps.clock.now();
  const row = await lockPool(tx, poolId);
  if (row?.state !== 'open' || row.deadline > now) return;
  const members = await lockMembers(tx, row.id);
  const total = totalKg(members);
  if (total >= row.minimumKg) await becomeRequest(tx, row, members, now);
  else {
    const reason = `${formatTonnes(total)} t of ${formatTonnes(row.minimumKg)} t came together`;
    await setPool(tx, row, { state: 'missed', reason, closedAt: now });
  }
}

export function totalKg(members: readonly Pick<PoolMemberRow, 'quantityKg'>[]): bigint {
  return members.reduce((sum, { quantityKg }) => sum + quantityKg, 0n);
}

/**
 * One request for all, of which the opener speaks. Costs at the plant are counted to the common place, else
 * to the place of who takes most.
 */
async function becomeRequest(
  tx: Tx,
  row: PoolRow,
  members: readonly PoolMemberRow[],
  now: Date,
): Promise<PoolRow> {
  const opener = members.find(({ organisationId }) => organisationId === row.openedBy)!;
  const largest = members.reduce((most, one) => (one.quantityKg > most.quantityKg ? one : most), opener);
  const quantityKg = totalKg(members);
  const requestId = newId();
  // Answers are awaited as long as coal can still be delivered, at least a day.
  const expiresAt = new Date(Math.max(endOfDay(row.windowTo), now.getTime() + 86_400_000));
  await storeRequest(tx, {
    id: requestId,
    actor: { organisationId: row.openedBy, personId: row.createdBy },
    draft: false,
    poolId: row.id,
    stated: {
      coalRanks: row.coalRanks,
      limits: row.limits,
      quantityKg,
      // Any part that could be shared is of use to some.
      minimumKg: quantityKg < LEAST_PART_KG ? quantityKg : LEAST_PART_KG,
      priceCeiling: row.priceCeiling,
      ceilingAt: row.ceilingAt,
      plantPlaceId: row.placeId ?? largest.placeId,
      windowFrom: row.windowFrom,
      windowTo: row.windowTo,
      currency: row.currency,
      note: row.note,
      audience: 'public',
      account: opener.account!,
      expiresAt,
    },
  });
  return setPool(tx, row, { state: 'closed', requestId, closedAt: now });
}

/** A truck for each of twenty members. */
const LEAST_PART_KG = 500_000n;

async function mayJoin(tx: Tx, deps: PoolDeps, actor: Actor): Promise<NamedAccount | Refusal> {
  const wrongSide = await lacksSide(tx, deps.organisations, actor, 'buys');
  if (wrongSide) return wrongSide;
  return (await deps.accountOf(tx, actor.organisationId)) ?? refuse('purchase_request.account_missing');
}

async function placeOf(tx: Tx, actor: Actor, row: PoolRow, input: PoolJoin): Promise<string | Refusal> {
  const named = input.placeId !== undefined || input.newPlace !== undefined;
  if (row.placeId !== null) {
    if (!named) return row.placeId;
    return refuse('purchase_request.place_common', { fields: { placeId: 'purchase_request.place_common' } });
  }
  if ((input.placeId === undefined) === (input.newPlace === undefined)) {
    const code = 'purchase_request.plant_required';
    return refuse(code, { fields: { placeId: code } });
  }
  return placeFor(tx, actor, { placeId: input.placeId, newPlace: input.newPlace, field: 'placeId' });
}

async function putMember(
  tx: Tx,
  row: PoolRow,
  actor: Actor,
  values: Pick<PoolMemberRow, 'quantityKg' | 'placeId'> & { readonly account: NamedAccount },
): Promise<void> {
  await orm(tx)
    .insert(poolMember)
    .values({ poolId: row.id, organisationId: actor.organisationId, joinedBy: actor.personId, ...values })
    .onConflictDoUpdate({ target: [poolMember.poolId, poolMember.organisationId], set: values });
}

async function lockPool(tx: Tx, id: string): Promise<PoolRow | undefined> {
  return first(await orm(tx).select().from(pool).where(eq(pool.id, id)).for('update'));
}

async function lockOpen(tx: Tx, id: string, now: Date): Promise<PoolRow | Refusal> {
  const row = await lockPool(tx, id);
  if (!row) return refuse('resource.not_found');
  // The job that ends it may be late; its day is over all the same.
  const isOpen = row.state === 'open' && row.deadline > now;
  return isOpen ? row : refuse('request_pool.closed', { detail: `it is ${row.state}` });
}

async function setPool(tx: Tx, row: PoolRow, values: Partial<PoolRow>): Promise<PoolRow> {
  await orm(tx).update(pool).set(values).where(eq(pool.id, row.id));
  return { ...row, ...values };
}
