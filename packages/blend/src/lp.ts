/**
 * The blend as a linear programme in the LP text format that every solver reads: `x_i` tonnes of lot i.
 *
 * Doubles are enough here: what a solver answers is rounded to kilograms and judged exactly afterwards.
 */
import type { Rational } from '@seam/coal';
import type { BlendLot } from './problem.ts';
import { type Row, toNumber } from './rows.ts';

export type Programme = {
  readonly lots: readonly BlendLot[];
  readonly rows: readonly Row[];
  /** Tonnes. */
  readonly quantity: number;
  readonly maximumLots?: number;
  /** By row: the bound to use instead of the row's own. */
  readonly bounds?: ReadonlyMap<Row, Rational>;
  /** Kept free on the strict side of every limit, in the limit's unit. */
  readonly margin?: number;
  /** Instead of the cost: get this row as far to its good side as it goes; it is then no limit. */
  readonly aim?: Row;
};

export const rowName = (index: number): string => `limit_${index}`;

export function lpText(programme: Programme): string {
  const { lots, rows, quantity, maximumLots, aim } = programme;
  const { whole, counted } = decisionsOf(programme);
  const objective = aim ? coefficients(programme, aim) : lots.map((lot) => toNumber(lot.costPerTonne));
  const lines = ['Minimize', ` cost: ${sum(objective)}`, 'Subject To'];
  lines.push(` quantity: ${sum(lots.map(() => 1))} = ${quantity}`);
  rows.forEach((row, index) => {
    if (row !== aim) lines.push(` ${rowName(index)}: ${sum(coefficients(programme, row))} <= 0`);
  });
  const tonnes = lots.map((lot) => Math.min(quantity, Number(lot.available) / 1000));
  if (counted || whole) {
    lots.forEach((lot, index) => {
      lines.push(` most_${index}: x_${index} - ${tonnes[index]} y_${index} <= 0`);
      const least = Number(lot.minimumTake ?? 0n) / 1000;
      if (least > 0) lines.push(` least_${index}: x_${index} - ${least} y_${index} >= 0`);
    });
  }
  if (counted) lines.push(` lots: ${lots.map((_, index) => `y_${index}`).join(' + ')} <= ${maximumLots}`);
  lines.push('Bounds', ...tonnes.map((most, index) => ` 0 <= x_${index} <= ${most}`));
  if (counted || whole) lines.push('Binary', ...lots.map((_, index) => ` y_${index}`));
  lines.push('End', '');
  return lines.join('\n');
}

/** Which whole decisions it has: a least take, a greatest number of lots. Without them it is linear. */
export function decisionsOf({ lots, maximumLots }: Programme): { whole: boolean; counted: boolean } {
  return {
    whole: lots.some((lot) => lot.minimumTake !== undefined && lot.minimumTake > 0n),
    counted: maximumLots !== undefined && maximumLots < lots.length,
  };
}

/** Positive where a tonne of the lot pulls the blend out of the limit. */
function coefficients({ bounds, margin = 0 }: Programme, row: Row): number[] {
  const bound = toNumber(bounds?.get(row) ?? row.bound);
  const sign = row.end === 'maximum' ? 1 : -1;
  const { weight, value } = row.doubles;
  return Array.from(weight, (one, index) => one * (sign * (value[index]! - bound) + margin));
}

/** One term on a line: some readers have lines of a limited length. */
function sum(factors: readonly number[]): string {
  const terms = factors.map((factor, index) => `${factor < 0 ? '-' : '+'} ${Math.abs(factor)} x_${index}`);
  return terms.join('\n  ');
}
