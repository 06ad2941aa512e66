/** What happens while an award is provisional. */
import { instant } from '@seam/units';
import { INSTANT_MAX } from '../../limits.ts';
import type { EngineState } from '../../state.ts';
import type { Event } from '../../types.ts';
import { CapRoom } from '../catalogue/cap.ts';
import { type CommandOf, refuse } from '../refusal.ts';
import { isInteger } from '../rules.ts';
import type { Award } from '../types.ts';
import { unsoldAfter } from './close.ts';
import { Draft } from './draft.ts';
import { finalize } from './finalize.ts';
import { findAwarding, findStandstill } from './find.ts';

export function endStandstill(state: EngineState, command: CommandOf<'end_standstill'>): readonly Event[] {
  const { auctionId, deadline, at } = command;
  const { awarding, rejection } = findAwarding(state, auctionId);
  if (rejection) return refuse(rejection);
  // A timer made before the standstill was extended names an end that is no longer the end.
  if (awarding.phase !== 'standstill' || deadline !== awarding.standstillEndsAt || at < deadline) {
    return refuse({ code: 'auction_state_conflict', state: stateOf(awarding.phase) });
  }
  const draft = new Draft(awarding);
  finalize(draft, at);
  return draft.events;
}

function stateOf(phase: 'standstill' | 'confirming') {
  return phase === 'standstill' ? 'standstill' : 'awarded';
}

export function extendStandstill(
  state: EngineState,
  command: CommandOf<'extend_standstill'>,
): readonly Event[] {
  const { auctionId, until, reason, at } = command;
  const { awarding, rejection } = findStandstill(state, auctionId, at);
  if (rejection) return refuse(rejection);
  const endsAt = awarding.standstillEndsAt ?? instant(0);
  if (!isInteger(until, endsAt + 1, INSTANT_MAX)) return refuse({ code: 'standstill_not_longer', endsAt });
  return [{ type: 'standstill_extended', auctionId, endsAt: until, reason }];
}

/** Whoever was bound is free again: the auction has no result. */
export function upholdComplaint(
  state: EngineState,
  command: CommandOf<'uphold_complaint'>,
): readonly Event[] {
  const { auctionId, remedy, reason, at } = command;
  const { awarding, rejection } = findStandstill(state, auctionId, at);
  if (rejection) return refuse(rejection);
  const draft = new Draft(awarding);
  draft.tell({ type: 'complaint_upheld', auctionId, remedy, reason });
  draft.end({ type: 'auction_voided', auctionId, reason });
  draft.releaseAll();
  return draft.events;
}

/** Awards that no longer fit under their bidder's cap are left out. */
export function waiveReserve(state: EngineState, command: CommandOf<'waive_reserve'>): readonly Event[] {
  const { auctionId, at } = command;
  const { awarding, rejection } = findStandstill(state, auctionId, at);
  if (rejection) return refuse(rejection);
  const { belowReserve, terms } = awarding;
  const awards = belowReserve === null ? [] : fitting(belowReserve.awards, new CapRoom(state, terms, []));
  if (belowReserve === null || awards.length === 0) return refuse({ code: 'reserve_nothing_below' });
  const unsold = unsoldAfter(terms, awards);
  return [{ type: 'reserve_waived', auctionId, awards, unsold, waiting: belowReserve.waiting }];
}

function fitting(awards: readonly Award[], room: CapRoom): readonly Award[] {
  return awards.filter(({ accountId, quantity }) => {
    const fits = room.more(accountId) >= quantity;
    if (fits) room.give(accountId, quantity);
    return fits;
  });
}
