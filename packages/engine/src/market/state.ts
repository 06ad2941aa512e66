/**
 * All that one market knows. The book (integers, typed arrays) holds who is next; this holds who they are:
 * names, money, phases and what is not settled yet.
 *
 * `orders` has every resting order and, within one command, the one just arriving.
 */
import type { Instant, Lots, Ticks } from '@seam/units';
import { instant } from '@seam/units';
import { InvariantError } from '../assert.ts';
import { Book } from '../book/index.ts';
import { DeadlineQueue } from '../deadline-queue.ts';
import { CreditLines } from './credit.ts';
import { tickLotValue, tickLotsWithin } from './money.ts';
import { rangeAround } from './terms.ts';
import type { InstrumentTerms, Phase, ScheduledPhase } from './terms-types.ts';
import type { BlockScope, MarketMode, OrderSide, SettlementClass, TimeInForce } from './types.ts';
import { PriceWindow } from './volatility.ts';

export type Account = {
  /** Its number in the book: the order of admission. */
  readonly index: number;
  readonly accountId: string;
  ownerGroup: string;
  settlementClass: SettlementClass;
  /** Money allocated as exposure limit, minor units. */
  limit: bigint;
  /** Ids of its resting orders. */
  readonly orders: Set<number>;
  /** Lots bought less lots sold, not settled yet. */
  position: number;
};

export type Order = {
  readonly orderId: number;
  readonly account: Account;
  readonly side: OrderSide;
  price: Ticks;
  /** In total; `filled` of it is executed. */
  quantity: Lots;
  filled: Lots;
  readonly timeInForce: TimeInForce;
  readonly expiresAt: Instant | null;
  readonly postOnly: boolean;
};

/** A trade that still weighs on both sides: tick-lots at each one's own limit price, and of the trade. */
export type Unsettled = {
  readonly buyer: Account;
  readonly seller: Account;
  readonly quantity: Lots;
  readonly buyWeight: number;
  readonly sellWeight: number;
  /** What the credit lines between the two bear; 0 through escrow. */
  readonly credit: number;
};

export type Block = { readonly scope: BlockScope; readonly reason: string };

export type Session = {
  /** The scheduled phase that has begun last; null before the first: closed. */
  current: ScheduledPhase | null;
  /** Not begun yet, in order of time. */
  upcoming: ScheduledPhase[];
  /** End of the call by which trading re-opens; null when there is none. */
  reopensAt: Instant | null;
  /** End of the current call as drawn; null before. */
  drawnEndAt: Instant | null;
};

export type Market = {
  readonly terms: InstrumentTerms;
  /** Thousandths of a minor unit in a tick-lot. */
  readonly value: bigint;
  readonly book: Book;
  readonly session: Session;
  mode: MarketMode;
  referencePrice: Ticks;
  lastOrderId: number;
  lastTradeNumber: number;
  readonly accounts: Map<string, Account>;
  /** By the account's number in the book. */
  readonly accountList: Account[];
  readonly groups: Map<string, number>;
  readonly lines: CreditLines;
  readonly orders: Map<number, Order>;
  readonly unsettled: Map<number, Unsettled>;
  readonly blocks: Map<string, Block>;
  readonly prices: PriceWindow;
  /** Good-till-date orders by id. */
  readonly expiries: DeadlineQueue;
  /** Armed cancels on disconnect, by account. */
  readonly disconnects: DeadlineQueue;
  readonly armed: Map<string, Instant>;
};

export function createMarket(terms: InstrumentTerms): Market {
  const value = tickLotValue(terms);
  const { low, high } = rangeAround(terms.referencePrice, terms.collar.hardBasisPoints);
  const book = new Book({
    band: { low, high },
    notionalMax: tickLotsWithin(BigInt(terms.maximumOrderNotional), value),
  });
  return {
    terms,
    value,
    book,
    session: { current: null, upcoming: [...terms.session], reopensAt: null, drawnEndAt: null },
    mode: 'online',
    referencePrice: terms.referencePrice,
    lastOrderId: 0,
    lastTradeNumber: 0,
    accounts: new Map(),
    accountList: [],
    groups: new Map(),
    lines: new CreditLines(book.accounts, value),
    orders: new Map(),
    unsettled: new Map(),
    blocks: new Map(),
    prices: new PriceWindow(terms.volatility.windowMs),
    expiries: new DeadlineQueue(),
    disconnects: new DeadlineQueue(),
    armed: new Map(),
  };
}

/** What the market does now. */
export function phaseOf({ session }: Market): Phase {
  return session.reopensAt === null ? (session.current?.phase ?? 'closed') : 'call';
}

/** Orders are taken without matching. */
export function isCollecting(market: Market): boolean {
  const phase = phaseOf(market);
  return phase === 'call' || phase === 'pre_open' || phase === 'pre_close';
}

/** When the current phase ends as far as is known; null when nothing is scheduled. */
export function phaseEnd({ session }: Market): Instant | null {
  const scheduled = session.drawnEndAt ?? session.upcoming[0]?.startsAt ?? null;
  if (session.reopensAt === null) return scheduled;
  return scheduled === null ? session.reopensAt : instant(Math.min(session.reopensAt, scheduled));
}

/** @throws InvariantError: the order is no member's to name, or was looked up before. */
export function orderOf(market: Market, orderId: number): Order {
  const order = market.orders.get(orderId);
  if (order === undefined) throw new InvariantError(`order ${orderId} does not rest`);
  return order;
}

export function accountOf(market: Market, accountId: string): Account {
  const account = market.accounts.get(accountId);
  if (account === undefined) throw new InvariantError(`account ${accountId} is not admitted`);
  return account;
}

/** Tick-lots of all an account is bound to: open orders and unsettled trades at its own limit prices. */
export function exposureOf({ book }: Market, account: Account): number {
  return book.accounts.exposures[account.index] ?? 0;
}
