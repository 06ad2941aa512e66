/** Every sale is an award, in the order of the sales. */
import type { Result } from '../../auction/format.ts';
import type { Auction } from '../../state.ts';

export function resultOf({ terms, room }: Pick<Auction<'dutch'>, 'terms' | 'room'>): Result {
  const last = room.acceptances.at(-1);
  const awards = room.acceptances.map(({ accountId, price, quantity, seq }) => ({
    accountId,
    price: terms.pricing === 'uniform_last' && last !== undefined ? last.price : price,
    quantity,
    bidSeq: seq,
  }));
  return { awards, reason: 'no_bid' };
}
