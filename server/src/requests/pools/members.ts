/** Members of a pool, and how an award is shared among them. */
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

/**
 * `total` kilograms in proportion to `weights`, exactly: each its whole part, then one kilogram each to the
 * largest remainders, of equal ones to the first. Nobody gets more than its weight where `total` is no more
 * than all of them.
 * @throws RangeError when there is nothing to share by.
 */
export function shareOut(total: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((all, weight) => all + weight, 0n);
  if (total < 0n || sum <= 0n || weights.some((weight) => weight < 0n)) {
    throw new RangeError(`cannot share ${total} by ${weights.join(', ')}`);
  }
  const shares = weights.map((weight) => (total * weight) / sum);
  const remainders = weights.map((weight) => (total * weight) % sum);
  let missing = total - shares.reduce((all, share) => all + share, 0n);
  const order = remainders
    .map((_, at) => at)
    .toSorted((a, b) => Number(remainders[b]! - remainders[a]!) || a - b);
  for (const at of order) {
    if (missing === 0n) break;
    shares[at] = shares[at]! + 1n;
    missing -= 1n;
  }
  return shares;
}
