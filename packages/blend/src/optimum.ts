/** The solver's optimum as kilograms that keep every limit. */
import { type Rational, ZERO, compare } from '@seam/coal';
import type { Kilograms } from '@seam/units';
import { type Programme, decisionsOf } from './lp.ts';
import type { BlendProblem } from './problem.ts';
import { freed, ofSome } from './programme.ts';
import { beyond, valueOf, wholeKilograms } from './round.ts';
import { toNumber } from './rows.ts';
import type { Solver } from './solver.ts';

/** Rounding to kilograms pulls a blend a ten-thousandth of a unit out of a limit, and the next try mends it. */
const TRIES = 5;

export type InKilograms = readonly bigint[] | 'infeasible' | 'too_hard';

/**
 * The optimum in whole kilograms. Whole decisions among thousands of lots would take hours to prove: they
 * are made among the lots that the programme without them likes best, which all but always has the best.
 */
export function inKilograms(
  programme: Programme,
  { quantity }: Pick<BlendProblem, 'quantity'>,
  solve: Solver,
): InKilograms {
  const { whole, counted } = decisionsOf(programme);
  if ((!whole && !counted) || programme.lots.length <= CANDIDATES) return rounded(programme, quantity, solve);
  const free = solve(freed(programme));
  if (free.status !== 'optimal') return free.status;
  const places = free.reduced
    .map((cost, place) => ({ cost: free.tonnes[place]! > 0 ? Math.min(cost, 0) : cost, place }))
    .toSorted((a, b) => a.cost - b.cost || a.place - b.place)
    .slice(0, CANDIDATES)
    .map(({ place }) => place);
  const parts = rounded(ofSome(programme, places), quantity, solve);
  // The few may have no answer where all have one.
  if (typeof parts === 'string') return 'too_hard';
  const all = programme.lots.map(() => 0n);
  places.forEach((place, index) => (all[place] = parts[index]!));
  return all;
}

const CANDIDATES = 100;

/** Where rounding breaks a limit, solved once more with that little kept free. */
function rounded(programme: Programme, quantity: Kilograms, solve: Solver): InKilograms {
  let margin = 0;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const solved = solve({ ...programme, margin });
    if (solved.status !== 'optimal') return margin === 0 ? solved.status : 'too_hard';
    const parts = wholeKilograms(programme.lots, solved.tonnes, quantity);
    const over = parts ? furthestOut(programme, parts) : ZERO;
    if (parts && compare(over, ZERO) <= 0) return parts;
    margin = Math.max(2 * margin, 2 * toNumber(over), LEAST_MARGIN);
  }
  return 'too_hard';
}

const LEAST_MARGIN = 1e-9;

/** By how much, in the unit of a limit, the blend of these very kilograms breaks the one it breaks most. */
function furthestOut({ rows, bounds }: Programme, parts: readonly bigint[]): Rational {
  return rows
    .map((row) => beyond(row, valueOf(row, parts), bounds?.get(row) ?? row.bound))
    .reduce((most, over) => (compare(over, most) > 0 ? over : most), ZERO);
}
