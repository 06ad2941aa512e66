import type { ProblemTexts } from '../problem-texts.ts';

export const problems: ProblemTexts = {
  zh: {
    'auth.invalid_credentials': '邮箱或密码错误。',
    'member.invalid': '注册信息中有多项无法接受。',
    'member.legal_id_length': '统一社会信用代码为 18 位，LEI 为 20 位。',
    'member.legal_id_characters': '代码中有字符不能出现在该位置。',
    'member.legal_id_check_character': '代码校验位不符：可能有字符输错。',
    'member.legal_id_country': '统一社会信用代码只适用于中国大陆企业。',
    'member.legal_id_taken': '该代码对应的企业已注册。',
    'member.country_unknown': '国家代码无效。',
    'member.trade_side_missing': '卖方出售，买方购买，贸易商至少选择其一。',
    'member.account_number_form': '账号格式无效。',
    'member.account_number_check': 'IBAN 校验位不符：可能有字符输错。',
    'member.bank_code_form': '银行代码应为 8 或 11 位 BIC、12 位 CNAPS 行号或 11 位 IFSC。',
    'member.bank_holder_differs': '账户户名必须为企业本身。',
    'member.bank_account_taken': '该账户已由其他会员确认使用。',
    'member.email_taken': '该邮箱已被使用。',
    'member.email_twice': '同一邮箱填写给了两个人。',
    'member.password_weak': '密码过于简单。',
    'member.password_wrong': '当前密码错误。',
    'member.last_admin': '企业至少须保留一名可登录的管理员。',
    'member.people_limit': '企业人员已达上限。',
    'member.decision_not_possible': '企业当前状态下不能作此决定。',
  },
};
