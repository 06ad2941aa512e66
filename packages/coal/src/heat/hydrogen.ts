/**
 * Hydrogen where a certificate does not state it. Every estimate has a domain; outside it there is no number,
 * and none of them is good for money.
 */
import { firstOutside } from '../exact/decimals.ts';
import {
  type Rational,
  HUNDRED,
  compare,
  decimal,
  divide,
  multiply,
  rational,
  subtract,
} from '../exact/rational.ts';
import { type Refusal, refuse } from '../exact/refusal.ts';
import { hydrogenDafFromVolatile, hydrogenIso1928 } from './heat.ts';

/** Percent on the basis that the method names. */
export type Hydrogen = { readonly ok: true; readonly percent: Rational };
export type HydrogenCode =
  | 'out_of_range'
  | 'over_hundred_percent'
  /** ISO 1928 gives its estimate for single bituminous coals only. */
  | 'not_for_blends'
  | 'not_for_coke'
  | 'not_for_anthracite'
  | 'result_implausible';

/** At and below this volatile matter, dry ash free, a coal is an anthracite (GB/T 5751). */
const ANTHRACITE_VOLATILE = rational(10);

/** ISO 1928 E.3.3, on the moist basis of its inputs; heat in J/g. */
export function estimateHydrogenIso1928(of: {
  readonly material: 'single_coal' | 'blend' | 'coke';
  readonly volatileMatter: Rational;
  readonly gross: Rational;
  readonly moisture: Rational;
  readonly ash: Rational;
}): Hydrogen | Refusal<HydrogenCode> {
  if (of.material === 'blend') return refuse('not_for_blends');
  if (of.material === 'coke') return refuse('not_for_coke');
  const refusal = firstOutside([
    ['volatileMatter', of.volatileMatter, ['0.1', '90']],
    ['gross', of.gross, ['500', '40000']],
    ['moisture', of.moisture, ['0', '60']],
    ['ash', of.ash, ['0.1', '99']],
  ]);
  if (refusal) return refusal;
  const organic = subtract(subtract(HUNDRED, of.moisture), of.ash);
  if (compare(organic, of.volatileMatter) < 0)
    return refuse('over_hundred_percent', { at: 'volatileMatter' });
  const volatileDaf = divide(multiply(of.volatileMatter, HUNDRED), organic);
  if (compare(volatileDaf, ANTHRACITE_VOLATILE) <= 0)
    return refuse('not_for_anthracite', { at: 'volatileMatter' });
  const percent = hydrogenIso1928({ ...of, grossJoulesPerGram: of.gross });
  return plausible(percent, divide(multiply(percent, HUNDRED), organic));
}

/** A laboratory's path, air dried: (100 − Aad − Mad)·(0.059·Vdaf + 3.173)/100. */
export function estimateHydrogenAirDried(of: {
  readonly volatileDaf: Rational;
  readonly ashAirDried: Rational;
  readonly inherentMoisture: Rational;
}): Hydrogen | Refusal<HydrogenCode> {
  const refusal = firstOutside([
    ['volatileDaf', of.volatileDaf, ['0.1', '99']],
    ['ashAirDried', of.ashAirDried, ['0.1', '99']],
    ['inherentMoisture', of.inherentMoisture, ['0', '30']],
  ]);
  if (refusal) return refusal;
  const organic = subtract(subtract(HUNDRED, of.ashAirDried), of.inherentMoisture);
  if (organic.numerator <= 0n) return refuse('over_hundred_percent', { at: 'ashAirDried' });
  return { ok: true, percent: divide(multiply(organic, hydrogenDafFromVolatile(of.volatileDaf)), HUNDRED) };
}

/** A share of dry ash free matter assumed by practice, as received: 5.4 % in Indonesian trade. */
export function assumedHydrogen(of: {
  readonly totalMoisture: Rational;
  readonly ash: Rational;
  readonly hydrogenDaf?: Rational;
}): Hydrogen | Refusal<HydrogenCode> {
  const daf = of.hydrogenDaf ?? decimal('5.4');
  const refusal = firstOutside([
    ['totalMoisture', of.totalMoisture, ['0', '60']],
    ['ash', of.ash, ['0', '99']],
    ['hydrogenDaf', daf, ['0', '20']],
  ]);
  if (refusal) return refusal;
  const organic = subtract(subtract(HUNDRED, of.totalMoisture), of.ash);
  if (organic.numerator <= 0n) return refuse('over_hundred_percent', { at: 'ash' });
  return { ok: true, percent: divide(multiply(daf, organic), HUNDRED) };
}

/**
 * Dry hydrogen of the coal itself from an air dried figure that still counts the water's:
 * (H,ad − 0.1119·Mad)·100/(100 − Mad). Only this converts between bases by factors.
 */
export function hydrogenWithoutMoisture(of: {
  readonly hydrogenAirDriedTotal: Rational;
  readonly inherentMoisture: Rational;
}): Hydrogen | Refusal<HydrogenCode> {
  const refusal = firstOutside([
    ['hydrogenAirDriedTotal', of.hydrogenAirDriedTotal, ['0', '20']],
    ['inherentMoisture', of.inherentMoisture, ['0', '30']],
  ]);
  if (refusal) return refusal;
  const own = subtract(of.hydrogenAirDriedTotal, multiply(decimal('0.1119'), of.inherentMoisture));
  if (own.numerator < 0n) return refuse('result_implausible', { at: 'hydrogenAirDriedTotal' });
  return { ok: true, percent: divide(multiply(own, HUNDRED), subtract(HUNDRED, of.inherentMoisture)) };
}

/** No coal has less than 0 or more than 6.5 % of hydrogen in its organic matter, with room for scatter. */
function plausible(percent: Rational, daf: Rational): Hydrogen | Refusal<HydrogenCode> {
  const [low, high] = [rational(0), rational(8)];
  if (compare(daf, low) <= 0 || compare(daf, high) > 0) {
    return refuse('result_implausible', { minimum: '0', maximum: '8' });
  }
  return { ok: true, percent };
}
