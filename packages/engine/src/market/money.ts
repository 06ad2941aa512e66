/**
 * Tick-lots: price times quantity as the engine counts it, one unit for exposure, notional and credit.
 *
 * A tick on a lot is worth tickSize × lotSize / 1000 minor units, at least one (terms.ts), so the largest
 * amount of money, 10^15, is at most 10^15 tick-lots and a sum of a few stays an exact double. Money becomes
 * tick-lots rounded down and tick-lots become money rounded up: a limit never grows by converting.
 */
import { KILOGRAMS_PER_TONNE } from '@seam/units';
import type { InstrumentTerms } from './terms-types.ts';

type Grid = Pick<InstrumentTerms, 'tickSize' | 'lotSize'>;

/** Thousandths of a minor unit in a tick-lot. */
export function tickLotValue(grid: Grid): bigint {
  return BigInt(grid.tickSize) * BigInt(grid.lotSize);
}

/** How many tick-lots `amount` minor units cover. */
export function tickLotsWithin(amount: bigint, value: bigint): number {
  return Number((amount * KILOGRAMS_PER_TONNE) / value);
}

/** The least minor units that cover `tickLots`. */
export function minorOf(tickLots: number, value: bigint): bigint {
  return (BigInt(tickLots) * value + KILOGRAMS_PER_TONNE - 1n) / KILOGRAMS_PER_TONNE;
}
