/** What the terms of a standstill and of waiting must satisfy. */
import { AFTER_CLOSE_MS_MAX, WAITING_BIDDERS_MAX } from '../../limits.ts';
import { type Rule, firstBroken, isInteger } from '../rules.ts';
import type { CommonTerms } from '../types.ts';
import type { StandstillTerms, WaitingTerms } from './types.ts';

const STANDSTILL: readonly Rule<StandstillTerms>[] = [
  ['standstill.periodMs', (t) => isInteger(t.periodMs, 1, AFTER_CLOSE_MS_MAX)],
];

const WAITING: readonly Rule<WaitingTerms>[] = [
  ['waiting.biddersMaximum', (t) => isInteger(t.biddersMaximum, 0, WAITING_BIDDERS_MAX)],
  ['waiting.confirmMs', (t) => isInteger(t.confirmMs, 1, AFTER_CLOSE_MS_MAX)],
  ['waiting.signMs', (t) => isInteger(t.signMs, 1, AFTER_CLOSE_MS_MAX)],
  [
    'waiting.withdrawAfterMs',
    (t) => t.withdrawAfterMs === null || isInteger(t.withdrawAfterMs, 0, AFTER_CLOSE_MS_MAX),
  ],
];

/** The first field that is out of its limits, dotted, or null. */
export function brokenAfterClose({ standstill, waiting }: CommonTerms): string | null {
  const broken = standstill === undefined ? null : firstBroken(STANDSTILL, standstill);
  return broken ?? (waiting === undefined ? null : firstBroken(WAITING, waiting));
}
