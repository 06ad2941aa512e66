import type { ProblemTexts } from '../problem-texts.ts';

export const problems: ProblemTexts = {
  zh: {
    'ledger.insufficient_funds': '可用资金不足。',
  },
};
