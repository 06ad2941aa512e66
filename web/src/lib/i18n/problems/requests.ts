import type { ProblemTexts } from '../problem-texts.ts';

export const problems: ProblemTexts = {
  zh: {
    'purchase_request.invalid': '求购信息中有多项无法接受。',
    'purchase_request.limit_invalid': '该限值不可能出现在煤炭上。',
    'purchase_request.limit_reversed': '下限高于上限。',
    'purchase_request.limit_twice': '同一指标限定了两次。',
    'purchase_request.minimum_above_quantity': '最小批量大于总量。',
    'purchase_request.plant_required': '请指定一个地点：从名录中选择或新建。',
    'purchase_request.place_without_coordinates': '名录中没有该地点的坐标，请选择其他地点或新建。',
    'purchase_request.lot_unknown': '请以贵公司的货源应答。',
    'purchase_request.price_above_ceiling': '价格高于买方限价。',
    'purchase_request.quantity_below_minimum': '数量低于买方最小批量。',
    'purchase_request.in_auction': '该求购正在竞价采购中。',
    'purchase_request.quantity_exceeded': '数量超过买方尚需数量。',
    'purchase_request.own': '这是贵公司自己的求购。',
    'purchase_request.blend_busy': '配煤计算繁忙，请稍后再试。',
    'purchase_request.not_open': '求购已关闭。',
    'purchase_request.already_answered': '您已用此货源应答。',
    'purchase_request.response_closed': '该应答已失效。',
    'purchase_request.too_many_open': '贵公司进行中的求购已达上限。',
  },
};
