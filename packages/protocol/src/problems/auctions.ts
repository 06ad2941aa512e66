import type { ProblemEntry } from '../problems.ts';

export const auctionProblems = {} as const satisfies Record<string, ProblemEntry>;
