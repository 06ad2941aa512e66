import type { ProblemTexts } from '../problem-texts.ts';

export const problems: ProblemTexts = {
  zh: {
    'auction.unknown': '竞价不存在。',
    'auction.duplicate': '该竞价已存在。',
    'auction.terms_invalid': '竞价条款超出允许范围。',
    'auction.listing_unavailable': '该货源目前不能竞价。',
    'auction.not_open': '竞价尚未开始。',
    'auction.closed': '竞价已结束。',
    'auction.suspended': '竞价已暂停。',
    'auction.state_conflict': '竞价当前状态不允许此操作。',
    'bid.own_lot': '卖方不得对自己的标的出价。',
    'bid.wrong_format': '本场竞价不接受这种出价方式。',
    'bid.price_off_grid': '价格不符合最小变动价位。',
    'bid.quantity_off_grid': '数量不是交易单位的整数倍。',
    'bid.price_below_start': '价格低于起拍价。',
    'bid.price_above_limit': '价格超出竞价可接受的上限。',
    'bid.below_increment': '价格未按加价幅度高于有效出价。',
    'bid.above_maximum_increment': '单次加价超过上限。',
    'bid.quantity_out_of_range': '数量超出允许范围。',
    'bid.minimum_acceptable_invalid': '最低可接受数量超出允许范围。',
    'bid.not_improving': '出价只能提高价格或数量。',
    'bid.command_id_reused': '该编号已用于另一次出价。',
    'bid.outcome_unknown': '结果尚不明确，请用同一编号再次查询。',
    'bid_security.insufficient': '保证金不足以覆盖此出价。',
    'bid_security.invalid': '保证金金额超出允许范围。',
  },
};
