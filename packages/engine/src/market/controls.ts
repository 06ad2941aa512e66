/** Stopping and starting again: one person stops, two different ones start. */
import { type Act, tell } from './act.ts';
import { cancelAll } from './cancel-all.ts';
import { blockKey, isWithin } from './scope.ts';
import { endReopening, conflict, reopenByCall } from './session.ts';
import { phaseOf } from './state.ts';
import { isId, isText } from './terms.ts';
import type { Approvals, BlockScope, ControlCommand, MarketRejection } from './types.ts';

type CommandOf<Type extends ControlCommand['type']> = Extract<ControlCommand, { type: Type }>;

export function haltMarket(
  act: Act,
  { staffId, reason }: CommandOf<'halt_market'>,
): MarketRejection | undefined {
  const { market } = act;
  if (!isId(staffId)) return APPROVALS_INVALID;
  if (!isText(reason) || market.mode === 'halted') return conflict(market);
  tell(act, { type: 'market_halted', reason });
  endReopening(act);
  return undefined;
}

/** Also out of a halt: taking orders back harms nobody. */
export function setCancelOnly(
  act: Act,
  { staffId, reason }: CommandOf<'set_cancel_only'>,
): MarketRejection | undefined {
  const { market } = act;
  if (!isId(staffId)) return APPROVALS_INVALID;
  if (!isText(reason) || market.mode === 'cancel_only') return conflict(market);
  tell(act, { type: 'market_cancel_only', reason });
  endReopening(act);
  return undefined;
}

export function resumeMarket(
  act: Act,
  { approvals }: CommandOf<'resume_market'>,
): MarketRejection | undefined {
  const { market } = act;
  if (market.mode === 'online') return conflict(market);
  if (!areTwo(approvals)) return APPROVALS_INVALID;
  tell(act, { type: 'market_resumed' });
  if (phaseOf(market) === 'continuous') reopenByCall(act, market.terms.reopeningCallMs, 'reopening');
  return undefined;
}

export function setKillSwitch(
  act: Act,
  { scope, staffId, reason }: CommandOf<'set_kill_switch'>,
): MarketRejection | undefined {
  const { market } = act;
  if (!isId(staffId)) return APPROVALS_INVALID;
  if (!isScope(scope) || !isText(reason)) return conflict(market);
  if (market.blocks.has(blockKey(scope))) return { code: 'trading_blocked', scope: scope.of };
  tell(act, { type: 'trading_blocked', scope, reason });
  const orders = [...market.orders.values()].filter(({ account }) => isWithin(scope, account));
  cancelAll(
    act,
    orders.map(({ orderId }) => orderId),
    'kill_switch',
  );
  return undefined;
}

export function liftKillSwitch(
  act: Act,
  { scope, approvals }: CommandOf<'lift_kill_switch'>,
): MarketRejection | undefined {
  if (!act.market.blocks.has(blockKey(scope))) return { code: 'trading_not_blocked' };
  if (!areTwo(approvals)) return APPROVALS_INVALID;
  tell(act, { type: 'trading_unblocked', scope });
  return undefined;
}

const APPROVALS_INVALID: MarketRejection = { code: 'market_approvals_invalid' };

function areTwo([first, second]: Approvals): boolean {
  return isId(first) && isId(second) && first !== second;
}

function isScope(scope: BlockScope): boolean {
  switch (scope.of) {
    case 'account':
      return isId(scope.accountId);
    case 'owner_group':
      return isId(scope.ownerGroup);
    case 'market':
    case 'exchange':
      return true;
    default:
      return false;
  }
}
