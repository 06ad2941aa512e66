import type { ProblemEntry } from '../problems.ts';

export const listingProblems = {} as const satisfies Record<string, ProblemEntry>;
