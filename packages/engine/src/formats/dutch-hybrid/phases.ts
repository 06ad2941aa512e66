/**
 * Prices and times of the hybrid's phases. Times are counted back from the close, so that whatever
 * moves the close (a suspension, an outage, a price accepted early) moves every phase with it.
 */
import { type Instant, type Ticks, instant, ticks } from '@seam/units';
import { BASIS_POINTS_MAX } from '../../limits.ts';
import type { DutchHybridRoom, DutchHybridTerms } from './types.ts';

/** The part of an auction these rules read. */
export type HybridView = {
  readonly terms: DutchHybridTerms;
  readonly room: Readonly<DutchHybridRoom>;
  readonly closesAt: Instant;
};

/** The price of Dutch step `step`, from 0: a share of the starting price, rounded half up to a tick. */
export function hybridPriceAtStep(terms: DutchHybridTerms, step: number): Ticks {
  const left = BASIS_POINTS_MAX - step * terms.stepBasisPoints;
  const share = Math.max(terms.floorBasisPoints, left);
  return ticks(Math.floor((2 * terms.startingPrice * share + BASIS_POINTS_MAX) / (2 * BASIS_POINTS_MAX)));
}

/** Prices of the Dutch phase, the starting price and the floor among them. */
export function hybridStepCount(terms: DutchHybridTerms): number {
  return Math.ceil((BASIS_POINTS_MAX - terms.floorBasisPoints) / terms.stepBasisPoints) + 1;
}

/** From an accepted price to the close, ms. */
export function afterDutchMs(terms: DutchHybridTerms): number {
  return terms.sealedPauseMs + terms.sealedMs + terms.bestBidPauseMs + terms.bestBidMs;
}

/** The whole auction if the price is accepted at the very end of the last step, ms. */
export function hybridDurationMs(terms: DutchHybridTerms): number {
  return terms.openingPauseMs + hybridStepCount(terms) * terms.stepMs + afterDutchMs(terms);
}

/** When the running step or phase ends; null for the last one, which the close ends. */
export function phaseEndsAt({ terms, room, closesAt }: HybridView): Instant | null {
  const before = (ms: number): Instant => instant(closesAt - ms);
  switch (room.phase) {
    case 'opening_pause':
      return before(afterDutchMs(terms) + hybridStepCount(terms) * terms.stepMs);
    case 'dutch':
      return before(afterDutchMs(terms) + (hybridStepCount(terms) - 1 - room.step) * terms.stepMs);
    case 'sealed_pause':
      return before(terms.sealedMs + terms.bestBidPauseMs + terms.bestBidMs);
    case 'sealed':
      return before(terms.bestBidPauseMs + terms.bestBidMs);
    case 'best_bid_pause':
      return before(terms.bestBidMs);
    case 'best_bid':
    case 'ended':
      return null;
  }
}
