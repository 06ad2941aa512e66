/**
 * What coal costs where it is burnt. Estimates for comparing offers, never for an invoice; exact all the
 * same, so that two machines rank alike.
 */
import type { Minor } from '@seam/units';
import { type Rational, add, divide, multiply, rational, subtract } from '../exact/rational.ts';

export const TRANSPORT_MODES = ['rail', 'road', 'river', 'sea', 'conveyor'] as const;
export type TransportMode = (typeof TRANSPORT_MODES)[number];

/** Freight of one mode: `fixed` per tonne (loading, port dues) and a rate for the way. */
export type Tariff = {
  /** Minor units per tonne. */
  readonly fixed: Minor;
  /** Minor units per 1,000 tonne-kilometres. */
  readonly perThousandTonneKm: Minor;
  /** How much longer the way is than the great circle, in 1/1000: 1300 is 30 % longer. At least 1000. */
  readonly detourPermille: number;
};

/** Minor units per tonne over a great-circle distance. */
export function freightPerTonne(tariff: Tariff, distanceKm: number): Rational {
  const way = rational(BigInt(distanceKm) * BigInt(tariff.detourPermille), 1000);
  return add(
    rational(tariff.fixed),
    divide(multiply(rational(tariff.perThousandTonneKm), way), rational(1000)),
  );
}

/** All in minor units of one currency, exact. */
export type LandedCost = {
  readonly freightPerTonne: Rational;
  readonly perTonne: Rational;
  readonly perGigajoule: Rational;
  /** Per tonne of coal of the reference heat. */
  readonly normalised: Rational;
};

/**
 * @param of.price minor units per tonne at the place the seller delivers to.
 * @param of.freight minor units per tonne from there to the buyer.
 * @param of.arrives the part of what is loaded that arrives; what is lost on the way was bought and carried
 *   all the same, and the tonne that arrives bears it as part of its freight. Left out: all of it.
 * @param of.penalties minor units per tonne expected from the quality clause, added after the
 *   normalisation.
 * @param of.heat net as received J/g of the coal, and the `referenceHeat` to compare at. Both positive.
 */
export function landedCost(of: {
  readonly price: Rational;
  readonly freight: Rational;
  readonly heat: Rational;
  readonly referenceHeat: Rational;
  readonly penalties?: Rational;
  readonly arrives?: Rational;
}): LandedCost {
  const perTonne = divide(add(of.price, of.freight), of.arrives ?? rational(1));
  return {
    freightPerTonne: subtract(perTonne, of.price),
    perTonne,
    // 1 J/g is 0.001 GJ/t.
    perGigajoule: divide(multiply(perTonne, rational(1000)), of.heat),
    normalised: add(divide(multiply(perTonne, of.referenceHeat), of.heat), of.penalties ?? rational(0)),
  };
}
