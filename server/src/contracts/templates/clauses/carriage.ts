/** What the way may lose, how long wagons and ships may be held, and what is owed for less than was agreed. */
import type { Clause, Negotiation } from '../clause.ts';
import { basisPoints, choice, days, integer, mass, money } from '../parameters.ts';

/** What is owed is computed from facts that come about after signing: nobody moves it then. */
const OPEN: Negotiation = { before: 'either', amend: 'never' };

export const carriage: Clause = {
  id: 'carriage',
  version: 1,
  title: { zh: '运输单据、途耗与滞期', en: 'Transport documents, loss and demurrage' },
  appliesTo: ['spot', 'long_term', 'order_book'],
  executedBy: 'exchange',
  parameters: [
    days('carriage.objectionDays', ['单据异议期', 'Objection to a document'], [1, 30], OPEN),
    basisPoints('carriage.lossBasisPoints', ['允许途耗', 'Loss allowed on the way'], [0, 10_000], OPEN),
    mass('carriage.laytimeKgPerHour', ['装卸速率（每小时）', 'Handling an hour'], OPEN),
    integer('carriage.laytimeExtraHours', ['另加小时数', 'Further hours'], [0, 240], OPEN),
    integer('carriage.firstDays', ['首档天数', 'Days of the first rate'], [0, 60], OPEN),
    money('carriage.firstPerDay', ['首档每日滞期费', 'First rate a day'], OPEN),
    integer('carriage.secondDays', ['次档天数', 'Days of the second rate'], [0, 60], OPEN),
    money('carriage.secondPerDay', ['次档每日滞期费', 'Second rate a day'], OPEN),
    money('carriage.thenPerDay', ['其后每日滞期费', 'Rate a day after that'], OPEN),
  ],
  paragraphs: [
    {
      zh: '运输单据在平台登记：装货端单据（货票、提单、水尺计重、装卸时间事实记录）由卖方登记，卸货端单据由买方登记，承运人或检验人的单据亦可由交易中心代其登记。对方可在 {carriage.objectionDays}内提出异议，逾期未提视为确认。单据只能以新版本更正。',
      en: 'Transport documents are entered on the exchange: those of loading (rail receipts, bills of lading, draft surveys, statements of facts) by the Seller, those of discharge by the Buyer; the Centre may enter those of a carrier or surveyor for them. The other party may object within {carriage.objectionDays}; without an objection a document stands. A document is corrected only by a new version of it.',
    },
    {
      zh: '途耗不超过装货重量的 {carriage.lossBasisPoints}。最终重量以装货端为准时，卸货短少超出该比例的部分，由卖方按合同单价补偿买方。',
      en: 'Up to {carriage.lossBasisPoints} of the loaded weight may be lost on the way. Where weight is final at loading, the Seller pays the Buyer the contract price for what is missing at discharge beyond that.',
    },
    {
      zh: '装卸速率为每小时 {carriage.laytimeKgPerHour}，另加 {carriage.laytimeExtraHours} 小时。超出的时间扣除事实记录所载除外时间后按分钟折算：首 {carriage.firstDays} 日每日 {carriage.firstPerDay}，次 {carriage.secondDays} 日每日 {carriage.secondPerDay}，其后每日 {carriage.thenPerDay}。装货端由卖方付给买方，卸货端由买方付给卖方。',
      en: 'Wagons and ships are loaded and discharged at {carriage.laytimeKgPerHour} an hour, plus {carriage.laytimeExtraHours} hours. Time beyond that, counted to the minute without what the statement of facts excepts, costs {carriage.firstPerDay} a day for the first {carriage.firstDays} days, {carriage.secondPerDay} a day for the next {carriage.secondDays} days and {carriage.thenPerDay} a day after that, parts of a day in proportion. At loading the Seller pays it to the Buyer, at discharge the Buyer to the Seller.',
    },
    {
      zh: '上述款项由平台依据成立的单据计算，并附计算过程通知双方；应付方可在同一异议期内提出异议，由交易中心决定。无异议的款项到期由平台从其可用资金划付。',
      en: 'The exchange computes these sums from the documents that stand and gives both parties notice with the calculation. The party owing one may object within the same time, and the Centre decides. Without an objection it falls due and is paid from free money on the exchange.',
    },
  ],
};

export const fulfilment: Clause = {
  id: 'fulfilment',
  version: 1,
  title: { zh: '兑现率', en: 'Fulfilment' },
  appliesTo: ['spot', 'order_book'],
  executedBy: 'exchange',
  parameters: [
    basisPoints('fulfilment.thresholdBasisPoints', ['兑现率', 'Fulfilment'], [0, 10_000], OPEN),
    choice(
      'fulfilment.answeredBy',
      ['责任方', 'Who answers for it'],
      { buyer: { zh: '买方', en: 'Buyer' }, seller: { zh: '卖方', en: 'Seller' } },
      OPEN,
    ),
    money('fulfilment.perTonne', ['欠量补偿', 'Shortfall per tonne'], OPEN),
  ],
  paragraphs: [
    {
      zh: '交货结束时，交付数量低于合同数量的 {fulfilment.thresholdBasisPoints} 的，{fulfilment.answeredBy}就全部欠量按每吨 {fulfilment.perTonne} 补偿对方；通知、异议和支付与途耗、滞期款项相同。',
      en: 'If less than {fulfilment.thresholdBasisPoints} of the contract quantity has been delivered when the delivery ends, the {fulfilment.answeredBy} pays the other party {fulfilment.perTonne} for each tonne of the whole shortfall. Notice, objection and payment are those of loss and demurrage.',
    },
  ],
};
