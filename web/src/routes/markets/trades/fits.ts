/** Which of one's own lots may be named for a trade, by what a page can know; the exchange decides. */
import type { InstrumentSummary, ListingSummary, MarketTrade } from '@seam/protocol';
import { parseTonnes } from '@seam/units';

export function fits(
  lot: Pick<ListingSummary, 'state' | 'currency' | 'deliveryTerm' | 'remaining'>,
  trade: Pick<MarketTrade, 'currency' | 'quantity'>,
  instrument: Pick<InstrumentSummary, 'deliveryTerm'>,
): boolean {
  return (
    lot.state === 'published' &&
    lot.currency === trade.currency &&
    lot.deliveryTerm === instrument.deliveryTerm &&
    (parseTonnes(lot.remaining) ?? 0n) >= (parseTonnes(trade.quantity) ?? 0n)
  );
}
