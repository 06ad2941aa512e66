import { dictionary } from './dictionary.ts';

/** The ways to find a price: what they are called, when each fits, and what the rules of one will do. */
export const auctionFormats = dictionary({
  en: {
    format: 'Format',
    allFormats: 'All formats',
    english: 'English, rising',
    clock: 'Ascending clock',
    dutch: 'Dutch, falling',
    dutchHybrid: 'Dutch with sealed offers',
    sealedBid: 'Sealed bid',
    reverseRounds: 'Reverse in rounds',
    reverseOpen: 'Reverse, open',
    buying: 'Buying',

    chooseTitle: 'How the price is found',
    chooseText: 'Each way suits another sale. The first is right for most.',
    englishWhen:
      'Bidders outbid each other while everybody watches. For spot coal with several buyers, whole or in parts.',
    clockWhen:
      'You name a price, buyers say how much they take, the price rises round by round until demand fits. One price for all. For yearly and other long-term quantities.',
    dutchWhen:
      'The price falls step by step; whoever accepts, buys at once. For coal that must go quickly, or whose price nobody knows.',
    dutchHybridWhen:
      'The price falls until one buyer takes it; the others may go above under seal, and the first has the last word. For one indivisible lot with few buyers.',
    sealedBidWhen:
      'One bid each, unreadable for everybody until the opening, staff included. For few bidders, or where a bid tells too much.',
    reverseRoundsWhen:
      'Suppliers offer under seal, then take turns to improve, the best one last. For tenders in which everybody shall have the same chances to answer.',
    reverseOpenWhen:
      'Suppliers undercut each other until nobody does. For standard needs with many suppliers.',

    describeTitle: 'What these rules will do',
    describeText: 'Follows what you type. These sentences are also shown to bidders.',

    opensNow: 'Opens as soon as the market has it.',
    opensAt: 'Opens {at}.',
    closesPlanned: 'Closes {at}.',
    softWindow:
      'Closes {at}; a bid in the last {window} that changes who wins moves the end to {extension} after it, at most {max} times, never past {hardEnd}.',
    softPhase:
      'Until {at} everybody bids freely; the first bid earns {extension} more, and each bid in it that changes who wins starts these again, at most {max} times, never past {hardEnd}.',
    softCooloff:
      'Ends when no bid has changed who wins for {quiet}, at the earliest {at}, never past {hardEnd}.',
    stopDay: 'Bidding rests daily at {stop} ({zone}) and goes on at {resume}.',
    stopEnd: 'Whatever is left at {stop} ({zone}) is closed then.',
    priceFrom: 'Bidding begins at {price} and rises by at least {step}.',
    priceRaiseMost: 'One raise is at most {most} over the lowest winning price.',
    payAsBid: 'Each winner pays its own bid.',
    payUniform: 'All winners pay one price: the lowest that wins.',
    payRejected: 'All winners pay one price: the highest that wins nothing.',
    marginTime: 'At equal prices the larger quantity, then the earlier bid is served first.',
    marginShare: 'At the lowest winning price all are served in proportion.',
    proxyThreshold:
      'A bid is a hidden maximum: the exchange bids for its owner, no higher than it takes to win.',
    proxyStepped: 'A bidder may leave an instruction that raises its bid by steps, up to a limit.',
    reserveHidden: 'A hidden reserve price: below it nothing is sold.',
    reserveOpen: 'Nothing is sold below {price}.',
    reserveOpenBuy: 'Nothing is bought above {price}.',
    reserveHiddenBuy: 'A hidden limit: above it nothing is bought.',
    rankOnly: 'Bidders see their own rank and the next price, not each other.',
    blind: 'Bidders see nothing but their own bid until the end.',
    minimumBidders: 'Without at least {n} bidders nothing is sold.',
    minimumBiddersBuy: 'Without at least {n} suppliers nothing is bought.',
    mostPerBidder: 'One bidder may bid for at most {most}.',

    clockRounds:
      'Round 1 costs {price}. While more is wanted than there is, the price rises by {steps}, every {round}, for at most {max} rounds.',
    clockStay: 'A bidder keeps or lowers its quantity in each round; who says nothing is out.',
    clockEnds:
      'It ends as soon as a round wants no more than there is; at the latest {at}. All pay the same price.',
    clockMarginTime: 'What is left over goes to the earlier statement.',
    clockMarginShare: 'What is left over is shared in proportion.',
    demandShown: 'How much all wanted together is shown after each round, never who.',
    demandHidden: 'How much the others want is not shown.',

    dutchFalls: 'Begins at {price} and falls by {step} every {every}, down to {floor}.',
    dutchBuys: 'Whoever accepts buys at once, until all is sold; at the latest {at}.',
    dutchPayOwn: 'Each pays the price it accepted.',
    dutchPayLast: 'In the end all pay the last, lowest price that was accepted.',

    hybridFalls: 'Begins at {price} and falls by {step} % every {every}, down to {floor} %.',
    hybridSealed: 'Who takes the price stops it. Then all others may go above it under seal for {sealed}.',
    hybridLast:
      'The one who took it has {last} for a last, higher word. The highest price wins; at the latest {at}.',
    hybridWhole: 'The lot is sold whole, to one buyer.',

    sealedUntil:
      'Bids are sealed until {at}. The last one of each company counts; until then none can be read.',
    sealedCommit:
      'From then until {end} each bidder opens its own bid. A bid that is not opened does not count and costs {penalty} of its security.',
    sealedSplit:
      'From then until {end} the owner’s officer and the exchange’s each give half of the key; only both together can read the bids.',
    sealedBands: 'A bid shows only the band of its quantity: up to {bands}.',
    sealedFirst:
      'From {price} up, the highest prices win; at equal prices the larger quantity, then the earlier.',
    sealedFirstBuy: 'Up to {price}, the best offers win; among equals the earlier.',

    reverseFrom: 'No offer above {price}.',
    reverseDecrement: 'Each offer improves by at least {step}.',
    roundsEntry: 'Entry offers are sealed until {at}; at most {bidders} suppliers.',
    roundsTurns:
      'Then {rounds} rounds: each supplier has one turn of {turn}, the worst first, so that the best speaks last.',
    roundsStep: 'In its turn a supplier improves its own offer by at least {step}, or leaves it.',
    roundsEnd: 'With two suppliers it takes {two}, with five {five}; names are told with the result.',
    scorePrice: 'The lowest price is best.',
    scoreEnergy:
      'Offers are compared by heat: (price + freight) × {reference} ÷ guaranteed value, plus expected penalties. Nothing below {minimum}.',
    scoreMixed: 'Offers are compared by price ÷ quality factor ({from} to {to}) + further costs.',
    awardQuantity: 'The best are served first, each with what it offers, until the need is met.',
    awardShares: 'The order is shared: {shares} of the quantity, best first.',
    floorRefuse: 'Offers below {price} are refused.',
    securityNeeded: 'A bid counts once its security is held: {rule}.',
  },
  zh: {
    format: '方式',
    allFormats: '全部方式',
    english: '英式加价',
    clock: '时钟加价',
    dutch: '荷兰式降价',
    dutchHybrid: '降价加密封报价',
    sealedBid: '密封报价',
    reverseRounds: '分轮反向竞价',
    reverseOpen: '公开反向竞价',
    buying: '采购',

    chooseTitle: '定价方式',
    chooseText: '不同方式适合不同的交易，多数情况用第一种即可。',
    englishWhen: '竞买方公开轮番加价。适合有多家买方的现货，可整批或分量成交。',
    clockWhen:
      '您报出价格，买方申报数量，价格逐轮上升直至需求与供给相当，全部按同一价格成交。适合年度等长期数量。',
    dutchWhen: '价格逐级下降，接受者立即成交。适合需尽快售出或行情不明的煤炭。',
    dutchHybridWhen: '价格下降至有人接受，其余买方可密封加价，接受者最后出价。适合不可分割、买方较少的标的。',
    sealedBidWhen: '每家一个报价，开标前任何人（包括交易中心）均不可见。适合买方较少或报价会泄露意图的情形。',
    reverseRoundsWhen: '供应商先密封报价，再依次改进，最优者最后出价。适合要求机会均等的招标采购。',
    reverseOpenWhen: '供应商公开竞相降价，直至无人再降。适合供应商众多的常规采购。',

    describeTitle: '这些规则的效果',
    describeText: '随您的填写更新，竞买方也会看到这些说明。',

    opensNow: '市场受理后立即开始。',
    opensAt: '{at} 开始。',
    closesPlanned: '{at} 结束。',
    softWindow:
      '{at} 结束；最后 {window}内改变中标结果的出价使结束时间顺延至其后 {extension}，最多 {max} 次，且不晚于 {hardEnd}。',
    softPhase:
      '{at} 前自由出价；首次出价获得 {extension}延时，其间每次改变中标结果的出价重新计时，最多 {max} 次，且不晚于 {hardEnd}。',
    softCooloff: '连续 {quiet}无改变中标结果的出价即结束，最早 {at}，且不晚于 {hardEnd}。',
    stopDay: '每日 {stop}（{zone}）暂停，{resume} 继续。',
    stopEnd: '{stop}（{zone}）未结束的即行结束。',
    priceFrom: '自 {price} 起拍，每次至少加 {step}。',
    priceRaiseMost: '单次加价最多比最低中标价高 {most}。',
    payAsBid: '各中标方按自己的出价成交。',
    payUniform: '全部中标方按同一价格成交：最低中标价。',
    payRejected: '全部中标方按同一价格成交：最高的未中标价。',
    marginTime: '同价时量大者先得，再同则先出价者先得。',
    marginShare: '最低中标价上的各方按比例分得。',
    proxyThreshold: '出价为不公开的最高价：交易所代为出价，只出到够中标为止。',
    proxyStepped: '竞买方可设自动出价，按步长加价至上限。',
    reserveHidden: '设有不公开的保留价，低于此价不成交。',
    reserveOpen: '低于 {price} 不成交。',
    reserveOpenBuy: '高于 {price} 不采购。',
    reserveHiddenBuy: '设有不公开的限价，高于此价不采购。',
    rankOnly: '竞买方只见自己的名次和下一可出价，不见他人。',
    blind: '结束前竞买方只见自己的出价。',
    minimumBidders: '不足 {n} 家竞买则不成交。',
    minimumBiddersBuy: '不足 {n} 家供应商则不采购。',
    mostPerBidder: '每家最多出价 {most}。',

    clockRounds: '第 1 轮价格 {price}。需求超过供给时，每 {round}加价 {steps}，最多 {max} 轮。',
    clockStay: '每轮只能维持或减少数量，未申报者退出。',
    clockEnds: '某轮需求不超过供给即结束，最晚 {at}。全部按同一价格成交。',
    clockMarginTime: '余量归先申报者。',
    clockMarginShare: '余量按比例分配。',
    demandShown: '每轮结束后公布总需求，不公布各家数量。',
    demandHidden: '不公布他人需求。',

    dutchFalls: '自 {price} 起，每 {every}降 {step}，最低 {floor}。',
    dutchBuys: '接受者立即成交，售完为止，最晚 {at}。',
    dutchPayOwn: '各按自己接受的价格成交。',
    dutchPayLast: '最终全部按最后接受的最低价成交。',

    hybridFalls: '自 {price} 起，每 {every}降 {step} %，最低降至 {floor} %。',
    hybridSealed: '有人接受即停止降价，其余各方可在 {sealed}内密封报更高价。',
    hybridLast: '接受者随后有 {last}可最后加价。最高价者得，最晚 {at} 结束。',
    hybridWhole: '标的整体出售给一家买方。',

    sealedUntil: '{at} 前提交密封报价，每家以最后一次为准，此前任何人不可见。',
    sealedCommit: '此后至 {end} 由各家自行开启。未开启的报价无效，并扣其保证金的 {penalty}。',
    sealedSplit: '此后至 {end} 由卖方与交易所各出一半密钥，两者合用方可开启。',
    sealedBands: '报价只显示数量档次：不超过 {bands}。',
    sealedFirst: '不低于 {price}，价高者得；同价量大者先，再同则先报者先。',
    sealedFirstBuy: '不高于 {price}，最优者得；相同则先报者先。',

    reverseFrom: '报价不得高于 {price}。',
    reverseDecrement: '每次报价至少改进 {step}。',
    roundsEntry: '{at} 前提交密封的初始报价，最多 {bidders} 家供应商。',
    roundsTurns: '随后 {rounds} 轮：每家每轮 {turn}，最差者先、最优者最后。',
    roundsStep: '轮到时至少将自己的报价改进 {step}，或维持不变。',
    roundsEnd: '两家参与需时 {two}，五家 {five}；名称随结果公布。',
    scorePrice: '最低价最优。',
    scoreEnergy: '按热值折算比较：（价格 + 运费）× {reference} ÷ 保证热值 + 预计扣款。低于 {minimum} 不收。',
    scoreMixed: '按价格 ÷ 质量系数（{from} 至 {to}）+ 其他成本比较。',
    awardQuantity: '按优劣依次采购各家所报数量，直至满足需求。',
    awardShares: '数量按 {shares} 分给前几名，最优者最多。',
    floorRefuse: '低于 {price} 的报价不予受理。',
    securityNeeded: '缴足保证金后出价方有效：{rule}。',
  },
});
