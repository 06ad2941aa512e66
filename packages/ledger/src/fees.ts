/**
 * Which fee a sale pays: of the rules in force the most specific one. Rules are versions of scopes, never edited;
 * a contract freezes the version it was issued under, so that no later one touches it.
 *
 * Specificity is an exact order: scopes are compared dimension by dimension in the order below, and the first one
 * that only one of them names decides. Two scopes that name the same dimensions and both fit one sale are the same
 * scope, of which one version is in force: there is never a tie.
 */

/** Most telling first. What a rule does not name fits every sale. */
export const FEE_DIMENSIONS = [
  'sellerId',
  'buyerId',
  /** Kind of the selling company: its role on the market. */
  'sellerKind',
  /** Of the auction. */
  'format',
  /** Where the price was found. */
  'market',
  'coalRank',
  'deliveryTerm',
  'currency',
] as const;
export type FeeDimension = (typeof FEE_DIMENSIONS)[number];
export type FeeScope = { readonly [D in FeeDimension]?: string };
/** What is known of a sale; null where it has none, as a sale without an auction has no format. */
export type FeeFacts = { readonly [D in FeeDimension]: string | null };

export type FeeTerms = {
  /** Of the final amount, 1/100 %. */
  readonly basisPoints: number;
  /** All in minor units of the rule's currency; 0 where there is none of it, which for `maximum` is no limit. */
  readonly perTonne: bigint;
  readonly minimum: bigint;
  readonly maximum: bigint;
  readonly paidBy: 'seller' | 'buyer';
  /** Value added tax on the fee. */
  readonly taxBasisPoints: number;
};

export type FeeVersion = {
  readonly scope: FeeScope;
  /** 1, 2, 3, … of its scope. */
  readonly version: number;
  readonly terms: FeeTerms;
  /** In force from this instant until `to`, or until the next version of the scope is; null: no end. */
  readonly from: Date;
  readonly to: Date | null;
};

/** The scope in one line: the same scope is always the same text; '' fits every sale. */
export function scopeKey(scope: FeeScope): string {
  return FEE_DIMENSIONS.filter((one) => scope[one] !== undefined)
    .map((one) => `${one}=${scope[one]}`)
    .join(';');
}

/** The version of a scope in force at an instant: the last that has begun, unless it has ended. */
function inForce(versions: readonly FeeVersion[], at: Date): FeeVersion | undefined {
  let last: FeeVersion | undefined;
  for (const one of versions) {
    if (one.from <= at && (!last || one.from > last.from)) last = one;
  }
  return last && (last.to === null || at < last.to) ? last : undefined;
}

/** @returns the version that a sale of these facts pays by at `at`; undefined when none fits. */
export function feeFor(versions: readonly FeeVersion[], facts: FeeFacts, at: Date): FeeVersion | undefined {
  const scopes = new Map<string, FeeVersion[]>();
  for (const one of versions) {
    if (!FEE_DIMENSIONS.every((name) => one.scope[name] === undefined || one.scope[name] === facts[name]))
      continue;
    const key = scopeKey(one.scope);
    scopes.set(key, [...(scopes.get(key) ?? []), one]);
  }
  let best: FeeVersion | undefined;
  for (const list of scopes.values()) {
    const one = inForce(list, at);
    if (one && (!best || specificity(one.scope) > specificity(best.scope))) best = one;
  }
  return best;
}

/** A bit for each dimension, the most telling one highest. */
function specificity(scope: FeeScope): number {
  return FEE_DIMENSIONS.reduce((bits, name) => bits * 2 + (scope[name] === undefined ? 0 : 1), 0);
}

/** At most so much in basis points, and at most this part of the final amount whatever the rule adds up to. */
export const FEE_BASIS_POINTS_MAX = 1000;
export const FEE_TAX_BASIS_POINTS_MAX = 3000;
const AMOUNT_MAX = 10n ** 14n;

export type FeeFault =
  | 'out_of_range'
  /** Money needs a currency: the scope names none. */
  | 'currency_required'
  | 'maximum_below_minimum'
  /** It could fit no sale, or names the same thing twice. */
  | 'scope_contradicts'
  /** The scope that fits every sale has to stay: without it a sale could have no fee. */
  | 'base_must_stand'
  /** Not after the last version of its scope: which of them holds would not be sure. */
  | 'not_after_last'
  | 'ends_before_it_begins';

/** What is wrong with a version that is to be written, by the field at fault; empty when nothing is. */
export function feeFaults(
  version: Omit<FeeVersion, 'version'>,
  known: readonly FeeVersion[],
): Readonly<Record<string, FeeFault>> {
  const { scope, terms, from, to } = version;
  const faults: Record<string, FeeFault> = {};
  const within = (value: number, most: number): boolean =>
    Number.isInteger(value) && value >= 0 && value <= most;
  if (!within(terms.basisPoints, FEE_BASIS_POINTS_MAX)) faults['basisPoints'] = 'out_of_range';
  if (!within(terms.taxBasisPoints, FEE_TAX_BASIS_POINTS_MAX)) faults['taxBasisPoints'] = 'out_of_range';
  for (const name of ['perTonne', 'minimum', 'maximum'] as const) {
    if (terms[name] < 0n || terms[name] > AMOUNT_MAX) faults[name] = 'out_of_range';
    else if (terms[name] > 0n && scope.currency === undefined) faults['currency'] = 'currency_required';
  }
  if (terms.maximum > 0n && terms.maximum < terms.minimum) faults['maximum'] = 'maximum_below_minimum';
  if (scope.format !== undefined && scope.market !== 'auction') faults['format'] = 'scope_contradicts';
  if (scope.sellerId !== undefined && scope.sellerKind !== undefined)
    faults['sellerKind'] = 'scope_contradicts';
  if (scope.sellerId !== undefined && scope.sellerId === scope.buyerId)
    faults['buyerId'] = 'scope_contradicts';
  if (to !== null && to <= from) faults['to'] = 'ends_before_it_begins';
  const key = scopeKey(scope);
  if (to !== null && key === '') faults['to'] = 'base_must_stand';
  if (known.some((one) => scopeKey(one.scope) === key && one.from >= from)) faults['from'] = 'not_after_last';
  return faults;
}
