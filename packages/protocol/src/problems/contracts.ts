import type { ProblemEntry } from '../problems.ts';

export const contractProblems = {} as const satisfies Record<string, ProblemEntry>;
