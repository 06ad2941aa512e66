/**
 * What comes out when coals are mixed. Shares of mass add up by mass and heat adds up as heat, both as
 * received: every part is brought to that basis with its own moisture first, because averaging air dried
 * values of different moistures is wrong. Net heat is the sum of the parts' net heat, never a formula over
 * averages. What does not add up is named and given as the range of its parts.
 */
import type { Kilograms } from '@seam/units';
import { type Assay, type ShareParameter, SHARE_PARAMETERS, percent } from '../assay/assay.ts';
import { shareOn } from '../assay/basis.ts';
import { type Rational, HUNDRED, add, divide, multiply, rational, subtract } from '../exact/rational.ts';
import { type Refusal, refuse } from '../exact/refusal.ts';
import { type HydrogenMethod, heatOn } from '../heat/heat.ts';

export type BlendPart = { readonly mass: Kilograms; readonly assay: Assay };

/** Exact; as received. Percent for shares, J/g for heat. */
export type Blend = {
  readonly ok: true;
  readonly mass: bigint;
  readonly totalMoisture: Rational;
  readonly shares: Readonly<Partial<Record<ShareParameter, Rational>>>;
  readonly gross?: Rational;
  readonly net?: Rational;
  /** How the hydrogen between gross and net was known, of the part that knows it worst. */
  readonly hydrogen?: HydrogenMethod;
  /** Stated by some parts only, so unknown for the blend. */
  readonly unknown: readonly BlendParameter[];
  /** Has to be tested on the blend: the least and the most of its parts. */
  readonly notAdditive: readonly NotAdditive[];
  readonly size?: { readonly minMm: number; readonly maxMm: number };
};
export type BlendParameter =
  ShareParameter | 'gross' | 'net' | 'inherentMoisture' | 'size' | NotAdditive['parameter'];
export type NotAdditive = {
  readonly parameter: 'hardgroveIndex' | 'ashDeformation' | 'ashSoftening';
  readonly least: number;
  readonly most: number;
};

export type BlendCode =
  | 'no_parts'
  | 'mass_not_positive'
  /** The part states it on a basis that its moisture or ash does not convert to as received. */
  | 'not_convertible';
export type BlendRefusal = Refusal<BlendCode> & { readonly part?: number };

export function blend(parts: readonly BlendPart[]): Blend | BlendRefusal {
  if (parts.length === 0) return refuse('no_parts');
  const empty = parts.findIndex(({ mass }) => mass <= 0n);
  if (empty >= 0) return { ...refuse('mass_not_positive', { at: 'mass' }), part: empty };
  const shares: Partial<Record<ShareParameter, Rational>> = {};
  const unknown: BlendParameter[] = [];
  for (const parameter of SHARE_PARAMETERS) {
    const values = parts.map(({ assay }) => shareOn(assay, parameter, 'ar'));
    const part = parts.findIndex(({ assay }, index) => assay[parameter] && !values[index]);
    if (part >= 0) return { ...refuse('not_convertible', { at: parameter }), part };
    const mixed = weighted(parts, values);
    if (mixed) shares[parameter] = mixed;
    else if (values.some(Boolean)) unknown.push(parameter);
  }
  const grosses = parts.map(({ assay }) => heatOn(assay, 'gross', 'ar'));
  const nets = parts.map(({ assay }) => heatOn(assay, 'net', 'ar'));
  const part = parts.findIndex((_, index) => !grosses[index] && !nets[index]);
  if (part >= 0) return { ...refuse('not_convertible', { at: 'calorificValue' }), part };
  const gross = weighted(
    parts,
    grosses.map((heat) => heat?.joulesPerGram),
  );
  const net = weighted(
    parts,
    nets.map((heat) => heat?.joulesPerGram),
  );
  const hydrogen = worst(nets.map((heat) => heat?.hydrogen));
  if (!gross) unknown.push('gross');
  if (!net) unknown.push('net');
  const size = sizeOf(parts);
  const tested = TESTED.map(([parameter, read]) =>
    notAdditive(
      parameter,
      parts.map(({ assay }) => read(assay)),
    ),
  );
  unknown.push(...tested.flatMap((entry) => (typeof entry === 'string' ? [entry] : [])));
  if (!size && parts.some(({ assay }) => assay.size)) unknown.push('size');
  // Air drying equilibrium is a property of the mixture, not of its parts.
  if (parts.some(({ assay }) => assay.inherentMoisture)) unknown.push('inherentMoisture');
  return {
    ok: true,
    mass: parts.reduce((sum, { mass }) => sum + mass, 0n),
    totalMoisture:
      weighted(
        parts,
        parts.map(({ assay }) => percent(assay.totalMoisture)),
      ) ?? rational(0),
    shares,
    ...(gross && { gross }),
    ...(net && { net }),
    ...(net && hydrogen && { hydrogen }),
    unknown,
    notAdditive: tested.flatMap((entry) => (typeof entry === 'object' ? [entry] : [])),
    ...(size && { size }),
  };
}

/** A share of the blend on the dry basis, percent. @returns undefined when it is unknown. */
export function dryShareOf(of: Blend, parameter: ShareParameter): Rational | undefined {
  const received = of.shares[parameter];
  return received && divide(multiply(received, HUNDRED), subtract(HUNDRED, of.totalMoisture));
}

/** Mean of `values` by mass. @returns undefined unless every part has one. */
export function weightedMean(
  parts: readonly { readonly mass: Kilograms; readonly value: Rational }[],
): Rational | undefined {
  return parts.length === 0
    ? undefined
    : weighted(
        parts,
        parts.map(({ value }) => value),
      );
}

function weighted(
  parts: readonly { readonly mass: Kilograms }[],
  values: readonly (Rational | undefined)[],
): Rational | undefined {
  const stated = values.flatMap((value) => value ?? []);
  const mass = parts.reduce((sum, part) => sum + part.mass, 0n);
  if (stated.length < parts.length || mass <= 0n) return undefined;
  return divide(
    add(...stated.map((value, index) => multiply(value, rational(parts[index]?.mass ?? 0n)))),
    rational(mass),
  );
}

const TESTED: readonly (readonly [NotAdditive['parameter'], (assay: Assay) => number | undefined])[] = [
  ['hardgroveIndex', (assay) => assay.hardgroveIndex],
  ['ashDeformation', (assay) => assay.ashFusion?.deformationCelsius],
  ['ashSoftening', (assay) => assay.ashFusion?.softeningCelsius],
];

/** The range of the parts; its name when only some state it; undefined when none does. */
function notAdditive(
  parameter: NotAdditive['parameter'],
  values: readonly (number | undefined)[],
): NotAdditive | NotAdditive['parameter'] | undefined {
  const stated = values.flatMap((value) => value ?? []);
  if (stated.length === 0) return undefined;
  if (stated.length < values.length) return parameter;
  return { parameter, least: Math.min(...stated), most: Math.max(...stated) };
}

function sizeOf(parts: readonly BlendPart[]): Blend['size'] {
  const sizes = parts.flatMap(({ assay }) => assay.size ?? []);
  if (sizes.length < parts.length) return undefined;
  return {
    minMm: Math.min(...sizes.map((size) => size.minMm)),
    maxMm: Math.max(...sizes.map((size) => size.maxMm)),
  };
}

const CONFIDENCE: readonly (HydrogenMethod | undefined)[] = [
  undefined,
  'measured',
  'from_volatile_matter',
  'assumed',
];

function worst(methods: readonly (HydrogenMethod | undefined)[]): HydrogenMethod | undefined {
  return methods.toSorted((a, b) => CONFIDENCE.indexOf(b) - CONFIDENCE.indexOf(a))[0];
}
