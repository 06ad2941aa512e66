/**
 * One price for all winners of a finished allocation.
 *
 * `uniform` (lowest accepted bid): the lowest price that wins a lot; when every bid is served in
 * full nobody was competed with, and the price is the base (the reserve, or where bidding began).
 *
 * `uniform_highest_rejected`: the highest price at which a lot is still asked for and not served,
 * the unserved part of the last winner's bid included; the base when there is none. A bid that was
 * passed over because it insists on more than was left may stand above the last winner; it never
 * makes a winner pay more than the lowest accepted bid.
 */
import { type Ticks, ticks } from '@seam/units';
import type { BidLine } from './line.ts';

export type UniformRule = 'uniform' | 'uniform_highest_rejected';

type Served = BidLine & { readonly allocated: number };

/**
 * @param served bids that count (at the base or above), each with what it wins.
 * @returns null when nobody wins.
 */
export function uniformPrice(served: readonly Served[], rule: UniformRule, base: Ticks): Ticks | null {
  let lowest: number = Infinity;
  let rejected = 0;
  for (const { price, quantity, allocated } of served) {
    if (allocated > 0) lowest = Math.min(lowest, price);
    if (allocated < quantity) rejected = Math.max(rejected, price);
  }
  if (lowest === Infinity) return null;
  if (rejected === 0) return base;
  return ticks(rule === 'uniform' ? lowest : Math.max(base, Math.min(lowest, rejected)));
}
