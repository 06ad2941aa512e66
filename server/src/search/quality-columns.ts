/**
 * Every quality parameter on every basis it is reported on, as whole numbers: basis points, J/g, °C, mm,
 * index points. A lot is converted once, when it enters the index. Doubles find the number; where one comes
 * near enough to a half that its last bits could decide the rounding, the exact fractions of packages/coal do.
 */
import {
  type Assay,
  type Basis,
  type Rational,
  fixedCarbonOn,
  heatOn,
  rational,
  roundHalfEven,
  shareOn,
} from '@seam/coal';

/** What a lot does not state, and what does not follow from its statements. */
export const MISSING = -0x8000_0000;

const SHARES = ['ash', 'volatileMatter', 'sulphur', 'fixedCarbon', 'hydrogen'] as const;
type ShareName = (typeof SHARES)[number];
const PLAIN = ['hardgrove', 'ashDeformation', 'ashSoftening', 'sizeMin', 'sizeMax'] as const;

export type ParameterName =
  'totalMoisture' | 'inherentMoisture' | ShareName | 'gross' | 'net' | (typeof PLAIN)[number];
export type ParameterKind = 'share' | 'heat' | 'plain';

/** `bases` empty: a number without a basis. */
export const PARAMETERS: Readonly<
  Record<ParameterName, { readonly kind: ParameterKind; readonly bases: readonly Basis[] }>
> = {
  totalMoisture: { kind: 'share', bases: ['ar'] },
  inherentMoisture: { kind: 'share', bases: ['ad'] },
  ash: { kind: 'share', bases: ['ar', 'ad', 'd'] },
  volatileMatter: { kind: 'share', bases: ['ar', 'ad', 'd', 'daf'] },
  sulphur: { kind: 'share', bases: ['ar', 'ad', 'd', 'daf'] },
  fixedCarbon: { kind: 'share', bases: ['ar', 'ad', 'd', 'daf'] },
  hydrogen: { kind: 'share', bases: ['ar', 'ad', 'd', 'daf'] },
  gross: { kind: 'heat', bases: ['ar', 'ad', 'd', 'daf'] },
  // Net without moisture and ash is no value of trade.
  net: { kind: 'heat', bases: ['ar', 'ad', 'd'] },
  hardgrove: { kind: 'plain', bases: [] },
  ashDeformation: { kind: 'plain', bases: [] },
  ashSoftening: { kind: 'plain', bases: [] },
  sizeMin: { kind: 'plain', bases: [] },
  sizeMax: { kind: 'plain', bases: [] },
};

export type QualityColumn = { readonly parameter: ParameterName; readonly basis: Basis | undefined };

export const QUALITY_COLUMNS: readonly QualityColumn[] = Object.entries(PARAMETERS).flatMap(
  ([name, { bases }]): QualityColumn[] => {
    const parameter = name as ParameterName;
    return bases.length === 0
      ? [{ parameter, basis: undefined }]
      : bases.map((basis) => ({ parameter, basis }));
  },
);

const places = new Map(
  QUALITY_COLUMNS.map(({ parameter, basis }, place) => [`${parameter}:${basis ?? ''}`, place]),
);

/** @returns undefined when the parameter is not reported on that basis. */
export function qualityColumn(parameter: ParameterName, basis: Basis | undefined): number | undefined {
  return places.get(`${parameter}:${basis ?? ''}`);
}

/** One number per column; MISSING where the statements do not say. */
export function qualityValues(assay: Assay): Int32Array {
  const values = new Int32Array(QUALITY_COLUMNS.length);
  const near = approximate(assay);
  QUALITY_COLUMNS.forEach((column, place) => {
    values[place] = whole(near[place]!, () => exactQuality(assay, column));
  });
  return values;
}

/** The number before it is rounded, in the unit of the column. The one definition that columns stand for. */
export function exactQuality(assay: Assay, { parameter, basis }: QualityColumn): Rational | undefined {
  const stated = (value: number | undefined): Rational | undefined =>
    value === undefined ? undefined : rational(value);
  switch (parameter) {
    case 'totalMoisture':
      return stated(assay.totalMoisture.basisPoints);
    case 'inherentMoisture':
      return stated(assay.inherentMoisture?.basisPoints);
    case 'gross':
    case 'net':
      return heatOn(assay, parameter, basis ?? 'ar')?.joulesPerGram;
    case 'hardgrove':
      return stated(assay.hardgroveIndex);
    case 'ashDeformation':
      return stated(assay.ashFusion?.deformationCelsius);
    case 'ashSoftening':
      return stated(assay.ashFusion?.softeningCelsius);
    case 'sizeMin':
      return stated(assay.size?.minMm);
    case 'sizeMax':
      return stated(assay.size?.maxMm);
    case 'fixedCarbon':
      return inBasisPoints(
        assay.fixedCarbon ? shareOn(assay, parameter, basis ?? 'ar') : fixedCarbonOn(assay, basis ?? 'ar'),
      );
    default:
      return inBasisPoints(shareOn(assay, parameter, basis ?? 'ar'));
  }
}

function inBasisPoints(percent: Rational | undefined): Rational | undefined {
  return percent && rational(percent.numerator * 100n, percent.denominator);
}

/** Doubles are right to nine digits here; this far from a half they round as the exact value does. */
const DOUBT = 1e-5;

function whole(near: number, exact: () => Rational | undefined): number {
  const beyond = near - Math.floor(near) - 0.5;
  if (Math.abs(beyond) > DOUBT) return clamp(Math.round(near));
  const value = exact();
  return value ? clamp(Number(roundHalfEven(value))) : MISSING;
}

/** A nonsense certificate may give any number on the ash free basis: such a lot is beyond every range. */
function clamp(value: number): number {
  return Math.max(-0x7fff_ffff, Math.min(0x7fff_ffff, value));
}

type Factors = Readonly<Record<Basis, number>>;

/** The columns in doubles; NaN where the fractions have to say. The same steps as basis.ts and heat.ts. */
function approximate(assay: Assay): Float64Array {
  const near = new Float64Array(QUALITY_COLUMNS.length);
  const dry = {
    ar: 1 - assay.totalMoisture.basisPoints / 1e4,
    ad: assay.inherentMoisture ? 1 - assay.inherentMoisture.basisPoints / 1e4 : Number.NaN,
    d: 1,
    daf: Number.NaN,
  };
  const ashDry = assay.ash.basisPoints / 1e4 / dry[assay.ash.basis];
  const organic = 1 - ashDry;
  // Where ash leaves (almost) nothing the exact fractions say what follows.
  const factors: Factors = { ...dry, daf: organic > 1e-6 ? 1 / organic : Number.NaN };
  const volatileDaf = shareNear(assay.volatileMatter, 'daf', factors);
  QUALITY_COLUMNS.forEach(({ parameter, basis = 'ar' }, place) => {
    near[place] = nearValue(assay, parameter, basis, factors, volatileDaf, ashDry);
  });
  return near;
}

function nearValue(
  assay: Assay,
  parameter: ParameterName,
  basis: Basis,
  factors: Factors,
  volatileDaf: number,
  ashDry: number,
): number {
  switch (parameter) {
    case 'totalMoisture':
      return assay.totalMoisture.basisPoints;
    case 'inherentMoisture':
      return assay.inherentMoisture?.basisPoints ?? Number.NaN;
    case 'hardgrove':
      return assay.hardgroveIndex ?? Number.NaN;
    case 'ashDeformation':
      return assay.ashFusion?.deformationCelsius ?? Number.NaN;
    case 'ashSoftening':
      return assay.ashFusion?.softeningCelsius ?? Number.NaN;
    case 'sizeMin':
      return assay.size?.minMm ?? Number.NaN;
    case 'sizeMax':
      return assay.size?.maxMm ?? Number.NaN;
    case 'gross':
    case 'net':
      return heatNear(assay, parameter, basis, factors, volatileDaf);
    case 'fixedCarbon': {
      if (assay.fixedCarbon) return shareNear(assay.fixedCarbon, basis, factors);
      const volatile = shareNear(assay.volatileMatter, 'd', factors);
      return (1e4 - ashDry * 1e4 - volatile) * factors[basis];
    }
    default:
      return shareNear(assay[parameter], basis, factors);
  }
}

function shareNear(share: Assay['hydrogen'], basis: Basis, factors: Factors): number {
  if (!share) return Number.NaN;
  if (share.basis === basis) return share.basisPoints;
  return (share.basisPoints / factors[share.basis]) * factors[basis];
}

function heatNear(
  assay: Assay,
  kind: 'gross' | 'net',
  basis: Basis,
  factors: Factors,
  volatileDaf: number,
): number {
  const from = assay.calorificValue;
  if (from.kind === kind && from.basis === basis) return from.joulesPerGram;
  const water = (on: Basis): number => {
    const moisture =
      on === 'ar'
        ? assay.totalMoisture.basisPoints / 100
        : on === 'ad'
          ? assay.inherentMoisture
            ? assay.inherentMoisture.basisPoints / 100
            : Number.NaN
          : 0;
    return 206 * hydrogenNear(assay, on, factors, volatileDaf) + 23 * moisture;
  };
  const gross = from.joulesPerGram + (from.kind === 'net' ? water(from.basis) : 0);
  const there = from.basis === basis ? gross : (gross / factors[from.basis]) * factors[basis];
  return there - (kind === 'net' ? water(basis) : 0);
}

/** Percent: measured, or from the volatile matter, or the share that laboratories assume. */
function hydrogenNear(assay: Assay, basis: Basis, factors: Factors, volatileDaf: number): number {
  const measured = shareNear(assay.hydrogen, basis, factors) / 100;
  if (!Number.isNaN(measured)) return measured;
  const onDaf = Number.isNaN(volatileDaf) ? 5.4 : (0.059 * volatileDaf) / 100 + 3.173;
  return basis === 'daf' ? onDaf : (onDaf / factors.daf) * factors[basis];
}
