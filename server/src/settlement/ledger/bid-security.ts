/** Bid security as the auctions use it: hold before the engine may count it, resolve after its close. */
import { type BidSecurity, holdBidSecurity, releaseBidSecurity, resolveBidSecurity } from '@seam/ledger';
import type { Minor } from '@seam/units';
import type { Connection } from '../../platform/db.ts';
import { type Hold, type PostOutcome, holdsOf, post } from './ledger.ts';

/** Reserves free money, or the standing deposit, for one auction. Refused as a whole when it does not reach. */
export async function hold(tx: Connection, security: BidSecurity): Promise<PostOutcome> {
  return post(tx, holdBidSecurity(security));
}

/** Gives one hold back whole: the engine refused the allocation, so nothing stands on it. */
export async function releaseHold(tx: Connection, security: BidSecurity): Promise<PostOutcome> {
  return post(tx, releaseBidSecurity(security));
}

/**
 * Resolves everything one organisation holds in one auction. Call it only for a journaled release or
 * retention: the engine's limit must never be above the ledger's hold (invariant L10).
 * @param input.retained what the award keeps; 0 for a loser.
 * @throws RangeError when more is retained than held.
 */
export async function resolve(
  tx: Connection,
  input: { auctionId: string; orgId: string; retained: Minor },
): Promise<PostOutcome> {
  const all = await holdsOf(tx, { subject: `auction:${input.auctionId}`, orgId: input.orgId });
  const holds = all.filter((found) => found.state === 'held');
  // A repeated journal entry: the first time resolved every hold.
  if (holds.length === 0 && (all.length > 0 || input.retained === 0n)) return repeated(all, input.retained);
  return post(
    tx,
    resolveBidSecurity({
      ...input,
      holds: holds.map((found) => ({
        ...found,
        from: found.from.endsWith('/standing_deposit') ? 'standing_deposit' : 'free',
        auctionId: input.auctionId,
      })),
    }),
  );
}

function repeated(resolved: readonly Hold[], retained: Minor): PostOutcome {
  const kept = resolved.reduce((sum, found) => sum + found.postedAmount, 0n);
  return kept === retained ? { ok: true, outcomes: ['exists'] } : { ok: false, code: 'ledger.hold_resolved' };
}
