import type { ProblemTexts } from '../problem-texts.ts';

export const problems: ProblemTexts = {
  zh: {
    'demo_bank.account_unknown': '银行没有此账号的客户账户。',
    'demo_bank.account_taken': '此账号属于他人。',
    'demo_bank.account_number_form': '账号应为 5 至 34 位数字或拉丁字母。',
    'demo_bank.bank_code_form': '既不是 BIC，也不是联行号或 IFSC。',
    'demo_bank.insufficient_funds': '账户余额不足。',
    'demo_bank.currency_differs': '该账户是另一币种。',
    'demo_bank.amount_not_positive': '金额必须大于零。',
    'demo_bank.transfer_conflict': '此笔转账此前以不同内容提交过。',
    'demo_bank.refused': '银行拒绝了此操作。',
  },
};
