/** Pools as they are read. Members see each other; everybody else sees how much has come together. */
import type { PoolView } from '@seam/protocol';
import { formatMoney, formatTonnes } from '@seam/units';
import { and, desc, eq, exists, gt, inArray, lt, sql } from 'drizzle-orm';
import { partyOf, placeView, placesById } from '../../listings/public.ts';
import { type Connection, first, orm } from '../../platform/db.ts';
import type { Principal } from '../../platform/principal.ts';
import { PAGE } from '../limits.ts';
import type { RequestDeps } from '../ports.ts';
import { limitStatement } from '../rules.ts';
import { type PoolMemberRow, type PoolRow, pool, poolMember } from '../tables.ts';
import { totalKg } from './commands.ts';

type Reader = Pick<RequestDeps, 'organisations' | 'clock'>;

export async function poolById(connection: Connection, id: string): Promise<PoolRow | undefined> {
  return first(await orm(connection).select().from(pool).where(eq(pool.id, id)));
}

export async function listPools(
  deps: Reader,
  connection: Connection,
  viewer: Principal,
  of: { readonly scope: 'open' | 'own'; readonly cursor: string | undefined },
): Promise<{ items: PoolView[]; nextCursor: string | null }> {
  const joined = exists(
    orm(connection)
      .select({ one: sql`1` })
      .from(poolMember)
      .where(and(eq(poolMember.poolId, pool.id), eq(poolMember.organisationId, viewer.organisationId))),
  );
  const open = and(eq(pool.state, 'open'), gt(pool.deadline, deps.clock.now()));
  const found = await orm(connection)
    .select()
    .from(pool)
    .where(and(of.scope === 'own' ? joined : open, of.cursor ? lt(pool.id, of.cursor) : undefined))
    .orderBy(desc(pool.id))
    .limit(PAGE + 1);
  const rows = found.slice(0, PAGE);
  return {
    items: await poolViews(deps, connection, rows, viewer),
    nextCursor: found.length > PAGE ? (rows.at(-1)?.id ?? null) : null,
  };
}

export async function poolViews(
  deps: Reader,
  connection: Connection,
  rows: readonly PoolRow[],
  viewer: Principal,
): Promise<PoolView[]> {
  if (rows.length === 0) return [];
  const members = await orm(connection)
    .select()
    .from(poolMember)
    .where(
      inArray(
        poolMember.poolId,
        rows.map(({ id }) => id),
      ),
    )
    .orderBy(poolMember.joinedAt, poolMember.organisationId);
  const names = await deps.organisations(connection, [
    ...new Set([...rows.map((row) => row.openedBy), ...members.map((one) => one.organisationId)]),
  ]);
  const places = await placesById(connection, [
    ...rows.map((row) => row.placeId),
    ...members.map((one) => one.placeId),
  ]);
  const placeOf = (id: string) => {
    const found = places.get(id);
    if (!found) throw new Error(`the place ${id} of a pool is gone`);
    return placeView(found);
  };
  return rows.map((row) => {
    const of = members.filter(({ poolId }) => poolId === row.id);
    const isSelf = (one: PoolMemberRow): boolean =>
      !viewer.staff && one.organisationId === viewer.organisationId;
    const isInside = viewer.staff || of.some(isSelf);
    const isLate = row.state === 'open' && row.deadline <= deps.clock.now();
    return {
      id: row.id,
      name: row.name,
      // The job that ends it may be late; nobody can join any more all the same.
      state: isLate && totalKg(of) < row.minimumKg ? 'missed' : row.state,
      openedBy: partyOf(row.openedBy, names),
      coalRanks: row.coalRanks,
      limits: row.limits.map(limitStatement),
      minimumQuantity: formatTonnes(row.minimumKg),
      joined: formatTonnes(totalKg(of)),
      memberCount: of.length,
      members: isInside
        ? of.map((one) => ({
            organisation: partyOf(one.organisationId, names),
            quantity: formatTonnes(one.quantityKg),
            awarded: formatTonnes(one.awardedKg),
            place: placeOf(one.placeId),
            own: isSelf(one),
          }))
        : [],
      place: row.placeId === null ? null : placeOf(row.placeId),
      windowFrom: row.windowFrom,
      windowTo: row.windowTo,
      currency: row.currency,
      priceCeiling: row.priceCeiling === null ? null : formatMoney(row.priceCeiling),
      ceilingAt: row.ceilingAt,
      note: row.note,
      deadline: row.deadline.toISOString(),
      requestId: row.requestId,
      reason: row.reason,
      own: !viewer.staff && row.openedBy === viewer.organisationId,
      joinedBySelf: of.some(isSelf),
    };
  });
}
