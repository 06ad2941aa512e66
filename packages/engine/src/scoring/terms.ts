/** What a buyer's terms and a bidder's declarations must satisfy. */
import { type Rule, isAmount, isInteger, priceLimit } from '../auction/rules.ts';
import type { CommonTerms } from '../auction/types.ts';
import { AMOUNT_MAX, BASIS_POINTS_MAX } from '../limits.ts';
import type { BuyingTerms, Decrement, Merit, ScoringRule } from './types.ts';

/** Kilocalories per kilogram and joules per gram of pure carbon are 7,800 and 32,800. */
const CALORIFIC_MAX = 50_000;

/** A price divided by more than a hundred or less than a hundredth is a typing error. */
const COEFFICIENT_MIN = 100;
const COEFFICIENT_MAX = 1_000_000;

/** A contract for each share: more suppliers than nine for one request were never seen. */
const SHARES_MAX = 9;

/** In order: a rule may rely on those above it. */
export const BUYING_RULES: readonly Rule<CommonTerms & BuyingTerms>[] = [
  ['scoring', ({ scoring }) => isScoring(scoring)],
  ['award', isAward],
  ['floor', ({ floor }) => floor === null || floor.below === 'refuse' || floor.below === 'flag'],
  ['floor.price', (t) => t.floor === null || isInteger(t.floor.price, 1, t.startingPrice)],
  [
    'reservePrice',
    (t) => t.reservePrice === null || isInteger(t.reservePrice, t.floor?.price ?? 1, t.startingPrice),
  ],
];

export function isDecrement(decrement: Decrement, terms: CommonTerms): boolean {
  switch (decrement.mode) {
    case 'absolute':
      return isInteger(decrement.amount, 1, priceLimit(terms));
    case 'basis_points':
      return isInteger(decrement.basisPoints, 1, BASIS_POINTS_MAX - 1);
    default:
      return false;
  }
}

/** The first part of `merit` that the rule does not take, or null. */
export function meritFault(rule: ScoringRule, merit: Merit): string | null {
  switch (rule.mode) {
    case 'price':
      return merit === null ? null : 'merit';
    case 'energy':
      if (merit?.mode !== 'energy') return 'merit';
      if (!isInteger(merit.calorificValue, rule.calorificMinimum, CALORIFIC_MAX)) return 'calorificValue';
      if (!isAmount(merit.freight, 0n, AMOUNT_MAX)) return 'freight';
      return isAmount(merit.expectedPenalties, 0n, AMOUNT_MAX) ? null : 'expectedPenalties';
    case 'mixed':
      if (merit?.mode !== 'mixed') return 'merit';
      if (!isInteger(merit.coefficient, rule.coefficientMinimum, rule.coefficientMaximum)) {
        return 'coefficient';
      }
      return isAmount(merit.addition, 0n, AMOUNT_MAX) ? null : 'addition';
  }
}

function isScoring(rule: ScoringRule): boolean {
  switch (rule.mode) {
    case 'price':
      return true;
    case 'energy':
      return (
        isInteger(rule.calorificReference, 1, CALORIFIC_MAX) &&
        isInteger(rule.calorificMinimum, 1, CALORIFIC_MAX) &&
        ['kcal_per_kg', 'j_per_g'].includes(rule.unit) &&
        ['gar', 'nar', 'adb', 'db', 'daf'].includes(rule.basis)
      );
    case 'mixed':
      return (
        isInteger(rule.coefficientMinimum, COEFFICIENT_MIN, COEFFICIENT_MAX) &&
        isInteger(rule.coefficientMaximum, rule.coefficientMinimum, COEFFICIENT_MAX)
      );
    default:
      return false;
  }
}

/** Shares are of the whole quantity, so with shares everybody offers the whole. */
function isAward({ award, quantity, minimumBidQuantity }: CommonTerms & BuyingTerms): boolean {
  if (award.mode === 'quantity') return true;
  if (award.mode !== 'shares' || minimumBidQuantity !== quantity) return false;
  const { basisPoints: shares } = award;
  if (!Array.isArray(shares) || shares.length === 0 || shares.length > SHARES_MAX) return false;
  if (!shares.every((share, i) => isInteger(share, 1, shares[i - 1] ?? BASIS_POINTS_MAX))) return false;
  const isWhole = shares.reduce((sum: number, share) => sum + share, 0) === BASIS_POINTS_MAX;
  return isWhole && shares.every((share) => share * quantity >= BASIS_POINTS_MAX);
}
