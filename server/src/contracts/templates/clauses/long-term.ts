/** A quantity called off month by month, and a price that is found for each call-off: carried out by the exchange. */
import { Type } from 'typebox';
import type { Clause, Negotiation } from '../clause.ts';
import { basisPoints, choice, currency, days, integer, line, money, structured } from '../parameters.ts';

/** Once it binds, months move by an agreement of both that the exchange records; the rest stays as signed. */
const OPEN: Negotiation = { before: 'either', amend: 'never' };
const AWARDED: Negotiation = { before: 'nobody', amend: 'never' };

const MONTH = Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])$' });
const exact = { additionalProperties: false };

export const callOffByExchange: Clause = {
  id: 'call_off',
  version: 2,
  title: { zh: '分月提货与兑现', en: 'Monthly call-off and fulfilment' },
  appliesTo: ['long_term'],
  executedBy: 'exchange',
  parameters: [
    structured(
      'callOff.months',
      ['分月数量', 'Monthly quantities'],
      'months',
      Type.Array(
        Type.Object({ month: MONTH, kg: Type.String({ pattern: '^(0|[1-9][0-9]{0,14})$' }) }, exact),
        {
          minItems: 1,
          maxItems: 36,
        },
      ),
      OPEN,
    ),
    choice(
      'callOff.window',
      ['提货窗口', 'Window of a call-off'],
      {
        month: { zh: '提货期不得超出当月', en: 'lies within one month' },
        rolling: {
          zh: '提货期最长 31 日，可跨月，计入首日所在月',
          en: 'is at most 31 days long, may cross into the next month, and counts for the month of its first day',
        },
      },
      OPEN,
    ),
    days('callOff.nominationDays', ['提前申报', 'Notice of a call-off'], [1, 60], OPEN),
    days('callOff.answerDays', ['答复期', 'Answer to a call-off'], [1, 30], OPEN),
    choice(
      'callOff.silence',
      ['逾期未答复', 'Silence'],
      { confirms: { zh: '视为确认', en: 'confirms it' }, declines: { zh: '视为拒绝', en: 'declines it' } },
      OPEN,
    ),
    choice(
      'callOff.carryOver',
      ['结转', 'Carry-over'],
      {
        none: { zh: '不结转', en: 'does not carry over' },
        quarter: { zh: '可在同一季度内结转', en: 'carries over within its calendar quarter' },
        contract: { zh: '可结转至合同期满', en: 'carries over until the contract ends' },
      },
      OPEN,
    ),
    basisPoints('callOff.monthBasisPoints', ['月兑现率', 'Monthly fulfilment'], [0, 10_000], OPEN),
    basisPoints('callOff.quarterBasisPoints', ['季兑现率', 'Quarterly fulfilment'], [0, 10_000], OPEN),
    basisPoints('callOff.yearBasisPoints', ['年兑现率', 'Yearly fulfilment'], [0, 10_000], OPEN),
    money('callOff.shortfallPerTonne', ['欠量补偿', 'Shortfall per tonne'], OPEN),
    days('callOff.objectionDays', ['异议期', 'Objection to a shortfall'], [1, 60], OPEN),
  ],
  paragraphs: [
    {
      zh: '合同数量分月安排：{callOff.months}。经双方在平台上同意，数量可在尚未结束的月份之间调整，合同总量不变。',
      en: 'The quantity is split by month: {callOff.months}. Both parties may move quantity between months that have not ended, by an agreement recorded on the exchange; the total stays.',
    },
    {
      zh: '买方至少提前 {callOff.nominationDays}在平台申报提货；每次提货{callOff.window}。卖方在 {callOff.answerDays}内确认，或说明理由后拒绝；逾期{callOff.silence}。当月未申报的数量{callOff.carryOver}。',
      en: 'The Buyer calls off on the exchange at least {callOff.nominationDays} ahead; a call-off {callOff.window}. The Seller confirms it, or declines it with a reason, within {callOff.answerDays}; silence {callOff.silence}. What is not called off in a month {callOff.carryOver}.',
    },
    {
      zh: '每次确认的提货由平台单独开具预付发票、提货单和最终发票。',
      en: 'Each confirmed call-off has its own provisional invoice, delivery order and final invoice.',
    },
    {
      zh: '任何一方在每个日历月须履行不低于 {callOff.monthBasisPoints}，每个日历季度不低于 {callOff.quarterBasisPoints}，每个日历年不低于 {callOff.yearBasisPoints}。卖方对其拒绝或未供应的数量负责，买方对其余未提数量负责；经对方或交易中心认可的不可抗力数量不计。任何一方低于该比例时，就其全部欠量按每吨 {callOff.shortfallPerTonne} 补偿对方；已按月支付的抵减当季，已按月、按季支付的抵减当年。',
      en: 'Either party fulfils at least {callOff.monthBasisPoints} of each calendar month, {callOff.quarterBasisPoints} of each calendar quarter and {callOff.yearBasisPoints} of each calendar year. The Seller answers for what it declined or did not supply, the Buyer for the rest that was not taken; what force majeure prevented, as the other party or the Centre has accepted, does not count. A party below the share pays the other {callOff.shortfallPerTonne} for each tonne of its whole shortfall; what was owed for months counts towards their quarter, and for months and quarters towards their year.',
    },
    {
      zh: '期末由平台通知欠量补偿；责任方可在 {callOff.objectionDays}内提出异议，由交易中心决定。无异议的补偿到期由平台从其可用资金划付。',
      en: 'The exchange gives notice of a shortfall when its period has ended. The party owing it may object within {callOff.objectionDays}, and the Centre decides. Without an objection it falls due and is paid from free money on the exchange.',
    },
  ],
};

export const stepPrice: Clause = {
  id: 'price_steps',
  version: 1,
  title: { zh: '分期价格', en: 'Price by period' },
  appliesTo: ['long_term'],
  executedBy: 'exchange',
  parameters: [
    money('pricePerTonne', ['首期单价', 'First price per tonne'], AWARDED),
    currency('currency', ['币种', 'Currency']),
    structured(
      'priceSteps',
      ['各期单价', 'Prices by period'],
      'steps',
      Type.Array(
        Type.Object({ from: MONTH, pricePerTonne: Type.String({ pattern: '^[1-9][0-9]{0,14}$' }) }, exact),
        { minItems: 1, maxItems: 36 },
      ),
      OPEN,
    ),
  ],
  paragraphs: [
    {
      zh: '首期单价为每吨 {pricePerTonne}（币种 {currency}），按合同数量计 {total}。各次提货按其所属月份适用：{priceSteps}。最终单价按质量条款调整。',
      en: 'The first price is {pricePerTonne} per tonne (currency {currency}), {total} for the contract quantity. A call-off is priced by its month: {priceSteps}. The final price is adjusted by the quality clause.',
    },
  ],
};

export const laterPrice: Clause = {
  id: 'price_later',
  version: 1,
  title: { zh: '后点价', en: 'Price fixed later' },
  appliesTo: ['long_term'],
  executedBy: 'exchange',
  parameters: [
    money('pricePerTonne', ['基础价', 'Base price per tonne'], AWARDED),
    currency('currency', ['币种', 'Currency']),
    // Read back by the parser of formulas: text, words and hash.
    structured('priceLater.formula', ['公式', 'Formula'], 'formula', Type.Object({}), OPEN),
    structured(
      'priceLater.series',
      ['指数', 'Indices'],
      'series',
      Type.Array(
        Type.Object(
          {
            name: Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_]{0,39}$' }),
            seriesId: Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{1,39}$' }),
            title: line(120),
            unit: line(40),
          },
          exact,
        ),
        { minItems: 1, maxItems: 6 },
      ),
      OPEN,
    ),
    integer('priceLater.lagMonths', ['指数月份滞后', 'Months of lag'], [0, 6], OPEN),
  ],
  paragraphs: [
    {
      zh: '每次提货的单价（{currency}/吨，四舍五入至最小货币单位）= {priceLater.formula}，其中 base 为基础价 {pricePerTonne}，按合同数量计 {total}；{priceLater.series}。',
      en: 'The price of a call-off ({currency} per tonne, rounded half up to the minor unit) is {priceLater.formula}, where base is the base price {pricePerTonne}, {total} for the contract quantity; {priceLater.series}.',
    },
    {
      zh: '采用提货所属月份之前第 {priceLater.lagMonths} 个月、且在提货首日之前发布的指数值；发布后单价即固定。指数事后更正不改变已固定的单价，差额另行列示并结算。最终单价按质量条款调整。',
      en: 'The indices are those for the month {priceLater.lagMonths} months before the month of the call-off, published before its first day; with them the price is fixed. A later correction of an index does not change a price once fixed: the difference is shown and settled on its own. The final price is adjusted by the quality clause.',
    },
  ],
};
