/**
 * Two laboratories, one coal: whose number is final. Within the reproducibility the seller's stands. Beyond
 * it an umpire tests the sealed reserve sample, and the mean of the two closest of the three is final; the
 * umpire's own when the distances say nothing. Whoever was further from the umpire pays.
 *
 * Compared dry, because laboratories get the sample with different moistures; the result is dry as well.
 */
import type { Basis, Conditions } from '../assay/assay.ts';
import { type Parameter, parameterSpec } from '../assay/parameters.ts';
import { convertStated, type ConversionCode } from '../assay/convert.ts';
import { type Rational, absolute, add, compare, divide, rational, subtract } from '../exact/rational.ts';
import { type Refusal, refuse } from '../exact/refusal.ts';

export type UmpireDecision =
  | { readonly outcome: 'seller_stands'; readonly value: Rational }
  | { readonly outcome: 'umpire_needed' }
  | { readonly outcome: 'mean_of_closest'; readonly value: Rational; readonly pays: Payer }
  | { readonly outcome: 'umpire'; readonly value: Rational; readonly pays: Payer };
export type Payer = 'seller' | 'buyer' | 'both';

/** All on one basis and in one unit. `within`: the reproducibility, not negative. */
export function decideUmpire(of: {
  readonly seller: Rational;
  readonly buyer: Rational;
  readonly umpire?: Rational;
  readonly within: Rational;
}): UmpireDecision {
  const { seller, buyer, umpire } = of;
  const apart = distance(seller, buyer);
  if (compare(apart, of.within) <= 0) return { outcome: 'seller_stands', value: seller };
  if (!umpire) return { outcome: 'umpire_needed' };
  const [fromSeller, fromBuyer] = [distance(seller, umpire), distance(buyer, umpire)];
  const further = compare(fromSeller, fromBuyer);
  const pays = further > 0 ? 'seller' : further < 0 ? 'buyer' : 'both';
  const pairs: readonly (readonly [Rational, Rational, Rational])[] = [
    [apart, seller, buyer],
    [fromSeller, seller, umpire],
    [fromBuyer, buyer, umpire],
  ];
  const [closest, next] = pairs.toSorted((a, b) => compare(a[0], b[0]));
  if (!closest || !next || compare(closest[0], next[0]) === 0)
    return { outcome: 'umpire', value: umpire, pays };
  return { outcome: 'mean_of_closest', value: divide(add(closest[1], closest[2]), rational(2)), pays };
}

/** One laboratory's result as it wrote it, with the moistures it found. */
export type Reading = { readonly value: Rational; readonly basis: Basis; readonly conditions: Conditions };
export type DryDecision =
  | { readonly ok: true; readonly decision: UmpireDecision }
  | (Refusal<ConversionCode | 'within_negative'> & { readonly of: 'seller' | 'buyer' | 'umpire' | 'within' });

/** The same for readings on any basis: each is brought to dry with its own moisture first. */
export function decideDry(of: {
  readonly parameter: Parameter;
  readonly kind?: 'gross' | 'net';
  readonly seller: Reading;
  readonly buyer: Reading;
  readonly umpire?: Reading;
  readonly within: Rational;
}): DryDecision {
  if (of.within.numerator < 0n) return { ...refuse('within_negative'), of: 'within' };
  const dry: Partial<Record<'seller' | 'buyer' | 'umpire', Rational>> = {};
  for (const party of ['seller', 'buyer', 'umpire'] as const) {
    const reading = of[party];
    if (!reading) continue;
    const converted = toDry(of, reading);
    if (!converted.ok) return { ...converted, of: party };
    dry[party] = converted.value;
  }
  const { seller, buyer, umpire } = dry as { seller: Rational; buyer: Rational; umpire?: Rational };
  return {
    ok: true,
    decision: decideUmpire({ seller, buyer, within: of.within, ...(umpire && { umpire }) }),
  };
}

function toDry(
  { parameter, kind }: { readonly parameter: Parameter; readonly kind?: 'gross' | 'net' },
  { value, basis, conditions }: Reading,
): ReturnType<typeof convertStated> {
  const whole = parameterSpec(parameter).places.every((place) => !place.basis);
  // What depends on no moisture is compared as it is.
  if (whole) return { ok: true, value };
  return convertStated({ parameter, ...(kind && { kind }) }, value, basis, 'd', conditions);
}

function distance(one: Rational, other: Rational): Rational {
  return absolute(subtract(one, other));
}
