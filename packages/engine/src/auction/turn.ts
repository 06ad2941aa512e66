/** A deadline of the format itself: the end of a round, a step or a phase. */
import { formatOf } from '../formats/index.ts';
import type { EngineState } from '../state.ts';
import type { Event } from '../types.ts';
import { conflict } from './lifecycle.ts';
import type { TurnCommand } from './format.ts';
import { findLive, refuse } from './refusal.ts';

export function turnAuction(state: EngineState, command: TurnCommand): readonly Event[] {
  const { auction, rejection } = findLive(state, command.auctionId);
  if (rejection) return refuse(rejection);
  const format = formatOf(auction);
  const due = format.turnsAt(auction) === command.deadline && command.at >= command.deadline;
  if (auction.state !== 'open' || !due) return conflict(auction);
  return format.turn(auction, command);
}
