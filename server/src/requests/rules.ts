/** What a buyer may ask for: pure. Every fault is found at once and named by field. */
import {
  type Limit,
  convertEnergy,
  parseRational,
  rational,
  roundHalfEven,
  toJoulesPerGram,
} from '@seam/coal';
import type { LimitStatement, RequestInput, ResponseInput } from '@seam/protocol';
import { formatScaled, parseScaled } from '@seam/units';
import {
  type Accepted,
  type FieldErrors,
  checkCoordinates,
  checkWindow,
  readDeadline,
  readPrice,
  readQuantity,
  readValidUntil,
  refusalOf,
} from '../listings/public.ts';
import type { Refusal } from '../platform/refusal.ts';
import { columnOf } from './matching/limit-columns.ts';
import type { StoredLimit } from './tables.ts';

export type CheckedRequest = {
  readonly limits: readonly StoredLimit[];
  readonly quantityKg: bigint;
  readonly minimumKg: bigint;
  readonly priceCeiling: bigint | null;
  readonly ceilingAt: 'listed' | 'delivered';
  readonly expiresAt: Date;
};

export function checkRequest(input: RequestInput, now: Date): CheckedRequest | Refusal {
  const fields: FieldErrors = {};
  const accepted: Accepted = {};
  const limits = readLimits(input.limits, fields, accepted);
  const quantityKg = readQuantity(input.quantity, 'quantity', fields, accepted);
  let minimumKg = quantityKg;
  if (input.minimumQuantity !== undefined) {
    minimumKg = readQuantity(input.minimumQuantity, 'minimumQuantity', fields, accepted);
    if (!fields['quantity'] && minimumKg > quantityKg) {
      fields['minimumQuantity'] = 'purchase_request.minimum_above_quantity';
    }
  }
  const priceCeiling =
    input.priceCeiling === undefined ? null : readPrice(input.priceCeiling, 'priceCeiling', fields);
  checkWindow(input, now, fields);
  const expiresAt = readValidUntil(input, now, fields);
  if ((input.plantPlaceId === undefined) === (input.newPlant === undefined)) {
    fields['plantPlaceId'] = 'purchase_request.plant_required';
  }
  if (input.newPlant) checkCoordinates(input.newPlant, 'newPlant', fields);
  return (
    refusalOf(fields, accepted, 'purchase_request.invalid') ?? {
      limits,
      quantityKg,
      minimumKg,
      priceCeiling,
      ceilingAt: input.ceilingAt ?? 'listed',
      expiresAt,
    }
  );
}

export type CheckedLot = {
  readonly listingId: string;
  readonly quantityKg: bigint;
  readonly minimumKg: bigint;
  readonly pricePerTonne: bigint;
};
export type CheckedResponse = { readonly lots: readonly CheckedLot[]; readonly validUntil: Date };

/** Fields are named `lots.0.price`, as the form has them. */
export function checkResponse(
  input: Pick<ResponseInput, 'lots' | 'validUntil'>,
  now: Date,
): CheckedResponse | Refusal {
  const fields: FieldErrors = {};
  const accepted: Accepted = {};
  const seen = new Set<string>();
  const lots = input.lots.map(({ listingId, quantity, minimumQuantity, price }, place): CheckedLot => {
    const field = (name: string): string => `lots.${place}.${name}`;
    if (seen.has(listingId)) fields[field('listingId')] = 'purchase_request.lot_twice';
    seen.add(listingId);
    const quantityKg = readQuantity(quantity, field('quantity'), fields, accepted);
    let minimumKg = quantityKg;
    if (minimumQuantity !== undefined) {
      minimumKg = readQuantity(minimumQuantity, field('minimumQuantity'), fields, accepted);
      if (!fields[field('quantity')] && minimumKg > quantityKg)
        fields[field('minimumQuantity')] = 'purchase_request.minimum_above_quantity';
    }
    return { listingId, quantityKg, minimumKg, pricePerTonne: readPrice(price, field('price'), fields) };
  });
  const validUntil = readDeadline(Date.parse(input.validUntil), now, 'validUntil', fields);
  return refusalOf(fields, accepted, 'purchase_request.invalid') ?? { lots, validUntil };
}

/** Least and greatest value of each parameter in its stored unit. */
const RANGES: Readonly<Record<Limit['parameter'], readonly [number, number]>> = {
  totalMoisture: [0, 6_000],
  inherentMoisture: [0, 3_000],
  ash: [0, 9_900],
  volatileMatter: [0, 9_900],
  sulphur: [0, 4_000],
  fixedCarbon: [0, 10_000],
  calorificValue: [500, 40_000],
  hardgroveIndex: [20, 130],
  ashSoftening: [900, 1_600],
  sizeMax: [0, 300],
};
const WHOLE = new Set<Limit['parameter']>(['hardgroveIndex', 'ashSoftening', 'sizeMax']);

/** What a basis may be left out of: it has none, or one. */
const BASES: Readonly<Partial<Record<Limit['parameter'], string>>> = {
  totalMoisture: 'ar',
  inherentMoisture: 'ad',
  hardgroveIndex: '–',
  ashSoftening: '–',
  sizeMax: '–',
};

/** @returns undefined when the parameter is reported on that basis, else the bases it is reported on. */
function wrongBasis({ parameter, basis, kind }: LimitStatement): string | undefined {
  const only = BASES[parameter];
  if (only !== undefined) return basis === undefined || basis === only ? undefined : only;
  const on = (name: (typeof ALL_BASES)[number]): boolean =>
    columnOf({ parameter, basis: name, kind: kind ?? 'net' }) !== undefined;
  return on(basis ?? 'ar') ? undefined : ALL_BASES.filter(on).join(', ');
}

const ALL_BASES = ['ar', 'ad', 'd', 'daf'] as const;

export function readLimits(
  statements: readonly LimitStatement[],
  fields: FieldErrors,
  accepted: Accepted,
): StoredLimit[] {
  const seen = new Set<string>();
  return statements.map((statement) => {
    const field = `limits.${statement.parameter}`;
    const same = [statement.parameter, statement.basis, statement.kind].join(' ');
    if (seen.has(same)) fields[field] ??= 'purchase_request.limit_twice';
    const bases = wrongBasis(statement);
    if (bases !== undefined) {
      fields[field] ??= 'purchase_request.basis_not_allowed';
      accepted[field] = bases;
    }
    seen.add(same);
    const minimum = readLimit(statement, statement.minimum);
    const maximum = readLimit(statement, statement.maximum);
    const [least, most] = RANGES[statement.parameter];
    const inRange = (value: number | undefined): boolean =>
      value === undefined || (value >= least && value <= most);
    if ((minimum === undefined && maximum === undefined) || !inRange(minimum) || !inRange(maximum)) {
      fields[field] ??= 'purchase_request.limit_invalid';
    }
    if (minimum !== undefined && maximum !== undefined && minimum > maximum) {
      fields[field] ??= 'purchase_request.limit_reversed';
    }
    return stored(statement, minimum, maximum);
  });
}

/** NaN for what cannot be read in the parameter's unit, which is in no range. */
function readLimit({ parameter, unit }: LimitStatement, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (parameter === 'calorificValue') {
    const value = parseRational(text);
    return value && unit ? Number(roundHalfEven(convertEnergy(value, unit, 'J/g'))) : Number.NaN;
  }
  return Number(parseScaled(text, WHOLE.has(parameter) ? 0 : 2) ?? Number.NaN);
}

function stored(
  { parameter, basis, kind, unit, ...typed }: LimitStatement,
  minimum: number | undefined,
  maximum: number | undefined,
): StoredLimit {
  return {
    parameter,
    ...(basis && { basis }),
    ...(parameter === 'calorificValue' && kind && { kind }),
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
    ...(parameter === 'calorificValue' && unit && { typed: { unit, ...boundsOf(typed) } }),
  };
}

function boundsOf({ minimum, maximum }: { minimum?: string; maximum?: string }): {
  minimum?: string;
  maximum?: string;
} {
  return { ...(minimum !== undefined && { minimum }), ...(maximum !== undefined && { maximum }) };
}

/** The limit as it was typed. One that was never typed (a seed's) shows heat in kcal/kg where that is exact. */
export function limitStatement(limit: StoredLimit): LimitStatement {
  const { parameter, basis, kind, typed } = limit;
  const about = { parameter, ...(basis && { basis }), ...(kind && { kind }) };
  if (typed) return { ...about, unit: typed.unit, ...boundsOf(typed) };
  if (parameter === 'calorificValue') return { ...about, ...heatBounds(limit) };
  const text = (value: number): string =>
    WHOLE.has(parameter) ? String(value) : formatScaled(BigInt(value), 2);
  return { ...about, ...boundsIn(limit, text) };
}

function heatBounds(limit: StoredLimit): Pick<LimitStatement, 'unit' | 'minimum' | 'maximum'> {
  const kcal = (joules: number): bigint => roundHalfEven(convertEnergy(rational(joules), 'J/g', 'kcal/kg'));
  const exact = [limit.minimum, limit.maximum].every(
    (joules) => joules === undefined || toJoulesPerGram(rational(kcal(joules)), 'kcal/kg') === joules,
  );
  if (!exact) return { unit: 'J/g', ...boundsIn(limit, String) };
  return { unit: 'kcal/kg', ...boundsIn(limit, (joules) => String(kcal(joules))) };
}

function boundsIn(
  { minimum, maximum }: StoredLimit,
  text: (value: number) => string,
): { minimum?: string; maximum?: string } {
  return {
    ...(minimum !== undefined && { minimum: text(minimum) }),
    ...(maximum !== undefined && { maximum: text(maximum) }),
  };
}
