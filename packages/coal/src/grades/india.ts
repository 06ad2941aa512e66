/** Grades of Indian coal: by gross heat, by ash for coking coals, and the older useful heat value. */
import { type Rational, add, compare, multiply, rational, subtract } from '../exact/rational.ts';
import { type RangeRefusal, outside } from '../exact/decimals.ts';
import { type Refusal, refuse } from '../exact/refusal.ts';
import { HUNDRED } from '../exact/rational.ts';
import type { Band, GradeScheme } from './scheme.ts';

/** G1 above 7000 kcal/kg, G2 to G17 in bands of 300 below. */
const GROSS_BANDS: readonly Band[] = [
  { code: 'G1', above: '7000' },
  ...Array.from({ length: 16 }, (_, index): Band => {
    const upTo = 7_000 - 300 * index;
    return { code: `G${index + 2}`, above: String(upTo - 300), upTo: String(upTo) };
  }),
];

export const INDIA_GROSS: GradeScheme = {
  id: 'in-gcv',
  title: 'Non-coking coal by gross calorific value',
  jurisdiction: 'IN',
  // Sampled coal is equilibrated at 60 % relative humidity and 40 °C: an air dried basis of its own.
  measure: { parameter: 'calorificValue', kind: 'gross', basis: 'ad', unit: 'kcal/kg' },
  edition: 'G1 to G17, 2012',
  source: 'dbgroup.co.in, grading of coal in India',
  status: 'cited',
  bands: GROSS_BANDS,
};

export const INDIA_COKING: GradeScheme = {
  id: 'in-coking',
  title: 'Coking coal by ash',
  jurisdiction: 'IN',
  measure: { parameter: 'ash', basis: 'ad', unit: '%' },
  edition: 'Steel and washery grades',
  source: 'coal.gov.in taxonomy term 956',
  status: 'cited',
  bands: [
    { code: 'steel_1', name: 'Steel I', upTo: '15' },
    { code: 'steel_2', name: 'Steel II', above: '15', upTo: '18' },
    { code: 'washery_1', name: 'Washery I', above: '18', upTo: '21' },
    { code: 'washery_2', name: 'Washery II', above: '21', upTo: '24' },
    { code: 'washery_3', name: 'Washery III', above: '24', upTo: '28' },
    { code: 'washery_4', name: 'Washery IV', above: '28', upTo: '35' },
    { code: 'washery_5', name: 'Washery V', above: '35', upTo: '42' },
    { code: 'washery_6', name: 'Washery VI', above: '42', upTo: '49' },
  ],
};

export const INDIA_SEMI_COKING: GradeScheme = {
  id: 'in-semi-coking',
  title: 'Semi-coking and weakly coking coal by ash and moisture',
  jurisdiction: 'IN',
  measure: { parameter: 'ashPlusMoisture', basis: 'ad', unit: '%' },
  edition: 'Semi-coking I and II',
  source: 'studymode.com, Coal Grading in India',
  status: 'cited',
  bands: [
    { code: 'semi_coking_1', name: 'Semi-coking I', upTo: '19' },
    { code: 'semi_coking_2', name: 'Semi-coking II', above: '19', upTo: '24' },
  ],
};

export const INDIA_USEFUL_HEAT: GradeScheme = {
  id: 'in-uhv',
  title: 'Non-coking coal by useful heat value, before 2012',
  jurisdiction: 'IN',
  measure: { parameter: 'usefulHeatValue', basis: 'ad', unit: 'kcal/kg' },
  edition: 'A to G, replaced by G1 to G17',
  source: 'studymode.com, Coal Grading in India',
  status: 'cited',
  bands: [
    { code: 'A', above: '6200' },
    { code: 'B', above: '5600', upTo: '6200' },
    { code: 'C', above: '4940', upTo: '5600' },
    { code: 'D', above: '4200', upTo: '4940' },
    { code: 'E', above: '3360', upTo: '4200' },
    { code: 'F', above: '2400', upTo: '3360' },
    { code: 'G', above: '1300', upTo: '2400' },
  ],
};

/** 8900 − 138·(ash + moisture), kcal/kg; percent of one sample. */
export function usefulHeatValue(
  ash: Rational,
  moisture: Rational,
): { readonly ok: true; readonly kcalPerKg: Rational } | RangeRefusal | Refusal<'over_hundred_percent'> {
  const refusal = outside('ash', ash, ['0', '99']) ?? outside('moisture', moisture, ['0', '60']);
  if (refusal) return refusal;
  const sum = add(ash, moisture);
  if (compare(sum, HUNDRED) >= 0) return refuse('over_hundred_percent', { at: 'ash' });
  return { ok: true, kcalPerKg: subtract(rational(8_900), multiply(rational(138), sum)) };
}
