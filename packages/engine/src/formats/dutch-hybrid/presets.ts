/**
 * Numbers of the hybrid as it has been run. Prozorro.Sale (openprocurement.auction.insider, constants
 * and overview): 81 stages in 405 minutes from 100 % down to 20 % of the initial value by 1 %; pauses of
 * 30 s before and after the Dutch phase and 20 s before the last one; 10 minutes under seal, 5 for the
 * last word.
 *
 * The step of the last word is one tick: the published code compares with the accepted price only (its
 * check of a 1 % step was never finished), and a coarser step could refuse the very offer that is best
 * for the seller.
 */
import { ticks } from '@seam/units';
import type { CommonTerms } from '../../auction/types.ts';
import type { DutchHybridTerms } from './types.ts';

export type HybridNumbers = Omit<DutchHybridTerms, keyof CommonTerms | 'format'>;

export const PROZORRO_HYBRID: HybridNumbers = {
  stepBasisPoints: 100,
  floorBasisPoints: 2_000,
  stepMs: 300_000,
  openingPauseMs: 30_000,
  sealedPauseMs: 30_000,
  sealedMs: 600_000,
  bestBidPauseMs: 20_000,
  bestBidMs: 300_000,
  bestBidIncrement: ticks(1),
};
