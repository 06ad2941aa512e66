/** Why a blend costs what it costs, and why there is none: each answer is a programme of its own, solved. */
import { type Rational, ZERO, compare, rational, subtract, add } from '@seam/coal';
import { type Kilograms, kilograms } from '@seam/units';
import { type Programme, decisionsOf } from './lp.ts';
import { inKilograms } from './optimum.ts';
import { freed, ofSome } from './programme.ts';
import type { LimitPrice, OutOfReach } from './problem.ts';
import { costPerTonne, valueOf, wholeKilograms } from './round.ts';
import type { Row } from './rows.ts';
import type { Solver } from './solver.ts';

/** What people say "one more" of: 1 % of ash, 0.1 % of sulphur, 100 kcal/kg. */
function stepOf({ limit }: Row): number {
  if (limit.parameter === 'sulphur') return 10;
  return limit.parameter === 'calorificValue' ? 419 : 100;
}

/** @param parts the optimum. Sorted by what relaxing saves. */
export function limitPrices(
  programme: Programme,
  parts: readonly bigint[],
  solve: Solver,
): readonly LimitPrice[] {
  const { lots, rows } = programme;
  // Duals belong to a programme without whole decisions: to the lots that were chosen.
  const chosen = lots.flatMap((_, index) => (parts[index]! > 0n ? [index] : []));
  const { whole, counted } = decisionsOf(programme);
  const solved = solve(whole || counted ? freed(ofSome(programme, chosen)) : programme);
  if (solved.status !== 'optimal') return [];
  const quantity = kilograms(parts.reduce((sum, part) => sum + part, 0n));
  const cost = costPerTonne(lots, parts);
  return rows
    .flatMap((row, index) => {
      const dual = -solved.duals[index]!;
      if (dual <= 1e-9) return [];
      const step = stepOf(row);
      const saving = subtract(cost, relaxedCost(programme, { row, step, quantity, solve }) ?? cost);
      if (compare(saving, ZERO) <= 0) return [];
      const matter = row.doubles.weight.reduce((sum, weight, at) => sum + weight * Number(parts[at]!), 0);
      const marginalPerTonne = (dual * step * matter) / Number(quantity);
      return [{ limit: row.limit, end: row.end, step, savingPerTonne: saving, marginalPerTonne }];
    })
    .toSorted((a, b) => compare(b.savingPerTonne, a.savingPerTonne));
}

function relaxedCost(
  programme: Programme,
  of: { row: Row; step: number; quantity: Kilograms; solve: Solver },
): Rational | undefined {
  const { row, step, quantity, solve } = of;
  const by = rational(row.end === 'maximum' ? step : -step);
  const bounds = new Map([[row, add(row.bound, by)]]);
  const parts = inKilograms({ ...programme, bounds }, { quantity }, solve);
  return typeof parts === 'string' ? undefined : costPerTonne(programme.lots, parts);
}

/** Steps of Dinkelbach's method for the best ratio; two or three are the rule. */
const STEPS_MAX = 12;

/** For each limit that alone stands in the way: the nearest value that all others leave. */
export function outOfReach(programme: Programme, solve: Solver): readonly OutOfReach[] {
  return programme.rows.flatMap((row) => {
    const nearest = nearestOf(programme, row, solve);
    return nearest ? [{ limit: row.limit, end: row.end, value: nearest }] : [];
  });
}

function nearestOf(programme: Programme, row: Row, solve: Solver): Rational | undefined {
  const quantity = kilograms(BigInt(Math.round(programme.quantity * 1000)));
  let best: Rational | undefined;
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const bounds = new Map([[row, best ?? row.bound]]);
    const solved = solve({ ...programme, bounds, aim: row });
    if (solved.status !== 'optimal') return best;
    const parts = wholeKilograms(programme.lots, solved.tonnes, quantity);
    if (!parts) return best;
    const value = valueOf(row, parts);
    const order = best ? compare(value, best) : 0;
    const better = row.end === 'maximum' ? order < 0 : order > 0;
    if (best && !better) return best;
    best = value;
  }
  return best;
}
