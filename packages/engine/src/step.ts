/**
 * The engine: one command in, its events out, the state moved on.
 *
 * An auction decides first and changes nothing, then applies its own events exactly as recovery will. A
 * market (`market/`) moves while it decides, for matching is the decision: a bug that throws half-way leaves a
 * state that is worth nothing. The host never goes on with a state whose `step` has thrown; it replays the
 * journal. No clock, no random number, no IO, no `await`: the same commands give the same events on every
 * machine.
 */
import { advance, apply, assertNext } from './apply.ts';
import { actInAuction } from './auction/act.ts';
import {
  concludeAward,
  confirmAward,
  declineAward,
  lapseAward,
  lapseAwards,
  releaseAward,
  withdrawWaiting,
} from './auction/awarding/confirm.ts';
import {
  endStandstill,
  extendStandstill,
  upholdComplaint,
  waiveReserve,
} from './auction/awarding/standstill.ts';
import { closeAuction } from './auction/close.ts';
import {
  allocateBidSecurity,
  excludeBidder,
  openAuction,
  resumeAuction,
  scheduleAuction,
  suspendAuction,
  voidAuction,
} from './auction/lifecycle.ts';
import { extendForOutage } from './auction/outage.ts';
import { turnAuction } from './auction/turn.ts';
import { isMarketCommand, stepMarket } from './market/index.ts';
import type { EngineState } from './state.ts';
import type { AuctionCommand, Command, Event } from './types.ts';

/**
 * Executes the next command. A refusal is an event like any other and takes its place in the journal.
 * @throws InvariantError when `command.seq` is not the next or `command.at` lies before the last.
 */
export function step(state: EngineState, command: Command): readonly Event[] {
  assertNext(state, command);
  if (isMarketCommand(command)) {
    const told = stepMarket(state, command);
    advance(state, command);
    return told;
  }
  const events = decide(state, command);
  apply(state, command, events);
  return events;
}

function decide(state: EngineState, command: AuctionCommand): readonly Event[] {
  switch (command.type) {
    case 'schedule_auction':
      return scheduleAuction(state, command);
    case 'allocate_bid_security':
      return allocateBidSecurity(state, command);
    case 'open_auction':
      return openAuction(state, command);
    case 'turn_auction':
      return turnAuction(state, command);
    case 'close_auction':
      return closeAuction(state, command);
    case 'suspend_auction':
      return suspendAuction(state, command);
    case 'resume_auction':
      return resumeAuction(state, command);
    case 'void_auction':
      return voidAuction(state, command);
    case 'exclude_bidder':
      return excludeBidder(state, command);
    case 'extend_for_outage':
      return extendForOutage(state, command);
    case 'end_standstill':
      return endStandstill(state, command);
    case 'extend_standstill':
      return extendStandstill(state, command);
    case 'uphold_complaint':
      return upholdComplaint(state, command);
    case 'waive_reserve':
      return waiveReserve(state, command);
    case 'confirm_award':
      return confirmAward(state, command);
    case 'decline_award':
      return declineAward(state, command);
    case 'conclude_award':
      return concludeAward(state, command);
    case 'lapse_awards':
      return lapseAwards(state, command);
    case 'lapse_award':
      return lapseAward(state, command);
    case 'release_award':
      return releaseAward(state, command);
    case 'withdraw_waiting':
      return withdrawWaiting(state, command);
    default:
      return actInAuction(state, command);
  }
}
