/**
 * Who wins. The reserve only cuts the standing off below it: bids under it stand behind all others,
 * so what the rest win is the same with or without them.
 */
import type { Result } from '../../auction/format.ts';
import type { Auction } from '../../state.ts';

export function resultOf({ terms, room }: Auction<'english'>): Result {
  const reserve = terms.reservePrice ?? terms.startingPrice;
  const awards = room.standing
    .filter((line) => line.allocated > 0 && line.price >= reserve)
    .map(({ accountId, price, allocated, seq }) => ({ accountId, price, quantity: allocated, bidSeq: seq }));
  return { awards, reason: room.standing.length === 0 ? 'no_bid' : 'reserve_not_met' };
}
