/** Members of a pool. */
import { asc, eq } from 'drizzle-orm';
import { type Connection, type Tx, orm } from '../../platform/db.ts';
import { type PoolMemberRow, poolMember } from '../tables.ts';

/** In the order of their ids, locked. */
export async function lockMembers(tx: Tx, poolId: string): Promise<PoolMemberRow[]> {
  return orm(tx)
    .select()
    .from(poolMember)
    .where(eq(poolMember.poolId, poolId))
    .orderBy(asc(poolMember.organisationId))
    .for('update');
}

export async function membersOf(connection: Connection, poolId: string): Promise<PoolMemberRow[]> {
  return orm(connection)
    .select()
    .from(poolMember)
    .where(eq(poolMember.poolId, poolId))
    .orderBy(asc(poolMember.joinedAt), asc(poolMember.organisationId));
}
