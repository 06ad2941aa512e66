/**
 * Do the numbers of one certificate fit each other? Each flag names a contradiction with a stable code and
 * the numbers that show it; wording is the reader's. A flag does not refuse: it tells seller, buyer and
 * staff where to look.
 */
import {
  type Assay,
  type Basis,
  type CalorificValue,
  type CoalRank,
  type Share,
  conditionsOf,
  percent,
} from '../assay/assay.ts';
import { convertBasis, shareOn } from '../assay/basis.ts';
import { heatOn } from '../heat/heat.ts';
import {
  type Rational,
  HUNDRED,
  absolute,
  add,
  compare,
  decimal,
  rational,
  roundHalfEven,
  subtract,
} from '../exact/rational.ts';

/** Numbers are integers: names ending in BasisPoints in 1/100 %, in JoulesPerGram in J/g. */
export type AuditFlag = {
  readonly code: AuditCode;
  /** Where the contradicted statement stands, when a basis is part of it. */
  readonly basis?: Basis;
  readonly numbers: Readonly<Record<string, number>>;
};

export type AuditCode =
  /** Moisture, ash, volatile matter and fixed carbon of one basis do not make 100 %. */
  | 'proximate_sum'
  /** The same share, stated on two bases, differs by more than the conversion allows. */
  | 'ash_bases_disagree'
  | 'volatile_matter_bases_disagree'
  | 'sulphur_bases_disagree'
  | 'calorific_value_bases_disagree'
  /** Air drying cannot add water. */
  | 'total_moisture_below_inherent'
  /** Gross air dried below gross as received, though it holds less water. */
  | 'gross_air_dried_below_as_received'
  /** Gross has to be above net. */
  | 'gross_not_above_net'
  /** Stated net differs from the net that follows from gross, hydrogen and moisture. */
  | 'net_calorific_value_disagrees'
  /** No coal has such a gross value in its dry ash free matter. */
  | 'calorific_value_daf_implausible'
  /** The declared rank does not go with this volatile matter. */
  | 'rank_disagrees';

const SUM_TOLERANCE = decimal('0.05');
const BASIS_TOLERANCE = decimal('0.05');
const MOISTURE_TOLERANCE = decimal('0.3');
/** 60 kcal/kg. */
const NET_TOLERANCE_JOULES = decimal('251.208');
/** Repeatability of one laboratory. */
const GROSS_TOLERANCE_JOULES = rational(120);
const DAF_RANGE = [rational(20_000), rational(37_500)] as const;
/** Volatile matter dry ash free in percent: upper limit of anthracite, lower limit of lignite (GB/T 5751). */
const ANTHRACITE_VOLATILE_MAX = rational(10);
const LIGNITE_VOLATILE_MIN = rational(37);

/** @returns every contradiction found; empty when the assay is consistent as far as it says. */
export function auditAssay(assay: Assay, rank?: CoalRank): readonly AuditFlag[] {
  return [
    ...proximateSum(assay),
    ...sharesOnBases(assay),
    ...moistures(assay),
    ...calorificOrder(assay),
    ...calorificStatements(assay),
    ...dryAshFree(assay),
    ...declaredRank(assay, rank),
  ];
}

function proximateSum(assay: Assay): AuditFlag[] {
  const basis = assay.fixedCarbon?.basis;
  if (!basis || !assay.fixedCarbon) return [];
  const moisture = { ar: assay.totalMoisture, ad: assay.inherentMoisture, d: undefined, daf: undefined }[
    basis
  ];
  const ash = basis === 'daf' ? rational(0) : shareOn(assay, 'ash', basis);
  const volatile = shareOn(assay, 'volatileMatter', basis);
  if (!ash || !volatile || (basis === 'ad' && !moisture)) return [];
  const sum = add(moisture ? percent(moisture) : rational(0), ash, volatile, percent(assay.fixedCarbon));
  if (within(sum, HUNDRED, SUM_TOLERANCE)) return [];
  return [
    { code: 'proximate_sum', basis, numbers: { sumBasisPoints: basisPoints(sum), toleranceBasisPoints: 5 } },
  ];
}

function sharesOnBases(assay: Assay): AuditFlag[] {
  const codes = {
    ash: 'ash_bases_disagree',
    volatileMatter: 'volatile_matter_bases_disagree',
    sulphur: 'sulphur_bases_disagree',
  } as const;
  return (Object.keys(codes) as (keyof typeof codes)[]).flatMap((parameter) =>
    (assay.also?.[parameter] ?? []).flatMap((share) =>
      shareDisagrees(assay, parameter, share, codes[parameter]),
    ),
  );
}

function shareDisagrees(
  assay: Assay,
  parameter: 'ash' | 'volatileMatter' | 'sulphur',
  stated: Share,
  code: AuditCode,
): AuditFlag[] {
  const expected = shareOn(assay, parameter, stated.basis);
  if (!expected || within(percent(stated), expected, BASIS_TOLERANCE)) return [];
  const numbers = {
    statedBasisPoints: stated.basisPoints,
    expectedBasisPoints: basisPoints(expected),
    toleranceBasisPoints: 5,
  };
  return [{ code, basis: stated.basis, numbers }];
}

function moistures(assay: Assay): AuditFlag[] {
  if (!assay.inherentMoisture) return [];
  const lowest = subtract(percent(assay.inherentMoisture), MOISTURE_TOLERANCE);
  if (compare(percent(assay.totalMoisture), lowest) >= 0) return [];
  const numbers = {
    totalBasisPoints: assay.totalMoisture.basisPoints,
    inherentBasisPoints: assay.inherentMoisture.basisPoints,
    toleranceBasisPoints: 30,
  };
  return [{ code: 'total_moisture_below_inherent', numbers }];
}

/** Only what was stated is compared: a computed value agrees with its source by construction. */
function calorificOrder(assay: Assay): AuditFlag[] {
  const stated = (kind: CalorificValue['kind'], basis: Basis): number | undefined =>
    statements(assay).find((value) => value.kind === kind && value.basis === basis)?.joulesPerGram;
  const grossReceived = stated('gross', 'ar');
  const grossAirDried = stated('gross', 'ad');
  const flags: AuditFlag[] = [];
  const drier =
    assay.inherentMoisture && assay.totalMoisture.basisPoints >= assay.inherentMoisture.basisPoints;
  if (grossReceived !== undefined && grossAirDried !== undefined && drier && grossAirDried < grossReceived) {
    const numbers = { airDriedJoulesPerGram: grossAirDried, asReceivedJoulesPerGram: grossReceived };
    flags.push({ code: 'gross_air_dried_below_as_received', numbers });
  }
  for (const basis of ['ar', 'ad', 'd'] as const) {
    const gross = stated('gross', basis);
    const net = stated('net', basis);
    if (gross === undefined || net === undefined || gross > net) continue;
    const numbers = { grossJoulesPerGram: gross, netJoulesPerGram: net };
    flags.push({ code: 'gross_not_above_net', basis, numbers });
  }
  return flags;
}

/** Every further calorific statement against what follows from the assay's own. */
function calorificStatements(assay: Assay): AuditFlag[] {
  return (assay.also?.calorificValue ?? []).flatMap((value) => {
    const expected = heatOn(assay, value.kind, value.basis)?.joulesPerGram;
    const estimated = value.kind !== assay.calorificValue.kind;
    const tolerance = estimated ? NET_TOLERANCE_JOULES : GROSS_TOLERANCE_JOULES;
    if (!expected || within(rational(value.joulesPerGram), expected, tolerance)) return [];
    const code = estimated ? 'net_calorific_value_disagrees' : 'calorific_value_bases_disagree';
    const numbers = {
      statedJoulesPerGram: value.joulesPerGram,
      expectedJoulesPerGram: Number(roundHalfEven(expected)),
      toleranceJoulesPerGram: Number(roundHalfEven(tolerance)),
    };
    return [{ code, basis: value.basis, numbers } as const];
  });
}

function dryAshFree(assay: Assay): AuditFlag[] {
  const value = heatOn(assay, 'gross', 'daf')?.joulesPerGram;
  if (!value || (compare(value, DAF_RANGE[0]) >= 0 && compare(value, DAF_RANGE[1]) <= 0)) return [];
  const numbers = {
    dryAshFreeJoulesPerGram: Number(roundHalfEven(value)),
    minimumJoulesPerGram: 20_000,
    maximumJoulesPerGram: 37_500,
  };
  return [{ code: 'calorific_value_daf_implausible', basis: 'daf', numbers }];
}

function declaredRank(assay: Assay, rank: CoalRank | undefined): AuditFlag[] {
  const volatile = shareOn(assay, 'volatileMatter', 'daf');
  if (!rank || !volatile || rank === 'waste') return [];
  const lowVolatile = compare(volatile, ANTHRACITE_VOLATILE_MAX) <= 0;
  const highVolatile = compare(volatile, LIGNITE_VOLATILE_MIN) > 0;
  const fits = rank === 'anthracite' ? lowVolatile : rank === 'lignite' ? highVolatile : !lowVolatile;
  if (fits) return [];
  return [
    { code: 'rank_disagrees', basis: 'daf', numbers: { volatileMatterBasisPoints: basisPoints(volatile) } },
  ];
}

function statements(assay: Assay): readonly CalorificValue[] {
  return [assay.calorificValue, ...(assay.also?.calorificValue ?? [])];
}

function within(value: Rational, expected: Rational, tolerance: Rational): boolean {
  return compare(absolute(subtract(value, expected)), tolerance) <= 0;
}

function basisPoints(value: Rational): number {
  return Number(roundHalfEven(value, 2));
}

/** The moisture, ash and volatile matter an assay leaves for fixed carbon on `basis`, percent. */
export function fixedCarbonOn(assay: Assay, basis: Basis): Rational | undefined {
  const volatile = shareOn(assay, 'volatileMatter', 'd');
  const { ashDry } = conditionsOf(assay);
  if (!volatile || !ashDry) return undefined;
  const dry = subtract(subtract(HUNDRED, ashDry), volatile);
  return convertBasis(dry, 'd', basis, conditionsOf(assay));
}
