import type { ProblemTexts } from '../problem-texts.ts';

export const problems: ProblemTexts = {
  zh: {
    'purchase_request.invalid': '求购信息中有多项无法接受。',
    'purchase_request.limit_invalid': '此限值不可能是煤的指标。',
    'purchase_request.limit_reversed': '下限高于上限。',
    'purchase_request.limit_twice': '同一指标限定了两次。',
    'purchase_request.minimum_above_quantity': '最小数量大于总数量。',
    'purchase_request.plant_required': '请指定一个地点：从名录中选择或新建。',
    'purchase_request.place_without_coordinates': '名录中没有该地点的位置，请另选或新建。',
    'purchase_request.lot_unknown': '请以贵公司自己的货源应答。',
    'purchase_request.price_above_ceiling': '价格高于买方可接受的上限。',
    'purchase_request.quantity_below_minimum': '数量过少，买方不接受。',
    'purchase_request.quantity_exceeded': '买方所需少于此数量。',
    'purchase_request.own': '这是贵公司自己的求购。',
    'purchase_request.not_open': '该求购已关闭。',
    'purchase_request.already_answered': '您已用此货源应答过。',
    'purchase_request.response_closed': '该应答已失效。',
    'purchase_request.too_many_open': '贵公司进行中的求购已达上限。',
  },
};
