import type { ProblemEntry } from '../problems.ts';

export const requestProblems = {} as const satisfies Record<string, ProblemEntry>;
