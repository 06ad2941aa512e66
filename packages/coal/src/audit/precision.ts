/**
 * How far two honest results may lie apart. Repeatability: one laboratory twice. Reproducibility: two
 * laboratories. Bands are those of a working laboratory system; heat in J/g, shares in percent absolute.
 */
import { type Rational, absolute, compare, decimal, rational, subtract } from '../exact/rational.ts';
import { type Refusal, refuse } from '../exact/refusal.ts';

export type PreciseParameter = 'totalMoisture' | 'ash' | 'volatileMatter' | 'sulphur' | 'calorificValue';

type PrecisionBand = { readonly upTo: string | null; readonly repeatability: string };

/** On the basis the laboratory works on: moisture as received, the rest air dried. */
const BANDS: Readonly<Record<PreciseParameter, readonly PrecisionBand[]>> = {
  // Above 10 % the source names none.
  totalMoisture: [{ upTo: '10', repeatability: '0.5' }],
  ash: [
    { upTo: '15', repeatability: '0.20' },
    { upTo: '30', repeatability: '0.30' },
    { upTo: null, repeatability: '0.50' },
  ],
  volatileMatter: [
    { upTo: '20', repeatability: '0.30' },
    { upTo: '40', repeatability: '0.50' },
    { upTo: null, repeatability: '0.80' },
  ],
  sulphur: [
    { upTo: '2', repeatability: '0.05' },
    { upTo: '5', repeatability: '0.10' },
    { upTo: null, repeatability: '0.15' },
  ],
  calorificValue: [{ upTo: null, repeatability: '120' }],
};

/** Of gross heat between laboratories, J/g. */
export const HEAT_REPRODUCIBILITY: Rational = rational(300);

export type Precision = { readonly ok: true; readonly within: Rational };

/** The largest difference of two results of one laboratory at this level. */
export function repeatability(
  parameter: PreciseParameter,
  level: Rational,
): Precision | Refusal<'not_named'> {
  const band = BANDS[parameter].find(({ upTo }) => upTo === null || compare(level, decimal(upTo)) <= 0);
  return band ? { ok: true, within: decimal(band.repeatability) } : refuse('not_named', { at: parameter });
}

/** Whether a duplicate confirms a result: by the band of the mean of both. */
export function repeats(
  parameter: PreciseParameter,
  first: Rational,
  second: Rational,
): { readonly ok: true; readonly repeats: boolean; readonly within: Rational } | Refusal<'not_named'> {
  const mean = rational(
    first.numerator * second.denominator + second.numerator * first.denominator,
    2n * first.denominator * second.denominator,
  );
  const precision = repeatability(parameter, mean);
  if (!precision.ok) return precision;
  const apart = absolute(subtract(first, second));
  return { ok: true, repeats: compare(apart, precision.within) <= 0, within: precision.within };
}
