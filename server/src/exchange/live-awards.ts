/** What the live view knows of awards after the close: folded from the same events by the engine's own rule. */
import {
  type AuctionEvent,
  type AuctionState,
  type Award,
  type Awarding,
  awardingAfter,
  awardingFrom,
  freeLots,
  standingAwards,
} from '@seam/engine';
import { type Lots, instant } from '@seam/units';
import type { AuctionView } from './live-view.ts';

export type { Awarding } from '@seam/engine';

type Told = Extract<
  AuctionEvent,
  {
    type:
      | 'auction_closed'
      | 'standstill_extended'
      | 'complaint_upheld'
      | 'reserve_waived'
      | 'auction_awarded'
      | 'award_pending'
      | 'award_confirmed'
      | 'award_concluded'
      | 'award_declined'
      | 'award_lapsed'
      | 'award_released'
      | 'waiting_released';
  }
>;

type Awards = {
  readonly state: AuctionState;
  readonly awarding: Awarding;
  readonly awards: readonly Award[];
  readonly unsold: Lots;
  readonly endReason: string | null;
};

/** Money is left out: it is the ledger's to show. */
export function awardsAfter(view: AuctionView, event: Told): Awards {
  const awarding = folded(view, event);
  return {
    state: event.type === 'auction_closed' ? 'standstill' : view.state,
    awarding,
    awards: standingAwards(awarding.awards),
    unsold: freeLots(awarding),
    // Why there was no award only matters while there is none.
    endReason: awarding.awards.length === 0 ? awarding.reason : null,
  };
}

function folded({ awarding, terms, closesAt }: AuctionView, event: Told): Awarding {
  if (event.type === 'auction_closed') {
    return awardingFrom({ terms, closesAt: instant(closesAt), security: new Map() }, event);
  }
  if (!awarding) throw new Error(`${event.type} of auction ${terms.auctionId}, which has not closed`);
  return awardingAfter(awarding, event);
}
