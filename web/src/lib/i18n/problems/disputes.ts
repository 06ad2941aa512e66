import type { ProblemTexts } from '../problem-texts.ts';

export const problems: ProblemTexts = {
  zh: {
    'dispute.open': '此次交货有未决争议，须先裁决。',
    'dispute.late': '提出争议的期限已过。',
    'dispute.early': '结果尚未出具，暂无可争议之处。',
    'dispute.duplicate': '此次交货已有未决争议。',
    'dispute.quality_open': '化验结果正由另一实验室复核，须先等其结果。',
    'dispute.claims_nothing': '买方的主张须低于结果，卖方的主张须高于结果。',
    'dispute.fee_unpaid': '可用资金不足以支付争议费。',
    'dispute.amount': '请填写总额或每吨价格之一。',
    'dispute.evidence_closed': '现在不接受证据。',
    'dispute.evidence_full': '贵方提交的材料已达上限。',
    'dispute.evidence_known': '贵方已提交过此文件。',
    'dispute.over': '此争议已结束。',
    'dispute.offers_full': '报价次数已达上限；请接受其中之一或等待裁决。',
    'dispute.offer_superseded': '只能接受对方的最新报价。',
    'dispute.decided': '此争议已裁决或已以其他方式结束。',
    'dispute.not_decided': '目前没有可接受或可复议的裁决。',
    'dispute.not_losing': '裁决已全部支持贵方，或贵方已接受裁决。',
    'dispute.appeal_late': '申请复议的期限已过。',
    'dispute.not_awaited': '此争议目前不需要这一步。',
    'dispute.out_of_range': '裁决金额须在双方主张之间。',
    'dispute.same_persons': '参与首次裁决者不得参与复议。',
    'dispute.proposal_changed': '此提议已被另一提议取代。',
  },
};
