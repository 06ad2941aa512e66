import type { PageProblemTexts } from '../problem-texts.ts';

export const problems: PageProblemTexts = {
  en: {
    exceeds_remaining: 'More than is left of this month.',
    outside_window: 'Outside what the contract allows.',
    impossible: 'Not possible for this month.',
    gap: 'A month is missing in between.',
    unknown: 'Not in the table.',
    no_month_column: 'The table has no column "month".',
    shares_do_not_add_up: 'The shares are no hundred percent together.',
    months_outside_window: 'A month lies outside the delivery window.',
    price_not_by_steps: 'The first price must be the price found.',
    steps_not_rising: 'Each price must begin later than the one before.',
    series_not_in_formula: 'The formula must use the index, and no other.',
  },
  zh: {
    exceeds_remaining: '超出该月剩余数量。',
    outside_window: '超出合同允许的范围。',
    impossible: '该月无法这样调整。',
    gap: '中间缺少月份。',
    unknown: '表格中没有。',
    no_month_column: '表格没有 month 列。',
    shares_do_not_add_up: '各月比例合计不是 100%。',
    months_outside_window: '有月份超出交货期。',
    price_not_by_steps: '首期单价须为已确定的价格。',
    steps_not_rising: '各期价格的起始月须依次递增。',
    series_not_in_formula: '公式须且仅能使用所选指数。',
  },
};
