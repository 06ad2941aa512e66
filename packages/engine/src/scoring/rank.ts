/**
 * Who is how good, and who would win how much. The mirror of the selling side: lower score
 * first, then larger quantity, then earlier offer.
 */
import { type Lots, lots } from '@seam/units';
import type { CommonTerms } from '../auction/types.ts';
import { BASIS_POINTS_MAX } from '../limits.ts';
import { serve } from '../pricing/serve.ts';
import { type Score, compareScores, scoreOf } from './score.ts';
import type { BuyingTerms, Offer, OfferLine } from './types.ts';

export type RankingTerms = Pick<CommonTerms, 'tickSize' | 'quantity'> & BuyingTerms;

export type Ranking = {
  /** Every offer, best first, with what it wins. */
  readonly lines: readonly OfferLine[];
  /** The worst score that wins, once everything is bought; null while something is not. */
  readonly margin: Score | null;
};

/** Ranks `offers`, which may come in any order and hold one per account. */
export function rankOffers(terms: RankingTerms, offers: readonly Offer[]): Ranking {
  const { award } = terms;
  const lines =
    award.mode === 'shares'
      ? shareOut(terms, offers, sharesOf(terms.quantity, award.basisPoints))
      : buyUp(terms, offers);
  const winners = lines.filter((line) => line.allocated > 0);
  const bought = winners.reduce((sum, line) => sum + line.allocated, 0);
  const last = winners.at(-1);
  return { lines, margin: last && bought === terms.quantity ? scoreOf(terms, last) : null };
}

/** `quantity` in whole lots by basis points; what rounding leaves goes to the largest rests, first first. */
export function sharesOf(quantity: Lots, basisPoints: readonly number[]): readonly Lots[] {
  const exact = basisPoints.map((points) => BigInt(points) * BigInt(quantity));
  const whole = exact.map((share) => Number(share / BigInt(BASIS_POINTS_MAX)));
  const left = quantity - whole.reduce((sum, share) => sum + share, 0);
  const byRest = exact
    .map((share, index) => ({ index, rest: Number(share % BigInt(BASIS_POINTS_MAX)) }))
    .sort((a, b) => b.rest - a.rest || a.index - b.index);
  const topped = new Set(byRest.slice(0, left).map(({ index }) => index));
  return whole.map((share, index) => lots(share + (topped.has(index) ? 1 : 0)));
}

/** In turn, each what is left: the selling side's own rule, which knows nothing of prices. */
function buyUp(terms: RankingTerms, offers: readonly Offer[]): readonly OfferLine[] {
  const ordered = scored(terms, offers)
    .sort(
      (a, b) =>
        compareScores(a.score, b.score) || b.offer.quantity - a.offer.quantity || a.offer.seq - b.offer.seq,
    )
    .map(({ offer }) => offer);
  const won = serve(ordered, terms.quantity, 'time');
  return ordered.map((offer, i) => lineOf(offer, lots(won[i] ?? 0), i + 1));
}

function shareOut(
  terms: RankingTerms,
  offers: readonly Offer[],
  shares: readonly Lots[],
): readonly OfferLine[] {
  return scored(terms, offers)
    .sort((a, b) => compareScores(a.score, b.score) || a.offer.seq - b.offer.seq)
    .map(({ offer }, i) => lineOf(offer, shares[i] ?? lots(0), i + 1));
}

type Scored = { readonly offer: Offer; readonly score: Score };

function scored(terms: RankingTerms, offers: readonly Offer[]): Scored[] {
  return offers.map((offer) => ({ offer, score: scoreOf(terms, offer) }));
}

/** Written out, not spread: one key order, whatever the offer came from. */
function lineOf(offer: Offer, allocated: Lots, rank: number): OfferLine {
  const { accountId, price, quantity, minimumAcceptable, merit, seq } = offer;
  return { accountId, price, quantity, minimumAcceptable, merit, allocated, rank, seq };
}
