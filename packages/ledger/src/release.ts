/** How much of the escrow a truck that has left the gate sets free for the seller. */
import { type Kilograms, type Minor, KILOGRAMS_PER_TONNE, divideHalfUp, minor } from '@seam/units';

/**
 * Never more than this part of what was paid in: the rest covers what quality may still take off, and the fee with
 * its tax, which no contract may set above a seventh of the price.
 */
export const RELEASE_BASIS_POINTS_MAX = 8500;
const BASIS_POINTS = 10_000n;

export type ReleaseOf = {
  /** Provisional price, minor units per tonne. */
  readonly pricePerTonne: Minor;
  /** All that has left the gate so far, this truck included. */
  readonly out: Kilograms;
  readonly basisPoints: number;
  /** What the buyer has paid into the escrow. */
  readonly paidIn: Minor;
  readonly released: Minor;
};

/**
 * The part of the value of all coal that is out, less what was released before: rounding never adds up, and the
 * trucks may be told in any order.
 * @throws RangeError on a share outside 0..RELEASE_BASIS_POINTS_MAX.
 */
export function releaseDue(of: ReleaseOf): Minor {
  const { basisPoints } = of;
  if (!Number.isInteger(basisPoints) || basisPoints < 0 || basisPoints > RELEASE_BASIS_POINTS_MAX) {
    throw new RangeError(`release share ${basisPoints}`);
  }
  const share = BigInt(basisPoints);
  const byWeight = divideHalfUp(of.pricePerTonne * of.out * share, KILOGRAMS_PER_TONNE * BASIS_POINTS);
  const ceiling = (of.paidIn * share) / BASIS_POINTS;
  const due = (byWeight < ceiling ? byWeight : ceiling) - of.released;
  return minor(due > 0n ? due : 0n);
}
