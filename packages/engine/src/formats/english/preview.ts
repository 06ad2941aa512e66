/**
 * What a bid would lead to, before it is placed: the same functions decide as in `step`.
 *
 * Security is not asked for, so that a bidder sees what the bid would win before setting money
 * aside. Where rivals have hidden maxima or instructions the preview is made from what the bidder
 * can see, as if none of them answered: the bid may then win less, never more, and `isCertain` is
 * false. The hidden reserve is as unknown to a preview as to the bidder.
 *
 * Costs what accepting the bid costs: two passes over the bids, with thresholds up to n² steps.
 */
import { type Instant, type Lots, type Ticks, kilograms, minor, notional, ticks } from '@seam/units';
import { requiredSecurity } from '../../auction/security.ts';
import type { MinorText } from '../../auction/types.ts';
import type { Rejection } from '../../types.ts';
import { refuseBid } from './bid.ts';
import { type InAuction, outcome } from './outcome.ts';
import { viewOf } from './price.ts';
import { visibleTo } from './public.ts';
import { payable } from './result.ts';
import type { EnglishTerms } from './types.ts';

export type PreviewedBid = {
  readonly accountId: string;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly minimumAcceptable: Lots;
};

export type Preview =
  | { readonly taken: false; readonly rejection: Rejection }
  | {
      readonly taken: true;
      readonly allocated: Lots;
      /** Place among the bids the bidder can see. */
      readonly rank: number;
      /** What it would pay for a lot if bidding ended then; null when it would win nothing. */
      readonly price: Ticks | null;
      /** What all it wins would cost, minor units. */
      readonly cost: MinorText;
      /** What must be allocated before the bid counts, minor units. */
      readonly securityRequired: MinorText;
      readonly standingChanged: boolean;
      readonly closesAt: Instant;
      readonly isCertain: boolean;
    };

/** What `bid` would lead to if it came at `at` to this open auction, from somebody not barred from it. */
export function preview(auction: InAuction, bid: PreviewedBid, at: Instant): Preview {
  const { terms } = auction;
  const seen = visibleTo(viewOf(auction), bid.accountId);
  const { terms: _, ...room } = seen;
  const latest = { ...bid, seq: Number.MAX_SAFE_INTEGER };
  const rejection = refuseBid(seen, latest);
  if (rejection) return { taken: false, rejection };
  const after = outcome({ ...auction, room }, { room, bid: latest, at });
  const { standing } = after.room;
  const place = standing.findIndex((line) => line.accountId === bid.accountId);
  const own = standing[place];
  const price = payable({ terms, ...after.room }, terms.startingPrice)[place] ?? null;
  const allocated = own?.allocated ?? bid.quantity;
  const extended = after.events.find((event) => event.type === 'auction_extended');
  return {
    taken: true,
    allocated,
    rank: place + 1,
    price,
    cost: costOf(terms, price ?? ticks(0), allocated),
    securityRequired: requiredSecurity(terms, bid.quantity).toString(),
    standingChanged: after.isChanged,
    closesAt: extended?.closesAt ?? auction.closesAt,
    isCertain: terms.proxy === 'none',
  };
}

function costOf({ tickSize, lotSize }: EnglishTerms, price: Ticks, quantity: Lots): MinorText {
  const grid = { tickSize: minor(BigInt(tickSize)), lotSize: kilograms(BigInt(lotSize)) };
  return notional(grid, price, quantity).toString();
}
