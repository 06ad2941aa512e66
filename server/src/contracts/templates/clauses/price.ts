/** The price: fixed, formed by a published index whose value is frozen into the terms, or by a frozen formula. */
import { FORMULA_LIMITS } from '@seam/coal';
import { Type } from 'typebox';
import type { Clause, Negotiation } from '../clause.ts';
import { basisPoints, currency, day, line, money, structured, text } from '../parameters.ts';

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

/** More quotations than any averaging period of a contract that was seen: three months of trading days. */
export const QUOTATIONS_IN_TERMS_MAX = 66;
const exact = { additionalProperties: false };
const names = Type.Array(line(FORMULA_LIMITS.nameCharacters), { maxItems: 16 });

const frozenFormula = Type.Object(
  {
    schema: Type.Literal('seam.price-formula.1'),
    expression: line(FORMULA_LIMITS.characters),
    indices: names,
    parameters: Type.Array(line(1), { maxItems: 0 }),
    hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  },
  exact,
);
const quotation = Type.Object(
  {
    index: line(FORMULA_LIMITS.nameCharacters),
    date: Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' }),
    value: Type.String({ pattern: '^-?(0|[1-9][0-9]{0,11})(\\.[0-9]{1,6})?$' }),
    source: line(120),
  },
  exact,
);

export const formulaPrice: Clause = {
  id: 'price_formula',
  version: 1,
  title: { zh: '公式价格', en: 'Price by formula' },
  appliesTo: ['spot', 'long_term'],
  executedBy: 'exchange',
  parameters: [
    money('pricePerTonne', ['单价', 'Price per tonne'], AWARDED),
    currency('currency', ['币种', 'Currency']),
    structured('formula.frozen', ['价格公式', 'Price formula'], 'formula', frozenFormula),
    text('formula.typed', ['公式原文', 'Formula as written'], FORMULA_LIMITS.characters),
    structured(
      'formula.quotations',
      ['采用的报价', 'Quotations used'],
      'quotations',
      Type.Array(quotation, { maxItems: QUOTATIONS_IN_TERMS_MAX }),
      OPEN,
    ),
  ],
  paragraphs: [
    {
      zh: '单价按下列公式计算：{formula.frozen}。双方书写的原文为 {formula.typed}。公式结果为每吨金额（{currency}），四舍五入一次至最小货币单位。',
      en: 'The price follows this formula: {formula.frozen}. The parties wrote it as {formula.typed}. Its result is an amount of {currency} per tonne, rounded once, half up, to the minor unit.',
    },
    {
      zh: '采用的报价：{formula.quotations}。由此单价为每吨 {pricePerTonne}，按合同数量计总价 {total}。公式与报价已固定于本合同；改用其他日期的报价须签订补充协议，且不晚于最终发票。最终单价按质量条款调整。',
      en: 'Quotations used: {formula.quotations}. The price is {pricePerTonne} per tonne, {total} for the contract quantity. Formula and quotations are fixed in this contract; quotations of other days take an amendment, no later than the final invoice. The final price is adjusted by the quality clause.',
    },
  ],
};
