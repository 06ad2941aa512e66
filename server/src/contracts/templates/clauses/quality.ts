/** How certified quality changes the price and the weight, and what may be refused; and who certifies it. */
import { Type } from 'typebox';
import type { Clause, Negotiation } from '../clause.ts';
import { choice, days, integer, structured } from '../parameters.ts';

const ALL = ['spot', 'long_term', 'order_book'] as const;
const UNTIL_RESULT: Negotiation = { before: 'either', amend: 'result' };

export const quality: Clause = {
  id: 'quality',
  version: 1,
  title: { zh: '价格与数量的质量调整及拒收', en: 'Adjustment by quality, and refusal' },
  appliesTo: ALL,
  executedBy: 'exchange',
  parameters: [
    // Read by the parser of quality clauses, which settlement uses too.
    structured('quality', ['质量调整规则', 'Rules of adjustment'], 'quality', Type.Object({}), UNTIL_RESULT),
  ],
  paragraphs: [
    { zh: '{quality}', en: '{quality}' },
    {
      zh: '同级规则以上一级调整后的单价为基数。重量精确到千克，化验值按证书所列，单价仅在最后四舍五入一次至最小货币单位，金额再四舍五入一次。',
      en: 'Rules of one stage are reckoned on the price left by the stages before. Weight counts to the kilogram, laboratory values as certified; the unit price is rounded once, half up, to the minor unit, and the amount once.',
    },
    {
      zh: '超过拒收限的货物，买方可拒收；双方另行商定价格或由交易中心裁决之前不结算。',
      en: 'A delivery beyond a limit of refusal may be refused by the Buyer; nothing is settled until both agree on a price or the Centre decides.',
    },
  ],
};

export const inspection: Clause = {
  id: 'inspection',
  version: 1,
  title: { zh: '采样、化验与仲裁', en: 'Sampling, analysis and umpire' },
  appliesTo: ALL,
  executedBy: 'exchange',
  parameters: [
    choice(
      'inspection.samplingPlace',
      ['采样地', 'Place of sampling'],
      {
        loading: { zh: '装货地', en: 'loading' },
        discharge: { zh: '卸货地', en: 'discharge' },
      },
      UNTIL_RESULT,
    ),
    days('inspection.challengeDays', ['异议期', 'Challenge period'], [1, 30], UNTIL_RESULT),
    days('inspection.reserveSampleDays', ['留样期', 'Reserve sample kept'], [7, 365], UNTIL_RESULT),
    integer(
      'inspection.reproducibilityJoulesPerGram',
      ['再现性临界差', 'Reproducibility'],
      [0, 2000],
      UNTIL_RESULT,
    ),
  ],
  paragraphs: [
    {
      zh: '由双方认可的第三方机构在{inspection.samplingPlace}采样、制样并封存留样，留样保存 {inspection.reserveSampleDays}。其化验证书在平台登记后为结算依据。',
      en: 'An independent laboratory accepted by both samples at {inspection.samplingPlace}, prepares the samples and seals a reserve sample, kept for {inspection.reserveSampleDays}. Its certificate, once recorded on the exchange, is what settlement rests on.',
    },
    {
      zh: '任何一方可在结果公布后 {inspection.challengeDays}内提出异议。双方结果按干基发热量比较，相差不超过 {inspection.reproducibilityJoulesPerGram} J/g 的，以卖方结果为准；超过的，由仲裁机构化验留样，取三个结果中最接近的两个的平均值，两差相等时以仲裁结果为准；费用由与仲裁结果相差较大的一方承担。',
      en: "Either party may challenge a result within {inspection.challengeDays} of its publication. Both results are compared by heat on the dry basis: within {inspection.reproducibilityJoulesPerGram} J/g the Seller's stands. Beyond it an umpire laboratory tests the reserve sample, and the mean of the two closest of the three results is final, or the umpire's where both are equally close; the party further from the umpire pays for it.",
    },
  ],
};
