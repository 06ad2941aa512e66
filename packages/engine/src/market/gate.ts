/** Who may do what right now: the checks that do not look at the order itself. */
import type { Instant } from '@seam/units';
import { accountBlock, marketBlock } from './scope.ts';
import { type Account, type Market, phaseEnd, phaseOf } from './state.ts';
import type { MarketRejection } from './types.ts';

export type Admitted =
  | { readonly account: Account; readonly rejection?: never }
  | { readonly account?: never; readonly rejection: MarketRejection };

/** For new orders and amends. The market's own state is told before the account's. */
export function admitOrders(market: Market, accountId: string): Admitted {
  if (market.mode === 'halted') return { rejection: { code: 'market_halted' } };
  if (market.mode === 'cancel_only') return { rejection: { code: 'market_cancel_only' } };
  const stopped = marketBlock(market);
  if (stopped !== null) return { rejection: { code: 'trading_blocked', scope: stopped } };
  if (phaseOf(market) === 'closed') {
    return { rejection: { code: 'market_closed', opensAt: opensAt(market) } };
  }
  const account = market.accounts.get(accountId);
  if (account === undefined) return { rejection: { code: 'account_not_admitted' } };
  const blocked = accountBlock(market, account);
  return blocked === null ? { account } : { rejection: { code: 'trading_blocked', scope: blocked } };
}

/** For cancels: they are taken in every phase, but not while halted nor at the end of a call. */
export function admitCancels(market: Market, accountId: string, at: Instant): Admitted {
  if (market.mode === 'halted') return { rejection: { code: 'market_halted' } };
  const account = market.accounts.get(accountId);
  if (account === undefined) return { rejection: { code: 'account_not_admitted' } };
  const until = barredUntil(market, at);
  return until === null ? { account } : { rejection: { code: 'order_cancel_barred', until } };
}

/** The end of a call whose orders can no longer be taken back, or null. */
export function barredUntil(market: Market, at: Instant): Instant | null {
  const { current, upcoming } = market.session;
  if (current?.phase !== 'call') return null;
  const [next] = upcoming;
  return next !== undefined && at >= next.startsAt - current.noCancelMs ? phaseEnd(market) : null;
}

function opensAt({ session }: Market): Instant | null {
  return session.upcoming.find(({ phase }) => phase !== 'closed')?.startsAt ?? null;
}
