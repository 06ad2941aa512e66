/**
 * Limits of a blend as exact linear rows.
 *
 * A share or a heat of a blend on a basis is the average of its parts weighted by the matter of that basis
 * (all of it, the dry, the dry ash free), so `value ≤ limit` is Σ kg · weight · (value −
 * limit) ≤ 0: linear on every basis. Grindability, ash fusion, size and everything air dried
 * do not average: each part must keep such a limit by itself.
 */
import {
  type Assay,
  type Basis,
  type Limit,
  type Rational,
  HUNDRED,
  ONE,
  compare,
  conditionsOf,
  divide,
  factorFromDry,
  heatOn,
  limitReason,
  multiply,
  percent,
  rational,
  shareOn,
  subtract,
} from '@seam/coal';
import type { BlendLot, LeftOut } from './problem.ts';

const TESTED = new Set<Limit['parameter']>(['hardgroveIndex', 'ashSoftening', 'sizeMax', 'inherentMoisture']);
const blends = ({ parameter, basis }: Limit): boolean => !TESTED.has(parameter) && basis !== 'ad';

/** One side of a limit: the blend's value may not be above (`maximum`) or below (`minimum`) `bound`. */
export type Row = {
  readonly limit: Limit;
  readonly end: 'minimum' | 'maximum';
  readonly bound: Rational;
  /** By lot: matter of the basis in a unit of coal as received, and the lot's value on it. */
  readonly terms: readonly Term[];
  /** The same as doubles, for the solver. */
  readonly doubles: { readonly weight: Float64Array; readonly value: Float64Array };
};

export type Term = { readonly weight: Rational; readonly value: Rational };

/** The lots that may take part, the rows of the limits over them, and who may not and why. */
export type Eligible = {
  readonly lots: readonly BlendLot[];
  readonly rows: readonly Row[];
  readonly leftOut: readonly LeftOut[];
};

export function eligible(lots: readonly BlendLot[], limits: readonly Limit[]): Eligible {
  const leftOut: LeftOut[] = [];
  const kept: { lot: BlendLot; terms: readonly Term[] }[] = [];
  const mixed = limits.filter(blends);
  const tested = limits.filter((limit) => !blends(limit));
  for (const lot of lots) {
    const terms = mixed.map((limit) => termOf(lot.assay, limit));
    const unstated = mixed.find((_, index) => !terms[index]);
    const reason = unstated ? notStated(lot, unstated) : firstOf(tested, (limit) => whyNot(lot, limit));
    if (reason) leftOut.push(reason);
    else if (lot.available > 0n) kept.push({ lot, terms: terms.flatMap((term) => term ?? []) });
  }
  const rows = mixed.flatMap((limit, index) =>
    rowsOf(
      limit,
      kept.map(({ terms }) => terms[index]!),
    ),
  );
  return { lots: kept.map(({ lot }) => lot), rows, leftOut };
}

function firstOf<T, R>(all: readonly T[], of: (one: T) => R | undefined): R | undefined {
  for (const one of all) {
    const found = of(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

const notStated = ({ id }: BlendLot, { parameter }: Limit): LeftOut => ({
  id,
  parameter,
  reason: 'not_stated',
});

function whyNot(lot: BlendLot, limit: Limit): LeftOut | undefined {
  const { code, met } = limitReason(limit, lot.assay);
  if (met) return undefined;
  if (code === 'not_stated') return notStated(lot, limit);
  return { id: lot.id, parameter: limit.parameter, reason: 'does_not_blend' };
}

function rowsOf(limit: Limit, terms: readonly Term[]): Row[] {
  const doubles = doublesOf(terms);
  return (['minimum', 'maximum'] as const).flatMap((end) => {
    const bound = limit[end];
    return bound === undefined ? [] : [{ limit, end, bound: rational(bound), terms, doubles }];
  });
}

/** The row over the lots at `places` alone. */
export function rowOfSome(row: Row, places: readonly number[]): Row {
  const terms = places.map((place) => row.terms[place]!);
  return { ...row, terms, doubles: doublesOf(terms) };
}

function doublesOf(terms: readonly Term[]): Row['doubles'] {
  return {
    weight: Float64Array.from(terms, ({ weight }) => toNumber(weight)),
    value: Float64Array.from(terms, ({ value }) => toNumber(value)),
  };
}

/** The nearest double, also of a fraction whose parts are none. */
export function toNumber({ numerator, denominator }: Rational): number {
  const [top, bottom] = [Number(numerator), Number(denominator)];
  if (Number.isSafeInteger(top) && Number.isSafeInteger(bottom)) return top / bottom;
  return Number((numerator * 10n ** 15n) / denominator) / 1e15;
}

/** Of a limit that blends. @returns undefined when the assay does not say it. */
export function termOf(assay: Assay, limit: Limit): Term | undefined {
  const { parameter } = limit;
  switch (parameter) {
    case 'totalMoisture':
      return { weight: ONE, value: rational(assay.totalMoisture.basisPoints) };
    case 'calorificValue': {
      const basis = limit.basis ?? 'ar';
      return withWeight(assay, basis, heatOn(assay, limit.kind ?? 'net', basis)?.joulesPerGram);
    }
    case 'inherentMoisture':
    case 'hardgroveIndex':
    case 'ashSoftening':
    case 'sizeMax':
      return undefined;
    default: {
      const basis = limit.basis ?? 'ar';
      const share = shareOn(assay, parameter, basis);
      return withWeight(assay, basis, share && multiply(share, HUNDRED));
    }
  }
}

function withWeight(assay: Assay, basis: Basis, value: Rational | undefined): Term | undefined {
  const weight = value && matterOf(assay, basis);
  return value && weight && { weight, value };
}

/** Tonnes of the basis' matter in a tonne as received. */
function matterOf(assay: Assay, basis: Basis): Rational | undefined {
  if (basis === 'ar') return ONE;
  const conditions = conditionsOf(assay);
  const dry = divide(subtract(HUNDRED, percent(assay.totalMoisture)), HUNDRED);
  const factor = factorFromDry(basis, conditions);
  if (!factor || compare(dry, rational(0)) <= 0) return undefined;
  return divide(dry, factor);
}
