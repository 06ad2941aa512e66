/** An assay as the exchange shows it: the statements, and every basis that follows from them. */
import {
  type Assay,
  BASES,
  type Basis,
  type CalorificValue,
  type Rational,
  type Share,
  type ShareParameter,
  fixedCarbonOn,
  heatOn,
  roundHalfEven,
  shareOn,
  toDecimal,
} from '@seam/coal';
import type { AssayStatement, QualityTable } from '@seam/protocol';
import { percentText } from './assay.ts';

/** The values a listing is found by, on the as received basis. Null where the statements do not allow it. */
export function searchValues(assay: Assay): {
  searchNetArJPerG: number | null;
  searchAshArBp: number | null;
  searchSulphurArBp: number | null;
} {
  const whole = (value: Rational | undefined, digits: number): number | null =>
    value ? Number(roundHalfEven(value, digits)) : null;
  return {
    searchNetArJPerG: whole(heatOn(assay, 'net', 'ar')?.joulesPerGram, 0),
    searchAshArBp: whole(shareOn(assay, 'ash', 'ar'), 2),
    searchSulphurArBp: whole(shareOn(assay, 'sulphur', 'ar'), 2),
  };
}

export function qualityTable(assay: Assay): QualityTable {
  const { calorificValue } = assay;
  const net = heatOn(assay, 'net', 'ar');
  const fixedCarbon = onBases((basis) => fixedCarbonOn(assay, basis), 2);
  const known = assay.fixedCarbon ?? (assay.volatileMatter && fixedCarbon.d !== null ? null : undefined);
  return {
    ash: share(assay, 'ash', assay.ash.basis),
    ...(assay.volatileMatter && {
      volatileMatter: share(assay, 'volatileMatter', assay.volatileMatter.basis),
    }),
    ...(known !== undefined && {
      fixedCarbon: known ? share(assay, 'fixedCarbon', known.basis) : { stated: null, ...fixedCarbon },
    }),
    sulphur: share(assay, 'sulphur', assay.sulphur.basis),
    grossCalorificValue: {
      stated: calorificValue.kind === 'gross' ? calorificValue.basis : null,
      ...onBases((basis) => heatOn(assay, 'gross', basis)?.joulesPerGram, 0),
    },
    netCalorificValue: {
      stated: calorificValue.kind === 'net' ? calorificValue.basis : null,
      // Net without moisture and ash is no value of trade.
      ...onBases((basis) => (basis === 'daf' ? undefined : heatOn(assay, 'net', basis)?.joulesPerGram), 0),
    },
    hydrogen: net?.hydrogen ?? heatOn(assay, 'gross', 'ar')?.hydrogen ?? null,
  };
}

function share<B extends Basis>(
  assay: Assay,
  parameter: ShareParameter,
  stated: B,
): { stated: B } & Record<Basis, string | null> {
  return { stated, ...onBases((basis) => shareOn(assay, parameter, basis), 2) };
}

function onBases(
  value: (basis: Basis) => Rational | undefined,
  digits: number,
): Record<Basis, string | null> {
  const entries = BASES.map((basis) => {
    const found = value(basis);
    return [basis, found ? toDecimal(found, digits) : null];
  });
  return Object.fromEntries(entries) as Record<Basis, string | null>;
}

/** @param typed the calorific value as the seller wrote it, which J/g would not give back exactly. */
export function statementOf(
  assay: Assay,
  typed: Pick<AssayStatement['calorificValue'], 'value' | 'unit'>,
): AssayStatement {
  const { size, ashFusion, also } = assay;
  return {
    totalMoisture: percentText(assay.totalMoisture.basisPoints),
    ...(assay.inherentMoisture && { inherentMoisture: percentText(assay.inherentMoisture.basisPoints) }),
    ash: shareText(assay.ash),
    ...(assay.volatileMatter && { volatileMatter: shareText(assay.volatileMatter) }),
    sulphur: shareText(assay.sulphur),
    ...(assay.fixedCarbon && { fixedCarbon: shareText(assay.fixedCarbon) }),
    ...(assay.hydrogen && { hydrogen: shareText(assay.hydrogen) }),
    calorificValue: { ...typed, kind: assay.calorificValue.kind, basis: assay.calorificValue.basis },
    ...(assay.hardgroveIndex !== undefined && { hardgroveIndex: String(assay.hardgroveIndex) }),
    ...(ashFusion && {
      ashFusion: {
        atmosphere: ashFusion.atmosphere,
        ...(ashFusion.deformationCelsius !== undefined && {
          deformationCelsius: String(ashFusion.deformationCelsius),
        }),
        ...(ashFusion.softeningCelsius !== undefined && {
          softeningCelsius: String(ashFusion.softeningCelsius),
        }),
      },
    }),
    ...(size && { size: { minMm: String(size.minMm), maxMm: String(size.maxMm) } }),
    ...(also && {
      also: {
        ...(also.ash && { ash: also.ash.map(shareText) }),
        ...(also.volatileMatter && { volatileMatter: also.volatileMatter.map(shareText) }),
        ...(also.sulphur && { sulphur: also.sulphur.map(shareText) }),
        ...(also.calorificValue && { calorificValue: also.calorificValue.map(heatText) }),
      },
    }),
  };
}

function shareText({ basisPoints, basis }: Share): AssayStatement['ash'] {
  return { value: percentText(basisPoints), basis };
}

function heatText({ joulesPerGram, kind, basis }: CalorificValue): AssayStatement['calorificValue'] {
  return { value: String(joulesPerGram), unit: 'J/g', kind, basis };
}
