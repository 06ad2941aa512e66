/** The paper as the text that the fast engine writes. */
import { type Canonical, canonicalJson } from '../../canonical.ts';
import { SNAPSHOT_VERSION } from '../../snapshot.ts';
import type { NaiveMarkets } from './naive-engine.ts';
import type { NaiveMarket } from './naive-market.ts';

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function naiveSnapshot({ seq, lastAt, markets }: NaiveMarkets): string {
  const written = markets
    .toSorted((a, b) => byText(a.terms.instrumentId, b.terms.instrumentId))
    .map((market) => document(market));
  return canonicalJson({ version: SNAPSHOT_VERSION, seq, lastAt, auctions: [], ended: [], markets: written });
}

function document(market: NaiveMarket): Canonical {
  const place = (accountId: string): number =>
    market.accounts.findIndex((one) => one.accountId === accountId);
  const side = (side: number): Canonical[] =>
    market.book.side(side).map(({ id }) => {
      const { accountId, side: _side, open: _open, ...order } = market.orders[id - 1]!;
      return { ...order, account: place(accountId) };
    });
  const [lows, highs] = extremes(market);
  return {
    terms: market.terms,
    mode: market.mode,
    session: {
      current: market.phases[market.begun - 1] ?? null,
      upcoming: market.phases.slice(market.begun),
      reopensAt: market.reopensAt,
      drawnEndAt: market.drawnEndAt,
    },
    referencePrice: market.reference,
    priceMinimum: market.low,
    priceMaximum: market.high,
    lastOrderId: market.orders.length,
    lastTradeNumber: market.trades.length,
    accounts: market.accounts.map(({ limit, ...account }) => ({ ...account, limit: limit.toString() })),
    lines: market.lines
      .map(({ from, to, amount }) => ({ from: place(from), to: place(to), amount }))
      .sort((a, b) => a.from - b.from || a.to - b.to),
    buys: side(0),
    sells: side(1),
    unsettled: market.trades
      .filter(({ settled }) => !settled)
      .map(({ tradeNumber, buyer, seller, quantity, buyWeight, sellWeight, onCredit, price }) => ({
        tradeNumber,
        buyer: place(buyer),
        seller: place(seller),
        quantity,
        buyWeight,
        sellWeight,
        credit: onCredit ? price * quantity : 0,
      })),
    blocks: market.blocks.toSorted((a, b) => byText(keyOf(a.scope), keyOf(b.scope))),
    lows,
    highs,
  };
}

function keyOf(scope: NaiveMarket['blocks'][number]['scope']): string {
  if (scope.of === 'account') return `account:${scope.accountId}`;
  return scope.of === 'owner_group' ? `owner_group:${scope.ownerGroup}` : scope.of;
}

type Price = { at: number; price: number };

/** Trades of the window that no later one has undercut, and that no later one has topped. */
function extremes(market: NaiveMarket): [lows: Price[], highs: Price[]] {
  const last = market.trades.at(-1)?.at ?? 0;
  const window = market.trades
    .filter(
      ({ tradeNumber, at }) =>
        tradeNumber >= market.calmUntil && at >= last - market.terms.volatility.windowMs,
    )
    .map(({ at, price }) => ({ at, price }));
  const low = window.filter(({ price }, place) =>
    window.slice(place + 1).every((later) => later.price > price),
  );
  const high = window.filter(({ price }, place) =>
    window.slice(place + 1).every((later) => later.price < price),
  );
  return [low, high];
}
