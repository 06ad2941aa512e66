/**
 * The continuous order book as the engine runs it: a command in, its events out.
 *
 * Unlike an auction, a market moves while its command is decided: matching is the decision. So `stepMarket` must not
 * throw half-way except for a bug; the host then throws its memory away and replays the journal.
 */
import type { Instant } from '@seam/units';
import { InvariantError, unreachable } from '../assert.ts';
import type { Act } from './act.ts';
import {
  admitAccount,
  allocateExposure,
  armCancelOnDisconnect,
  disarmCancelOnDisconnect,
  releaseExposure,
  scheduleSession,
  setCreditLine,
  setReferencePrice,
  settleTrade,
} from './administration.ts';
import { haltMarket, liftKillSwitch, resumeMarket, setCancelOnly, setKillSwitch } from './controls.ts';
import { amendOrder, cancelOrder, cancelOrders, placeOrder, placeOrders } from './orders.ts';
import { drawRandomEnd } from './random-end.ts';
import { replayMarket } from './replay.ts';
import { isTurnDue, nextTurn, turnMarket } from './session.ts';
import { type Market, createMarket } from './state.ts';
import { validateInstrument } from './terms.ts';
import type { Command } from '../types.ts';
import type { MarketRejection, MarketTold, OrderCommand, StampedMarketCommand } from './types.ts';

type Listed = Exclude<StampedMarketCommand, { type: 'list_instrument' }>;

/** Where the markets of an engine live: its state has at least this. */
export type Markets = {
  readonly markets: Map<string, Market>;
  /** Derived from `markets`. */
  readonly marketDeadlines: {
    set(id: string, at: Instant): void;
    delete(id: string): void;
  };
};

export function isMarketCommand(command: Command): command is StampedMarketCommand {
  return 'instrumentId' in command || command.type === 'list_instrument';
}

/** Executes a command: its events, or the refusal alone. */
export function stepMarket(state: Markets, command: StampedMarketCommand): readonly MarketTold[] {
  if (command.type === 'list_instrument') return listInstrument(state, command.terms, command.at);
  const market = state.markets.get(command.instrumentId);
  if (market === undefined) return refuse({ code: 'market_unknown' });
  const act: Act = { market, command, events: [] };
  const rejection = decide(act, command);
  if (rejection) return refuse(rejection);
  watchDeadline(state, market);
  return act.events;
}

function refuse(rejection: MarketRejection): readonly MarketTold[] {
  return [{ type: 'command_rejected', rejection }];
}

function listInstrument(state: Markets, terms: Market['terms'], at: Instant): readonly MarketTold[] {
  if (state.markets.has(terms.instrumentId)) return refuse({ code: 'market_duplicate' });
  const field = validateInstrument(terms, at);
  if (field !== null) return refuse({ code: 'market_terms_invalid', field });
  list(state, terms);
  return [{ type: 'instrument_listed', terms }];
}

/** Repeats recorded events; decides nothing. */
export function applyMarket(
  state: Markets,
  command: StampedMarketCommand,
  told: readonly MarketTold[],
): void {
  const events = told.filter((event) => event.type !== 'command_rejected');
  if (events.length === 0) return;
  if (command.type === 'list_instrument') return list(state, command.terms);
  const market = state.markets.get(command.instrumentId);
  if (market === undefined) throw new InvariantError(`event of market ${command.instrumentId}, never listed`);
  replayMarket(market, command, events);
  watchDeadline(state, market);
}

export function watchDeadline(state: Markets, market: Market): void {
  const { instrumentId } = market.terms;
  const next = nextTurn(market);
  if (next === null) state.marketDeadlines.delete(instrumentId);
  else state.marketDeadlines.set(instrumentId, next.at);
}

function list(state: Markets, terms: Market['terms']): void {
  const market = createMarket(terms);
  state.markets.set(terms.instrumentId, market);
  watchDeadline(state, market);
}

function decide(act: Act, command: Listed): MarketRejection | undefined {
  switch (command.type) {
    case 'schedule_session':
      return scheduleSession(act, command);
    case 'admit_account':
      return admitAccount(act, command);
    case 'allocate_exposure':
      return allocateExposure(act, command);
    case 'release_exposure':
      return releaseExposure(act, command);
    case 'set_credit_line':
      return setCreditLine(act, command);
    case 'settle_trade':
      return settleTrade(act, command);
    case 'set_reference_price':
      return setReferencePrice(act, command);
    case 'halt_market':
      return haltMarket(act, command);
    case 'set_cancel_only':
      return setCancelOnly(act, command);
    case 'resume_market':
      return resumeMarket(act, command);
    case 'set_kill_switch':
      return setKillSwitch(act, command);
    case 'lift_kill_switch':
      return liftKillSwitch(act, command);
    case 'draw_random_end':
      return drawRandomEnd(act, command.seed);
    case 'turn_market':
      return turnMarket(act, command.deadline);
    default:
      return decideOrder(act, command);
  }
}

/** What a phase, an expiry or an armed cancel has ended by the clock is over, also before its turn is journaled. */
function decideOrder(act: Act, command: OrderCommand): MarketRejection | undefined {
  if (isTurnDue(act.market, act.command.at)) return { code: 'market_turn_due' };
  switch (command.type) {
    case 'place_order':
      return placeOrder(act, command);
    case 'place_orders':
      return placeOrders(act, command);
    case 'cancel_order':
      return cancelOrder(act, command);
    case 'cancel_orders':
      return cancelOrders(act, command);
    case 'amend_order':
      return amendOrder(act, command);
    case 'arm_cancel_on_disconnect':
      return armCancelOnDisconnect(act, command);
    case 'disarm_cancel_on_disconnect':
      return disarmCancelOnDisconnect(act, command);
    default:
      return unreachable(command);
  }
}
