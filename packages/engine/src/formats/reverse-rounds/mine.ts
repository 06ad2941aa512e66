/** What one bidder may do in the rounds, and by when: for that bidder's eyes only. */
import type { Instant, Ticks } from '@seam/units';
import { leastPrice } from '../../scoring/refuse.ts';
import { highestPriceFor, improved, scoreOf } from '../../scoring/score.ts';
import type { Merit, Offer } from '../../scoring/types.ts';
import { inTurn } from './offer.ts';
import type { RoundsView } from './public.ts';
import { nextTurnAt } from './timetable.ts';

export type RoundsChance = {
  /** The own offer before this turn; undefined: none, and once the rounds run there will be none. */
  readonly own: Offer | undefined;
  readonly isMyTurn: boolean;
  /** When the next turn begins, as far as the order is known; null: it had its last, or has none. */
  readonly nextTurnAt: Instant | null;
  /** What it has offered in the running turn. */
  readonly pending: Offer | null;
  /** Highest price taken with `merit`: the ceiling in the entry, then an improvement; null: none is. */
  readonly priceMaximum: Ticks | null;
};

/** @param merit absent: as in the own offer. */
export function roundsChance(view: RoundsView, accountId: string, merit?: Merit): RoundsChance {
  const { terms, room } = view;
  const own = room.lines.find((line) => line.accountId === accountId);
  const pending = room.pending?.accountId === accountId ? room.pending : null;
  return {
    own,
    isMyTurn: inTurn(view) === accountId,
    nextTurnAt: room.phase === 'rounds' ? nextTurnAt(view, accountId) : null,
    pending,
    priceMaximum: room.phase === 'entry' ? terms.startingPrice : improvedPrice(view, own, merit),
  };
}

function improvedPrice({ terms }: RoundsView, own: Offer | undefined, merit?: Merit): Ticks | null {
  if (own === undefined) return null;
  const target = improved(terms, scoreOf(terms, own), terms.minimalStep);
  const price = highestPriceFor(terms, merit === undefined ? own.merit : merit, target);
  return price !== null && price >= leastPrice(terms) ? price : null;
}
