/**
 * A market as one would keep it on paper: lists of everything that ever happened, searched and added up again for
 * every question. Matching is the naive book's (`oracle/book`). Written from the rules; shares with the fast
 * market only the words of commands and events, the check of terms, and the draw of a random end.
 */
import type { InstrumentTerms, Phase, ScheduledPhase } from '../../market/terms-types.ts';
import type {
  BlockScope,
  MarketMode,
  MarketRejection,
  MarketTold,
  OrderSide,
  SettlementClass,
  StampedMarketCommand,
  TimeInForce,
} from '../../market/types.ts';
import { NaiveBook } from '../book/naive-book.ts';

export type NaiveAccount = {
  accountId: string;
  ownerGroup: string;
  settlementClass: SettlementClass;
  limit: bigint;
  cancelAt: number | null;
};

export type NaiveOrder = {
  orderId: number;
  accountId: string;
  side: OrderSide;
  price: number;
  quantity: number;
  filled: number;
  timeInForce: TimeInForce;
  expiresAt: number | null;
  postOnly: boolean;
  open: boolean;
};

export type NaiveTrade = {
  tradeNumber: number;
  at: number;
  price: number;
  quantity: number;
  buyer: string;
  seller: string;
  buyWeight: number;
  sellWeight: number;
  onCredit: boolean;
  settled: boolean;
};

export type NaiveMarket = {
  terms: InstrumentTerms;
  mode: MarketMode;
  /** Every phase ever scheduled, and how many of them have begun. */
  phases: ScheduledPhase[];
  begun: number;
  reopensAt: number | null;
  drawnEndAt: number | null;
  reference: number;
  low: number;
  high: number;
  accounts: NaiveAccount[];
  lines: { from: string; to: string; amount: string }[];
  orders: NaiveOrder[];
  trades: NaiveTrade[];
  /** Trades before this number no longer count for the volatility pause. */
  calmUntil: number;
  blocks: { scope: BlockScope; reason: string }[];
  book: NaiveBook;
};

/** What a command does on paper: the events, or the refusal. `told`: what the fast market said of it. */
export type Deed = {
  market: NaiveMarket;
  command: StampedMarketCommand;
  told: readonly MarketTold[];
  events: MarketTold[];
};

export function newMarket(terms: InstrumentTerms): NaiveMarket {
  const [low, high] = around(terms.referencePrice, terms.collar.hardBasisPoints);
  return {
    terms,
    mode: 'online',
    phases: [...terms.session],
    begun: 0,
    reopensAt: null,
    drawnEndAt: null,
    reference: terms.referencePrice,
    low,
    high,
    accounts: [],
    lines: [],
    orders: [],
    trades: [],
    calmUntil: 1,
    blocks: [],
    book: new NaiveBook({
      low,
      high,
      notionalMax: tickLots(terms, terms.maximumOrderNotional),
      accounts: [],
      orders: [],
    }),
  };
}

/** Prices at most so many basis points from `price`, found by trying each. */
export function around(price: number, basisPoints: number): [low: number, high: number] {
  const within = (other: number): boolean => Math.abs(other - price) * 10_000 <= price * basisPoints;
  let low = price;
  let high = price;
  while (low > 1 && within(low - 1)) low--;
  while (within(high + 1)) high++;
  return [low, high];
}

/** Minor units in thousandths over what a tick on a lot is worth, rounded down. */
export function tickLots({ tickSize, lotSize }: InstrumentTerms, amount: string): number {
  return Number((BigInt(amount) * 1000n) / (BigInt(tickSize) * BigInt(lotSize)));
}

export function currentPhase(market: NaiveMarket): Phase {
  if (market.reopensAt !== null) return 'call';
  return market.phases[market.begun - 1]?.phase ?? 'closed';
}

export function openOrders(market: NaiveMarket, accountId?: string): NaiveOrder[] {
  return market.orders.filter((order) => order.open && (accountId ?? order.accountId) === order.accountId);
}

export function accountIn(market: NaiveMarket, accountId: string): NaiveAccount | undefined {
  return market.accounts.find((account) => account.accountId === accountId);
}

/** Everything an account is bound to, in tick-lots. */
export function naiveExposure(market: NaiveMarket, accountId: string): number {
  let sum = 0;
  for (const order of openOrders(market, accountId)) sum += order.price * (order.quantity - order.filled);
  for (const trade of market.trades) {
    if (trade.settled) continue;
    if (trade.buyer === accountId) sum += trade.buyWeight;
    if (trade.seller === accountId) sum += trade.sellWeight;
  }
  return sum;
}

/** What is not settled between two accounts on credit, in tick-lots. */
function naiveUsed(market: NaiveMarket, a: string, b: string): number {
  return market.trades
    .filter(({ settled, onCredit }) => !settled && onCredit)
    .filter(({ buyer, seller }) => (buyer === a && seller === b) || (buyer === b && seller === a))
    .reduce((sum, { price, quantity }) => sum + price * quantity, 0);
}

/** Gives the naive book the lines that can bear `most(a, b)` tick-lots each. */
export function lendLines(market: NaiveMarket, most: (a: string, b: string) => number): void {
  for (const [index, account] of market.book.accounts.entries()) {
    account.lines.clear();
    for (const [other] of market.book.accounts.entries()) {
      const a = market.accounts[index]!.accountId;
      const b = market.accounts[other]!.accountId;
      const bears = (from: string, to: string): boolean => {
        const amount = market.lines.find((line) => line.from === from && line.to === to)?.amount ?? '0';
        if (amount === 'open') return true;
        return (
          amount !== '0' &&
          tickLots(market.terms, amount) > 0 &&
          tickLots(market.terms, amount) - naiveUsed(market, a, b) >= most(a, b)
        );
      };
      if (index !== other && bears(a, b) && bears(b, a)) account.lines.add(other);
    }
  }
}

export const refused = (rejection: MarketRejection): MarketTold[] => [
  { type: 'command_rejected', rejection },
];
