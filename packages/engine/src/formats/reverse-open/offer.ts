/** An offer is accepted or refused, never adjusted, and cannot be withdrawn. */
import { assert } from '../../assert.ts';
import { type CommandOf, refuse } from '../../auction/refusal.ts';
import { refuseSecurity } from '../../auction/security.ts';
import { extension } from '../../auction/soft-close.ts';
import { type Ranking, rankOffers } from '../../scoring/rank.ts';
import { compareScores } from '../../scoring/score.ts';
import type { Auction } from '../../state.ts';
import type { Event } from '../../types.ts';
import { isAbnormallyLow, refusePlacedOffer, withOffer } from './price.ts';

type PlaceOffer = CommandOf<'place_offer'>;

export function placeOffer(auction: Auction<'reverse_open'>, command: PlaceOffer): readonly Event[] {
  const view = { terms: auction.terms, lines: auction.room.lines };
  const refused = refusePlacedOffer(view, command) ?? refuseSecurity(auction, command);
  if (refused) return refuse(refused);
  const { auctionId, accountId, price, quantity, minimumAcceptable, merit, seq } = command;
  const offer = { accountId, price, quantity, minimumAcceptable, merit };
  const after = withOffer(view, { ...offer, seq });
  const own = after.lines.find((line) => line.seq === seq);
  assert(own !== undefined, `offer ${seq} is not in its own ranking`);
  const { allocated, rank } = own;
  const standingChanged = changes(rankOffers(auction.terms, view.lines), after);
  const abnormallyLow = isAbnormallyLow(auction.terms, price);
  const accepted: Event = {
    type: 'offer_accepted',
    auctionId,
    ...offer,
    allocated,
    rank,
    standingChanged,
    abnormallyLow,
  };
  return standingChanged ? [accepted, ...extension(auction, command.at)] : [accepted];
}

/** Did the offer change what anybody would win, or the score to get in? Only then do others need time. */
function changes(before: Ranking, after: Ranking): boolean {
  if ((before.margin === null) !== (after.margin === null)) return true;
  if (before.margin && after.margin && compareScores(before.margin, after.margin) !== 0) return true;
  const allocated = new Map(before.lines.map((line) => [line.accountId, line.allocated]));
  return after.lines.some((line) => line.allocated !== (allocated.get(line.accountId) ?? 0));
}
