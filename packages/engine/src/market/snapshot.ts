/**
 * A market as a plain document, and back. Orders stand in priority order, accounts in the order of admission (their
 * number in the book); what follows from the rest (exposures, positions, what lines bear) is not written
 * but found again.
 */
import { type Instant, type Lots, type Ticks, ticks } from '@seam/units';
import { InvariantError } from '../assert.ts';
import { BUY, SELL, type Side, rest } from '../book/index.ts';
import { compareText } from '../canonical.ts';
import { admit, arm, setLimit } from './record-accounts.ts';
import { addUnsettled, insertOrder } from './record-trades.ts';
import { blockKey } from './scope.ts';
import { type Account, type Block, type Market, type Order, createMarket, orderOf } from './state.ts';
import type { InstrumentTerms, ScheduledPhase } from './terms-types.ts';
import { sideOf } from './tell-book.ts';
import type { MarketMode, OrderSide, SettlementClass, TimeInForce } from './types.ts';
import type { PriceAt } from './volatility.ts';

type AccountDocument = {
  readonly accountId: string;
  readonly ownerGroup: string;
  readonly settlementClass: SettlementClass;
  readonly limit: string;
  readonly cancelAt: Instant | null;
};

type OrderDocument = {
  readonly orderId: number;
  /** Place in `accounts`. */
  readonly account: number;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly filled: Lots;
  readonly timeInForce: TimeInForce;
  readonly expiresAt: Instant | null;
  readonly postOnly: boolean;
};

type UnsettledDocument = {
  readonly tradeNumber: number;
  readonly buyer: number;
  readonly seller: number;
  readonly quantity: Lots;
  readonly buyWeight: number;
  readonly sellWeight: number;
  readonly credit: number;
};

export type MarketDocument = {
  readonly terms: InstrumentTerms;
  readonly mode: MarketMode;
  readonly session: {
    readonly current: ScheduledPhase | null;
    readonly upcoming: readonly ScheduledPhase[];
    readonly reopensAt: Instant | null;
    readonly drawnEndAt: Instant | null;
  };
  readonly referencePrice: Ticks;
  /** The collar as it was last set. */
  readonly priceMinimum: Ticks;
  readonly priceMaximum: Ticks;
  readonly lastOrderId: number;
  readonly lastTradeNumber: number;
  readonly accounts: readonly AccountDocument[];
  /** By place in `accounts`, in order. */
  readonly lines: readonly { readonly from: number; readonly to: number; readonly amount: string }[];
  readonly buys: readonly OrderDocument[];
  readonly sells: readonly OrderDocument[];
  /** Rising. */
  readonly unsettled: readonly UnsettledDocument[];
  readonly blocks: readonly Block[];
  readonly lows: readonly PriceAt[];
  readonly highs: readonly PriceAt[];
};

export function writeMarket(market: Market): MarketDocument {
  const { terms, mode, session, referencePrice, lastOrderId, lastTradeNumber, prices } = market;
  return {
    terms,
    mode,
    session: { ...session },
    referencePrice,
    priceMinimum: ticks(market.book.band.low),
    priceMaximum: ticks(market.book.band.high),
    lastOrderId,
    lastTradeNumber,
    accounts: market.accountList.map(({ accountId, ownerGroup, settlementClass, limit }) => ({
      accountId,
      ownerGroup,
      settlementClass,
      limit: limit.toString(),
      cancelAt: market.armed.get(accountId) ?? null,
    })),
    lines: [...market.lines.entries()]
      .map(([from, to, amount]) => ({ from, to, amount }))
      .sort((a, b) => a.from - b.from || a.to - b.to),
    buys: writeSide(market, BUY),
    sells: writeSide(market, SELL),
    unsettled: [...market.unsettled]
      .sort(([a], [b]) => a - b)
      .map(([tradeNumber, { buyer, seller, ...rest }]) => ({
        tradeNumber,
        buyer: buyer.index,
        seller: seller.index,
        ...rest,
      })),
    blocks: [...market.blocks].sort(([a], [b]) => compareText(a, b)).map(([, block]) => block),
    lows: prices.lows,
    highs: prices.highs,
  };
}

function writeSide(market: Market, side: Side): OrderDocument[] {
  return Array.from(market.book.orders(side), ({ id }) => {
    const { orderId, account, price, quantity, filled, timeInForce, expiresAt, postOnly } = orderOf(
      market,
      id,
    );
    return {
      orderId,
      account: account.index,
      price,
      quantity,
      filled,
      timeInForce,
      expiresAt,
      postOnly,
    };
  });
}

/** The caller checks that what is read writes the same document. */
export function readMarket(document: MarketDocument): Market {
  const market = createMarket(document.terms);
  Object.assign(market.session, document.session);
  market.mode = document.mode;
  market.referencePrice = document.referencePrice;
  market.book.setBand(document.priceMinimum, document.priceMaximum);
  market.lastOrderId = document.lastOrderId;
  market.lastTradeNumber = document.lastTradeNumber;
  market.prices.lows = [...document.lows];
  market.prices.highs = [...document.highs];
  for (const block of document.blocks) market.blocks.set(blockKey(block.scope), block);
  for (const account of document.accounts) readAccount(market, account);
  for (const { from, to, amount } of document.lines) market.lines.set(from, to, amount);
  for (const order of document.buys) readOrder(market, 'buy', order);
  for (const order of document.sells) readOrder(market, 'sell', order);
  for (const written of document.unsettled) readUnsettled(market, written);
  return market;
}

function readAccount(market: Market, { limit, cancelAt, ...admitted }: AccountDocument): void {
  const account = admit(market, admitted);
  setLimit(market, account, BigInt(limit));
  if (cancelAt !== null) arm(market, admitted.accountId, cancelAt);
}

function readOrder(market: Market, side: OrderSide, { account, ...written }: OrderDocument): void {
  const order: Order = { ...written, account: accountAt(market, account), side };
  insertOrder(market, order);
  rest(market.book, {
    id: order.orderId,
    account,
    side: sideOf(side),
    price: order.price,
    quantity: order.quantity - order.filled,
    credit: order.account.settlementClass === 'credit',
  });
}

function readUnsettled(market: Market, { tradeNumber, buyer, seller, ...rest }: UnsettledDocument): void {
  const unsettled = { buyer: accountAt(market, buyer), seller: accountAt(market, seller), ...rest };
  addUnsettled(market, tradeNumber, unsettled);
  market.book.accounts.expose(buyer, rest.buyWeight);
  market.book.accounts.expose(seller, rest.sellWeight);
}

function accountAt({ accountList }: Market, index: number): Account {
  const account = accountList[index];
  if (account === undefined) throw new InvariantError(`snapshot names account ${index}`);
  return account;
}
