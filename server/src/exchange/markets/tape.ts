/** Trades as the public sees them, and the figures of the session. Ticks and lots. */

export type TapeTrade = {
  readonly tradeNumber: number;
  readonly at: number;
  readonly price: number;
  readonly quantity: number;
  readonly taker: 'buy' | 'sell' | 'call';
};

type Placed = TapeTrade & { readonly seq: number };
export type TapeDocument = Pick<Tape, 'open' | 'high' | 'low' | 'last' | 'volume'> & {
  readonly trades: readonly Placed[];
  readonly value: string;
};

/** Kept for frames; the whole tape is read from SQL. */
const TRADES_KEPT = 500;

export class Tape {
  #trades: Placed[] = [];
  open: number | null = null;
  high: number | null = null;
  low: number | null = null;
  last: number | null = null;
  volume = 0;
  /** Sum of price times quantity, tick-lots. */
  value = 0n;

  beginSession(): void {
    this.open = this.high = this.low = null;
    this.volume = 0;
    this.value = 0n;
  }

  add(trade: TapeTrade, seq: number): void {
    const { price, quantity } = trade;
    this.#trades.push({ ...trade, seq });
    if (this.#trades.length > 2 * TRADES_KEPT) this.#trades = this.#trades.slice(-TRADES_KEPT);
    this.open ??= price;
    this.high = Math.max(this.high ?? price, price);
    this.low = Math.min(this.low ?? price, price);
    this.last = price;
    this.volume += quantity;
    this.value += BigInt(price) * BigInt(quantity);
  }

  newest(count: number): readonly TapeTrade[] {
    return this.#trades.slice(-count);
  }

  /** Undefined when older trades than those kept would belong to it. */
  between(prev: number, seq: number): readonly TapeTrade[] | undefined {
    const oldest = this.#trades[0];
    if (oldest && oldest.seq > prev && oldest.tradeNumber > 1) return undefined;
    return this.#trades.filter((trade) => trade.seq > prev && trade.seq <= seq);
  }

  write(): TapeDocument {
    const { open, high, low, last, volume, value } = this;
    return {
      trades: this.#trades.slice(-TRADES_KEPT),
      open,
      high,
      low,
      last,
      volume,
      value: value.toString(),
    };
  }

  read({ trades, value, ...figures }: TapeDocument): void {
    this.#trades = [...trades];
    Object.assign(this, figures, { value: BigInt(value) });
  }
}
