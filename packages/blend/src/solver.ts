/** HiGHS, compiled to WebAssembly. It blocks its thread while it solves: servers call this from a worker. */
import highsModule from 'highs';
import { type Programme, lpText, rowName } from './lp.ts';

/** Tonnes by lot, in the programme's order, and what a unit more of each row's right side would add to the cost. */
export type Solved = {
  readonly status: 'optimal';
  readonly tonnes: readonly number[];
  readonly objective: number;
  readonly duals: readonly number[];
  /** By lot: what a tonne of it would add to the cost where none is taken; of a linear programme. */
  readonly reduced: readonly number[];
};
export type Answer = Solved | { readonly status: 'infeasible' } | { readonly status: 'too_hard' };
export type Solver = (programme: Programme) => Answer;

// Its types are written for CommonJS; what ES modules import is the loader itself.
const loadHighs = highsModule as unknown as typeof highsModule.default;

/** A mixed programme may be hard; a buyer waits no longer. */
const SECONDS_MAX = 10;
/** Of the cost: where whole decisions are involved, a ten-thousandth may be left on the table. */
const GAP = 1e-4;

export async function openSolver(): Promise<Solver> {
  const highs = await loadHighs();
  return (programme) => {
    const found = highs.solve(lpText(programme), {
      time_limit: SECONDS_MAX,
      mip_rel_gap: GAP,
      output_flag: false,
    });
    if (found.Status === 'Infeasible' || found.Status === 'Primal infeasible or unbounded') {
      return { status: 'infeasible' };
    }
    if (found.Status !== 'Optimal') return { status: 'too_hard' };
    const columns = found.Columns as Record<string, { Primal: number; Dual?: number }>;
    const duals = new Map(
      (found.Rows as { Name: string; Dual?: number }[]).map(({ Name, Dual }) => [Name, Dual ?? 0]),
    );
    return {
      status: 'optimal',
      objective: found.ObjectiveValue,
      tonnes: programme.lots.map((_, index) => columns[`x_${index}`]?.Primal ?? 0),
      reduced: programme.lots.map((_, index) => columns[`x_${index}`]?.Dual ?? 0),
      duals: programme.rows.map((_, index) => duals.get(rowName(index)) ?? 0),
    };
  };
}
