/**
 * Who gets how much of a rest that does not satisfy all claims.
 *
 * `time`: earlier claims first, each in full while the rest lasts. `pro_rata`: each the whole lots of
 * its proportion, and what rounding leaves over one lot each to the largest remainders, earlier claims
 * first where they are equal. Nobody gets more than it claims, and nothing of the rest stays.
 */
import { type Lots, lots } from '@seam/units';
import { assert } from '../../assert.ts';
import type { ClockTerms, Statement } from './types.ts';

/** @returns shares in the order of `claims`, which are in seq order and claim at least `rest`. */
export function share(claims: readonly Statement[], rest: number, rule: ClockTerms['marginRule']): Lots[] {
  const total = claims.reduce((sum, claim) => sum + claim.quantity, 0);
  assert(total >= rest, `${total} lots claimed of ${rest}`);
  if (total === rest) return claims.map((claim) => claim.quantity);
  return rule === 'time' ? byTime(claims, rest) : proRata(claims, rest, total);
}

function byTime(claims: readonly Statement[], rest: number): Lots[] {
  let left = rest;
  return claims.map(({ quantity }) => {
    const taken = Math.min(quantity, left);
    left -= taken;
    return lots(taken);
  });
}

function proRata(claims: readonly Statement[], rest: number, total: number): Lots[] {
  const parts = claims.map(({ quantity }, index) => {
    const product = BigInt(quantity) * BigInt(rest);
    return { index, whole: Number(product / BigInt(total)), remainder: Number(product % BigInt(total)) };
  });
  const over = rest - parts.reduce((sum, part) => sum + part.whole, 0);
  const luckier = parts.toSorted((a, b) => b.remainder - a.remainder || a.index - b.index).slice(0, over);
  const rounded = new Set(luckier.map((part) => part.index));
  return parts.map(({ index, whole }) => lots(whole + (rounded.has(index) ? 1 : 0)));
}
