/** The words of codes, in both languages of a contract. */
import type { Bilingual } from './clause.ts';

export type Words = Readonly<Record<string, Bilingual>>;

export const RANKS: Words = {
  anthracite: { zh: '无烟煤', en: 'anthracite' },
  coking: { zh: '炼焦煤', en: 'coking coal' },
  bituminous: { zh: '烟煤', en: 'bituminous coal' },
  sub_bituminous: { zh: '次烟煤', en: 'sub-bituminous coal' },
  lignite: { zh: '褐煤', en: 'lignite' },
  waste: { zh: '煤矸石', en: 'coal waste' },
};

export const TRANSPORT: Words = {
  road: { zh: '公路', en: 'road' },
  rail: { zh: '铁路', en: 'rail' },
  river: { zh: '内河', en: 'river' },
  sea: { zh: '海运', en: 'sea' },
  conveyor: { zh: '皮带输送', en: 'conveyor' },
};

/** Each with who bears the freight and where risk passes, since the names alone are read in many ways. */
export const DELIVERY_TERMS: Words = {
  ex_mine: {
    zh: '坑口交货：买方自提并承担运费，风险自过磅放行出矿时转移',
    en: 'ex mine: the Buyer collects and bears the freight, risk passes at gate-out of the mine',
  },
  for_rail: {
    zh: '铁路车板交货：卖方承担装车前费用，风险自装车完毕时转移',
    en: 'free on rail: the Seller bears the cost until loading, risk passes when the wagons are loaded',
  },
  fca: {
    zh: '货交承运人：卖方承担交付承运人前费用，风险自交付承运人时转移',
    en: 'free carrier: the Seller bears the cost until handing over, risk passes on handing over to the carrier',
  },
  fob: {
    zh: '离岸平仓：卖方承担装船前费用，风险自货物装上船时转移',
    en: 'free on board: the Seller bears the cost until loading, risk passes when the coal is on board',
  },
  cfr: {
    zh: '成本加运费：卖方承担至目的港运费，风险自货物装上船时转移',
    en: 'cost and freight: the Seller bears the freight to the named port, risk passes when the coal is on board',
  },
  cif: {
    zh: '到岸价：卖方承担至目的港运费与保险，风险自货物装上船时转移',
    en: 'cost, insurance and freight: the Seller bears freight and insurance to the named port, risk passes when the coal is on board',
  },
};

export const BASES: Words = {
  ar: { zh: '收到基', en: 'as received' },
  ad: { zh: '空气干燥基', en: 'air dried' },
  d: { zh: '干燥基', en: 'dry' },
  daf: { zh: '干燥无灰基', en: 'dry ash free' },
};

export const HEAT_KINDS: Words = {
  net: { zh: '低位', en: 'net' },
  gross: { zh: '高位', en: 'gross' },
};

export const MEASURES: Words = {
  totalMoisture: { zh: '全水分', en: 'total moisture' },
  inherentMoisture: { zh: '内在水分', en: 'inherent moisture' },
  ash: { zh: '灰分', en: 'ash' },
  volatileMatter: { zh: '挥发分', en: 'volatile matter' },
  sulphur: { zh: '全硫', en: 'total sulphur' },
  fixedCarbon: { zh: '固定碳', en: 'fixed carbon' },
  hydrogen: { zh: '氢', en: 'hydrogen' },
  calorificValue: { zh: '发热量', en: 'calorific value' },
  hardgroveIndex: { zh: '哈氏可磨指数', en: 'Hardgrove index' },
  ashSoftening: { zh: '灰软化温度', en: 'ash softening temperature' },
};

export const ATMOSPHERES: Words = {
  reducing: { zh: '还原性气氛', en: 'reducing atmosphere' },
  oxidising: { zh: '氧化性气氛', en: 'oxidising atmosphere' },
};

export const ORIGINS: Words = {
  auction: { zh: '竞价', en: 'auction' },
  request: { zh: '求购', en: 'request' },
  listing: { zh: '挂牌', en: 'listing' },
  order_book: { zh: '连续交易', en: 'order book' },
};

/** Phrases of a quality rule: what side counts, how bands and steps are reckoned, in what the rate is. */
export const DIRECTIONS: Words = {
  above: { zh: '仅高于约定值的部分计算', en: 'only what is above the agreed value counts' },
  below: { zh: '仅低于约定值的部分计算', en: 'only what is below the agreed value counts' },
  both: {
    zh: '高于约定值按所列数值计算，低于约定值按相反符号计算',
    en: 'above the agreed value the rate counts as stated, below it with the opposite sign',
  },
};
export const TIER_MODES: Words = {
  marginal: { zh: '各档分别按本档计算', en: 'each band is reckoned at its own rate' },
  whole: {
    zh: '全部偏差按所达档计算',
    en: 'the whole deviation is reckoned at the rate of the band reached',
  },
};
export const STEP_MODES: Words = {
  prorata: { zh: '不足一步按比例计算', en: 'part of a step counts pro rata' },
  floor: { zh: '不足一步不计', en: 'part of a step does not count' },
  ceil: { zh: '不足一步按一步计算', en: 'part of a step counts as a whole step' },
  flat: { zh: '每档只计一次', en: 'each band counts once' },
};
export const RATE_UNITS: Words = {
  money_per_tonne: { zh: '{currency}/吨', en: '{currency} per tonne' },
  percent_of_price: { zh: '% 单价', en: '% of the price' },
};
export const WEIGHT_METHODS: Words = {
  dry_equivalent: {
    zh: '全水分（收到基）高于 {reference} % 时，结算重量 = 过磅重量 ×（100 − 实测全水分）÷（100 − {reference}）',
    en: 'when total moisture (as received) is above {reference} %, the payable weight is the weight weighed × (100 − moisture measured) ÷ (100 − {reference})',
  },
  simple: {
    zh: '全水分（收到基）高于 {reference} % 时，每高 1 个百分点结算重量扣减 {factor} %',
    en: 'when total moisture (as received) is above {reference} %, each point in excess takes {factor} % off the payable weight',
  },
};
export const PRICE_LIMITS: Words = {
  maximumBonus: {
    zh: '加价总额不超过 {value} {currency}/吨',
    en: 'bonuses together are at most {currency} {value} per tonne',
  },
  maximumPenalty: {
    zh: '扣价总额不超过 {value} {currency}/吨',
    en: 'penalties together are at most {currency} {value} per tonne',
  },
  minimumPrice: {
    zh: '单价不低于 {value} {currency}/吨',
    en: 'the price is at least {currency} {value} per tonne',
  },
  maximumPrice: {
    zh: '单价不高于 {value} {currency}/吨',
    en: 'the price is at most {currency} {value} per tonne',
  },
};
