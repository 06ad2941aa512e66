import { dictionary } from '../dictionary.ts';

/** What the auction pages find out by themselves, and the reasons beside the fields of their forms. */
export const problems = dictionary({
  en: {
    'client.not_connected': 'The bid did not leave your computer: there was no connection.',
    'bid.needs_confirmation': 'This price is far above what is needed. Confirm it if it is meant.',
    off_grid: 'This does not fit the step.',
    not_positive: 'This must be more than zero.',
    past: 'This lies in the past.',
    not_after_open: 'The close must come after the opening.',
    out_of_range: 'This is outside the allowed range.',
    insufficient_funds: 'There is not enough free money.',
  },
  zh: {
    'client.not_connected': '当时没有连接，出价未发出。',
    'bid.needs_confirmation': '此价格远高于所需，如确实如此请确认。',
    off_grid: '不符合步长。',
    not_positive: '必须大于零。',
    past: '时间已过。',
    not_after_open: '结束时间必须晚于开始时间。',
    out_of_range: '超出允许范围。',
    insufficient_funds: '可用资金不足。',
  },
});
