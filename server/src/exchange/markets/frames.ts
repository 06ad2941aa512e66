/**
 * The five topics of an instrument as frames. Everything public is the same for everybody; `mine` is
 * one topic for each company, so nobody ever waits for, or sees a gap left by, what is not theirs.
 */
import { type BookLevel, type RestingOrderLine, type TradeLine, bookChecksum } from '@seam/protocol';
import type { Renderer } from '../fanout.ts';
import { massText, priceText } from '../grid.ts';
import type { Levels } from './levels.ts';
import type { LiveMarket } from './live-market.ts';
import type { LiveOrder } from './live-order.ts';
import { mineFields, mineSince } from './mine-frames.ts';
import { statusOf } from './status.ts';
import type { TapeTrade } from './tape.ts';

/** A topic at a place of the journal. The market itself moves on. */
export type MarketView = { readonly market: LiveMarket; readonly accountId: string; readonly seq: number };

export const MARKET_KINDS = ['book', 'orders', 'trades', 'market', 'mine'] as const;
export type MarketKind = (typeof MARKET_KINDS)[number];
type Part = Readonly<Record<string, unknown>>;
type Fields = {
  snapshot(view: MarketView): Part;
  /** Undefined: the change log does not reach back to `prev`. */
  update(view: MarketView, prev: number): Part | undefined;
};

/** A mirror that lost its way notices within so many changes of the book. */
const CHECKSUM_EVERY_SEQ = 64;
const TRADES_IN_SNAPSHOT = 50;

const book: Fields = {
  snapshot: ({ market }) => {
    const buys = levelsText(market, market.buys);
    const sells = levelsText(market, market.sells);
    return { buys, sells, checksum: bookChecksum(buys, sells) };
  },
  update({ market, seq }, prev) {
    const buys = market.buys.changed(prev, seq);
    const sells = market.sells.changed(prev, seq);
    if (!buys || !sells) return undefined;
    const due = Math.floor(seq / CHECKSUM_EVERY_SEQ) !== Math.floor(prev / CHECKSUM_EVERY_SEQ);
    return {
      buys: [...buys].map((price) => levelText(market, market.buys, price)),
      sells: [...sells].map((price) => levelText(market, market.sells, price)),
      ...(due && {
        checksum: bookChecksum(levelsText(market, market.buys), levelsText(market, market.sells)),
      }),
    };
  },
};

const orders: Fields = {
  snapshot: ({ market }) => ({
    orders: [...market.orders.values()].map((order) => orderLine(market, order)),
  }),
  update({ market, seq }, prev) {
    const changed = market.changedOrders.between(prev, seq);
    return changed && { orders: [...changed].map((orderId) => changedLine(market, orderId)) };
  },
};

const trades: Fields = {
  snapshot: ({ market }) => ({
    trades: market.tape.newest(TRADES_IN_SNAPSHOT).map((trade) => tradeLine(market, trade)),
  }),
  update({ market, seq }, prev) {
    const since = market.tape.between(prev, seq);
    return since && { trades: since.map((trade) => tradeLine(market, trade)) };
  },
};

const status: Fields = {
  snapshot: ({ market }) => ({ status: statusOf(market) }),
  update: ({ market }) => ({ status: statusOf(market) }),
};

const mine: Fields = {
  snapshot: ({ market, accountId }) => mineFields(market, accountId),
  update: ({ market, accountId, seq }, prev) => mineSince(market, accountId, { prev, seq }),
};

const FIELDS: Readonly<Record<MarketKind, Fields>> = { book, orders, trades, market: status, mine };

export class MarketRenderer implements Renderer<MarketView> {
  readonly cumulative = true;
  readonly #kind: MarketKind;

  constructor(kind: MarketKind) {
    this.#kind = kind;
  }

  /** One audience: a company's own topic has no other reader. */
  audience(): string {
    return '';
  }

  snapshot(view: MarketView): string {
    return this.#frame(view, 'snapshot', { prev: 0, fields: FIELDS[this.#kind].snapshot(view) });
  }

  update(view: MarketView, _viewer: string, prev: number): string {
    const fields = FIELDS[this.#kind].update(view, prev);
    // A snapshot is right at any time: the mirror begins anew from it.
    return fields === undefined ? this.snapshot(view) : this.#frame(view, 'update', { prev, fields });
  }

  #frame(
    view: MarketView,
    what: 'snapshot' | 'update',
    { prev, fields }: { prev: number; fields: Part },
  ): string {
    const { market, seq } = view;
    const { instrumentId } = market.terms;
    const frame = {
      t: `${this.#kind}.${what}`,
      topic: `${this.#kind}:${instrumentId}`,
      seq,
      prev,
      at: new Date(market.at).toISOString(),
      instrumentId,
      ...fields,
    };
    // The parts are checked by the frame's own schema in the tests of this folder.
    return JSON.stringify(frame);
  }
}

function levelsText({ terms }: LiveMarket, levels: Levels): BookLevel[] {
  return levels
    .all()
    .map(([price, { quantity, orders }]) => [priceText(terms, price), massText(terms, quantity), orders]);
}

function levelText({ terms }: LiveMarket, levels: Levels, price: number): BookLevel {
  const { quantity, orders } = levels.at(price);
  return [priceText(terms, price), massText(terms, quantity), orders];
}

function orderLine({ terms }: LiveMarket, order: LiveOrder): RestingOrderLine {
  const { orderId, side, price, remaining, priority } = order;
  return { orderId, side, price: priceText(terms, price), remaining: massText(terms, remaining), priority };
}

/** Gone: only the number is left to say so. */
function changedLine(market: LiveMarket, orderId: number): RestingOrderLine {
  const order = market.orders.get(orderId);
  if (order) return orderLine(market, order);
  const nothing = massText(market.terms, 0);
  return { orderId, side: 'buy', price: '0.00', remaining: nothing, priority: 0 };
}

function tradeLine({ terms }: LiveMarket, trade: TapeTrade): TradeLine {
  const { tradeNumber, at, price, quantity, taker } = trade;
  return {
    tradeNumber,
    at: new Date(at).toISOString(),
    price: priceText(terms, price),
    quantity: massText(terms, quantity),
    taker,
  };
}
