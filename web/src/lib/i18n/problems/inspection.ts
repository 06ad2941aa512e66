import type { ProblemTexts } from '../problem-texts.ts';

export const problems: ProblemTexts = {
  zh: {
    'inspection.not_due': '质检尚未到此步骤，或已过此步骤。',
    'inspection.challenge_over': '化验报告的异议期已过。',
    'inspection.seal_known': '此封签编号已使用。',
    'inspection.same_laboratory': '备份样须由未化验过该批煤的实验室检测。',
    'inspection.time_invalid': '时间在将来，或早于上一步骤。',
    'inspection.proposal_superseded': '只能接受对方的最新提议。',
  },
};
