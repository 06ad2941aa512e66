/** The volume-weighted average price of trades, of which settlement and reference prices are made. */
import type { PriceQuantity } from './clearing.ts';

/** Parts of a tick in which an average is given. */
export const VWAP_SCALE = 10_000n;

/** Sum of price × quantity over sum of quantity, in ten-thousandths of a tick, half to even; undefined for no trades. */
export function vwap(trades: Iterable<PriceQuantity>): bigint | undefined {
  let amount = 0n;
  let lots = 0n;
  for (const { price, quantity } of trades) {
    amount += BigInt(price) * BigInt(quantity);
    lots += BigInt(quantity);
  }
  if (lots === 0n) return undefined;
  const scaled = amount * VWAP_SCALE;
  const floor = scaled / lots;
  const twice = (scaled - floor * lots) * 2n;
  return twice > lots || (twice === lots && floor % 2n === 1n) ? floor + 1n : floor;
}
