/** From an order as people write it, money and tonnes, to ticks and lots on the instrument's grid. */
import type { OrderRequest } from '@seam/engine';
import type { OrderInput, ProblemCode } from '@seam/protocol';
import {
  COUNT_MAX,
  MINOR_DIGITS,
  formatMoney,
  formatTonnes,
  instant,
  lots,
  parseScaled,
  ticks,
} from '@seam/units';
import { type GridTerms, gridOf } from '../grid.ts';

/** Kilograms in the fraction of a tonne. */
const TONNE_DIGITS = 3;

export type OffGrid = { readonly refused: ProblemCode; readonly accepted: Readonly<Record<string, string>> };

/** Never rounds: what is off the grid is refused with the step that would fit. */
export function orderRequest(terms: GridTerms, order: OrderInput): OrderRequest | OffGrid {
  const { side, timeInForce, expiresAt, postOnly, minimumQuantity, confirm } = order;
  const amounts = gridAmounts(terms, order);
  if ('refused' in amounts) return amounts;
  const least = minimumQuantity === undefined ? undefined : massCount(terms, minimumQuantity);
  if (minimumQuantity !== undefined && least === undefined) return offLots(terms);
  const until = expiresAt === undefined ? undefined : Date.parse(expiresAt);
  if (until !== undefined && !(Number.isSafeInteger(until) && until >= 0)) {
    return { refused: 'order.expiry_invalid', accepted: {} };
  }
  return {
    side,
    ...amounts,
    timeInForce,
    ...(until !== undefined && { expiresAt: instant(until) }),
    ...(postOnly && { postOnly }),
    ...(least !== undefined && { minimumQuantity: lots(least) }),
    ...(confirm && { confirm }),
  };
}

export function gridAmounts(
  terms: GridTerms,
  { price, quantity }: { readonly price: string; readonly quantity: string },
): Pick<OrderRequest, 'price' | 'quantity'> | OffGrid {
  const { tickSize } = gridOf(terms);
  const priceCount = countOf(parseScaled(price, MINOR_DIGITS), tickSize);
  if (priceCount === undefined) {
    return { refused: 'order.price_off_grid', accepted: { tickSize: formatMoney(tickSize) } };
  }
  const quantityCount = massCount(terms, quantity);
  if (quantityCount === undefined) return offLots(terms);
  return { price: ticks(priceCount), quantity: lots(quantityCount) };
}

function offLots(terms: GridTerms): OffGrid {
  return { refused: 'order.quantity_off_grid', accepted: { lotSize: formatTonnes(gridOf(terms).lotSize) } };
}

function massCount(terms: GridTerms, quantity: string): number | undefined {
  return countOf(parseScaled(quantity, TONNE_DIGITS), gridOf(terms).lotSize);
}

function countOf(value: bigint | undefined, step: bigint): number | undefined {
  if (value === undefined || value < 0n || value % step !== 0n) return undefined;
  const count = value / step;
  return count > BigInt(COUNT_MAX) ? undefined : Number(count);
}
