import type { ProblemEntry } from './entry.ts';

export const settlementProblems = {
  'ledger.insufficient_funds': { status: 422, title: 'Not enough free money' },
} as const satisfies Record<string, ProblemEntry>;
