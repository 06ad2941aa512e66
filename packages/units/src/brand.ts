/**
 * Nominal types for numbers that must not be mixed: a price is not a mass is not an instant.
 *
 * The constructors here are the only places in the project where a plain number becomes a brand.
 * Each checks what the brand promises, so a value of a branded type needs no second check.
 */
declare const brand: unique symbol;
type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };

/** Money in the minor unit of its currency (fen, cent, paisa). May be negative in a difference. */
export type Minor = Brand<bigint, 'Minor'>;
/** Mass in whole kilograms. */
export type Kilograms = Brand<bigint, 'Kilograms'>;
/** A price as a count of tick sizes. Small integer: the engine computes with it. */
export type Ticks = Brand<number, 'Ticks'>;
/** A quantity as a count of lot sizes. Small integer: the engine computes with it. */
export type Lots = Brand<number, 'Lots'>;
/** Milliseconds since the epoch, UTC. */
export type Instant = Brand<number, 'Instant'>;

/** Largest count of ticks or lots: fits an Int32 with room for sums of two. */
export const COUNT_MAX = 1_000_000_000;

/** @throws RangeError when `value` is not a bigint within ±10^18 (room for sums inside int8). */
export function minor(value: bigint): Minor {
  if (value > 10n ** 18n || value < -(10n ** 18n)) throw new RangeError(`money out of range: ${value}`);
  return value as Minor;
}

/** @throws RangeError when negative or above 10^15 kg. */
export function kilograms(value: bigint): Kilograms {
  if (value < 0n || value > 10n ** 15n) throw new RangeError(`mass out of range: ${value}`);
  return value as Kilograms;
}

/** @throws RangeError when not an integer in 0..COUNT_MAX. */
export function ticks(value: number): Ticks {
  return count(value, 'ticks') as Ticks;
}

/** @throws RangeError when not an integer in 0..COUNT_MAX. */
export function lots(value: number): Lots {
  return count(value, 'lots') as Lots;
}

/** @throws RangeError when not a safe non-negative integer. */
export function instant(value: number): Instant {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`instant out of range: ${value}`);
  return value as Instant;
}

function count(value: number, name: string): number {
  if (!Number.isInteger(value) || value < 0 || value > COUNT_MAX) {
    throw new RangeError(`${name} must be an integer in 0..${COUNT_MAX}, got ${value}`);
  }
  return value;
}
