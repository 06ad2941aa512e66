import type { ProblemEntry } from './entry.ts';

export const auctionProblems = {} as const satisfies Record<string, ProblemEntry>;
