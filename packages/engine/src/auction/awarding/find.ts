/** Finding what a command after the close means, or the reason it cannot be meant. */
import type { Instant } from '@seam/units';
import type { EngineState } from '../../state.ts';
import type { Rejection } from '../../types.ts';
import { findLive } from '../refusal.ts';
import type { Awarding } from './state.ts';
import type { AwardLine, AwardState } from './types.ts';

export type FoundAwarding =
  | { readonly awarding: Awarding; readonly rejection?: never }
  | { readonly awarding?: never; readonly rejection: Rejection };

/** An auction that has closed and is not done with; any other answers with its state. */
export function findAwarding(state: EngineState, auctionId: string): FoundAwarding {
  const awarding = state.awardings.get(auctionId);
  if (awarding !== undefined) return { awarding };
  const { auction, rejection } = findLive(state, auctionId);
  return { rejection: rejection ?? { code: 'auction_state_conflict', state: auction.state } };
}

/** The end itself is late, also while it still waits for a late timer. */
export function findStandstill(state: EngineState, auctionId: string, at: Instant): FoundAwarding {
  const found = findAwarding(state, auctionId);
  if (found.rejection) return found;
  const { phase, standstillEndsAt } = found.awarding;
  if (phase !== 'standstill' || standstillEndsAt === null) {
    return { rejection: { code: 'auction_state_conflict', state: 'awarded' } };
  }
  return at >= standstillEndsAt
    ? { rejection: { code: 'standstill_over', endedAt: standstillEndsAt } }
    : found;
}

type OfAward = { readonly auctionId: string; readonly accountId: string; readonly number: number };

export type FoundAward =
  | { readonly awarding: Awarding; readonly award: AwardLine; readonly rejection?: never }
  | { readonly rejection: Rejection };

/** An award in one of `states`. One that was not confirmed in time has lapsed, journaled or not. */
export function findAward(
  state: EngineState,
  command: OfAward & { readonly at: Instant },
  states: readonly AwardState[],
): FoundAward {
  const { awarding, rejection } = findAwarding(state, command.auctionId);
  if (rejection) return { rejection };
  const award = awarding.awards.find(
    (line) => line.number === command.number && line.accountId === command.accountId,
  );
  if (award === undefined) return { rejection: { code: 'award_unknown' } };
  const isLate = award.state === 'pending' && award.dueAt !== null && command.at >= award.dueAt;
  const now = isLate ? 'lapsed' : award.state;
  return states.includes(now)
    ? { awarding, award }
    : { rejection: { code: 'award_state_conflict', state: now } };
}
