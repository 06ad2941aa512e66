/**
 * Which offers a reverse auction takes next: the selling side's rule, mirrored and read on scores.
 *
 * While a lot is not yet offered for, everything from the ceiling down is taken; once everything is,
 * an offer must beat the worst winning score by the decrement. With one winner of everything this is
 * "lower than the best by the decrement". Its own earlier offer a bidder beats by the decrement too.
 */
import { type Lots, type Ticks, ticks } from '@seam/units';
import { type Ranking, rankOffers } from '../../scoring/rank.ts';
import { isAbnormallyLow, leastPrice, refuseOffer } from '../../scoring/refuse.ts';
import { type Score, compareScores, highestPriceFor, improved, scoreOf } from '../../scoring/score.ts';
import type { Merit, Offer, OfferLine, PlaceOffer } from '../../scoring/types.ts';
import type { Rejection } from '../../types.ts';
import type { ReverseOpenTerms } from './types.ts';

/** The part of an auction these rules read; a client's mirror has it too. */
export type OfferingView = { readonly terms: ReverseOpenTerms; readonly lines: readonly OfferLine[] };

export { isAbnormallyLow };

export function withOffer({ terms, lines }: OfferingView, offer: Offer): Ranking {
  return rankOffers(terms, [...lines.filter((line) => line.accountId !== offer.accountId), offer]);
}

export function refusePlacedOffer(view: OfferingView, offered: PlaceOffer): Rejection | undefined {
  const { terms } = view;
  const own = ownLine(view, offered.accountId);
  const refused = refuseOffer(terms, own, offered);
  if (refused) return refused;
  const score = scoreOf(terms, offered);
  const fails = (target: Score | null): boolean => target !== null && compareScores(score, target) > 0;
  const priceMaximum = highestPrice(view, offered.accountId, offered.merit);
  if (fails(ownTarget(view, own))) return { code: 'offer_not_improving', priceMaximum };
  return fails(openTarget(view)) ? { code: 'offer_below_decrement', priceMaximum } : undefined;
}

/** The highest price the auction takes from `accountId` with this merit; null when it takes none. */
export function highestPrice(view: OfferingView, accountId: string, merit: Merit): Ticks | null {
  const { terms } = view;
  const targets = [openTarget(view), ownTarget(view, ownLine(view, accountId))];
  const prices = targets.map((target) =>
    target === null ? terms.startingPrice : highestPriceFor(terms, merit, target),
  );
  const highest = Math.min(terms.startingPrice, ...prices.map((price) => price ?? 0));
  return highest < leastPrice(terms) ? null : ticks(highest);
}

/**
 * Highest price at which `accountId` would win all of `quantity` (with fixed shares: any share) if it
 * offered now and nobody followed; null when no single offer it may place would.
 */
export function priceToWin(
  view: OfferingView,
  accountId: string,
  { quantity, merit }: { readonly quantity: Lots; readonly merit: Merit },
): Ticks | null {
  const { terms } = view;
  const own = ownLine(view, accountId);
  if (quantity < Math.max(terms.minimumBidQuantity, own?.quantity ?? 0) || quantity > terms.quantity) {
    return null;
  }
  const needed = terms.award.mode === 'shares' ? 1 : quantity;
  const wins = (price: number): boolean => {
    const offer = { accountId, quantity, merit, minimumAcceptable: 0 as Lots, seq: Number.MAX_SAFE_INTEGER };
    const { lines } = withOffer(view, { ...offer, price: ticks(price) });
    return lines.some((line) => line.accountId === accountId && line.allocated >= needed);
  };
  // A lower price never wins less: the first that wins is found by halving.
  let winning = leastPrice(terms) - 1;
  let losing = (highestPrice(view, accountId, merit) ?? winning) + 1;
  while (losing - winning > 1) {
    const middle = Math.floor((winning + losing) / 2);
    if (wins(middle)) winning = middle;
    else losing = middle;
  }
  return winning < leastPrice(terms) ? null : ticks(winning);
}

function openTarget({ terms, lines }: OfferingView): Score | null {
  const { margin } = rankOffers(terms, lines);
  return margin === null ? null : improved(terms, margin, terms.decrement);
}

function ownTarget({ terms }: OfferingView, own: OfferLine | undefined): Score | null {
  return own === undefined ? null : improved(terms, scoreOf(terms, own), terms.decrement);
}

function ownLine({ lines }: OfferingView, accountId: string): OfferLine | undefined {
  return lines.find((line) => line.accountId === accountId);
}
