import { dictionary } from '../dictionary.ts';

/** The reasons beside the fields of a proposal. */
export const problems = dictionary({
  en: {
    not_valid: 'This is outside what the clause allows.',
    not_negotiable: 'This cannot be negotiated.',
    not_yours: 'Only the other party may propose this.',
    too_late: 'Settlement has already used this.',
    unchanged: 'This stands there already.',
    may_only_fall: 'This may only become less.',
    unknown_parameter: 'There is no such value in the terms.',
    window_reversed: 'The delivery period must end after it begins.',
    not_a_day: 'There is no such day.',
    months_do_not_add_up: 'The months must add up to the quantity of the contract.',
    floor_above_cap: 'The cap must not be below the floor.',
    'proposal.unchanged': 'Nothing is changed yet.',
  },
  zh: {
    not_valid: '超出条款允许的范围。',
    not_negotiable: '此项不可协商。',
    not_yours: '此项只能由对方提议。',
    too_late: '结算已使用此项。',
    unchanged: '与现有内容相同。',
    may_only_fall: '只能减少。',
    unknown_parameter: '条款中没有此项。',
    window_reversed: '交货期结束日须晚于开始日。',
    not_a_day: '没有这一天。',
    months_do_not_add_up: '各月之和须等于合同数量。',
    floor_above_cap: '上限不得低于下限。',
    'proposal.unchanged': '尚未作任何修改。',
  },
});
