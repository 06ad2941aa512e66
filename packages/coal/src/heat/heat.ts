/**
 * Gross and net calorific value. The rule of the exchange is GB/T 213 in J/g, written so that it holds on
 * every basis b that carries the moisture M_b and the hydrogen H_b:
 *   net_b = gross_b − 206·H_b − 23·M_b
 * On `ar` this is the standard's (Q_gr,ad − 206·H_ad)·(100 − M_t)/(100 − M_ad) − 23·M_t.
 *
 * Hydrogen is taken from the certificate; else estimated from the volatile matter; else assumed. The
 * method travels with the result, because money may depend only on a measured or a certified value.
 */
import { type Assay, type Basis, type CalorificValue, conditionsOf, percent } from '../assay/assay.ts';
import { convertBasis, shareOn } from '../assay/basis.ts';
import {
  type Rational,
  HUNDRED,
  ZERO,
  add,
  decimal,
  divide,
  multiply,
  rational,
  subtract,
} from '../exact/rational.ts';

export type HydrogenMethod = 'measured' | 'from_volatile_matter' | 'assumed';
export type HydrogenEstimate = { readonly percent: Rational; readonly method: HydrogenMethod };

/** Share of hydrogen in dry ash free coal when nothing else is known (practice of export laboratories). */
const HYDROGEN_ASSUMED_DAF = decimal('5.4');

/** Hydrogen on `basis`, percent. @returns undefined when the bases cannot be converted. */
export function hydrogenOn(assay: Assay, basis: Basis): HydrogenEstimate | undefined {
  const measured = shareOn(assay, 'hydrogen', basis);
  if (measured) return { percent: measured, method: 'measured' };
  const conditions = conditionsOf(assay);
  const volatile = shareOn(assay, 'volatileMatter', 'daf');
  const onDaf = volatile ? hydrogenDafFromVolatile(volatile) : HYDROGEN_ASSUMED_DAF;
  const value = convertBasis(onDaf, 'daf', basis, conditions);
  return value && { percent: value, method: volatile ? 'from_volatile_matter' : 'assumed' };
}

/** Hydrogen in dry ash free coal from the volatile matter on the same basis: 0.059·V + 3.173, percent. */
export function hydrogenDafFromVolatile(volatileDaf: Rational): Rational {
  return add(multiply(decimal('0.059'), volatileDaf), decimal('3.173'));
}

/**
 * Hydrogen on a moist basis by ISO 1928 E.3.3: 0.07·V + 0.000165·q − 0.0285·(100 − M − A), with q gross in
 * J/g, all on that basis. Not for blends, anthracite or coke.
 */
export function hydrogenIso1928(of: {
  readonly volatileMatter: Rational;
  readonly grossJoulesPerGram: Rational;
  readonly moisture: Rational;
  readonly ash: Rational;
}): Rational {
  return subtract(
    add(multiply(decimal('0.07'), of.volatileMatter), multiply(decimal('0.000165'), of.grossJoulesPerGram)),
    multiply(decimal('0.0285'), subtract(subtract(HUNDRED, of.moisture), of.ash)),
  );
}

/** GB/T 213: net as received in J/g from gross air dried in J/g and hydrogen air dried in percent. */
export function netGbT213(of: {
  readonly grossAirDried: Rational;
  readonly hydrogenAirDried: Rational;
  readonly totalMoisture: Rational;
  readonly inherentMoisture: Rational;
}): Rational {
  const dryer = subtract(of.grossAirDried, multiply(rational(206), of.hydrogenAirDried));
  const factor = divide(subtract(HUNDRED, of.totalMoisture), subtract(HUNDRED, of.inherentMoisture));
  return subtract(multiply(dryer, factor), multiply(rational(23), of.totalMoisture));
}

/** Short formula of inspection companies, kcal/kg as received: gross − 50.7·H − 5.83·M. */
export function netShortKcal(gross: Rational, hydrogen: Rational, moisture: Rational): Rational {
  return subtract(subtract(gross, multiply(decimal('50.7'), hydrogen)), multiply(decimal('5.83'), moisture));
}

/** Short formula with oxygen, kcal/kg as received: gross − 50.6·H − 5.85·M − 0.191·O. */
export function netWithOxygenKcal(
  gross: Rational,
  hydrogen: Rational,
  moisture: Rational,
  oxygen: Rational,
): Rational {
  return subtract(
    subtract(subtract(gross, multiply(decimal('50.6'), hydrogen)), multiply(decimal('5.85'), moisture)),
    multiply(decimal('0.191'), oxygen),
  );
}

export type HeatResult = {
  /** J/g, exact. */
  readonly joulesPerGram: Rational;
  /** How hydrogen was known; undefined when gross stayed gross (or net net on its own basis). */
  readonly hydrogen?: HydrogenMethod;
};

/**
 * A calorific value of `assay` as another kind and basis.
 * @param from the statement to start from; the assay's own value when left out.
 * @returns undefined when a moisture or ash that the way needs is not stated.
 */
export function heatOn(
  assay: Assay,
  kind: 'gross' | 'net',
  basis: Basis,
  from: CalorificValue = assay.calorificValue,
): HeatResult | undefined {
  const stated = rational(from.joulesPerGram);
  if (from.kind === kind && from.basis === basis) return { joulesPerGram: stated };
  const difference = from.kind === 'net' ? grossMinusNet(assay, from.basis) : NO_DIFFERENCE;
  const back = kind === 'net' ? grossMinusNet(assay, basis) : NO_DIFFERENCE;
  if (!difference || !back) return undefined;
  const gross = convertBasis(add(stated, difference.value), from.basis, basis, conditionsOf(assay));
  if (!gross) return undefined;
  const method = back.method ?? difference.method;
  return { joulesPerGram: subtract(gross, back.value), ...(method && { hydrogen: method }) };
}

type Difference = { readonly value: Rational; readonly method?: HydrogenMethod };
const NO_DIFFERENCE: Difference = { value: ZERO };

/** 206·H + 23·M on `basis`, J/g. */
function grossMinusNet(assay: Assay, basis: Basis): Difference | undefined {
  const hydrogen = hydrogenOn(assay, basis);
  const moisture = moistureOn(assay, basis);
  if (!hydrogen || !moisture) return undefined;
  const value = add(multiply(rational(206), hydrogen.percent), multiply(rational(23), moisture));
  return { value, method: hydrogen.method };
}

function moistureOn(assay: Assay, basis: Basis): Rational | undefined {
  if (basis === 'ar') return percent(assay.totalMoisture);
  if (basis === 'ad') return assay.inherentMoisture && percent(assay.inherentMoisture);
  return ZERO;
}
