import type { ProblemEntry } from './entry.ts';

export const requestProblems = {} as const satisfies Record<string, ProblemEntry>;
