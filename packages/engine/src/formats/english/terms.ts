/** What the English auction asks of its own terms. In order: a rule may rely on those above it. */
import { PRICE_TICKS_MAX } from '../../limits.ts';
import { type Rule, firstBroken, isInteger, priceLimit } from '../../auction/rules.ts';
import type { EnglishTerms } from './types.ts';

const RULES: readonly Rule<EnglishTerms>[] = [
  ['pricing', (t) => t.pricing === 'pay_as_bid'],
  [
    'reservePrice',
    (t) => t.reservePrice === null || isInteger(t.reservePrice, t.startingPrice, priceLimit(t)),
  ],
  ['bidIncrement', (t) => isInteger(t.bidIncrement, 1, PRICE_TICKS_MAX)],
  [
    'maximumIncrement',
    (t) => t.maximumIncrement === null || isInteger(t.maximumIncrement, t.bidIncrement, PRICE_TICKS_MAX),
  ],
];

export const validateEnglish = (terms: EnglishTerms): string | null => firstBroken(RULES, terms);
