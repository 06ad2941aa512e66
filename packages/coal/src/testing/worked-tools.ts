/** Small words of the worked numbers. */
import { parseTonnes } from '@seam/units';
import { type Rational, convertEnergy, decimal, divide, rational, toDecimal } from './imports.ts';

/** The answer, or an error that names the refusal: an example has to have an answer. */
export function must<T extends { readonly ok: boolean }>(result: T): Extract<T, { ok: true }> {
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result as Extract<T, { ok: true }>;
}
export const inMoney = (amount: Rational, digits: number): string =>
  toDecimal(divide(amount, rational(100)), digits);
export const tonnes = (text: string) => {
  const value = parseTonnes(text);
  if (value === undefined) throw new Error(text);
  return value;
};
export const kcal = (value: string): Rational => convertEnergy(decimal(value), 'kcal/kg', 'J/g');
export const inKcal = (joules: Rational, digits = 2): string =>
  toDecimal(convertEnergy(joules, 'J/g', 'kcal/kg'), digits);
