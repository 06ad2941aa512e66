/** Money: currencies, their minor units, and the one place where price and mass become money. */
import { type Kilograms, type Lots, type Minor, type Ticks, kilograms, minor } from './brand.ts';
import { divideHalfEven, formatScaled, parseScaled } from './decimal.ts';

export const CURRENCIES = ['CNY', 'USD', 'INR', 'EUR', 'AUD', 'ZAR', 'IDR'] as const;
export type Currency = (typeof CURRENCIES)[number];

/** Every supported currency has two fraction digits in trade (ISO 4217). */
export const MINOR_DIGITS = 2;
export const KILOGRAMS_PER_TONNE = 1000n;

/** The grid an instrument or lot trades on. `tickSize` in minor units per tonne, `lotSize` in kg. */
export type Grid = { readonly tickSize: Minor; readonly lotSize: Kilograms };

/** @returns undefined when `text` is no decimal with at most two fraction digits. */
export function parseMoney(text: string): Minor | undefined {
  const value = parseScaled(text, MINOR_DIGITS);
  return value === undefined ? undefined : minor(value);
}

export function formatMoney(value: Minor | bigint): string {
  return formatScaled(value, MINOR_DIGITS);
}

/** Mass in tonnes with three digits, "1234.500", to kilograms; undefined when it is no such decimal. */
export function parseTonnes(text: string): Kilograms | undefined {
  const value = parseScaled(text, 3);
  return value === undefined || value < 0n ? undefined : kilograms(value);
}

export function formatTonnes(value: Kilograms | bigint): string {
  return formatScaled(value, 3);
}

/** What `mass` costs at `pricePerTonne` (minor units per tonne), rounded half even. */
export function cost(pricePerTonne: Minor, mass: Kilograms): Minor {
  return minor(divideHalfEven(pricePerTonne * mass, KILOGRAMS_PER_TONNE));
}

/** Price per tonne of a count of ticks. */
export function priceOf(grid: Grid, price: Ticks): Minor {
  return minor(BigInt(price) * grid.tickSize);
}

/** Mass of a count of lots. */
export function massOf(grid: Grid, quantity: Lots): Kilograms {
  return kilograms(BigInt(quantity) * grid.lotSize);
}

/** What `quantity` costs at `price`: the only place where ticks and lots turn into money. */
export function notional(grid: Grid, price: Ticks, quantity: Lots): Minor {
  return cost(priceOf(grid, price), massOf(grid, quantity));
}
