/** Ticks and lots in the decimals of the wire, for whatever has a price grid: an auction or an instrument. */
import type { AuctionTerms } from '@seam/engine';
import { type Grid, formatMoney, formatTonnes, kilograms, minor } from '@seam/units';

/** Of terms: minor units per tonne and kilograms, as text. */
export type GridTerms = { readonly tickSize: string; readonly lotSize: string };

const grids = new WeakMap<GridTerms, Grid>();

export function gridOf(terms: GridTerms): Grid {
  let grid = grids.get(terms);
  if (!grid) {
    grid = { tickSize: minor(BigInt(terms.tickSize)), lotSize: kilograms(BigInt(terms.lotSize)) };
    grids.set(terms, grid);
  }
  return grid;
}

/** Ticks as money per tonne, "801.00". */
export function priceText(terms: GridTerms, price: number): string {
  return formatMoney(BigInt(price) * gridOf(terms).tickSize);
}

/** Lots as tonnes, "50.000". Totals of many orders may be larger than one order can be; signed sums too. */
export function massText(terms: GridTerms, quantity: number): string {
  return formatTonnes(BigInt(quantity) * gridOf(terms).lotSize);
}

/** Formats without increments tell apart what differs by a tick. */
export function incrementsOf(terms: AuctionTerms): {
  bidIncrement: string;
  maximumIncrement: string | null;
} {
  if (terms.format !== 'english') return { bidIncrement: priceText(terms, 1), maximumIncrement: null };
  const { bidIncrement, maximumIncrement } = terms;
  return {
    bidIncrement: priceText(terms, bidIncrement),
    maximumIncrement: maximumIncrement === null ? null : priceText(terms, maximumIncrement),
  };
}

/** A hidden reserve is told to nobody, before the close or after: the lot may come again. */
export function publicReserve(terms: AuctionTerms): string | null {
  if (terms.reserveVisibility !== 'open' || !('reservePrice' in terms)) return null;
  return terms.reservePrice === null ? null : priceText(terms, terms.reservePrice);
}
