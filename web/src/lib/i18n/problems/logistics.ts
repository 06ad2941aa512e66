import type { ProblemTexts } from '../problem-texts.ts';

export const problems: ProblemTexts = {
  zh: {
    'delivery_order.completed': '交收已完成。',
    'delivery_order.not_delivered': '尚未过磅。',
    'pass.invalid': '此凭证并非本交易所签发。',
    'pass.used': '此凭证已使用。',
    'pass.not_yet_valid': '此凭证尚未生效。',
    'pass.expired': '此凭证已过期。',
    'pass.other_order': '此凭证属于另一张提货单。',
    'pass.quantity_exceeds_order': '凭证总量将超过提货单数量。',
    'weighing.tare_not_below_gross': '皮重必须小于毛重。',
    'weighing.implausible': '没有车辆这么重。',
    'weighing.over_pass': '净重超过凭证允许的数量。',
    'weighing.over_lift': '净重超过提货单剩余数量。',
    'weighing.duplicate_ticket': '该过磅单已登记。',
    'weighing.time_invalid': '过磅时间有误。',
    'certificate_of_analysis.exists': '该批交收已有化验报告。',
    'certificate_of_analysis.duplicate_number': '该报告编号已使用。',
    'certificate_of_analysis.value_invalid': '报告中有数值不可能成立。',
    'certificate_of_analysis.incomplete': '报告缺少合同要求的指标。',
  },
};
