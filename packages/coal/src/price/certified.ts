/** Finds the number a clause asks for among the results a laboratory certified. */
import { type Assay, type Basis, type Conditions } from '../assay/assay.ts';
import { convertBasis } from '../assay/basis.ts';
import type { CertifiedQuality, CertifiedValue, ClauseParameter, Measure } from './clause.ts';
import { type EnergyUnit, ENERGY_UNITS, convertEnergy } from '../heat/energy.ts';
import {
  type Rational,
  HUNDRED,
  decimal,
  divide,
  multiply,
  rational,
  subtract,
  toDecimal,
} from '../exact/rational.ts';

const SHARES: ReadonlySet<ClauseParameter> = new Set(['ash', 'volatileMatter', 'sulphur', 'fixedCarbon']);

/**
 * The certified value of `measure`, exact, in its unit.
 *
 * A value on the very basis is preferred; shares and gross heat are otherwise converted with the
 * certified moistures and ash. Net heat is never derived from gross here: that needs an estimate of
 * hydrogen, and money does not rest on estimates.
 * @returns undefined when the certificate does not say it.
 */
export function certifiedValue(quality: CertifiedQuality, measure: Measure): Rational | undefined {
  const candidates = quality.values.filter(
    (value) => value.parameter === measure.parameter && value.kind === measure.kind,
  );
  const direct = candidates.find((value) => value.basis === measure.basis);
  if (direct) return inUnit(decimal(direct.value), direct, measure);
  const convertible = SHARES.has(measure.parameter) || measure.kind === 'gross';
  if (!convertible || !measure.basis) return undefined;
  const conditions = conditionsCertified(quality);
  for (const candidate of candidates) {
    if (!candidate.basis) continue;
    const value = convertBasis(decimal(candidate.value), candidate.basis, measure.basis, conditions);
    if (value) return inUnit(value, candidate, measure);
  }
  return undefined;
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

function conditionsCertified(quality: CertifiedQuality): Conditions {
  const share = (parameter: ClauseParameter, basis: Basis): Rational | undefined => {
    const found = quality.values.find((value) => value.parameter === parameter && value.basis === basis);
    return found && decimal(found.value);
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

function inUnit(value: Rational, from: Measure, to: Measure): Rational | undefined {
  if (from.unit === to.unit) return value;
  return isEnergy(from.unit) && isEnergy(to.unit) ? convertEnergy(value, from.unit, to.unit) : undefined;
}

function isEnergy(unit: Measure['unit']): unit is EnergyUnit {
  return (ENERGY_UNITS as readonly string[]).includes(unit);
}
