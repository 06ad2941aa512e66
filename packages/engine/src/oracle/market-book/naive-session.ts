/** Phases, calls and deadlines on paper. */
import { instant, lots, ticks } from '@seam/units';
import type { MarketRejection } from '../../market/types.ts';
import { naiveClearing, naiveShares } from '../book/naive-auction.ts';
import { type Deed, type NaiveMarket, around, currentPhase, lendLines, openOrders } from './naive-market.ts';
import { naiveCancelAll, naiveTell, naiveTrade } from './naive-deals.ts';

export type NaiveTurn = { at: number; what: 'expiry' | 'disconnect' | 'reopen' | 'schedule' };

/** All that waits for the clock, the earliest first; at one instant in the order of the list. */
export function naiveNext(market: NaiveMarket): NaiveTurn | undefined {
  const waiting: NaiveTurn[] = [];
  for (const { expiresAt } of openOrders(market))
    if (expiresAt !== null) waiting.push({ at: expiresAt, what: 'expiry' });
  for (const { cancelAt } of market.accounts)
    if (cancelAt !== null) waiting.push({ at: cancelAt, what: 'disconnect' });
  if (market.reopensAt !== null) waiting.push({ at: market.reopensAt, what: 'reopen' });
  const scheduled = market.drawnEndAt ?? market.phases[market.begun]?.startsAt;
  if (scheduled !== undefined) waiting.push({ at: scheduled, what: 'schedule' });
  return waiting.toSorted((a, b) => a.at - b.at)[0];
}

export function naiveTurn(deed: Deed, deadline: number): MarketRejection | undefined {
  const { market } = deed;
  const next = naiveNext(market);
  if (next?.at !== deadline || deed.command.at < deadline) return naiveConflict(market);
  if (next.what === 'expiry') {
    const due = openOrders(market).filter(({ expiresAt }) => expiresAt !== null && expiresAt <= deadline);
    naiveCancelAll(deed, due, 'expired');
  } else if (next.what === 'disconnect') {
    const due = market.accounts.filter(({ cancelAt }) => cancelAt !== null && cancelAt <= deadline);
    for (const account of due.toSorted(
      (a, b) => a.cancelAt! - b.cancelAt! || (a.accountId < b.accountId ? -1 : 1),
    )) {
      account.cancelAt = null;
      deed.events.push({ type: 'cancel_on_disconnect_fired', accountId: account.accountId });
      naiveCancelAll(deed, openOrders(market, account.accountId), 'disconnected');
    }
  } else if (next.what === 'reopen') {
    naiveUncross(deed);
    naiveEndReopening(deed);
  } else {
    naiveBegin(deed);
  }
  return undefined;
}

export function naiveConflict(market: NaiveMarket): MarketRejection {
  return { code: 'market_state_conflict', phase: currentPhase(market), mode: market.mode };
}

function naiveBegin(deed: Deed): void {
  const { market } = deed;
  const next = market.phases[market.begun]!;
  const callEnds = currentPhase(market) === 'call';
  if (market.mode === 'online' && (callEnds || next.phase === 'continuous')) naiveUncross(deed);
  market.begun++;
  market.drawnEndAt = null;
  const until = market.phases[market.begun]?.startsAt ?? null;
  deed.events.push({ type: 'phase_changed', phase: next.phase, until, cause: 'schedule' });
  const day = openOrders(market).filter(({ timeInForce }) => timeInForce === 'day');
  if (next.phase === 'closed' && day.length > 0) naiveCancelAll(deed, day, 'expired');
}

export function naiveEndReopening(deed: Deed): void {
  const { market } = deed;
  if (market.reopensAt === null) return;
  market.reopensAt = null;
  const until = market.phases[market.begun]?.startsAt ?? null;
  deed.events.push({ type: 'phase_changed', phase: 'continuous', until, cause: 'call_over' });
}

export function naivePause(deed: Deed, far: { price: number; from: number } | undefined): void {
  if (!far) return;
  deed.events.push({ type: 'volatility_paused', price: ticks(far.price), comparedWith: ticks(far.from) });
  naiveReopen(deed, deed.market.terms.volatility.callMs, 'volatility');
}

export function naiveReopen(deed: Deed, lengthMs: number, cause: 'volatility' | 'reopening'): void {
  const { market, command } = deed;
  const scheduled = market.phases[market.begun]!.startsAt;
  market.reopensAt = Math.min(scheduled, command.at + lengthMs);
  deed.events.push({ type: 'phase_changed', phase: 'call', until: instant(market.reopensAt), cause });
}

/** The end of the running scheduled call once nothing may be taken back, or null. */
export function naiveBarredUntil(market: NaiveMarket, at: number): number | null {
  const current = market.phases[market.begun - 1];
  const next = market.phases[market.begun];
  if (market.reopensAt !== null || current?.phase !== 'call' || !next) return null;
  return at >= next.startsAt - current.noCancelMs ? (market.drawnEndAt ?? next.startsAt) : null;
}

/** The price is found by trying all; who meets whom is the fast market's to say, and judged. */
function naiveUncross(deed: Deed): void {
  const { market } = deed;
  const firstTradeNumber = market.trades.length + 1;
  const found = naiveClearing(market.book, market.reference);
  market.calmUntil = firstTradeNumber;
  if (!found) {
    const nothing = { price: null, volume: lots(0), surplus: 0, rule: null, firstTradeNumber, trades: [] };
    deed.events.push({ type: 'uncrossed', ...nothing });
    return;
  }
  naiveLendPairs(market);
  const told = deed.told.find((event) => event.type === 'uncrossed');
  const trades = told?.trades ?? [];
  const met = new Map<number, number>();
  for (const { buyOrderId, sellOrderId, quantity } of trades) {
    const [buy, sell] = [market.book.orders, market.book.orders].map((orders, side) =>
      orders.find((order) => order.id === [buyOrderId, sellOrderId][side] && order.side === side),
    );
    if (!buy || !sell || !market.book.mayTrade(buy, sell))
      throw new Error(`${buyOrderId} and ${sellOrderId} met`);
    for (const id of [buyOrderId, sellOrderId]) met.set(id, (met.get(id) ?? 0) + quantity);
  }
  const due = naiveShares(market.book, found.price, 'time');
  for (const id of new Set([...due.keys(), ...met.keys()])) {
    if (due.get(id) !== met.get(id))
      throw new Error(`order ${id} executes ${met.get(id)} and not ${due.get(id)}`);
  }
  for (const { buyOrderId, sellOrderId, quantity } of trades) {
    market.book.execute(buyOrderId, quantity);
    market.book.execute(sellOrderId, quantity);
    const [a, b] = [market.orders[buyOrderId - 1]!, market.orders[sellOrderId - 1]!];
    naiveTrade(market, deed.command.at, { a, b, price: found.price, quantity });
  }
  deed.events.push({
    type: 'uncrossed',
    price: ticks(found.price),
    volume: lots(found.volume),
    surplus: found.surplus,
    rule: found.rule,
    firstTradeNumber,
    trades,
  });
  naiveTell(deed, market.book.resolveCrossed());
  if (trades.length > 0 && found.price !== market.reference) naiveCollar(deed, found.price);
}

export function naiveCollar(deed: Deed, price: number): void {
  const { market } = deed;
  const [low, high] = around(price, market.terms.collar.hardBasisPoints);
  Object.assign(market, { reference: price, low, high });
  Object.assign(market.book, { low, high });
  deed.events.push({
    type: 'collar_changed',
    referencePrice: ticks(price),
    priceMinimum: ticks(low),
    priceMaximum: ticks(high),
  });
}

/** The most that two accounts may trade with each other among what rests. */
function naiveLendPairs(market: NaiveMarket): void {
  const open = openOrders(market);
  const sum = (accountId: string, side: string): number =>
    open
      .filter((order) => order.accountId === accountId && order.side === side)
      .reduce((all, order) => all + order.quantity - order.filled, 0);
  const dearest = Math.max(0, ...open.filter(({ side }) => side === 'buy').map(({ price }) => price));
  lendLines(
    market,
    (a, b) => dearest * (Math.min(sum(a, 'buy'), sum(b, 'sell')) + Math.min(sum(a, 'sell'), sum(b, 'buy'))),
  );
}

/** Orders that could not meet before may meet now. */
export function naiveMeetAgain(deed: Deed): void {
  const { market, command } = deed;
  const next = naiveNext(market);
  const due = next !== undefined && next.at <= command.at;
  if (due || market.mode !== 'online' || currentPhase(market) !== 'continuous') return;
  naiveLendPairs(market);
  naivePause(deed, naiveTell(deed, market.book.resolveCrossed()));
}
