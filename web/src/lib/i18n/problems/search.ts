import type { ProblemTexts } from '../problem-texts.ts';

export const problems: ProblemTexts = {
  zh: {
    'search.invalid': '部分搜索条件没有任何货源能够满足。',
    'search.parameter_unknown': '没有这一质量指标。',
    'search.basis_not_allowed': '此指标不以该基准报告。',
    'search.unit_not_allowed': '此指标不使用该单位。',
    'search.range_malformed': '范围由两个数字组成，中间用 ~ 分隔，可省略其一。',
    'search.range_impossible': '没有煤炭处于此范围。',
    'search.value_unknown': '没有这一选项。',
    'search.radius_without_place': '指定半径时须选择中心地点。',
    'search.coordinates_out_of_range': '纬度为 −90 至 90，经度为 −180 至 180。',
    'search.destination_required': '计算到厂成本须选择地点。',
    'search.currency_required': '比较价格须选择一种货币。',
    'search.day_invalid': '日期不存在，或结束早于开始。',
    'search.behind': '搜索暂时无法看到最新货源，请稍后再试。',
    'search.compare_count': '可比较二至八个不同的货源。',
    'search.too_many_saved': '您保存的搜索已达上限。',
  },
};
