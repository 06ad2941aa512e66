/** From a bid as people write it, money and tonnes, to ticks and lots on the auction's grid. */
import type { AuctionTerms } from '@seam/engine';
import type { ProblemCode } from '@seam/protocol';
import {
  COUNT_MAX,
  MINOR_DIGITS,
  type Lots,
  type Ticks,
  formatMoney,
  formatTonnes,
  lots,
  parseScaled,
  ticks,
} from '@seam/units';
import { gridOf } from './grid.ts';

/** Kilograms in the fraction of a tonne. */
const TONNE_DIGITS = 3;

type BidText = {
  readonly price: string;
  readonly quantity: string;
  readonly minimumAcceptable?: string;
};
type BidCounts = { readonly price: Ticks; readonly quantity: Lots; readonly minimumAcceptable: Lots };
type OffGrid = { readonly refused: ProblemCode; readonly accepted: Readonly<Record<string, string>> };

/** Never rounds: what is off the grid is refused with the step that would fit. */
export function bidCounts(terms: AuctionTerms, bid: BidText): BidCounts | OffGrid {
  const { tickSize, lotSize } = gridOf(terms);
  const price = countOf(parseScaled(bid.price, MINOR_DIGITS), tickSize);
  if (price === undefined)
    return { refused: 'bid.price_off_grid', accepted: { tickSize: formatMoney(tickSize) } };
  const quantity = countOf(parseScaled(bid.quantity, TONNE_DIGITS), lotSize);
  const minimum = countOf(parseScaled(bid.minimumAcceptable ?? '0', TONNE_DIGITS), lotSize);
  if (quantity === undefined || minimum === undefined) {
    return { refused: 'bid.quantity_off_grid', accepted: { lotSize: formatTonnes(lotSize) } };
  }
  return { price: ticks(price), quantity: lots(quantity), minimumAcceptable: lots(minimum) };
}

function countOf(value: bigint | undefined, step: bigint): number | undefined {
  if (value === undefined || value < 0n || value % step !== 0n) return undefined;
  const count = value / step;
  return count > BigInt(COUNT_MAX) ? undefined : Number(count);
}
