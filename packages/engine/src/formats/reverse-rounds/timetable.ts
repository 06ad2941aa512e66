/**
 * When what happens: a pause before each round, a turn for each bidder, the announcement. Times are
 * counted back from the close, so that whatever moves the close moves all that is still to come.
 */
import { type Instant, instant } from '@seam/units';
import type { ReverseRoundsRoom, ReverseRoundsTerms } from './types.ts';

export type Times = Pick<
  ReverseRoundsTerms,
  'rounds' | 'firstPauseMs' | 'pauseMs' | 'turnMs' | 'announcementMs' | 'startsAt' | 'closesAt'
>;

export type Step =
  | { readonly kind: 'pause'; readonly round: number }
  /** `place` in the order of the round. */
  | { readonly kind: 'turn'; readonly round: number; readonly place: number }
  | { readonly kind: 'announcement' };

/** Step `index` among `bidders` bidders; rounds and places count from 0. */
export function stepAt({ rounds }: Times, bidders: number, index: number): Step {
  const round = Math.floor(index / (bidders + 1));
  if (round >= rounds) return { kind: 'announcement' };
  const place = (index % (bidders + 1)) - 1;
  return place < 0 ? { kind: 'pause', round } : { kind: 'turn', round, place };
}

/** From the start of step `index` to the close. */
function leftFrom(times: Times, bidders: number, index: number): number {
  const step = stepAt(times, bidders, index);
  if (step.kind === 'announcement') return times.announcementMs;
  const laterRounds = times.rounds - 1 - step.round;
  const later = laterRounds * (times.pauseMs + bidders * times.turnMs) + times.announcementMs;
  if (step.kind === 'turn') return (bidders - step.place) * times.turnMs + later;
  return (step.round === 0 ? times.firstPauseMs : times.pauseMs) + bidders * times.turnMs + later;
}

/** From the start of the rounds to the close. */
export function lengthMs(times: Times, bidders: number): number {
  return leftFrom(times, bidders, 0);
}

type Running = {
  readonly terms: Times;
  readonly room: Readonly<ReverseRoundsRoom>;
  readonly closesAt: Instant;
};

/** The end of what is running; null: only the close is left. */
export function endOfStep({ terms, room, closesAt }: Running): Instant | null {
  switch (room.phase) {
    case 'entry':
      return instant(closesAt - (terms.closesAt - terms.startsAt));
    case 'rounds':
      return instant(closesAt - leftFrom(terms, room.order.length, room.step + 1));
    case 'announcement':
      return null;
  }
}

/** When the next turn of `accountId` begins, as far as the order is known; null when it had its last. */
export function nextTurnAt({ terms, room, closesAt }: Running, accountId: string): Instant | null {
  const bidders = room.order.length;
  const place = room.order.indexOf(accountId);
  const step = stepAt(terms, bidders, room.step);
  if (step.kind === 'announcement' || place < 0) return null;
  const first = step.round * (bidders + 1);
  const mine = first + 1 + place;
  if (mine > room.step) return instant(closesAt - leftFrom(terms, bidders, mine));
  // The order of the next round follows from the offers of this one: its first turn may be anybody's.
  return step.round + 1 < terms.rounds
    ? instant(closesAt - leftFrom(terms, bidders, first + bidders + 2))
    : null;
}
