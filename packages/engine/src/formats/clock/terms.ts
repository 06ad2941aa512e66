/** What the clock asks of its own terms. In order: a rule may rely on those above it. */
import { type Rule, firstBroken, isInteger, priceLimit } from '../../auction/rules.ts';
import { PRICE_TICKS_MAX, STEPS_MAX, STEP_MS_MAX } from '../../limits.ts';
import type { ClockTerms } from './types.ts';

const RULES: readonly Rule<ClockTerms>[] = [
  ['pricing', (t) => t.pricing === 'uniform'],
  ['softClose.mode', (t) => t.softClose.mode === 'none'],
  ['roundMs', (t) => isInteger(t.roundMs, 1, STEP_MS_MAX)],
  ['roundsMax', (t) => isInteger(t.roundsMax, 1, STEPS_MAX)],
  [
    'priceIncrements',
    (t) =>
      Array.isArray(t.priceIncrements) &&
      isInteger(t.priceIncrements.length, 1, t.roundsMax) &&
      t.priceIncrements.every((increment) => isInteger(increment, 1, PRICE_TICKS_MAX)),
  ],
  ['roundsMax', (t) => highestPrice(t) <= priceLimit(t)],
  ['demandVisible', (t) => typeof t.demandVisible === 'boolean'],
  ['marginRule', (t) => t.marginRule === 'time' || t.marginRule === 'pro_rata'],
  // Rounds are counted back from the close, so the close is where the last one ends.
  ['closesAt', (t) => t.closesAt === t.opensAt + t.roundsMax * t.roundMs],
];

/** Of the last round, as a plain number: it may be no count of ticks at all. */
function highestPrice({ startingPrice, priceIncrements, roundsMax }: ClockTerms): number {
  const listed = priceIncrements.slice(0, roundsMax - 1);
  const repeated = (roundsMax - 1 - listed.length) * (priceIncrements.at(-1) ?? 0);
  return listed.reduce((sum, increment) => sum + increment, startingPrice + repeated);
}

export const validateClock = (terms: ClockTerms): string | null => firstBroken(RULES, terms);
