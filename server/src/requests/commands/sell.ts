/** A part of a lot sold to a request: to its buyer, or to each member of its pool by a sale of its own. */
import { makeSale, saleValue, sellFromListing } from '../../listings/public.ts';
import { type Tx, orm } from '../../platform/db.ts';
import { type Refusal, isRefusal } from '../../platform/refusal.ts';
import { shareOut } from '@seam/units';
import { lockMembers } from '../pools/members.ts';
import type { Actor, RequestDeps } from '../ports.ts';
import { type AwardRow, type RequestRow, award } from '../tables.ts';

export type SellingDeps = Pick<RequestDeps, 'clock' | 'createSale' | 'mayCommit' | 'contractBeforehand'>;

export type Goods = {
  readonly listingId: string;
  readonly sellerId: string;
  /** Null: at the price of the lot itself. */
  readonly responseId: string | null;
  readonly kg: bigint;
  /** Minor units of the request's currency. */
  readonly pricePerTonne: bigint;
};

/** One person binds its company to all the parts at once, so all of them together are what its limit is for. */
export async function mayBind(
  tx: Tx,
  deps: Pick<SellingDeps, 'mayCommit'>,
  of: {
    readonly actor: Actor;
    readonly currency: string;
    readonly parts: readonly { readonly kg: bigint; readonly pricePerTonne: bigint }[];
  },
): Promise<Refusal | undefined> {
  const { currency, parts } = of;
  const value = parts.reduce((sum, { kg, pricePerTonne }) => sum + saleValue(pricePerTonne, kg), 0n);
  return deps.mayCommit(tx, { personId: of.actor.personId, value, currency });
}

/** The request is locked, and lowered by the caller. */
export async function sellToRequest(
  tx: Tx,
  deps: SellingDeps,
  of: { readonly actor: Actor; readonly to: RequestRow; readonly goods: Goods; readonly now: Date },
): Promise<AwardRow[] | Refusal> {
  const { actor, to, goods, now } = of;
  const { listingId, responseId, kg } = goods;
  const sold = await sellFromListing(tx, { listingId, buyer: actor, quantityKg: kg, now });
  if (isRefusal(sold)) return sold;
  const buyers =
    to.poolId === null ? [{ buyerId: to.buyerId, kg }] : await shareWithMembers(tx, to.poolId, kg);
  const made: AwardRow[] = [];
  for (const { buyerId, kg: share } of buyers) {
    const sale = await makeSale(tx, deps, sold, {
      // Of a lot bought at its own price once at each state of the request.
      originKey: `request:${to.id}:${responseId ?? `at-${to.contractedKg}`}:${listingId}:${buyerId}`,
      originKind: 'request',
      originId: to.id,
      sellerId: goods.sellerId,
      buyerId,
      quantityKg: share,
      pricePerTonne: goods.pricePerTonne,
      currency: to.currency,
    });
    if (isRefusal(sale)) return sale;
    made.push({ requestId: to.id, responseId, listingId, buyerId, quantityKg: share, ...sale });
  }
  await orm(tx).insert(award).values(made);
  return made;
}

async function shareWithMembers(
  tx: Tx,
  poolId: string,
  kg: bigint,
): Promise<{ buyerId: string; kg: bigint }[]> {
  const members = await lockMembers(tx, poolId);
  const shares = shareOut(
    kg,
    members.map((member) => member.quantityKg - member.awardedKg),
  );
  const given: { buyerId: string; kg: bigint }[] = [];
  for (const [at, { organisationId: buyerId }] of members.entries()) {
    const share = shares[at]!;
    if (share === 0n) continue;
    given.push({ buyerId, kg: share });
    await tx`update request_pool_member set awarded_kg = awarded_kg + ${share.toString()}::bigint
      where pool_id = ${poolId} and organisation_id = ${buyerId}`;
  }
  return given;
}
