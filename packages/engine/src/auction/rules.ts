/** Words for writing down what terms must satisfy. */
import { KILOGRAMS_PER_TONNE } from '@seam/units';
import { AMOUNT_MAX, EXCLUDED_MAX, ID_LENGTH_MAX, PRICE_TICKS_MAX } from '../limits.ts';
import type { CommonTerms } from './types.ts';

/** A field, dotted where it is inside another, and what must hold of it. */
export type Rule<Terms> = readonly [field: string, holds: (terms: Terms) => boolean];

/** The field of the first rule that does not hold, or null. A rule may rely on those above it. */
export function firstBroken<Terms>(rules: readonly Rule<Terms>[], terms: Terms): string | null {
  return rules.find(([, holds]) => !holds(terms))?.[0] ?? null;
}

/** Highest price, in ticks, at which the whole quantity still costs no more than AMOUNT_MAX. */
export function priceLimit(terms: Pick<CommonTerms, 'tickSize' | 'lotSize' | 'quantity'>): number {
  const perTick = BigInt(terms.tickSize) * BigInt(terms.lotSize) * BigInt(terms.quantity);
  const limit = (AMOUNT_MAX * KILOGRAMS_PER_TONNE) / perTick;
  return limit < BigInt(PRICE_TICKS_MAX) ? Number(limit) : PRICE_TICKS_MAX;
}

/** Canonical decimal integer text within bounds: no sign, no leading zero. */
export function isAmount(text: string, least: bigint, most: bigint): boolean {
  if (typeof text !== 'string' || !/^(0|[1-9]\d{0,17})$/.test(text)) return false;
  const value = BigInt(text);
  return value >= least && value <= most;
}

export function isInteger(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most;
}

export function isId(text: string): boolean {
  return typeof text === 'string' && text.length > 0 && text.length <= ID_LENGTH_MAX;
}

/** Different ones, and no more than a group of companies has. */
export function areIds(ids: readonly string[]): boolean {
  return ids.length <= EXCLUDED_MAX && ids.every(isId) && new Set(ids).size === ids.length;
}
