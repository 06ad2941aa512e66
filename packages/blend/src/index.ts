export { findBlend } from './blend.ts';
export { lpText } from './lp.ts';
export * from './problem.ts';
export { type Eligible, eligible } from './rows.ts';
export { type Solver, openSolver } from './solver.ts';
