import type { ProblemEntry } from './entry.ts';

export const logisticsProblems = {} as const satisfies Record<string, ProblemEntry>;
