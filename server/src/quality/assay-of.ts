/** The statements of a certificate as an assay, for the audit of its numbers. */
import {
  type Assay,
  type CalorificValue,
  type CertifiedQuality,
  type CertifiedValue,
  type Share,
  convertEnergy,
  isEnergyUnit,
  parseRational,
  roundHalfUp,
} from '@seam/coal';

/** @returns undefined when the certificate says too little to be an assay. */
export function assayOf({ values }: CertifiedQuality): Assay | undefined {
  const shares = (parameter: CertifiedValue['parameter']): Share[] =>
    values
      .filter((value) => value.parameter === parameter && value.unit === '%')
      .flatMap((value) => shareOf(value) ?? []);
  const heats = values.flatMap((value) => heatOf(value) ?? []);
  const [totalMoisture] = shares('totalMoisture');
  const [inherentMoisture] = shares('inherentMoisture');
  const [ash, ...moreAsh] = shares('ash');
  const [sulphur, ...moreSulphur] = shares('sulphur');
  const [volatileMatter, ...moreVolatile] = shares('volatileMatter');
  const [fixedCarbon] = shares('fixedCarbon');
  const [calorificValue, ...moreHeat] = heats;
  if (!totalMoisture || !ash || !sulphur || !calorificValue) return undefined;
  return {
    totalMoisture,
    ...(inherentMoisture && { inherentMoisture }),
    ash,
    ...(volatileMatter && { volatileMatter }),
    sulphur,
    ...(fixedCarbon && { fixedCarbon }),
    calorificValue,
    also: { ash: moreAsh, sulphur: moreSulphur, volatileMatter: moreVolatile, calorificValue: moreHeat },
  };
}

function shareOf({ value, basis }: CertifiedValue): Share | undefined {
  const exact = parseRational(value);
  return exact && basis && { basisPoints: Number(roundHalfUp(exact, 2)), basis };
}

function heatOf({ parameter, unit, kind, basis, value }: CertifiedValue): CalorificValue | undefined {
  const exact = parseRational(value);
  if (parameter !== 'calorificValue' || !isEnergyUnit(unit) || !kind || !basis || !exact) return undefined;
  return { joulesPerGram: Number(roundHalfUp(convertEnergy(exact, unit, 'J/g'))), kind, basis };
}
