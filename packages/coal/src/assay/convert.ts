/**
 * Conversion of one stated value by ISO 1170 with a reason when it cannot be: the checked form of basis.ts,
 * for input that somebody else wrote.
 */
import { type Range, firstOutside } from '../exact/decimals.ts';
import { type Rational, HUNDRED, divide, multiply, subtract } from '../exact/rational.ts';
import { type Refusal, refuse } from '../exact/refusal.ts';
import type { Basis, Conditions } from './assay.ts';
import { convertBasis } from './basis.ts';
import { type Parameter, parameterSpec, placeOf } from './parameters.ts';

export type ConversionCode =
  /** Moisture is of one basis: it is what the bases differ in. */
  | 'moisture_not_convertible'
  /** Only through gross heat, hydrogen and moisture. */
  | 'net_not_convertible'
  /** A property of the sample, not a share of it. */
  | 'not_a_share'
  | 'basis_not_allowed'
  | 'total_moisture_missing'
  | 'inherent_moisture_missing'
  | 'ash_missing'
  | 'out_of_range'
  | 'over_hundred_percent';
export type Converted = { readonly ok: true; readonly value: Rational } | Refusal<ConversionCode>;

const MOISTURE: Range = ['0', '60'];
const NEEDS = {
  ar: { condition: 'totalMoisture', code: 'total_moisture_missing' },
  ad: { condition: 'inherentMoisture', code: 'inherent_moisture_missing' },
  daf: { condition: 'ashDry', code: 'ash_missing' },
} as const;

/** `value` of `parameter`, in its unit, from one basis to another under `conditions` (percent). */
export function convertStated(
  what: { readonly parameter: Parameter; readonly kind?: 'gross' | 'net' },
  value: Rational,
  from: Basis,
  to: Basis,
  conditions: Conditions,
): Converted {
  const { parameter, kind } = what;
  if (parameter === 'totalMoisture' || parameter === 'inherentMoisture') {
    return refuse('moisture_not_convertible', { at: parameter });
  }
  if (kind === 'net') return refuse('net_not_convertible', { at: parameter });
  const { blends, places } = parameterSpec(parameter);
  if ((blends !== 'mass' && blends !== 'energy') || places.every(({ basis }) => !basis)) {
    return refuse('not_a_share', { at: parameter });
  }
  // Ash itself is what daf leaves out, yet a sheet may show it there: conversion is by factor all the same.
  const reported = (basis: Basis): boolean =>
    placeOf(parameter, { basis, kind }) !== undefined || (parameter === 'ash' && basis === 'daf');
  const unknown = [from, to].find((basis) => !reported(basis));
  if (unknown) return refuse('basis_not_allowed', { at: unknown });
  const refusal = conditionsRefusal([from, to], conditions);
  if (refusal) return refusal;
  const converted = convertBasis(value, from, to, conditions);
  return converted ? { ok: true, value: converted } : refuse('over_hundred_percent', { at: 'ash' });
}

/** `value` of a coal with moisture `from`, at moisture `to`; percent, both of the same mass basis. */
export function convertMoisture(value: Rational, from: Rational, to: Rational): Converted {
  const refusal = firstOutside([
    ['from', from, MOISTURE],
    ['to', to, MOISTURE],
  ]);
  if (refusal) return refusal;
  return { ok: true, value: divide(multiply(value, subtract(HUNDRED, to)), subtract(HUNDRED, from)) };
}

function conditionsRefusal(
  bases: readonly Basis[],
  conditions: Conditions,
): Refusal<ConversionCode> | undefined {
  if (bases[0] === bases[1]) return undefined;
  for (const basis of bases) {
    if (basis === 'd') continue;
    const { condition, code } = NEEDS[basis];
    const given = conditions[condition];
    if (!given) return refuse(code, { at: condition });
    const refusal = firstOutside([[condition, given, condition === 'ashDry' ? ['0', '99.99'] : MOISTURE]]);
    if (refusal) return refusal;
  }
  return undefined;
}
