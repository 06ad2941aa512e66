/** A live market as text and back, for the host's snapshots. The change logs begin anew: frames then start whole. */
import type { InstrumentTerms } from '@seam/engine';
import { LiveMarket } from './live-market.ts';
import type { LiveOrder } from './live-order.ts';
import type { OwnDocument } from './own-book.ts';
import type { TapeDocument } from './tape.ts';

const FIGURES = [
  'phase',
  'until',
  'mode',
  'reason',
  'referencePrice',
  'priceMinimum',
  'priceMaximum',
  'seq',
  'at',
  'bookSeq',
  'tradesSeq',
  'statusSeq',
] as const satisfies readonly (keyof LiveMarket)[];

export type MarketDocument = {
  readonly terms: InstrumentTerms;
  readonly figures: Pick<LiveMarket, (typeof FIGURES)[number]>;
  readonly orders: readonly LiveOrder[];
  readonly tape: TapeDocument;
  readonly own: readonly (readonly [accountId: string, OwnDocument])[];
};

export function writeMarket(market: LiveMarket): MarketDocument {
  const figures = Object.fromEntries(
    FIGURES.map((name) => [name, market[name]]),
  ) as MarketDocument['figures'];
  return {
    terms: market.terms,
    figures,
    orders: [...market.orders.values()],
    tape: market.tape.write(),
    own: [...market.own]
      .map(([accountId, own]) => [accountId, own.write()] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}

export function readMarket({ terms, figures, orders, tape, own }: MarketDocument): LiveMarket {
  const market = new LiveMarket(terms, { seq: figures.seq, at: figures.at });
  for (const order of orders) market.rest(order, figures.seq);
  for (const log of [market.buys, market.sells, market.changedOrders]) log.begin(figures.seq);
  Object.assign(market, figures);
  market.tape.read(tape);
  for (const [accountId, document] of own) market.ownOf(accountId).read(document, figures.seq);
  return market;
}
