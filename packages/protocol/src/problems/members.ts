import type { ProblemEntry } from './entry.ts';

export const memberProblems = {} as const satisfies Record<string, ProblemEntry>;
