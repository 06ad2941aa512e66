import type { ProblemTexts } from '../problem-texts.ts';

export const problems: ProblemTexts = {
  zh: {
    'long_term.not_binding': '合同尚未生效。',
    'long_term.not_called_off': '此合同一次性交货，不分次提货。',
    'long_term.closed': '合同已履行完毕。',
    'call_off.outside_window': '所选日期超出合同允许的范围。',
    'call_off.too_late': '申报提前的天数少于合同约定。',
    'call_off.exceeds_remaining': '超出该月剩余数量。',
    'call_off.duplicate': '相同的提货申报正在等待答复。',
    'call_off.answered': '该提货申报已答复或已撤回。',
    'call_off.not_open': '该提货没有正在进行的交货。',
    'month_move.closed': '该提议已答复或已过期。',
    'month_move.impossible': '该月没有这么多数量可调整，或该月已结束。',
    'force_majeure.closed': '该声明已有决定。',
    'force_majeure.period': '该月不在合同内，或已完成考核。',
    'shortfall.closed': '异议期已过，或已作出决定。',
    'index.exists': '该名称的指数已存在。',
    'index.duplicate_month': '同一月份出现两次。',
    'index.gap': '中间缺少月份。',
    'index.not_newest': '该月份已有更新的版本。',
    'index.not_published': '发布日不存在或尚未到来。',
    'index.csv_invalid': '文件无法按月份表格读取。',
  },
};
