/** A book as rows of a ladder, best first, with running totals and how far each bar reaches. */
import type { BookLevel, MyOrder } from '@seam/protocol';
import { formatTonnes, parseTonnes } from '@seam/units';

export type LadderRow = {
  readonly price: string;
  readonly quantity: string;
  readonly orders: number;
  /** From the best price to this one. */
  readonly total: string;
  /** Of the larger side's total among the rows shown, per cent. */
  readonly share: number;
  /** Of my own company at this price; null when nothing. */
  readonly mine: string | null;
};
export type Depth = { readonly buys: readonly LadderRow[]; readonly sells: readonly LadderRow[] };

type Book = { readonly buys: readonly BookLevel[]; readonly sells: readonly BookLevel[] };
type Own = readonly Pick<MyOrder, 'side' | 'price' | 'remaining'>[];

export function depthOf(book: Book, own: Own, levels: number): Depth {
  const [buys, sells] = [book.buys.slice(0, levels), book.sells.slice(0, levels)];
  const sum = (side: readonly BookLevel[]): bigint =>
    side.reduce((total, [, quantity]) => total + mass(quantity), 0n);
  const [bought, sold] = [sum(buys), sum(sells)];
  const whole = bought > sold ? bought : sold;
  const rows = (side: 'buy' | 'sell', of: readonly BookLevel[]): LadderRow[] => {
    let total = 0n;
    return of.map(([price, quantity, orders]) => {
      total += mass(quantity);
      const share = whole === 0n ? 0 : Number((total * 100n) / whole);
      return { price, quantity, orders, total: formatTonnes(total), share, mine: ownAt(own, side, price) };
    });
  };
  return { buys: rows('buy', buys), sells: rows('sell', sells) };
}

function ownAt(own: Own, side: 'buy' | 'sell', price: string): string | null {
  const here = own.filter((order) => order.side === side && order.price === price);
  return here.length === 0
    ? null
    : formatTonnes(here.reduce((sum, { remaining }) => sum + mass(remaining), 0n));
}

const mass = (text: string): bigint => parseTonnes(text) ?? 0n;
