/** What the exchange decides about a market's accounts, money limits and schedule. */
import { instant } from '@seam/units';
import { isAmount, isInteger } from '../auction/rules.ts';
import { AMOUNT_MAX, PRICE_TICKS_MAX } from '../limits.ts';
import { type Act, tell } from './act.ts';
import { DISCONNECT_MS_MAX } from './limits.ts';
import { minorOf } from './money.ts';
import { resolveCrossed } from '../book/index.ts';
import { conflict, isTurnDue, pauseTrading } from './session.ts';
import { exposureOf, phaseOf } from './state.ts';
import { tellBook } from './tell-book.ts';
import { isId, validateSession } from './terms.ts';
import type { AdministrationCommand, MarketRejection, OrderCommand } from './types.ts';
import { collarAround, prepareCreditPairs } from './uncross.ts';

type CommandOf<Type> = Extract<AdministrationCommand | OrderCommand, { type: Type }>;

export function scheduleSession(
  act: Act,
  { session }: CommandOf<'schedule_session'>,
): MarketRejection | undefined {
  const { upcoming, current } = act.market.session;
  const last = upcoming.at(-1)?.startsAt ?? current?.startsAt ?? 0;
  const field = validateSession(session, Math.max(last, act.command.at), upcoming.length);
  if (field !== null) return { code: 'market_terms_invalid', field };
  tell(act, { type: 'session_scheduled', session });
  return undefined;
}

/** Group and class decide whom an order may meet, so they change only while there is none. */
export function admitAccount(
  act: Act,
  { accountId, ownerGroup, settlementClass }: CommandOf<'admit_account'>,
): MarketRejection | undefined {
  if (!isId(accountId)) return { code: 'account_invalid', field: 'accountId' };
  if (!isId(ownerGroup)) return { code: 'account_invalid', field: 'ownerGroup' };
  if (settlementClass !== 'escrow' && settlementClass !== 'credit') {
    return { code: 'account_invalid', field: 'settlementClass' };
  }
  const orders = act.market.accounts.get(accountId)?.orders.size ?? 0;
  if (orders > 0) return { code: 'account_has_orders', orders };
  tell(act, { type: 'account_admitted', accountId, ownerGroup, settlementClass });
  return undefined;
}

export function allocateExposure(
  act: Act,
  { accountId, amount }: CommandOf<'allocate_exposure'>,
): MarketRejection | undefined {
  const account = act.market.accounts.get(accountId);
  if (account === undefined) return { code: 'account_not_admitted' };
  if (!isAmount(amount, 1n, AMOUNT_MAX)) return { code: 'exposure_invalid' };
  const total = account.limit + BigInt(amount);
  if (total > AMOUNT_MAX) return { code: 'exposure_invalid' };
  tell(act, { type: 'exposure_allocated', accountId, amount, total: total.toString() });
  return undefined;
}

export function releaseExposure(
  act: Act,
  { accountId, amount }: CommandOf<'release_exposure'>,
): MarketRejection | undefined {
  const { market } = act;
  const account = market.accounts.get(accountId);
  if (account === undefined) return { code: 'account_not_admitted' };
  if (!isAmount(amount, 1n, AMOUNT_MAX)) return { code: 'exposure_invalid' };
  const free = account.limit - minorOf(exposureOf(market, account), market.value);
  if (BigInt(amount) > free) return { code: 'exposure_in_use', amountMaximum: free.toString() };
  const total = account.limit - BigInt(amount);
  tell(act, { type: 'exposure_released', accountId, amount, total: total.toString() });
  return undefined;
}

/** Orders that crossed for want of this line meet at once while trading is continuous. */
export function setCreditLine(
  act: Act,
  { from, to, amount }: CommandOf<'set_credit_line'>,
): MarketRejection | undefined {
  const { accounts } = act.market;
  if (!accounts.has(from)) return { code: 'credit_line_invalid', field: 'from' };
  if (!accounts.has(to) || from === to) return { code: 'credit_line_invalid', field: 'to' };
  if (amount !== 'open' && !isAmount(amount, 0n, AMOUNT_MAX)) {
    return { code: 'credit_line_invalid', field: 'amount' };
  }
  tell(act, { type: 'credit_line_set', from, to, amount });
  meetAgain(act);
  return undefined;
}

export function settleTrade(
  act: Act,
  { tradeNumber }: CommandOf<'settle_trade'>,
): MarketRejection | undefined {
  const unsettled = act.market.unsettled.get(tradeNumber);
  if (unsettled === undefined) return { code: 'trade_unknown' };
  tell(act, { type: 'trade_settled', tradeNumber });
  if (unsettled.credit > 0) meetAgain(act);
  return undefined;
}

function meetAgain(act: Act): void {
  const { market } = act;
  const matching = phaseOf(market) === 'continuous' && market.mode === 'online';
  if (!matching || isTurnDue(market, act.command.at)) return;
  prepareCreditPairs(market);
  resolveCrossed(market.book);
  const move = tellBook(act, 0);
  if (move) pauseTrading(act, move);
}

export function setReferencePrice(
  act: Act,
  { price }: CommandOf<'set_reference_price'>,
): MarketRejection | undefined {
  const { market } = act;
  if (phaseOf(market) !== 'closed' && market.mode !== 'halted') return conflict(market);
  if (!isInteger(price, 1, PRICE_TICKS_MAX)) return { code: 'market_terms_invalid', field: 'price' };
  tell(act, collarAround(market, price));
  return undefined;
}

export function armCancelOnDisconnect(
  act: Act,
  { accountId, cancelAt }: CommandOf<'arm_cancel_on_disconnect'>,
): MarketRejection | undefined {
  if (!act.market.accounts.has(accountId)) return { code: 'account_not_admitted' };
  const [earliest, latest] = [act.command.at + 1, act.command.at + DISCONNECT_MS_MAX];
  if (!isInteger(cancelAt, earliest, latest)) {
    return { code: 'disconnect_deadline_invalid', earliest: instant(earliest), latest: instant(latest) };
  }
  tell(act, { type: 'cancel_on_disconnect_armed', accountId, cancelAt });
  return undefined;
}

export function disarmCancelOnDisconnect(
  act: Act,
  { accountId }: CommandOf<'disarm_cancel_on_disconnect'>,
): MarketRejection | undefined {
  if (!act.market.accounts.has(accountId)) return { code: 'account_not_admitted' };
  if (!act.market.armed.has(accountId)) return { code: 'disconnect_not_armed' };
  tell(act, { type: 'cancel_on_disconnect_disarmed', accountId });
  return undefined;
}
