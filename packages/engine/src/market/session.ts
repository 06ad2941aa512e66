/**
 * What the clock does to a market: phases begin, calls end, orders expire, armed cancels fire.
 *
 * A call ends with an uncross, and continuous trading begins with one, unless matching is stopped at that moment.
 * A market that was stopped, by a person or by a volatile price, re-opens by a call of its own; the schedule
 * goes on meanwhile, and the call is over at the latest when the next scheduled phase begins.
 *
 * At one instant: orders expire first, then armed cancels, then a re-opening call ends, then the schedule.
 */
import { type Instant, instant } from '@seam/units';
import { type Act, tell } from './act.ts';
import { cancelAll } from './cancel-all.ts';
import { type Market, phaseEnd, phaseOf } from './state.ts';
import type { Move } from './tell-book.ts';
import type { MarketRejection } from './types.ts';
import { uncrossMarket } from './uncross.ts';

type Turn = { readonly at: Instant; readonly what: 'expiry' | 'disconnect' | 'reopen' | 'schedule' };

/** What the clock owes this market next; null when nothing waits. */
export function nextTurn({ session, expiries, disconnects }: Market): Turn | null {
  let next = turnAt('expiry', expiries.peek()?.at, null);
  next = turnAt('disconnect', disconnects.peek()?.at, next);
  next = turnAt('reopen', session.reopensAt, next);
  return turnAt('schedule', session.drawnEndAt ?? session.upcoming[0]?.startsAt, next);
}

export function isTurnDue(market: Market, at: Instant): boolean {
  const next = nextTurn(market);
  return next !== null && next.at <= at;
}

/** The earlier of the two, at one instant the one offered first. */
function turnAt(what: Turn['what'], at: Instant | null | undefined, before: Turn | null): Turn | null {
  return at == null || (before !== null && before.at <= at) ? before : { at, what };
}

export function turnMarket(act: Act, deadline: Instant): MarketRejection | undefined {
  const { market, command } = act;
  const next = nextTurn(market);
  if (next?.at !== deadline || command.at < deadline) return conflict(market);
  switch (next.what) {
    case 'expiry':
      cancelAll(act, dueIds(market, deadline), 'expired');
      return undefined;
    case 'disconnect':
      fireDisconnects(act, deadline);
      return undefined;
    case 'reopen':
      uncrossMarket(act);
      endReopening(act);
      return undefined;
    case 'schedule':
      beginNext(act);
      return undefined;
  }
}

export function conflict(market: Market): MarketRejection {
  return { code: 'market_state_conflict', phase: phaseOf(market), mode: market.mode };
}

function dueIds({ expiries }: Market, deadline: Instant): number[] {
  return expiries.due(deadline).map(({ id }) => Number(id));
}

function fireDisconnects(act: Act, deadline: Instant): void {
  const { market } = act;
  for (const { id: accountId } of market.disconnects.due(deadline)) {
    tell(act, { type: 'cancel_on_disconnect_fired', accountId });
    cancelAll(act, market.accounts.get(accountId)?.orders ?? [], 'disconnected');
  }
}

function beginNext(act: Act): void {
  const { market } = act;
  const [next, after] = market.session.upcoming;
  if (next === undefined) return;
  const { phase } = next;
  const matches = phaseOf(market) === 'call' || phase === 'continuous';
  if (matches && market.mode === 'online') uncrossMarket(act);
  tell(act, { type: 'phase_changed', phase, until: after?.startsAt ?? null, cause: 'schedule' });
  if (phase !== 'closed') return;
  const day = [...market.orders.values()].filter(({ timeInForce }) => timeInForce === 'day');
  if (day.length > 0) {
    cancelAll(
      act,
      day.map(({ orderId }) => orderId),
      'expired',
    );
  }
}

/** A re-opening call is over: it has uncrossed, or is stopped itself and the next resume begins another. */
export function endReopening(act: Act): void {
  const { session } = act.market;
  if (session.reopensAt === null) return;
  const until = session.upcoming[0]?.startsAt ?? null;
  tell(act, { type: 'phase_changed', phase: 'continuous', until, cause: 'call_over' });
}

/** Trading stops at once and re-opens by a call. */
export function pauseTrading(act: Act, { price, comparedWith }: Move): void {
  tell(act, { type: 'volatility_paused', price, comparedWith });
  reopenByCall(act, act.market.terms.volatility.callMs, 'volatility');
}

export function reopenByCall(act: Act, lengthMs: number, cause: 'volatility' | 'reopening'): void {
  const scheduled = phaseEnd(act.market);
  const until = Math.min(act.command.at + lengthMs, scheduled ?? Infinity);
  tell(act, { type: 'phase_changed', phase: 'call', until: instant(until), cause });
}
