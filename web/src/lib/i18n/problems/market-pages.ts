import type { PageProblemTexts } from '../problem-texts.ts';

/** Codes of the fields of market forms. */
export const problems: PageProblemTexts = {
  en: {
    calls_only: 'Only a call auction has this.',
    invalid: 'This is not valid.',
    unknown: 'The exchange does not know this.',
    not_yours: 'This lot is not yours.',
    not_on_market: 'This lot is no longer on offer.',
    currency: 'This lot is priced in another currency.',
    delivery_term: 'This lot is offered on another delivery term.',
    quantity: 'Not enough of this lot is left.',
  },
  zh: {
    calls_only: '仅集合竞价可设。',
    invalid: '内容无效。',
    unknown: '交易所中没有此项。',
    not_yours: '该标的不属于贵公司。',
    not_on_market: '该标的已不在售。',
    currency: '该标的币种不同。',
    delivery_term: '该标的交货方式不同。',
    quantity: '该标的余量不足。',
  },
};
