import type { ProblemEntry } from '../problems.ts';

export const settlementProblems = {} as const satisfies Record<string, ProblemEntry>;
