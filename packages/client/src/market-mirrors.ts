/**
 * Copies of an order book kept up to date by frames: levels, resting orders, tape, status, one's own.
 *
 * Promise, as for auctions: whatever is lost, doubled or late, a copy is always a state that the server
 * really had, never goes back, and says so when it has missed something. The book also proves it: where
 * a frame carries a checksum that the copy does not have, it has missed something.
 */
import {
  type BookLevel,
  type MarketServerFrame,
  type MarketStatus,
  type MyFill,
  type MyLimits,
  type MyOrder,
  type RestingOrderLine,
  type TradeLine,
  bookChecksum,
} from '@seam/protocol';
import type { Applied } from './mirror.ts';

type FrameOf<Kind extends string> = Extract<MarketServerFrame, { t: `${Kind}.${string}` }>;
type Place = { readonly seq: number; readonly at: string; readonly instrumentId: string };

/** Best first. */
export type BookState = Place & { readonly buys: readonly BookLevel[]; readonly sells: readonly BookLevel[] };
/** In order of priority. */
export type OrdersState = Place & {
  readonly buys: readonly RestingOrderLine[];
  readonly sells: readonly RestingOrderLine[];
};
/** Newest first. */
export type TradesState = Place & { readonly trades: readonly TradeLine[] };
export type StatusState = Place & { readonly status: MarketStatus };
/** `ended`: newest first, since this mirror began. */
export type MineState = Place & {
  readonly open: readonly MyOrder[];
  readonly ended: readonly MyOrder[];
  readonly fills: readonly MyFill[];
  readonly limits: MyLimits;
};

/** Kept by a mirror; older ones are asked for over HTTP. */
const TRADES_KEPT = 200;

/** Seq and prev as every topic has them; what a frame does to the state is the kind's own. */
abstract class Mirror<Frame extends FrameOf<string>, State extends Place> {
  #state: State | undefined;

  /** A new object for every frame: whoever kept the last one can compare. */
  get state(): State | undefined {
    return this.#state;
  }

  get seq(): number | undefined {
    return this.#state?.seq;
  }

  apply(frame: Frame): Applied {
    const known = this.#state;
    const whole = frame.t.endsWith('.snapshot');
    if (known && (whole ? frame.seq < known.seq : frame.seq <= known.seq)) return 'stale';
    if (!whole && frame.prev !== known?.seq) return 'gap';
    const next = this.next(frame, whole ? undefined : known);
    if (next === undefined) return 'gap';
    this.#state = next;
    return 'applied';
  }

  /** Undefined when the frame proves that the copy is wrong. */
  protected abstract next(frame: Frame, before: State | undefined): State | undefined;
}

export class BookMirror extends Mirror<FrameOf<'book'>, BookState> {
  readonly #buys = new Map<string, BookLevel>();
  readonly #sells = new Map<string, BookLevel>();

  protected next(frame: FrameOf<'book'>, before: BookState | undefined): BookState | undefined {
    if (!before) for (const side of [this.#buys, this.#sells]) side.clear();
    set(this.#buys, frame.buys);
    set(this.#sells, frame.sells);
    const buys = [...this.#buys.values()].sort((a, b) => byPrice(b, a));
    const sells = [...this.#sells.values()].sort(byPrice);
    if (frame.checksum !== undefined && frame.checksum !== bookChecksum(buys, sells)) return undefined;
    return { ...placeOf(frame), buys, sells };
  }
}

export class OrdersMirror extends Mirror<FrameOf<'orders'>, OrdersState> {
  readonly #orders = new Map<number, RestingOrderLine>();

  protected next(frame: FrameOf<'orders'>, before: OrdersState | undefined): OrdersState {
    if (!before) this.#orders.clear();
    for (const order of frame.orders) {
      if (isNothing(order.remaining)) this.#orders.delete(order.orderId);
      else this.#orders.set(order.orderId, order);
    }
    const of = (side: 'buy' | 'sell', sign: number): RestingOrderLine[] =>
      [...this.#orders.values()]
        .filter((order) => order.side === side)
        .sort((a, b) => sign * comparePrices(a.price, b.price) || a.priority - b.priority);
    return { ...placeOf(frame), buys: of('buy', -1), sells: of('sell', 1) };
  }
}

export class TradesMirror extends Mirror<FrameOf<'trades'>, TradesState> {
  protected next(frame: FrameOf<'trades'>, before: TradesState | undefined): TradesState {
    const trades = [...frame.trades.toReversed(), ...(before?.trades ?? [])].slice(0, TRADES_KEPT);
    return { ...placeOf(frame), trades };
  }
}

export class StatusMirror extends Mirror<FrameOf<'market'>, StatusState> {
  protected next(frame: FrameOf<'market'>): StatusState {
    return { ...placeOf(frame), status: frame.status };
  }
}

export class MineMirror extends Mirror<FrameOf<'mine'>, MineState> {
  protected next(frame: FrameOf<'mine'>, before: MineState | undefined): MineState {
    const open = new Map((before?.open ?? []).map((order) => [order.orderId, order]));
    const ended: MyOrder[] = [];
    for (const order of frame.orders) {
      open.delete(order.orderId);
      if (order.state === 'resting') open.set(order.orderId, order);
      else ended.unshift(order);
    }
    return {
      ...placeOf(frame),
      open: [...open.values()].sort((a, b) => a.orderId - b.orderId),
      ended: [...ended, ...(before?.ended ?? [])].slice(0, TRADES_KEPT),
      fills: [...frame.fills.toReversed(), ...(before?.fills ?? [])].slice(0, TRADES_KEPT),
      limits: frame.limits,
    };
  }
}

function placeOf({ seq, at, instrumentId }: Place): Place {
  return { seq, at, instrumentId };
}

function set(side: Map<string, BookLevel>, levels: readonly BookLevel[]): void {
  for (const level of levels) {
    if (isNothing(level[1])) side.delete(level[0]);
    else side.set(level[0], level);
  }
}

function isNothing(quantity: string): boolean {
  return /^0+(\.0+)?$/.test(quantity);
}

function byPrice([a]: BookLevel, [b]: BookLevel): number {
  return comparePrices(a, b);
}

/** Both with the same number of fraction digits, as the wire writes them: then the longer is the larger. */
function comparePrices(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
