/** Who may see a request. A company that may not is told there is none. */
import type { Connection } from '../platform/db.ts';
import type { Principal } from '../platform/principal.ts';
import type { RequestRow } from './tables.ts';

/** Whose eyes: a company's id, everything (`staff`), or a visitor's. */
export type Viewer = Pick<Principal, 'organisationId' | 'staff'> | null;

/** `buyer`: who needs it, shares in it, or watches over all. `producer`: everyone else who may see it. */
export type Standing = 'buyer' | 'producer';

/** @returns undefined when the viewer may not know of it. */
export async function standingOf(
  connection: Connection,
  row: RequestRow,
  viewer: Viewer,
): Promise<Standing | undefined> {
  if (viewer?.staff && row.state !== 'draft') return 'buyer';
  if (viewer && !viewer.staff && viewer.organisationId === row.buyerId) return 'buyer';
  if (row.state === 'draft') return undefined;
  if (viewer && (await isMemberOf(connection, row.poolId, viewer.organisationId))) return 'buyer';
  if (row.audience === 'public') return 'producer';
  return viewer && (await isInvited(connection, row.id, viewer.organisationId)) ? 'producer' : undefined;
}

export async function isInvited(
  connection: Connection,
  requestId: string,
  organisationId: string,
): Promise<boolean> {
  const found = await connection`select 1 from request_invitation
    where request_id = ${requestId} and organisation_id = ${organisationId}`;
  return found.length > 0;
}

export async function isMemberOf(
  connection: Connection,
  poolId: string | null,
  organisationId: string,
): Promise<boolean> {
  if (poolId === null) return false;
  const found = await connection`select 1 from request_pool_member
    where pool_id = ${poolId} and organisation_id = ${organisationId}`;
  return found.length > 0;
}
