/** Payment, fees, and what secures the performance. */
import type { Clause } from '../clause.ts';
import { basisPoints, choice, days, money, text } from '../parameters.ts';

const ALL = ['spot', 'long_term', 'order_book'] as const;

export const payment: Clause = {
  id: 'payment',
  version: 1,
  title: { zh: '付款', en: 'Payment' },
  appliesTo: ALL,
  executedBy: 'exchange',
  parameters: [
    // The provisional invoice is written the moment the contract binds: later it cannot change any more.
    basisPoints('payment.provisionalBasisPoints', ['预付比例', 'Provisional share'], [1, 10_000], {
      before: 'either',
      amend: 'never',
    }),
    days('payment.provisionalWithinDays', ['预付期限', 'Paid into escrow within'], [1, 60], {
      before: 'either',
      amend: 'never',
    }),
    days('payment.payoutWithinDays', ['付卖方期限', 'Paid out within'], [1, 30], {
      before: 'nobody',
      amend: 'never',
    }),
    basisPoints('payment.lateBasisPointsPerDay', ['逾期日息', 'Late interest per day'], [0, 100], {
      before: 'either',
      amend: 'end',
    }),
  ],
  paragraphs: [
    {
      zh: '合同生效后 {payment.provisionalWithinDays}内，买方将合同总价的 {payment.provisionalBasisPoints} 存入平台托管账户。最终发票依重量与化验结果开具，差额多退少补；货款于最终发票确认后 {payment.payoutWithinDays}内付至卖方账户。',
      en: 'Within {payment.provisionalWithinDays} of this contract becoming binding the Buyer pays {payment.provisionalBasisPoints} of the contract value into escrow. The final invoice follows weight and analysis, differences are refunded or collected; the Seller is paid within {payment.payoutWithinDays} of its acceptance.',
    },
    {
      zh: '逾期付款的一方按逾期金额每日 {payment.lateBasisPointsPerDay} 向对方支付利息，由双方自行结算，平台不自动划款。',
      en: 'A party in delay pays the other {payment.lateBasisPointsPerDay} of the overdue amount for each day; the parties settle this between themselves, the exchange moves no money for it.',
    },
  ],
};

/** As the first, and what leaves the gate is paid for in part before the final invoice. */
export const paymentByTruck: Clause = {
  ...payment,
  version: 2,
  parameters: [
    ...payment.parameters,
    // Frozen with the settlement, which opens the moment the contract binds.
    basisPoints('payment.releaseBasisPoints', ['出矿付款比例', 'Released at the gate'], [0, 8500], {
      before: 'either',
      amend: 'never',
    }),
  ],
  paragraphs: [
    {
      zh: '合同生效后 {payment.provisionalWithinDays}内，买方将合同总价的 {payment.provisionalBasisPoints} 存入平台托管账户。',
      en: 'Within {payment.provisionalWithinDays} of this contract becoming binding the Buyer pays {payment.provisionalBasisPoints} of the contract value into escrow.',
    },
    {
      zh: '每车出矿过磅后，平台按净重与合同单价计算货值，将其中的 {payment.releaseBasisPoints} 自托管账户付给卖方；累计不超过托管金额的同一比例。',
      en: 'When a truck has been weighed out, {payment.releaseBasisPoints} of its net weight at the contract price is released from escrow to the Seller; in all no more than that share of what was paid in.',
    },
    {
      zh: '最终发票依重量与化验结果开具，差额多退少补；其余货款于最终发票确认后 {payment.payoutWithinDays}内付至卖方账户。已付金额超过最终金额的，卖方退还超出部分。',
      en: 'The final invoice follows weight and analysis, differences are refunded or collected; the rest is paid to the Seller within {payment.payoutWithinDays} of its acceptance. Where more was released than the final amount, the Seller pays the difference back.',
    },
    payment.paragraphs[1]!,
  ],
};

export const fees: Clause = {
  id: 'fees',
  version: 1,
  title: { zh: '交易服务费', en: 'Exchange fee' },
  appliesTo: ALL,
  executedBy: 'exchange',
  parameters: [
    basisPoints('fees.exchangeFeeBasisPoints', ['服务费率', 'Exchange fee'], [0, 1000]),
    basisPoints('fees.taxOnFeeBasisPoints', ['服务费税率', 'Tax on the fee'], [0, 3000]),
  ],
  paragraphs: [
    {
      zh: '交易服务费为最终金额的 {fees.exchangeFeeBasisPoints}，由卖方承担，另按服务费的 {fees.taxOnFeeBasisPoints} 加税。',
      en: 'The exchange fee is {fees.exchangeFeeBasisPoints} of the final amount, borne by the Seller, plus tax of {fees.taxOnFeeBasisPoints} on the fee.',
    },
  ],
};

/** As a rule of the exchange says it when the contract is issued. */
export const feesByRule: Clause = {
  ...fees,
  version: 2,
  parameters: [
    ...fees.parameters,
    money('fees.perTonne', ['每吨服务费', 'Fee per tonne']),
    money('fees.minimum', ['最低服务费', 'Least fee']),
    money('fees.maximum', ['最高服务费', 'Most fee']),
    choice('fees.paidBy', ['承担方', 'Borne by'], {
      seller: { zh: '卖方', en: 'the Seller' },
      buyer: { zh: '买方', en: 'the Buyer' },
    }),
    text('fees.rule', ['收费规则', 'Fee rule'], 450),
  ],
  paragraphs: [
    {
      zh: '交易服务费为最终金额的 {fees.exchangeFeeBasisPoints}，另按最终重量每吨 {fees.perTonne}；最低 {fees.minimum}，最高 {fees.maximum}（为 0 时不设上限），且不超过最终金额的十分之一。服务费由{fees.paidBy}承担，另按服务费的 {fees.taxOnFeeBasisPoints} 加税。',
      en: 'The exchange fee is {fees.exchangeFeeBasisPoints} of the final amount and {fees.perTonne} for each tonne of the final weight, at least {fees.minimum}, at most {fees.maximum} (0.00: no such limit) and never more than a tenth of the final amount. It is borne by {fees.paidBy}, plus tax of {fees.taxOnFeeBasisPoints} on the fee.',
    },
    {
      zh: '本条依据合同出具时有效的收费规则（{fees.rule}）；规则其后的变更不影响本合同。',
      en: 'This follows the fee rule in force when this contract was issued ({fees.rule}); a later change of the rule does not touch this contract.',
    },
  ],
};

export const security: Clause = {
  id: 'security',
  version: 1,
  title: { zh: '履约保证', en: 'Security of performance' },
  appliesTo: ALL,
  executedBy: 'exchange',
  parameters: [days('security.returnWithinDays', ['退还期限', 'Returned within'], [1, 30])],
  paragraphs: [
    {
      zh: '成交时已冻结的竞价保证金转为本合同的履约保证金，在平台账户保管，最终结算后 {security.returnWithinDays}内退还。',
      en: 'Bid security held when the sale was made becomes security of performance for this contract, is kept on account at the exchange, and is returned within {security.returnWithinDays} of final settlement.',
    },
  ],
};

export const bond: Clause = {
  id: 'bond',
  version: 1,
  title: { zh: '履约保函', en: 'Performance bond' },
  appliesTo: ['long_term'],
  executedBy: 'parties',
  parameters: [
    money('bond.perTonne', ['每吨保证金', 'Bond per tonne'], { before: 'either', amend: 'end' }),
    days('bond.withinDays', ['提供期限', 'Provided within'], [1, 60], { before: 'either', amend: 'end' }),
  ],
  paragraphs: [
    {
      zh: '合同生效后 {bond.withinDays}内，双方各向对方提供按合同数量每吨 {bond.perTonne} 计的履约保函，履约完毕后退还或转入下一份合同。保函由双方自行办理，平台不代为保管。',
      en: 'Within {bond.withinDays} of this contract becoming binding each party gives the other a performance bond of {bond.perTonne} per tonne of the contract quantity, returned on performance or carried over to the next contract. The parties arrange the bond themselves; the exchange does not keep it.',
    },
  ],
};
