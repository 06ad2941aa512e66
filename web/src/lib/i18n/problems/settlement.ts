import type { ProblemTexts } from '../problem-texts.ts';

export const problems: ProblemTexts = {
  zh: {
    'ledger.insufficient_funds': '可用资金不足。',
    'ledger.hold_resolved': '该冻结已处理。',
    'ledger.not_halted': '付款没有暂停。',
    'ledger.resumption_not_proposed': '须先由一人说明恢复付款的理由。',
    'ledger.found_since': '第一人查看之后又有新的发现，须由其重新查看。',
    'settlement.agreed_price': '仅在未能算出结果时，才需要（且必须）填写双方商定的价格。',
    'settlement.not_due': '结算尚未进行到此步骤。',
    'settlement.currency_unavailable': '银行没有为我们开设该币种账户。',
    'withdrawal.not_available': '目前可提取的金额不足。',
    'withdrawal.no_account': '贵公司没有该币种的已确认银行账户。',
    'rating.not_yet': '合同完结后才能评价。',
    'rating.given': '贵公司已评价此合同。',
    'bank.signature_missing': '报文没有签名。',
    'bank.signature_invalid': '签名与报文不符。',
    'bank.timestamp_stale': '报文签名时间与现在相差超过五分钟。',
    'bank.event_conflict': '该事件此前以不同内容收到过。',
    'bank.message_invalid': '报文无法读取。',
    'bank.not_awaiting_approval': '该付款不在等待审批。',
    'bank.not_open': '该事项已不再待处理。',
    'bank.company_unknown': '没有这家公司。',
    'bank.window_open': '银行仍可能执行该付款：最后一次发送七天之后，银行的答复才算数。',
    'bank.statement_missing': '尚无发送日之后已核对的对账单证明该付款未执行。',
    'bank.message_too_large': '报文过大。',
  },
};
