/** What the Dutch auction asks of its own terms. In order: a rule may rely on those above it. */
import { type Rule, firstBroken, isInteger } from '../../auction/rules.ts';
import { PRICE_TICKS_MAX, STEPS_MAX, STEP_MS_MAX } from '../../limits.ts';
import { dutchDurationMs, stepCount } from './price.ts';
import type { DutchTerms } from './types.ts';

const RULES: readonly Rule<DutchTerms>[] = [
  ['pricing', (t) => t.pricing === 'pay_as_accepted' || t.pricing === 'uniform_last'],
  ['softClose.mode', (t) => t.softClose.mode === 'none'],
  ['floorPrice', (t) => isInteger(t.floorPrice, 1, t.startingPrice)],
  ['priceDecrement', (t) => isInteger(t.priceDecrement, 1, PRICE_TICKS_MAX) && stepCount(t) <= STEPS_MAX],
  ['stepMs', (t) => isInteger(t.stepMs, 1, STEP_MS_MAX)],
  // A hard end may come before the floor's step expires, but nothing is left to do after it.
  ['closesAt', (t) => t.closesAt - t.opensAt <= dutchDurationMs(t)],
];

export const validateDutch = (terms: DutchTerms): string | null => firstBroken(RULES, terms);
