import type { ProblemEntry } from '../problems.ts';

export const memberProblems = {} as const satisfies Record<string, ProblemEntry>;
