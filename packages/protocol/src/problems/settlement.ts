import type { ProblemEntry } from './entry.ts';

export const settlementProblems = {} as const satisfies Record<string, ProblemEntry>;
