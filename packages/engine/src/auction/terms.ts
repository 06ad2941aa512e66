/**
 * What an auction must satisfy before it is scheduled. Whatever passes here can be bid on, extended
 * and awarded without any sum leaving its range, so nothing later needs a second check.
 */
import { COUNT_MAX, CURRENCIES } from '@seam/units';
import { formatOf, isFormat } from '../formats/index.ts';
import {
  AMOUNT_MAX,
  BASIS_POINTS_MAX,
  GRID_STEP_MAX,
  INSTANT_MAX,
  MINIMUM_BIDDERS_MAX,
  PRICE_TICKS_MAX,
  RULES_VERSION,
} from '../limits.ts';
import type { AuctionTerms } from '../types.ts';
import { brokenAfterClose } from './awarding/terms.ts';
import { brokenCatalogueTerms } from './catalogue/terms.ts';
import { type Rule, areIds, firstBroken, isAmount, isId, isInteger, priceLimit } from './rules.ts';
import { brokenSoftClose } from './soft-close-terms.ts';
import { requiredSecurity } from './security.ts';

const RULES: readonly Rule<AuctionTerms>[] = [
  ['rulesVersion', (t) => t.rulesVersion === RULES_VERSION],
  ['auctionId', (t) => isId(t.auctionId)],
  ['ownerId', (t) => isId(t.ownerId)],
  ['format', (t) => isFormat(t.format)],
  ['currency', (t) => CURRENCIES.some((known) => known === t.currency)],
  ['tickSize', (t) => isAmount(t.tickSize, 1n, GRID_STEP_MAX)],
  ['lotSize', (t) => isAmount(t.lotSize, 1n, GRID_STEP_MAX)],
  ['quantity', (t) => isInteger(t.quantity, 1, COUNT_MAX - 1)],
  ['minimumBidQuantity', (t) => isInteger(t.minimumBidQuantity, 1, t.quantity)],
  [
    'startingPrice',
    (t) => isInteger(t.startingPrice, 1, PRICE_TICKS_MAX) && t.startingPrice <= priceLimit(t),
  ],
  ['opensAt', (t) => isInteger(t.opensAt, 0, INSTANT_MAX)],
  ['closesAt', (t) => isInteger(t.closesAt, t.opensAt + 1, INSTANT_MAX)],
  ['softClose', (t) => brokenSoftClose(t) === null],
  ['excludedIds', ({ excludedIds: ids = [] }) => areIds(ids)],
  ['minimumBidders', ({ minimumBidders = 1 }) => isInteger(minimumBidders, 1, MINIMUM_BIDDERS_MAX)],
  ['visibility', ({ visibility = 'open' }) => ['open', 'rank_only', 'blind'].includes(visibility)],
  ['reserveVisibility', ({ reserveVisibility = 'hidden' }) => ['open', 'hidden'].includes(reserveVisibility)],
  ['bidSecurity', (t) => isSecurityRule(t) && requiredSecurity(t, t.quantity) <= AMOUNT_MAX],
];

/** The first field that is out of its limits, dotted (`softClose.hardEndAt`), or null when all hold. */
export function validateTerms(terms: AuctionTerms): string | null {
  const field = firstBroken(RULES, terms);
  if (field === 'softClose') return brokenSoftClose(terms);
  return (
    field ?? brokenAfterClose(terms) ?? brokenCatalogueTerms(terms) ?? formatOf({ terms }).validate(terms)
  );
}

/** Zero is allowed: an auction among certified members may ask for no security. */
function isSecurityRule({ bidSecurity: rule }: AuctionTerms): boolean {
  switch (rule.mode) {
    case 'fixed':
      return isAmount(rule.amount, 0n, AMOUNT_MAX);
    case 'per_tonne':
      return isAmount(rule.amountPerTonne, 0n, AMOUNT_MAX);
    case 'percent_of_start':
      return isInteger(rule.basisPoints, 0, BASIS_POINTS_MAX);
    default:
      return false;
  }
}
