/** Whole numbers shared in proportion, to the last one. */

/**
 * `total` in proportion to `weights`, exactly: each its whole part, then one each to the
 * largest remainders, of equal ones to the first. Nobody gets more than its weight where `total` is no more
 * than all of them.
 * @throws RangeError when there is nothing to share by.
 */
export function shareOut(total: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((all, weight) => all + weight, 0n);
  if (total < 0n || sum <= 0n || weights.some((weight) => weight < 0n)) {
    throw new RangeError(`cannot share ${total} by ${weights.join(', ')}`);
  }
  const shares = weights.map((weight) => (total * weight) / sum);
  const remainders = weights.map((weight) => (total * weight) % sum);
  let missing = total - shares.reduce((all, share) => all + share, 0n);
  const order = remainders
    .map((_, at) => at)
    .toSorted((a, b) => Number(remainders[b]! - remainders[a]!) || a - b);
  for (const at of order) {
    if (missing === 0n) break;
    shares[at] = shares[at]! + 1n;
    missing -= 1n;
  }
  return shares;
}
