/**
 * Publishes what changed in an order book to the topics it concerns, and opens a company's own topic when
 * it first looks.
 */
import type { Fanout } from '../fanout.ts';
import type { MarketKind, MarketView } from './frames.ts';
import type { LiveMarket } from './live-market.ts';

type Fanouts = Readonly<Record<MarketKind, Fanout<MarketView>>>;

export class MarketTopics {
  readonly #fanouts: Fanouts;
  readonly #told = new WeakMap<LiveMarket, Told>();

  constructor(fanouts: Fanouts) {
    this.#fanouts = fanouts;
  }

  /** Called for each entry: only topics whose own place moved are published on. */
  changed(market: LiveMarket): void {
    const { instrumentId } = market.terms;
    const told = this.#told.get(market) ?? {};
    const now: Told = {
      book: market.bookSeq,
      orders: market.bookSeq,
      trades: market.tradesSeq,
      market: market.statusSeq,
    };
    for (const kind of ['book', 'orders', 'trades', 'market'] as const) {
      const seq = now[kind] ?? 0;
      if (told[kind] !== seq)
        this.#fanouts[kind].publish(`${kind}:${instrumentId}`, { market, accountId: '', seq });
    }
    this.#told.set(market, now);
    for (const accountId of market.takeTouchedAccounts()) this.#publishMine(market, accountId);
  }

  /** So that a company that has done nothing here yet can look at its nothing. */
  openMine(market: LiveMarket, accountId: string): void {
    if (this.#fanouts.mine.latestSeq(mineTopic(market.terms.instrumentId, accountId)) !== undefined) return;
    this.#publishMine(market, accountId);
  }

  #publishMine(market: LiveMarket, accountId: string): void {
    const seq = market.own.get(accountId)?.seq ?? 0;
    this.#fanouts.mine.publish(mineTopic(market.terms.instrumentId, accountId), { market, accountId, seq });
  }
}

type Told = Partial<Record<MarketKind, number>>;

/** The name inside; outside each company knows its own as `mine:<instrument>`. */
export function mineTopic(instrumentId: string, accountId: string): string {
  return `mine:${instrumentId}:${accountId}`;
}
