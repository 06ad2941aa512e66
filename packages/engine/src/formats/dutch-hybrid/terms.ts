/** What the hybrid asks of its own terms. In order: a rule may rely on those above it. */
import { type Rule, firstBroken, isInteger } from '../../auction/rules.ts';
import { BASIS_POINTS_MAX, PRICE_TICKS_MAX, STEP_MS_MAX } from '../../limits.ts';
import { hybridDurationMs } from './phases.ts';
import type { DutchHybridTerms } from './types.ts';

const isTime = (ms: number, least: number): boolean => isInteger(ms, least, STEP_MS_MAX);

const RULES: readonly Rule<DutchHybridTerms>[] = [
  ['softClose.mode', (t) => t.softClose.mode === 'none'],
  // One buyer takes the whole lot.
  ['minimumBidQuantity', (t) => t.minimumBidQuantity === t.quantity],
  ['floorBasisPoints', (t) => isInteger(t.floorBasisPoints, 1, BASIS_POINTS_MAX)],
  // A step of less than a tick would offer one price twice; the floor, too, is at least a tick.
  [
    'stepBasisPoints',
    (t) =>
      isInteger(t.stepBasisPoints, 1, BASIS_POINTS_MAX) &&
      t.startingPrice * Math.min(t.stepBasisPoints, t.floorBasisPoints) >= BASIS_POINTS_MAX,
  ],
  ['stepMs', (t) => isTime(t.stepMs, 1)],
  ['openingPauseMs', (t) => isTime(t.openingPauseMs, 0)],
  ['sealedPauseMs', (t) => isTime(t.sealedPauseMs, 0)],
  ['sealedMs', (t) => isTime(t.sealedMs, 1)],
  ['bestBidPauseMs', (t) => isTime(t.bestBidPauseMs, 0)],
  ['bestBidMs', (t) => isTime(t.bestBidMs, 1)],
  ['bestBidIncrement', (t) => isInteger(t.bestBidIncrement, 1, PRICE_TICKS_MAX)],
  ['closesAt', (t) => t.closesAt === t.opensAt + hybridDurationMs(t)],
];

export const validateDutchHybrid = (terms: DutchHybridTerms): string | null => firstBroken(RULES, terms);
