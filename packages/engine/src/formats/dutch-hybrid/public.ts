/**
 * What everybody may see. Nothing here depends on a sealed offer, not even on there being one, before
 * the sealed phase has ended; nor on the last word before the close.
 */
import type { Instant, Ticks } from '@seam/units';
import type { Event } from '../../types.ts';
import { type HybridView, hybridPriceAtStep, phaseEndsAt } from './phases.ts';
import type { HybridPhase, Offer } from './types.ts';

export type PublicHybrid = {
  readonly phase: HybridPhase;
  readonly step: number;
  /** Of the current step; of the last one offered, when the Dutch phase is over. */
  readonly price: Ticks;
  readonly endsAt: Instant;
  readonly dutchWinner: Offer | null;
  /** Null while under seal. */
  readonly sealed: readonly Offer[] | null;
};

const OPENED: ReadonlySet<HybridPhase> = new Set(['best_bid_pause', 'best_bid', 'ended']);

export function publicHybrid(view: HybridView): PublicHybrid {
  const { terms, room, closesAt } = view;
  const { phase, step, dutchWinner, sealed } = room;
  return {
    phase,
    step,
    price: hybridPriceAtStep(terms, step),
    endsAt: phaseEndsAt(view) ?? closesAt,
    dutchWinner,
    sealed: OPENED.has(phase) ? sealed : null,
  };
}

/** The events of an entry that may leave before the close, for anybody but their own author. */
export function publicHybridEvents(events: readonly Event[]): readonly Event[] {
  return events.filter((event) => event.type !== 'offer_taken' && event.type !== 'command_rejected');
}
