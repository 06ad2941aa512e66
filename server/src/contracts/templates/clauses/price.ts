/** The price: fixed, or formed by a published index whose value is frozen into the terms. */
import type { Clause, Negotiation } from '../clause.ts';
import { basisPoints, currency, day, money, text } from '../parameters.ts';

/** The award found the price; only both parties together may move it, and only until it is invoiced. */
const AWARDED: Negotiation = { before: 'nobody', amend: 'result' };
const OPEN: Negotiation = { before: 'either', amend: 'result' };

export const fixedPrice: Clause = {
  id: 'price_fixed',
  version: 1,
  title: { zh: '价格', en: 'Price' },
  appliesTo: ['spot', 'long_term', 'order_book'],
  executedBy: 'exchange',
  parameters: [
    money('pricePerTonne', ['单价', 'Price per tonne'], AWARDED),
    currency('currency', ['币种', 'Currency']),
  ],
  paragraphs: [
    {
      zh: '基准单价为每吨 {pricePerTonne}（币种 {currency}），按合同数量计总价 {total}。最终单价按质量条款调整。',
      en: 'The base price is {pricePerTonne} per tonne (currency {currency}), {total} for the contract quantity. The final price is adjusted by the quality clause.',
    },
  ],
};

export const indexPrice: Clause = {
  id: 'price_index',
  version: 1,
  title: { zh: '指数价格', en: 'Index-linked price' },
  appliesTo: ['spot', 'long_term'],
  executedBy: 'exchange',
  parameters: [
    money('pricePerTonne', ['单价', 'Price per tonne'], AWARDED),
    currency('currency', ['币种', 'Currency']),
    text('index.name', ['指数', 'Index'], 120, OPEN),
    money('index.basePricePerTonne', ['基础价', 'Base price'], AWARDED),
    money('index.base', ['指数基值', 'Index base'], OPEN),
    money('index.value', ['指数值', 'Index value'], OPEN),
    day('index.publishedOn', ['指数发布日', 'Published for'], OPEN),
    basisPoints('index.passThroughBasisPoints', ['联动比例', 'Pass-through'], [0, 20_000], OPEN),
    money('index.floorPerTonne', ['下限价', 'Floor'], OPEN),
    money('index.capPerTonne', ['上限价', 'Cap'], OPEN),
  ],
  paragraphs: [
    {
      zh: '单价 = 基础价 {index.basePricePerTonne} + {index.passThroughBasisPoints} ×（指数值 − 指数基值 {index.base}），不低于 {index.floorPerTonne}，不高于 {index.capPerTonne}，四舍五入至最小货币单位。',
      en: 'The price is the base price {index.basePricePerTonne} plus {index.passThroughBasisPoints} of the index value less the index base {index.base}, at least {index.floorPerTonne} and at most {index.capPerTonne}, rounded half up to the minor unit.',
    },
    {
      zh: '采用的指数为{index.name}，{index.publishedOn} 发布值 {index.value}，由此单价为每吨 {pricePerTonne}（币种 {currency}），按合同数量计总价 {total}。此值已固定于本合同；改用其他日期的发布值须签订补充协议，且不晚于最终发票。最终单价按质量条款调整。',
      en: 'The index is {index.name}, published for {index.publishedOn} at {index.value}: the price is {pricePerTonne} per tonne (currency {currency}), {total} for the contract quantity. The value is fixed in this contract; the value of another day takes an amendment, no later than the final invoice. The final price is adjusted by the quality clause.',
    },
  ],
};
