/**
 * One number of a certificate with everything that makes it evidence. Values keep the text the laboratory
 * wrote; what is computed from them says so and is never stored as measured.
 */
import { type Range, toRational } from '../exact/decimals.ts';
import { HUNDRED, add, compare, decimal, divide } from '../exact/rational.ts';
import { convertEnergy, isEnergyUnit } from '../heat/energy.ts';
import type { Rational } from '../exact/rational.ts';
import { type Basis, BASES } from './assay.ts';
import {
  type Parameter,
  type ReportedAt,
  type Unit,
  PARAMETERS,
  isParameter,
  parameterSpec,
  placeOf,
} from './parameters.ts';

/** A value with its measure: what rules, specs and blends read. */
export type Stated = {
  readonly parameter: Parameter;
  readonly unit: Unit;
  readonly basis?: Basis;
  readonly kind?: 'gross' | 'net';
  /** Plain decimal. */
  readonly value: string;
};

export type Measurement = Stated & {
  /** `calculated` from other values of the certificate, as fixed carbon always is. */
  readonly origin: 'measured' | 'calculated';
  /** The standard and procedure, as the certificate names it. */
  readonly method?: string;
  readonly laboratory?: string;
  readonly certificate?: string;
  readonly sample?: string;
  /** For ash fusion. */
  readonly atmosphere?: 'reducing' | 'oxidising';
};

export type MeasurementCode =
  | 'parameter_unknown'
  | 'unit_not_allowed'
  | 'basis_not_allowed'
  | 'kind_not_allowed'
  | 'not_decimal'
  | 'out_of_range'
  | 'not_on_grid'
  /** Fixed carbon is 100 less the rest: nobody measures it. */
  | 'derived_as_measured'
  /** Fusion temperatures mean something only in a named atmosphere. */
  | 'atmosphere_missing'
  /** Carbon, hydrogen, nitrogen, oxygen and sulphur of one basis exceed 100 %. */
  | 'over_hundred_percent'
  | 'stated_twice'
  /** Possible, but unusual in trade. */
  | 'unusual';
export type MeasurementIssue = {
  readonly code: MeasurementCode;
  readonly parameter: string;
  readonly basis?: Basis;
  readonly minimum?: string;
  readonly maximum?: string;
  readonly accepted?: readonly string[];
};
export type MeasurementCheck = {
  readonly errors: readonly MeasurementIssue[];
  readonly warnings: readonly MeasurementIssue[];
};

/** Checks one certificate's values, each by itself and the ultimate analysis as a sum. */
export function checkMeasurements(values: readonly Measurement[]): MeasurementCheck {
  const each = values.map(checkMeasurement);
  const errors = [...each.flatMap((check) => check.errors), ...duplicates(values)];
  return {
    errors: errors.length > 0 ? errors : overHundred(values),
    warnings: each.flatMap((check) => check.warnings),
  };
}

export function checkMeasurement(value: Measurement): MeasurementCheck {
  const { parameter, basis } = value;
  const no = (code: MeasurementCode, rest: Partial<MeasurementIssue> = {}): MeasurementCheck => ({
    errors: [{ code, parameter, ...(basis && { basis }), ...rest }],
    warnings: [],
  });
  if (!isParameter(parameter)) return no('parameter_unknown', { accepted: Object.keys(PARAMETERS) });
  const { units, places, multipleOf } = parameterSpec(parameter);
  if (!units.includes(value.unit)) return no('unit_not_allowed', { accepted: units });
  const place = placeOf(parameter, value);
  if (!place) return notAllowed(value, places, no);
  const number = canonicalValue(value);
  if (!number) return no('not_decimal');
  const [minimum, maximum] = place.hard;
  if (!within(number, place.hard)) return no('out_of_range', { minimum, maximum });
  if (multipleOf && divide(number, decimal(multipleOf)).denominator !== 1n) {
    return no('not_on_grid', { accepted: [multipleOf] });
  }
  if (parameter === 'fixedCarbon' && value.origin === 'measured') return no('derived_as_measured');
  if (units[0] === '°C' && !value.atmosphere) return no('atmosphere_missing');
  if (!place.soft || within(number, place.soft)) return { errors: [], warnings: [] };
  const [low, high] = place.soft;
  const warning = {
    code: 'unusual',
    parameter,
    ...(basis && { basis }),
    minimum: low,
    maximum: high,
  } as const;
  return { errors: [], warnings: [warning] };
}

/** The value in the first unit of its parameter. @returns undefined when the text is no plain decimal. */
export function canonicalValue(value: Stated): Rational | undefined {
  const number = toRational(value.value);
  return number && isEnergyUnit(value.unit) ? convertEnergy(number, value.unit, 'J/g') : number;
}

function notAllowed(
  value: Measurement,
  places: readonly ReportedAt[],
  no: (code: MeasurementCode, rest: Partial<MeasurementIssue>) => MeasurementCheck,
): MeasurementCheck {
  const kinds = [...new Set(places.flatMap(({ kind }) => kind ?? []))];
  const kindFits = kinds.length === 0 ? value.kind === undefined : kinds.some((kind) => kind === value.kind);
  if (!kindFits) return no('kind_not_allowed', { accepted: kinds });
  const fitting = places.filter(({ kind }) => kind === value.kind);
  return no('basis_not_allowed', { accepted: fitting.flatMap(({ basis }) => basis ?? []) });
}

function duplicates(values: readonly Measurement[]): MeasurementIssue[] {
  const key = ({ parameter, basis, kind }: Measurement): string => [parameter, basis, kind].join(' ');
  const keys = values.map(key);
  return values.flatMap((value, index) => {
    if (keys.indexOf(key(value)) === index) return [];
    return [
      {
        code: 'stated_twice',
        parameter: value.parameter,
        ...(value.basis && { basis: value.basis }),
      } as const,
    ];
  });
}

const ULTIMATE: readonly string[] = ['carbon', 'hydrogen', 'nitrogen', 'oxygen', 'sulphur'];

function overHundred(values: readonly Measurement[]): MeasurementIssue[] {
  return BASES.flatMap((basis) => {
    const shares = values.filter((value) => value.basis === basis && ULTIMATE.includes(value.parameter));
    const sum = add(...shares.map(({ value }) => decimal(value)));
    return compare(sum, HUNDRED) > 0
      ? [{ code: 'over_hundred_percent', parameter: 'carbon', basis } as const]
      : [];
  });
}

function within(value: Rational, [minimum, maximum]: Range): boolean {
  return compare(value, decimal(minimum)) >= 0 && compare(value, decimal(maximum)) <= 0;
}
