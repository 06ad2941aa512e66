/** From a solver's doubles to whole kilograms, and what these come to: exactly. */
import { type Rational, add, divide, multiply, rational, subtract } from '@seam/coal';
import { type Kilograms, kilograms } from '@seam/units';
import type { BlendLot } from './problem.ts';
import type { Row } from './rows.ts';

/**
 * Kilograms by lot with exactly `quantity` in all: each rounded down, what is missing given to the largest
 * parts that have it. @returns undefined when no rounding of these tonnes adds up.
 */
export function wholeKilograms(
  lots: readonly BlendLot[],
  tonnes: readonly number[],
  quantity: Kilograms,
): readonly bigint[] | undefined {
  const parts = tonnes.map((one, index) => {
    const down = BigInt(Math.floor(Math.max(0, one) * 1000 + 1e-6));
    return down > lots[index]!.available ? lots[index]!.available : down;
  });
  let missing = quantity - parts.reduce((sum, part) => sum + part, 0n);
  const largest = parts.map((_, index) => index).toSorted((a, b) => (tonnes[b]! > tonnes[a]! ? 1 : -1));
  for (const index of largest) {
    if (missing === 0n) break;
    if (parts[index] === 0n) continue;
    const room = lots[index]!.available - parts[index]!;
    const given = missing < 0n ? missing : room < missing ? room : missing;
    if (parts[index]! + given < 0n) continue;
    parts[index] = parts[index]! + given;
    missing -= given;
  }
  return missing === 0n && takesEnough(lots, parts) ? parts : undefined;
}

function takesEnough(lots: readonly BlendLot[], parts: readonly bigint[]): boolean {
  return parts.every((part, index) => part === 0n || part >= (lots[index]!.minimumTake ?? 0n));
}

/** The blend's value on the row's basis. */
export function valueOf({ terms }: Pick<Row, 'terms'>, parts: readonly bigint[]): Rational {
  const of = (what: (index: number) => Rational): Rational =>
    add(...parts.flatMap((part, index) => (part === 0n ? [] : [multiply(rational(part), what(index))])));
  const weighed = of((index) => multiply(terms[index]!.weight, terms[index]!.value));
  return divide(
    weighed,
    of((index) => terms[index]!.weight),
  );
}

/** Minor units per tonne of the blend. */
export function costPerTonne(lots: readonly BlendLot[], parts: readonly bigint[]): Rational {
  const total = parts.flatMap((part, index) =>
    part === 0n ? [] : [multiply(rational(part), lots[index]!.costPerTonne)],
  );
  return divide(add(...total), rational(parts.reduce((sum, part) => sum + part, kilograms(0n))));
}

/** By how much `value` is outside of the row's limit at `bound`; not positive when it keeps it. */
export function beyond(row: Pick<Row, 'end'>, value: Rational, bound: Rational): Rational {
  return row.end === 'maximum' ? subtract(value, bound) : subtract(bound, value);
}
