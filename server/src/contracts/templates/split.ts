/** A year's quantity in months: exact kilograms, whose sum is the year's. */
import type { MonthTerms } from './terms.ts';

export type ShareOfMonth = { readonly month: string; readonly basisPoints: number };

const WHOLE = 10_000n;

/**
 * Each month's share, rounded down; what is left goes kilogram by kilogram to the largest remainders, the
 * earlier month first where they are equal.
 * @returns undefined when the shares are no hundred percent.
 */
export function splitByShares(totalKg: bigint, shares: readonly ShareOfMonth[]): MonthTerms[] | undefined {
  const whole = shares.reduce((sum, { basisPoints }) => sum + BigInt(basisPoints), 0n);
  if (whole !== WHOLE || shares.some(({ basisPoints }) => basisPoints < 0)) return undefined;
  const parts = shares.map(({ month, basisPoints }, at) => {
    const exact = totalKg * BigInt(basisPoints);
    return { at, month, kg: exact / WHOLE, rest: exact % WHOLE };
  });
  const given = parts.reduce((sum, { kg }) => sum + kg, 0n);
  const first = parts.toSorted((a, b) => (a.rest === b.rest ? a.at - b.at : a.rest < b.rest ? 1 : -1));
  const more = new Set(first.slice(0, Number(totalKg - given)).map(({ at }) => at));
  return parts.map(({ at, month, kg }) => ({ month, kg: String(more.has(at) ? kg + 1n : kg) }));
}

/** "2027-01" for `count` months on. */
export function monthsFrom(first: string, count: number): string[] {
  return Array.from({ length: count }, (_none, at) => addMonths(first, at));
}

export function addMonths(month: string, count: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const index = year * 12 + number - 1 + count;
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
}

/** First and last calendar day of a month. */
export function daysOfMonth(month: string): { from: string; to: string } {
  const next = new Date(`${addMonths(month, 1)}-01T00:00:00Z`);
  return { from: `${month}-01`, to: new Date(next.getTime() - 86_400_000).toISOString().slice(0, 10) };
}
