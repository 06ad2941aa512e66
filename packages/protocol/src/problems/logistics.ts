import type { ProblemEntry } from '../problems.ts';

export const logisticsProblems = {} as const satisfies Record<string, ProblemEntry>;
