/** Reads an order book over HTTP: for the server's rendering, for observers, and where there is no socket. */
import type { BookLevel, InstrumentView, MarketPosition, TradeLine } from '@seam/protocol';
import { call } from '#lib/api/call.ts';

export type HttpBook = {
  readonly seq: number;
  readonly buys: readonly BookLevel[];
  readonly sells: readonly BookLevel[];
};
export type MarketData = {
  readonly view: InstrumentView;
  readonly book: HttpBook;
  /** Newest first. */
  readonly trades: readonly TradeLine[];
  /** Null for whoever belongs to no company. */
  readonly position: MarketPosition | null;
};

/** Enough for the chart; the table shows fewer. */
const TRADES_READ = 200;

/** @returns undefined when one of the answers is missing. */
export async function readMarket(
  fetch: typeof globalThis.fetch,
  id: string,
  member: boolean,
): Promise<MarketData | undefined> {
  const path = `/v1/instruments/${encodeURIComponent(id)}` as const;
  const [view, book, trades, position] = await Promise.all([
    call<InstrumentView>(fetch, 'GET', path),
    call<HttpBook>(fetch, 'GET', `${path}/book`),
    call<{ items: TradeLine[] }>(fetch, 'GET', `${path}/trades?limit=${TRADES_READ}`),
    member ? call<MarketPosition>(fetch, 'GET', `${path}/mine`) : null,
  ]);
  if (!view.ok || !book.ok || !trades.ok || (position && !position.ok)) return undefined;
  return {
    view: view.data,
    book: book.data,
    trades: trades.data.items,
    position: position?.ok ? position.data : null,
  };
}
