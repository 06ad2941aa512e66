/** All that is shown of a shard: its auctions and its order books, folded from the same entries. */
import type { LiveAuctions } from './live-view.ts';
import type { LiveMarkets } from './markets/live-markets.ts';
import type { LiveView } from './recovery.ts';
import type { JournalEntry } from './types.ts';

export class LiveExchange implements LiveView {
  readonly auctions: LiveAuctions;
  readonly markets: LiveMarkets;

  constructor(parts: { auctions: LiveAuctions; markets: LiveMarkets }) {
    this.auctions = parts.auctions;
    this.markets = parts.markets;
  }

  apply(entry: JournalEntry): void {
    if (isMarketEntry(entry)) this.markets.apply(entry);
    else this.auctions.apply(entry);
  }

  snapshot(): string {
    return JSON.stringify({ auctions: this.auctions.snapshot(), markets: this.markets.snapshot() });
  }

  restore(text: string): void {
    const { auctions, markets } = JSON.parse(text) as { auctions: string; markets: string };
    this.auctions.restore(auctions);
    this.markets.restore(markets);
  }
}

function isMarketEntry({ command }: JournalEntry): boolean {
  return command.type === 'list_instrument' || 'instrumentId' in command;
}
