/** The words of the trade, as the exchange uses them: one word, one meaning, in both languages. */
export type Term = { en: string; zh: string; enText: string; zhText: string };
export type Group = { id: string; en: string; zh: string; terms: readonly Term[] };

const term = (en: string, zh: string, enText: string, zhText: string): Term => ({ en, zh, enText, zhText });

export const groups: readonly Group[] = [
  {
    id: 'auction',
    en: 'Auction',
    zh: '竞价',
    terms: [
      term(
        'Bid',
        '出价',
        'A binding offer of price and tonnes in an auction.',
        '竞价中对价格和吨数的有约束力的报价。',
      ),
      term(
        'Bid increment',
        '加价幅度',
        'The least by which a bid must improve on what stands.',
        '出价相对当前价至少要提高的数额。',
      ),
      term(
        'Bid security',
        '保证金',
        'Money held so that a bid may be placed. Released to losers at once, kept from the winner until payment.',
        '出价前冻结的资金。未中标者立即退还，中标者留至付款。',
      ),
      term('Start price', '起拍价', 'Where bidding begins.', '竞价开始的价格。'),
      term('Reserve price', '保留价', 'The lowest price the seller accepts.', '卖方可接受的最低价。'),
      term(
        'Extension',
        '延时',
        'A bid near the close that changes the standing moves the close.',
        '临近结束时改变排名的出价使截止时间后移。',
      ),
      term(
        'Award',
        '中标',
        'The accepted result: who gets how many tonnes, at which price.',
        '确认的结果：谁以什么价格得到多少吨。',
      ),
      term(
        'Pay as bid',
        '按报价成交',
        'Each winner pays the price of its own bid.',
        '每个中标者按自己的出价付款。',
      ),
      term(
        'Allocation',
        '分配',
        'Who gets how much when bids at the last price ask for more than there is.',
        '末位价格的需求超过余量时，各方所得的数量。',
      ),
      term(
        'Rank',
        '排名',
        'The place of a bid: better price first, then earlier arrival.',
        '出价的位次：价格优先，时间优先。',
      ),
    ],
  },
  {
    id: 'quality',
    en: 'Coal quality',
    zh: '煤质',
    terms: [
      term(
        'Basis',
        '基准',
        'What a percentage refers to: as received (ar), air dried (ad), dry (d), dry ash free (daf).',
        '指标所依据的状态：收到基 (ar)、空气干燥基 (ad)、干燥基 (d)、干燥无灰基 (daf)。',
      ),
      term(
        'Calorific value',
        '发热量',
        'Heat in a kilogram of coal. Gross (higher) or net (lower), always with its basis: GAR, NAR.',
        '每千克煤的热量。高位或低位，并始终注明基准，如收到基低位 Qnet,ar。',
      ),
      term(
        'Total moisture',
        '全水分 Mt',
        'All water in the coal as delivered, per cent by mass.',
        '到货煤中全部水分的质量百分数。',
      ),
      term(
        'Inherent moisture',
        '内水 Mad',
        'Water that stays after drying in air.',
        '空气干燥后仍存留的水分。',
      ),
      term('Ash', '灰分 A', 'What is left after burning.', '燃烧后的残渣。'),
      term(
        'Volatile matter',
        '挥发分 V',
        'What escapes as gas when heated without air.',
        '隔绝空气加热时逸出的部分。',
      ),
      term('Sulphur', '全硫 St', 'Total sulphur, per cent by mass.', '全硫的质量百分数。'),
      term(
        'Hardgrove index',
        '哈氏可磨性指数 HGI',
        'How easily coal is ground; higher is easier.',
        '煤的易磨程度，数值越高越易磨。',
      ),
      term(
        'Rejection limit',
        '拒收限',
        'Outside it the buyer may refuse the coal.',
        '超出此限买方可以拒收。',
      ),
      term(
        'Certificate of analysis',
        '化验报告',
        'The laboratory’s result that fixes the quality.',
        '确定煤质的化验室结果。',
      ),
      term(
        'Referee sample',
        '仲裁样',
        'The third part of the sample, kept for the case that a result is challenged.',
        '样品的第三份，供有异议时裁定。',
      ),
    ],
  },
  {
    id: 'delivery',
    en: 'Delivery',
    zh: '交收',
    terms: [
      term(
        'Delivery term',
        '交货方式',
        'Who carries cost and risk to which named place: ex mine, FOB, CIF …',
        '由谁将货物运至指定地点并承担费用和风险：坑口、FOB、CIF 等。',
      ),
      term(
        'Delivery order',
        '提货单',
        'Permission to lift a quantity from a place by a date.',
        '在某日之前于某地提取一定数量的许可。',
      ),
      term('Lifting', '提货', 'The buyer takes the coal away.', '买方将煤运走。'),
      term(
        'Pickup pass',
        '提货凭证',
        'The QR code that a driver shows at the gate.',
        '司机在门口出示的二维码。',
      ),
      term(
        'Weighbridge ticket',
        '过磅单',
        'Gross, tare and net weight of a vehicle, with time.',
        '车辆的毛重、皮重、净重及时间。',
      ),
      term('Lapsed quantity', '逾期未提量', 'What was not lifted in time.', '未按期提取的数量。'),
    ],
  },
  {
    id: 'contract',
    en: 'Contract and money',
    zh: '合同与资金',
    terms: [
      term(
        'Contract',
        '合同',
        'The legal sale agreement, a signed PDF in Chinese and English.',
        '具有法律效力的买卖协议，中英文签名 PDF。',
      ),
      term(
        'Signing key',
        '签名密钥',
        'Made in your browser and never given away. What it signs binds the company.',
        '在您的浏览器中生成、从不外传。其签名对企业有约束力。',
      ),
      term(
        'Certificate',
        '数字证书',
        'The centre’s statement which company and person a key belongs to.',
        '交易中心对密钥归属企业和人员的证明。',
      ),
      term(
        'Escrow',
        '监管资金',
        'The buyer’s money, kept by the bank until the trade is settled.',
        '结算之前由银行监管的买方资金。',
      ),
      term(
        'Provisional invoice',
        '预付发票',
        'Contract price times the tonnes ordered.',
        '合同价乘以订购吨数。',
      ),
      term(
        'Price adjustment',
        '质量调价',
        'Bonus or deduction by the quality clause, from the analysis.',
        '按质量条款依化验结果的奖惩。',
      ),
      term(
        'Final invoice',
        '最终发票',
        'Adjusted price times the tonnes weighed.',
        '调整后价格乘以过磅吨数。',
      ),
      term(
        'Journal',
        '日志',
        'The exchange’s record of everything that counts, each entry chained to the one before.',
        '交易所对一切有效事项的记录，逐条相链。',
      ),
    ],
  },
];
