/** Force majeure, disputes, and what holds for every contract of the exchange. */
import type { Clause, Negotiation } from '../clause.ts';
import { choice, days, text } from '../parameters.ts';

const ALL = ['spot', 'long_term', 'order_book'] as const;
const ANY_TIME: Negotiation = { before: 'either', amend: 'end' };

export const forceMajeure: Clause = {
  id: 'force_majeure',
  version: 1,
  title: { zh: '不可抗力', en: 'Force majeure' },
  appliesTo: ALL,
  executedBy: 'parties',
  parameters: [
    days('forceMajeure.noticeDays', ['通知期限', 'Notice within'], [1, 30], ANY_TIME),
    days('forceMajeure.terminateAfterDays', ['可解除期限', 'Termination after'], [10, 365], ANY_TIME),
  ],
  paragraphs: [
    {
      zh: '因不能预见、不能避免且不能克服的事件不能履行义务的一方，应在事件发生后 {forceMajeure.noticeDays}内通知对方并提供证明，相关义务在事件持续期间中止。',
      en: 'A party kept from a duty by an event that it could neither foresee, avoid nor overcome tells the other within {forceMajeure.noticeDays} and proves it; the duty is suspended while the event lasts.',
    },
    {
      zh: '事件持续超过 {forceMajeure.terminateAfterDays}的，任何一方可就未履行部分解除合同。',
      en: 'After {forceMajeure.terminateAfterDays} of it either party may end the contract for what is not yet performed.',
    },
  ],
};

export const disputes: Clause = {
  id: 'disputes',
  version: 1,
  title: { zh: '争议与适用法律', en: 'Disputes and governing law' },
  appliesTo: ALL,
  executedBy: 'parties',
  parameters: [
    days('disputes.mediationDays', ['调解期', 'Mediation'], [1, 90], ANY_TIME),
    choice(
      'disputes.institution',
      ['仲裁机构', 'Arbitration'],
      {
        cietac: {
          zh: '中国国际经济贸易仲裁委员会',
          en: 'China International Economic and Trade Arbitration Commission',
        },
        hkiac: { zh: '香港国际仲裁中心', en: 'Hong Kong International Arbitration Centre' },
        siac: { zh: '新加坡国际仲裁中心', en: 'Singapore International Arbitration Centre' },
        lcia: { zh: '伦敦国际仲裁院', en: 'London Court of International Arbitration' },
      },
      ANY_TIME,
    ),
    text('disputes.seat', ['仲裁地', 'Seat'], 80, ANY_TIME),
    choice(
      'disputes.governingLaw',
      ['适用法律', 'Governing law'],
      {
        cn: { zh: '中华人民共和国法律', en: "the law of the People's Republic of China" },
        hk: { zh: '香港特别行政区法律', en: 'the law of the Hong Kong Special Administrative Region' },
        sg: { zh: '新加坡法律', en: 'the law of Singapore' },
        en: { zh: '英格兰和威尔士法律', en: 'the law of England and Wales' },
        in: { zh: '印度法律', en: 'the law of India' },
      },
      ANY_TIME,
    ),
  ],
  paragraphs: [
    {
      zh: '因本合同产生的争议先由交易中心调解；{disputes.mediationDays}内调解不成的，提交{disputes.institution}仲裁，仲裁地为 {disputes.seat}，裁决为终局。',
      en: 'Disputes under this contract go to mediation by the Centre; what is not resolved in {disputes.mediationDays} goes to arbitration at the {disputes.institution}, seat {disputes.seat}, whose award is final.',
    },
    {
      zh: '本合同适用{disputes.governingLaw}。',
      en: 'This contract is governed by {disputes.governingLaw}.',
    },
  ],
};

export const orderBook: Clause = {
  id: 'order_book',
  version: 1,
  title: { zh: '连续交易规则', en: 'Rules of the order book' },
  appliesTo: ['order_book'],
  executedBy: 'exchange',
  parameters: [],
  paragraphs: [
    {
      zh: '本合同由撮合成交形成，价格与数量以平台日志记录为准；卖方所指定货源须符合该标准品种的规格。',
      en: 'This contract was made by matching; price and quantity are those in the journal of the exchange. The lot nominated by the Seller meets the specification of the standard product.',
    },
  ],
};

export const general: Clause = {
  id: 'general',
  version: 1,
  title: { zh: '一般条款', en: 'General terms' },
  appliesTo: ALL,
  executedBy: 'exchange',
  parameters: [
    days('general.signWithinDays', ['签署期限', 'Signed within'], [1, 30]),
    choice(
      'general.language',
      ['文本效力', 'Language'],
      {
        equal: { zh: '中英文文本具有同等效力', en: 'both languages are equally authentic' },
        zh: {
          zh: '中英文文本不一致时以中文为准',
          en: 'the Chinese text prevails where the languages differ',
        },
        en: {
          zh: '中英文文本不一致时以英文为准',
          en: 'the English text prevails where the languages differ',
        },
      },
      ANY_TIME,
    ),
  ],
  paragraphs: [
    {
      zh: '本合同由卖方、买方和交易中心依次以各自持有的数字证书签署，三方签名均验证有效并归档后生效；自签发起 {general.signWithinDays}内未签署完毕的，由交易中心处理。',
      en: 'This contract is signed in sequence by the Seller, the Buyer and the Centre, each with its own certificate, and binds once all three signatures verify and are filed; if it is not signed within {general.signWithinDays} of issue the Centre decides.',
    },
    {
      zh: '本合同及其附件构成双方就此交易的全部约定；变更须以同样方式签署编号的补充协议。{general.language}。',
      en: 'This contract with its attachment is all that the parties agreed on this sale; a change takes a numbered amendment signed in the same way. For the wording, {general.language}.',
    },
  ],
};
