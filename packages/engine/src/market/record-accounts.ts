/** Who is admitted, with how much, and what was armed. */
import type { Instant } from '@seam/units';
import { tickLotsWithin } from './money.ts';
import { settle } from './record-trades.ts';
import { type Account, type Market, accountOf } from './state.ts';
import type { MarketEvent } from './types.ts';

export type OfAccount = Extract<
  MarketEvent,
  {
    type:
      | 'account_admitted'
      | 'exposure_allocated'
      | 'exposure_released'
      | 'credit_line_set'
      | 'trade_settled'
      | 'cancel_on_disconnect_armed'
      | 'cancel_on_disconnect_disarmed'
      | 'cancel_on_disconnect_fired';
  }
>;

export function recordAccount(market: Market, event: OfAccount): void {
  switch (event.type) {
    case 'account_admitted':
      admit(market, event);
      return;
    case 'exposure_allocated':
    case 'exposure_released':
      return setLimit(market, accountOf(market, event.accountId), BigInt(event.total));
    case 'credit_line_set': {
      const from = accountOf(market, event.from).index;
      market.lines.set(from, accountOf(market, event.to).index, event.amount);
      return;
    }
    case 'trade_settled':
      return settle(market, event.tradeNumber);
    case 'cancel_on_disconnect_armed':
      return arm(market, event.accountId, event.cancelAt);
    case 'cancel_on_disconnect_disarmed':
    case 'cancel_on_disconnect_fired':
      market.armed.delete(event.accountId);
      market.disconnects.delete(event.accountId);
      return;
  }
}

export function arm(market: Market, accountId: string, cancelAt: Instant): void {
  market.armed.set(accountId, cancelAt);
  market.disconnects.set(accountId, cancelAt);
}

type Admitted = Pick<Account, 'accountId' | 'ownerGroup' | 'settlementClass'>;

/** A new account gets the next number of the book and no limit; a known one keeps both. */
export function admit(market: Market, { accountId, ownerGroup, settlementClass }: Admitted): Account {
  const group = market.groups.get(ownerGroup) ?? market.groups.size + 1;
  market.groups.set(ownerGroup, group);
  const known = market.accounts.get(accountId);
  if (known !== undefined) {
    known.ownerGroup = ownerGroup;
    known.settlementClass = settlementClass;
    market.book.accounts.groups[known.index] = group;
    return known;
  }
  const account: Account = {
    index: market.book.accounts.open(group),
    accountId,
    ownerGroup,
    settlementClass,
    limit: 0n,
    orders: new Set(),
    position: 0,
  };
  setLimit(market, account, 0n);
  market.accounts.set(accountId, account);
  market.accountList.push(account);
  return account;
}

export function setLimit(market: Market, account: Account, total: bigint): void {
  account.limit = total;
  market.book.accounts.setLimit(account.index, tickLotsWithin(total, market.value));
}
