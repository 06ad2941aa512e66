import type { ProblemTexts } from '../problem-texts.ts';

export const problems: ProblemTexts = {
  en: {
    'negotiation.offer_stale': 'Another offer has come in meanwhile. Look at the newest one, then answer it.',
    'negotiation.offer_expired': 'This offer has expired. Ask for a new one, or make one yourself.',
    'negotiation.offer_standing': 'Your own offer still stands. Withdraw it before you make another one.',
    'negotiation.offer_invalid': 'Something in this offer cannot be agreed on. See the marked fields.',
  },
  zh: {
    'negotiation.ended': '该洽谈已结束。',
    'negotiation.agreed': '要约已被接受，合同正在生成。',
    'negotiation.too_many_open': '贵公司进行中的洽谈已达上限。',
    'negotiation.full': '该洽谈内容已达上限，请达成一致或重新开始。',
    'negotiation.text_invalid': '消息为空或含有控制字符。',
    'negotiation.counterparty_not_active': '对方公司目前不能交易。',
    'negotiation.offer_invalid': '要约中有条款无法约定，请查看标出的栏目。',
    'negotiation.offer_stale': '对方已有新的要约。请先查看最新一版，再作答复。',
    'negotiation.offer_own': '该要约应由对方答复。',
    'negotiation.offer_standing': '贵公司的要约仍然有效，请先撤回再提出新的要约。',
    'negotiation.offer_closed': '该要约已有答复。',
    'negotiation.offer_expired': '该要约已过期。请对方重新报价，或由贵方提出要约。',
    'negotiation.formula_refused': '价格公式无法计算。',
    'negotiation.file_empty': '文件为空。',
    'negotiation.file_too_large': '文件过大。',
    'negotiation.file_type_forbidden': '不接受此类文件。',
    'negotiation.file_type_differs': '文件内容与声明的类型不符。',
    'negotiation.file_malware': '文件含有已知的有害代码。',
    'negotiation.file_active': '文件含有程序、宏或嵌入文件。',
    'negotiation.file_unreadable': '文件已损坏或已加密。',
    'negotiation.file_name_invalid': '文件名不可用。',
    'negotiation.inspection_missing': '请先说明中心查阅该洽谈的理由。',
  },
};
