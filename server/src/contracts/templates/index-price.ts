/** The price that an index clause comes to: exact until the one rounding. */
import {
  HUNDRED,
  add,
  divide,
  maximum,
  minimum,
  multiply,
  rational,
  roundHalfUp,
  subtract,
} from '@seam/coal';
import type { IndexTerms } from './terms.ts';

/** Base + pass-through × (index − index base), between floor and cap. @returns minor units per tonne. */
export function indexPricePerTonne(index: Omit<IndexTerms, 'name' | 'publishedOn'>): bigint {
  const minorUnits = (text: string) => rational(BigInt(text));
  const share = divide(divide(rational(index.passThroughBasisPoints), HUNDRED), HUNDRED);
  const moved = add(
    minorUnits(index.basePricePerTonne),
    multiply(share, subtract(minorUnits(index.value), minorUnits(index.base))),
  );
  const held = maximum(minorUnits(index.floorPerTonne), minimum(minorUnits(index.capPerTonne), moved));
  return roundHalfUp(held);
}
