/** What one company has in one market: its orders and their ends, its fills, its limits. */
import type { LiveOrder } from './live-order.ts';

export type OwnOrder = LiveOrder & {
  readonly state: 'resting' | 'filled' | 'cancelled';
  readonly reason: string | null;
};
export type OwnFill = {
  readonly tradeNumber: number;
  readonly orderId: number;
  readonly side: 'buy' | 'sell';
  readonly price: number;
  readonly quantity: number;
  readonly at: number;
};

type PlacedFill = { readonly fill: OwnFill; readonly seq: number };
export type OwnDocument = Pick<OwnBook, 'admitted' | 'exposureLimit' | 'cancelOnDisconnectAt' | 'seq'> & {
  readonly fills: readonly PlacedFill[];
};

/** Ends and fills kept for frames; all of them are read from SQL. */
const KEPT = 200;

export class OwnBook {
  readonly #open = new Map<number, LiveOrder>();
  #ended: { order: OwnOrder; seq: number }[] = [];
  #fills: PlacedFill[] = [];
  readonly #changedAt = new Map<number, number>();
  #forgotten = 0;
  admitted = false;
  exposureLimit = '0';
  cancelOnDisconnectAt: number | null = null;
  seq = 0;

  admit(seq: number): void {
    this.admitted = true;
    this.seq = seq;
  }

  limit(total: string, seq: number): void {
    this.exposureLimit = total;
    this.seq = seq;
  }

  arm(cancelAt: number | null, seq: number): void {
    this.cancelOnDisconnectAt = cancelAt;
    this.seq = seq;
  }

  changed(order: LiveOrder, seq: number): void {
    this.#open.set(order.orderId, order);
    this.#changedAt.set(order.orderId, seq);
    this.seq = seq;
  }

  filled(fill: OwnFill, seq: number): void {
    this.#fills.push({ fill, seq });
    if (this.#fills.length > 2 * KEPT) this.#forget(this.#fills.splice(0, KEPT));
  }

  ended(order: LiveOrder, reason: string | null, seq: number): void {
    this.#open.delete(order.orderId);
    this.#changedAt.delete(order.orderId);
    const state = order.remaining === 0 ? 'filled' : 'cancelled';
    this.#ended.push({ order: { ...order, state, reason }, seq });
    if (this.#ended.length > 2 * KEPT) this.#forget(this.#ended.splice(0, KEPT));
    this.seq = seq;
  }

  openOrders(): readonly OwnOrder[] {
    return [...this.#open.values()].map(resting);
  }

  newestFills(): readonly OwnFill[] {
    return this.#fills.slice(-KEPT).map(({ fill }) => fill);
  }

  /** Undefined when something of that time is forgotten here. */
  between(prev: number, seq: number): { orders: readonly OwnOrder[]; fills: readonly OwnFill[] } | undefined {
    if (prev < this.#forgotten) return undefined;
    const inside = (at: number): boolean => at > prev && at <= seq;
    const open = [...this.#changedAt]
      .filter(([, at]) => at > prev)
      .map(([id]) => resting(this.#open.get(id)!));
    const ended = this.#ended.filter((one) => inside(one.seq)).map(({ order }) => order);
    return {
      orders: [...ended, ...open],
      fills: this.#fills.filter((one) => inside(one.seq)).map(({ fill }) => fill),
    };
  }

  write(): OwnDocument {
    const { admitted, exposureLimit, cancelOnDisconnectAt, seq } = this;
    return { admitted, exposureLimit, cancelOnDisconnectAt, seq, fills: this.#fills.slice(-KEPT) };
  }

  /** Its open orders are those that rest in the market; ends before `seq` are forgotten. */
  read({ fills, ...figures }: OwnDocument, seq: number): void {
    this.#fills = [...fills];
    Object.assign(this, figures);
    this.#forgotten = seq;
  }

  #forget(gone: readonly { seq: number }[]): void {
    this.#forgotten = Math.max(this.#forgotten, gone.at(-1)?.seq ?? 0);
  }
}

function resting(order: LiveOrder): OwnOrder {
  return { ...order, state: 'resting', reason: null };
}
