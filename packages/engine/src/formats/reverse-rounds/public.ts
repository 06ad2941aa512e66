/**
 * What everybody may see of an auction in rounds: nothing of the entry before the rounds start, nothing
 * of a turn before it ends. Accounts appear as ids; who shows this puts names for one auction in their
 * place until the announcement is over.
 */
import type { Instant } from '@seam/units';
import type { OfferLine } from '../../scoring/types.ts';
import type { Event } from '../../types.ts';
import { inTurn } from './offer.ts';
import { endOfStep, stepAt } from './timetable.ts';
import type { ReverseRoundsRoom, ReverseRoundsTerms } from './types.ts';

export type RoundsView = {
  readonly terms: ReverseRoundsTerms;
  readonly room: Readonly<ReverseRoundsRoom>;
  readonly closesAt: Instant;
};

export type PublicRounds = {
  readonly phase: ReverseRoundsRoom['phase'];
  /** From 1; null outside the rounds. */
  readonly round: number | null;
  /** Whose turn it is; null in a pause. */
  readonly turnOf: string | null;
  /** Whose turns the round has, the first first. */
  readonly order: readonly string[];
  readonly endsAt: Instant;
  /** Best first; null while the entry is under seal. */
  readonly lines: readonly OfferLine[] | null;
};

export function publicRounds(view: RoundsView): PublicRounds {
  const { terms, room, closesAt } = view;
  const { phase, order } = room;
  const step = stepAt(terms, order.length, room.step);
  return {
    phase,
    round: phase === 'rounds' && step.kind !== 'announcement' ? step.round + 1 : null,
    turnOf: inTurn(view),
    order,
    endsAt: endOfStep(view) ?? closesAt,
    lines: phase === 'entry' ? null : room.lines,
  };
}

const SECRET: ReadonlySet<Event['type']> = new Set([
  'entry_offer_accepted',
  'turn_offer_made',
  'turn_offer_withdrawn',
  'command_rejected',
]);

/** The events of an entry that may leave at once, for anybody but their own author. */
export function publicRoundsEvents(events: readonly Event[]): readonly Event[] {
  return events.filter((event) => !SECRET.has(event.type));
}
