/** Finds the number a clause asks for among the results a laboratory certified. */
import type { Assay, Basis, Conditions } from '../assay/assay.ts';
import { convertBasis } from '../assay/basis.ts';
import type { Stated } from '../assay/measurement.ts';
import { type Parameter, isParameter, parameterSpec } from '../assay/parameters.ts';
import {
  type Rational,
  HUNDRED,
  divide,
  multiply,
  parseRational,
  rational,
  subtract,
  toDecimal,
} from '../exact/rational.ts';
import { convertEnergy, isEnergyUnit } from '../heat/energy.ts';
import type { CertifiedQuality, CertifiedValue, Measure } from './clause.ts';
import type { AnyMeasure } from './measure.ts';

/**
 * The certified value of `measure`, exact, in its unit.
 * @returns undefined when the certificate does not say it.
 */
export function certifiedValue(quality: CertifiedQuality, measure: Measure): Rational | undefined {
  return statedValue(quality.values, measure);
}

/**
 * The same for every parameter. A value on the very basis is preferred; shares and gross heat are otherwise
 * converted with the moistures and ash stated beside them. Net heat is never derived from gross here: that
 * needs an estimate of hydrogen, and money does not rest on estimates.
 * @returns undefined when `values` do not say it.
 */
export function statedValue(values: readonly Stated[], measure: AnyMeasure): Rational | undefined {
  const candidates = values.filter(
    (value) => value.parameter === measure.parameter && value.kind === measure.kind,
  );
  const direct = candidates.find((value) => value.basis === measure.basis);
  if (direct) return inUnit(direct, parseRational(direct.value), measure);
  if (!isConvertible(measure) || !measure.basis) return undefined;
  const conditions = conditionsStated(values);
  for (const candidate of candidates) {
    const number = parseRational(candidate.value);
    if (!candidate.basis || !number) continue;
    const value = convertBasis(number, candidate.basis, measure.basis, conditions);
    if (value) return inUnit(candidate, value, measure);
  }
  return undefined;
}

/** Shares of mass and gross heat; a moisture and net heat have their own basis only. */
function isConvertible({ parameter, kind }: AnyMeasure): boolean {
  if (parameter === 'totalMoisture' || parameter === 'inherentMoisture' || !isParameter(parameter))
    return false;
  return kind === undefined ? parameterSpec(parameter).blends === 'mass' : kind === 'gross';
}

/** The statements of an assay in the form of a certificate, for pricing what a listing promises. */
export function certifiedFromAssay(assay: Assay): CertifiedQuality {
  const shares = (
    ['totalMoisture', 'inherentMoisture', 'ash', 'volatileMatter', 'sulphur', 'fixedCarbon'] as const
  ).flatMap((parameter): CertifiedValue[] => {
    const share = assay[parameter];
    if (!share) return [];
    const value = toDecimal(rational(share.basisPoints, 100), 2);
    return [{ parameter, basis: share.basis, unit: '%', value }];
  });
  const heats = [assay.calorificValue, ...(assay.also?.calorificValue ?? [])].map(
    ({ joulesPerGram, kind, basis }): CertifiedValue => {
      return { parameter: 'calorificValue', kind, basis, unit: 'J/g', value: String(joulesPerGram) };
    },
  );
  const { hardgroveIndex, ashFusion } = assay;
  const rest: CertifiedValue[] = [];
  if (hardgroveIndex !== undefined) {
    rest.push({ parameter: 'hardgroveIndex', unit: 'HGI', value: String(hardgroveIndex) });
  }
  if (ashFusion?.softeningCelsius !== undefined) {
    rest.push({ parameter: 'ashSoftening', unit: '°C', value: String(ashFusion.softeningCelsius) });
  }
  return { values: [...shares, ...heats, ...rest] };
}

/** The moistures and the dry ash that `values` state, in percent. */
export function conditionsStated(values: readonly Stated[]): Conditions {
  const share = (parameter: Parameter, basis: Basis): Rational | undefined => {
    const found = values.find((value) => value.parameter === parameter && value.basis === basis);
    return found && parseRational(found.value);
  };
  const totalMoisture = share('totalMoisture', 'ar');
  const inherentMoisture = share('inherentMoisture', 'ad');
  const ashDry =
    share('ash', 'd') ??
    dryAsh(share('ash', 'ad'), inherentMoisture) ??
    dryAsh(share('ash', 'ar'), totalMoisture);
  return {
    ...(totalMoisture && { totalMoisture }),
    ...(inherentMoisture && { inherentMoisture }),
    ...(ashDry && { ashDry }),
  };
}

function dryAsh(ash: Rational | undefined, moisture: Rational | undefined): Rational | undefined {
  if (!ash || !moisture || moisture.numerator >= moisture.denominator * 100n) return undefined;
  return divide(multiply(ash, HUNDRED), subtract(HUNDRED, moisture));
}

function inUnit(from: Stated, value: Rational | undefined, to: AnyMeasure): Rational | undefined {
  if (!value || from.unit === to.unit) return value;
  return isEnergyUnit(from.unit) && isEnergyUnit(to.unit)
    ? convertEnergy(value, from.unit, to.unit)
    : undefined;
}
