/** Which bids would take what falls away. */
import { type Lots, lots } from '@seam/units';
import type { BidLine } from '../../pricing/line.ts';
import type { Award } from '../types.ts';
import type { WaitingBid } from './types.ts';

/**
 * What of `lines` (best first) won nothing in `awards`. One line an account: its best. What it has won
 * counts towards the least it takes.
 */
export function unserved(
  lines: readonly (BidLine & { readonly accountId: string })[],
  awards: readonly Award[],
): readonly WaitingBid[] {
  const found = new Map<string, WaitingBid>();
  for (const { accountId, price, quantity, minimumAcceptable, seq } of lines) {
    if (found.has(accountId)) continue;
    const won = wonBy(awards, accountId);
    const rest = quantity - won;
    if (rest <= 0) continue;
    const least = lots(Math.max(0, minimumAcceptable - won));
    found.set(accountId, {
      accountId,
      price,
      quantity: lots(rest),
      minimumAcceptable: least,
      bidSeq: seq,
    });
  }
  return [...found.values()];
}

export function wonBy(awards: readonly Award[], accountId: string): Lots {
  return lots(awards.reduce((sum, award) => (award.accountId === accountId ? sum + award.quantity : sum), 0));
}
