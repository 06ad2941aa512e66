/** Prices a bidder is offered, and which of them deserve a second look. Exact decimals, no floats. */
import { cost, formatMoney, formatTonnes, kilograms, minor, parseMoney, parseTonnes } from '@seam/units';
import type { Shown } from './shown.ts';

export type Grid = {
  readonly bidIncrement: string;
  readonly maximumIncrement: string | null;
  readonly startingPrice: string;
  readonly tickSize: string;
};
export type Ladder = {
  /** Lowest price that this bidder may name. */
  readonly least: string;
  /** Highest; null when there is no bound. */
  readonly most: string | null;
  /** Lowest price that would win the whole quantity; null when none does. */
  readonly toWin: string | null;
};

type Position = Pick<Shown, 'nextPrice' | 'marginalPrice' | 'my'>;

export function ladderOf(position: Position, grid: Grid): Ladder {
  const floor = money(position.nextPrice);
  const own = position.my?.price ?? null;
  const least = own === null ? floor : larger(floor, money(own) + money(grid.bidIncrement));
  const most =
    grid.maximumIncrement === null
      ? null
      : money(position.marginalPrice ?? grid.startingPrice) + money(grid.maximumIncrement);
  return {
    least: formatMoney(least),
    most: most === null ? null : formatMoney(most),
    toWin: position.my?.priceToWinNext ?? null,
  };
}

/** `price` moved by whole increments and kept between least and most. */
export function stepped(price: string, steps: number, ladder: Ladder, grid: Grid): string {
  const from = parseMoney(price) ?? money(ladder.least);
  const moved = larger(from + BigInt(steps) * money(grid.bidIncrement), money(ladder.least));
  return formatMoney(ladder.most === null ? moved : smaller(moved, money(ladder.most)));
}

/** A price this far above what is needed may be a slip: by five increments and by five per cent. */
const SLIP_INCREMENTS = 5n;
const SLIP_PERCENT = 5n;

/** By how much per tonne `price` passes what would do; null when that is nothing to ask about. */
export function slip(price: string, ladder: Ladder, grid: Grid): string | null {
  const given = parseMoney(price);
  if (given === undefined) return null;
  const enough = larger(money(ladder.least), money(ladder.toWin ?? '0'));
  const over = given - enough;
  const bound = larger(SLIP_INCREMENTS * money(grid.bidIncrement), (enough * SLIP_PERCENT) / 100n);
  return over > bound ? formatMoney(over) : null;
}

/** Price times quantity, major units; null while one of them is no number. */
export function totalOf(price: string, quantity: string): string | null {
  const perTonne = parseMoney(price);
  const mass = parseTonnes(quantity);
  return perTonne === undefined || mass === undefined ? null : formatMoney(cost(perTonne, mass));
}

/** `a - b` in money, '0.00' when negative. */
export function gap(a: string, b: string): string {
  return formatMoney(larger(money(a) - money(b), 0n));
}

/** Compares two masses. */
export function isMore(a: string, b: string): boolean {
  return mass(a) > mass(b);
}

/** `a - b` in tonnes, nothing when negative. */
export function difference(a: string, b: string): string {
  return formatTonnes(larger(mass(a) - mass(b), 0n));
}

/** Half of a mass, down to whole steps. */
export function half(a: string, step: string): string {
  const part = mass(a) / 2n;
  const size = larger(mass(step), 1n);
  return formatTonnes(part - (part % size));
}

/** How much of `whole` is `part`, per cent without decimals. */
export function shareOf(part: string, whole: string): number {
  return mass(whole) === 0n ? 0 : Number(smaller(100n, (mass(part) * 100n) / mass(whole)));
}

/** What a clock's round costs, from 1; the last rise repeats. */
export function priceOfRound(startingPrice: string, increments: readonly string[], round: number): string {
  let price = money(startingPrice);
  for (let index = 0; index < round - 1; index += 1) {
    price += money(increments[Math.min(index, increments.length - 1)] ?? '0');
  }
  return formatMoney(price);
}

/** Compares two prices. */
export function isLess(a: string, b: string): boolean {
  return money(a) < money(b);
}

/** A number as people type it (`1,234.5`, full-width digits), as the wire wants it. */
export function plain(text: string): string {
  return text.normalize('NFKC').replaceAll(/[,\s\u00a0]/g, '');
}

const money = (text: string): bigint => parseMoney(text) ?? minor(0n);
const mass = (text: string): bigint => parseTonnes(text) ?? kilograms(0n);
const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
