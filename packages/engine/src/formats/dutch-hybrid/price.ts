/** What a bidder can do now and what it would take to win, from what that bidder may see. */
import { type Instant, type Ticks, ticks } from '@seam/units';
import { priceLimit } from '../../auction/rules.ts';
import { leastOffer } from './offer.ts';
import { type HybridView, hybridPriceAtStep, hybridStepCount, phaseEndsAt } from './phases.ts';

export type HybridChance = {
  /** Which command the phase takes from this bidder; null: none. */
  readonly command: 'accept_price' | 'offer_price' | null;
  /** Lowest price that command may name. */
  readonly priceMinimum: Ticks | null;
  /** Lowest price that wins if nobody follows; null where nobody can know: under seal. */
  readonly priceToWin: Ticks | null;
  readonly endsAt: Instant;
  /** The next lower price of the Dutch phase, if it comes to that. */
  readonly nextPrice: Ticks | null;
};

export function chanceOf(view: HybridView, accountId: string): HybridChance {
  const { terms, room } = view;
  const endsAt = phaseEndsAt(view) ?? view.closesAt;
  const none: HybridChance = {
    command: null,
    priceMinimum: null,
    priceToWin: null,
    endsAt,
    nextPrice: null,
  };
  const isWinner = room.dutchWinner?.accountId === accountId;
  if (room.phase === 'dutch') {
    const price = hybridPriceAtStep(terms, room.step);
    const isLast = room.step + 1 === hybridStepCount(terms);
    const nextPrice = isLast ? null : hybridPriceAtStep(terms, room.step + 1);
    return { ...none, command: 'accept_price', priceMinimum: price, nextPrice };
  }
  if (room.phase === 'sealed' && !isWinner) {
    return { ...none, command: 'offer_price', priceMinimum: leastOffer(view) };
  }
  if (room.phase !== 'best_bid' || !isWinner) return none;
  const priceMinimum = leastOffer(view);
  const highest = Math.max(...room.sealed.map((offer) => offer.price));
  const winning = Math.max(priceMinimum, highest + 1);
  const priceToWin = winning <= priceLimit(terms) ? ticks(winning) : null;
  return { ...none, command: 'offer_price', priceMinimum, priceToWin };
}
