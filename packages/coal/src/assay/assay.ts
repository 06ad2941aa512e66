/**
 * What a laboratory or a seller says about a coal. Plain JSON: it is stored, sent and signed as it is.
 *
 * An assay holds statements, never derived values: each with the basis it was stated on. Everything else
 * (other bases, net from gross, fixed carbon) is computed when asked for.
 */
import { type Rational, divide, multiply, rational, subtract, HUNDRED } from '../exact/rational.ts';

/** As received, air dried, dry, dry ash free. */
export const BASES = ['ar', 'ad', 'd', 'daf'] as const;
export type Basis = (typeof BASES)[number];

/** A mass share in basis points (1/100 %), integer. */
export type Share = { readonly basisPoints: number; readonly basis: Basis };

/** Joules per gram, integer. `net` is at constant pressure, moisture included when the basis has it. */
export type CalorificValue = {
  readonly joulesPerGram: number;
  readonly kind: 'gross' | 'net';
  readonly basis: Basis;
};

export const COAL_RANKS = [
  'anthracite',
  'coking',
  'bituminous',
  'sub_bituminous',
  'lignite',
  'waste',
] as const;
export type CoalRank = (typeof COAL_RANKS)[number];

/** Initial deformation and softening temperature of the ash, °C, in a reducing atmosphere unless said. */
export type AshFusion = {
  readonly deformationCelsius?: number;
  readonly softeningCelsius?: number;
  readonly atmosphere: 'reducing' | 'oxidising';
};

export type Size = { readonly minMm: number; readonly maxMm: number };

/** The parameters that are shares of mass and convert between bases by factors. */
export const SHARE_PARAMETERS = ['ash', 'volatileMatter', 'sulphur', 'fixedCarbon', 'hydrogen'] as const;
export type ShareParameter = (typeof SHARE_PARAMETERS)[number];

export type Assay = {
  /** As received. */
  readonly totalMoisture: Share;
  /** Air dried. Missing in some receipts. */
  readonly inherentMoisture?: Share;
  readonly ash: Share;
  readonly volatileMatter?: Share;
  readonly sulphur: Share;
  readonly fixedCarbon?: Share;
  readonly hydrogen?: Share;
  /** The value the price refers to. */
  readonly calorificValue: CalorificValue;
  readonly hardgroveIndex?: number;
  readonly ashFusion?: AshFusion;
  readonly size?: Size;
  /** Statements of the same certificate on further bases: audited against the ones above, never used. */
  readonly also?: {
    readonly ash?: readonly Share[];
    readonly volatileMatter?: readonly Share[];
    readonly sulphur?: readonly Share[];
    readonly calorificValue?: readonly CalorificValue[];
  };
};

/** Percent of a share, exact. */
export function percent(share: Share): Rational {
  return rational(share.basisPoints, 100);
}

/** What a conversion between bases needs to know, in percent. */
export type Conditions = {
  readonly totalMoisture?: Rational;
  readonly inherentMoisture?: Rational;
  readonly ashDry?: Rational;
};

/** The conditions an assay states. `ashDry` is missing when the ash cannot be brought to the dry basis. */
export function conditionsOf(assay: Pick<Assay, 'totalMoisture' | 'inherentMoisture' | 'ash'>): Conditions {
  const moistures = {
    totalMoisture: percent(assay.totalMoisture),
    ...(assay.inherentMoisture && { inherentMoisture: percent(assay.inherentMoisture) }),
  };
  const ash = percent(assay.ash);
  const moisture = {
    ar: moistures.totalMoisture,
    ad: moistures.inherentMoisture,
    d: rational(0),
    daf: undefined,
  }[assay.ash.basis];
  if (!moisture || moisture.numerator >= moisture.denominator * 100n) return moistures;
  return { ...moistures, ashDry: divide(multiply(ash, HUNDRED), subtract(HUNDRED, moisture)) };
}
