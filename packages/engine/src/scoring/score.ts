/**
 * The score of an offer as an exact fraction of minor units per tonne; less is better. Nothing is
 * rounded before it is shown, so no two machines and no two orders of adding can disagree.
 */
import { COUNT_MAX, type Ticks, divideHalfUp, formatScaled, ticks } from '@seam/units';
import type { CommonTerms } from '../auction/types.ts';
import { BASIS_POINTS_MAX } from '../limits.ts';
import { unreachable } from '../assert.ts';
import type { Decrement, Merit, Offer, ScoringRule } from './types.ts';

/** Denominator positive; not in lowest terms, so compare with `compareScores` only. */
export type Score = { readonly numerator: bigint; readonly denominator: bigint };

type Grid = Pick<CommonTerms, 'tickSize'> & { readonly scoring: ScoringRule };

/** A score as a function of the price: (slope × ticks + base) / denominator. */
type Line = { readonly slope: bigint; readonly base: bigint; readonly denominator: bigint };

export function scoreOf(terms: Grid, { price, merit }: Pick<Offer, 'price' | 'merit'>): Score {
  const { slope, base, denominator } = lineOf(terms, merit);
  return { numerator: slope * BigInt(price) + base, denominator };
}

/** Negative when `a` is better. */
export function compareScores(a: Score, b: Score): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The worst score that still improves on `score` by the decrement. */
export function improved(terms: Grid, score: Score, decrement: Decrement): Score {
  const { numerator, denominator } = score;
  if (decrement.mode === 'basis_points') {
    const whole = BigInt(BASIS_POINTS_MAX);
    return {
      numerator: numerator * (whole - BigInt(decrement.basisPoints)),
      denominator: denominator * whole,
    };
  }
  const amount = BigInt(decrement.amount) * BigInt(terms.tickSize);
  return { numerator: numerator - amount * denominator, denominator };
}

/** The highest price at which an offer with this merit scores `target` or better; null when none does. */
export function highestPriceFor(terms: Grid, merit: Merit, target: Score): Ticks | null {
  const { slope, base, denominator } = lineOf(terms, merit);
  const room = target.numerator * denominator - base * target.denominator;
  if (room < 0n) return null;
  const price = room / (slope * target.denominator);
  // No auction takes a price near the cap, so it is the auction's ceiling that bounds.
  return ticks(price > BigInt(COUNT_MAX) ? COUNT_MAX : Number(price));
}

/** For eyes only: major units with four digits, rounded half up, "689.8625". */
export function scoreText({ numerator, denominator }: Score): string {
  return formatScaled(divideHalfUp(numerator * 100n, denominator), 4);
}

function lineOf({ tickSize, scoring }: Grid, merit: Merit): Line {
  const tick = BigInt(tickSize);
  if (scoring.mode === 'price' && merit === null) return { slope: tick, base: 0n, denominator: 1n };
  if (scoring.mode === 'energy' && merit?.mode === 'energy') {
    const reference = BigInt(scoring.calorificReference);
    const heat = BigInt(merit.calorificValue);
    const base = BigInt(merit.freight) * reference + BigInt(merit.expectedPenalties) * heat;
    return { slope: tick * reference, base, denominator: heat };
  }
  if (scoring.mode === 'mixed' && merit?.mode === 'mixed') {
    const coefficient = BigInt(merit.coefficient);
    const base = BigInt(merit.addition) * coefficient;
    return { slope: tick * BigInt(BASIS_POINTS_MAX), base, denominator: coefficient };
  }
  return unreachable(`merit of another rule than ${scoring.mode}` as never);
}
