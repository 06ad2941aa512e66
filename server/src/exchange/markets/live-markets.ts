/** Every order book of a shard, folded from its committed entries. */
import type { InstrumentTerms } from '@seam/engine';
import type { LiveView } from '../recovery.ts';
import type { JournalEntry } from '../types.ts';
import { LiveMarket } from './live-market.ts';
import { type MarketDocument, readMarket, writeMarket } from './market-document.ts';

type Listener = {
  /** The market has moved on; its own `seq`s say in what. Also while the journal is replayed. */
  changed(market: LiveMarket): void;
};

export class LiveMarkets implements LiveView {
  #markets = new Map<string, LiveMarket>();
  readonly #listener: Listener;

  constructor(listener: Listener = { changed: () => {} }) {
    this.#listener = listener;
  }

  get(instrumentId: string): LiveMarket | undefined {
    return this.#markets.get(instrumentId);
  }

  all(): IterableIterator<LiveMarket> {
    return this.#markets.values();
  }

  apply(entry: JournalEntry): void {
    const { command, events } = entry;
    if (events[0]?.type === 'command_rejected') return;
    if (command.type === 'list_instrument') this.#list(command.terms, entry);
    const instrumentId = instrumentOf(command);
    if (instrumentId === undefined) return;
    const market = this.#markets.get(instrumentId);
    if (!market) throw new Error(`entry of market ${instrumentId}, which the live view does not know`);
    market.apply(entry);
    this.#listener.changed(market);
  }

  snapshot(): string {
    return JSON.stringify([...this.#markets.values()].map(writeMarket));
  }

  restore(text: string): void {
    const documents = JSON.parse(text) as MarketDocument[];
    this.#markets = new Map(documents.map((document) => [document.terms.instrumentId, readMarket(document)]));
    for (const market of this.#markets.values()) this.#listener.changed(market);
  }

  #list(terms: InstrumentTerms, entry: JournalEntry): void {
    this.#markets.set(terms.instrumentId, new LiveMarket(terms, entry));
  }
}

function instrumentOf(command: JournalEntry['command']): string | undefined {
  if (command.type === 'list_instrument') return command.terms.instrumentId;
  return 'instrumentId' in command ? command.instrumentId : undefined;
}
