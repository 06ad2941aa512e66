/** Where, when and how the coal changes hands, at once or called off month by month. */
import { Type } from 'typebox';
import type { Bilingual, Clause, Negotiation } from '../clause.ts';
import { basisPoints, choice, day, days, line, money, structured } from '../parameters.ts';
import { DELIVERY_TERMS, TRANSPORT } from '../words.ts';

/** The delivery order copies these when the escrow is funded. */
const UNTIL_ORDERED: Negotiation = { before: 'either', amend: 'funding' };
const SELLERS: Negotiation = { before: 'seller', amend: 'funding' };

export const delivery: Clause = {
  id: 'delivery',
  version: 1,
  title: { zh: '交货', en: 'Delivery' },
  appliesTo: ['spot', 'long_term', 'order_book'],
  executedBy: 'exchange',
  parameters: [
    choice('goods.deliveryTerm', ['交货条件', 'Delivery term'], DELIVERY_TERMS),
    structured(
      'goods.deliveryPlace',
      ['交货地', 'Place of delivery'],
      'name',
      Type.Object(
        { name: line(200), nameZh: Type.Union([line(200), Type.Null()]) },
        { additionalProperties: false },
      ),
      SELLERS,
    ),
    choice('goods.transport', ['运输方式', 'Transport'], TRANSPORT, UNTIL_ORDERED),
    day('goods.windowFrom', ['交货期自', 'Delivery from'], UNTIL_ORDERED),
    day('goods.windowTo', ['交货期至', 'Delivery until'], UNTIL_ORDERED),
  ],
  paragraphs: [
    { zh: '交货条件：{goods.deliveryTerm}。', en: 'Delivery term: {goods.deliveryTerm}.' },
    {
      zh: '交货地：{goods.deliveryPlace}；运输方式：{goods.transport}；交货期：{goods.windowFrom} 至 {goods.windowTo}，首尾两日均含。',
      en: 'Place: {goods.deliveryPlace}; transport: {goods.transport}; from {goods.windowFrom} to {goods.windowTo}, both days included.',
    },
    {
      zh: '货款托管到账后平台签发提货单，煤炭凭带签名的提货证放行。重量以交货地地磅净重为准，逐车登记于平台。',
      en: 'The exchange issues the delivery order when the escrow is funded; coal leaves against a signed pickup pass. Weight is the net weight of the weighbridge at the place of delivery, recorded truck by truck.',
    },
  ],
};

/** Here and not among the words of all editions, whose hashes are published. */
const FINAL_WEIGHTS: Record<string, Bilingual> = {
  weighbridge: {
    zh: '交货地地磅净重（逐车登记）',
    en: 'the net weight of the weighbridge at the place of delivery, truck by truck',
  },
  rail_receipt: {
    zh: '装车站铁路货票所载各车净重之和',
    en: 'the sum of the net weights of the wagons on the rail receipts of loading',
  },
  draft_survey: { zh: '装货港水尺计重', en: 'that of the draft survey at the port of loading' },
  discharge: {
    zh: '卸货地货票或水尺计重',
    en: 'that of the rail receipts or the draft survey at the place of discharge',
  },
};

/** The coal also leaves by rail and ship: the contract says whose paper its weight is. */
export const deliveryByPaper: Clause = {
  ...delivery,
  version: 2,
  parameters: [
    ...delivery.parameters,
    choice('carriage.weightFinal', ['最终计重', 'Final weight'], FINAL_WEIGHTS, UNTIL_ORDERED),
  ],
  paragraphs: [
    ...delivery.paragraphs.slice(0, 2),
    {
      zh: '货款托管到账后平台签发提货单；汽车凭带签名的提货证放行，火车和船舶凭登记于平台的运输单据放行。最终重量以{carriage.weightFinal}为准。',
      en: 'The exchange issues the delivery order when the escrow is funded; trucks leave against a signed pickup pass, wagons and ships against transport documents entered on the exchange. The final weight is {carriage.weightFinal}.',
    },
  ],
};

export const callOff: Clause = {
  id: 'call_off',
  version: 1,
  title: { zh: '分月提货与兑现', en: 'Monthly call-off and fulfilment' },
  appliesTo: ['long_term'],
  executedBy: 'parties',
  parameters: [
    structured(
      'callOff.months',
      ['分月数量', 'Monthly quantities'],
      'months',
      Type.Array(
        Type.Object(
          {
            month: Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])$' }),
            kg: Type.String({ pattern: '^[1-9][0-9]{0,14}$' }),
          },
          { additionalProperties: false },
        ),
        { minItems: 1, maxItems: 36 },
      ),
      { before: 'either', amend: 'end' },
    ),
    days('callOff.nominationDays', ['提前申报', 'Nomination ahead'], [1, 60], {
      before: 'either',
      amend: 'end',
    }),
    basisPoints('callOff.monthBasisPoints', ['月兑现率', 'Monthly fulfilment'], [0, 10_000], {
      before: 'either',
      amend: 'end',
    }),
    basisPoints('callOff.quarterBasisPoints', ['季兑现率', 'Quarterly fulfilment'], [0, 10_000], {
      before: 'either',
      amend: 'end',
    }),
    money('callOff.shortfallPerTonne', ['欠量补偿', 'Shortfall per tonne'], {
      before: 'either',
      amend: 'end',
    }),
  ],
  paragraphs: [
    {
      zh: '合同数量分月安排：{callOff.months}。买方至少提前 {callOff.nominationDays}申报当月提货计划。',
      en: "The quantity is split by month: {callOff.months}. The Buyer nominates each month's liftings at least {callOff.nominationDays} ahead.",
    },
    {
      zh: '月兑现率不低于 {callOff.monthBasisPoints}，季兑现率不低于 {callOff.quarterBasisPoints}。低于该比例时，责任方按每欠一吨 {callOff.shortfallPerTonne} 补偿对方。补偿由双方依本条自行结算，平台记录兑现情况但不自动划款。',
      en: "At least {callOff.monthBasisPoints} of each month's and {callOff.quarterBasisPoints} of each quarter's quantity is fulfilled. Below that the party at fault pays {callOff.shortfallPerTonne} for each tonne short. The parties settle this between themselves: the exchange records the fulfilment and moves no money for it.",
    },
  ],
};
