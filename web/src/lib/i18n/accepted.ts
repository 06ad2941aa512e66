/**
 * What would have been accepted, in the reader's language: the exchange names facts of a refusal by the names
 * of its wire, and these are no words for people.
 */
import { formatAmount, formatDateTime, formatTonnes } from '#lib/format/format.ts';
import { type Locale, dictionary } from './dictionary.ts';

/** Labels; the names are those of the wire. */
export const acceptedNames = dictionary({
  en: {
    after: 'after the lot',
    allocated: 'security set aside',
    allowedAt: 'from',
    amount: 'amount',
    amountMaximum: 'amount at most',
    available: 'available',
    biddersMaximum: 'bidders at most',
    certificates: 'certificates at most',
    channel: 'channel',
    closedAt: 'closed at',
    closedSeq: 'closed at place',
    contractId: 'contract',
    decision: 'decision',
    digest: 'digest',
    documents: 'documents at most',
    dueAt: 'due at',
    earliest: 'at the earliest',
    endedAt: 'ended at',
    endsAt: 'ends at',
    field: 'field',
    file: 'file',
    format: 'format',
    from: 'from',
    holder: 'holder of the part',
    ids: 'identifiers',
    latest: 'at the latest',
    left: 'left',
    lengthMaximum: 'characters at most',
    lotSize: 'in steps of',
    lots: 'lots at most',
    maximum: 'at most',
    minimumAcceptableMaximum: 'minimum acceptable at most',
    mode: 'mode',
    month: 'month',
    net: 'net weight at most (t)',
    opensAt: 'opens at',
    orders: 'orders',
    ordersMaximum: 'orders at most',
    period: 'per',
    phase: 'phase',
    price: 'price',
    priceAccepted: 'price accepted',
    priceMaximum: 'price at most',
    priceMinimum: 'price at least',
    priceTaken: 'price taken',
    quantity: 'quantity',
    quantityMaximum: 'quantity at most',
    quantityMinimum: 'quantity at least',
    reason: 'reason',
    required: 'security needed',
    round: 'round',
    scope: 'scope',
    searches: 'saved searches at most',
    secrecy: 'way of sealing',
    state: 'state',
    step: 'step',
    stepMinimum: 'step at least',
    tickSize: 'in price steps of',
    unit: 'unit',
    until: 'until',
    pools: 'open pools at most',
    requests: 'requests at most',
    version: 'version',
  },
  zh: {
    after: '须在该标的之后',
    allocated: '已冻结保证金',
    allowedAt: '起始时间',
    amount: '金额',
    amountMaximum: '金额上限',
    available: '可用',
    biddersMaximum: '参与方上限',
    certificates: '化验单上限',
    channel: '销售渠道',
    closedAt: '结束时间',
    closedSeq: '结束序号',
    contractId: '合同',
    decision: '可作的决定',
    digest: '摘要',
    documents: '文件上限',
    dueAt: '到期时间',
    earliest: '最早',
    endedAt: '结束时间',
    endsAt: '截止时间',
    field: '字段',
    file: '文件',
    format: '竞价方式',
    from: '起始',
    holder: '份额持有方',
    ids: '标识',
    latest: '最晚',
    left: '剩余',
    lengthMaximum: '字符数上限',
    lotSize: '数量步长',
    lots: '货源数量上限',
    maximum: '上限',
    minimumAcceptableMaximum: '最低可接受数量上限',
    mode: '模式',
    month: '月份',
    net: '净重上限（吨）',
    opensAt: '开始时间',
    orders: '委托数',
    ordersMaximum: '委托数上限',
    period: '周期',
    phase: '阶段',
    price: '价格',
    priceAccepted: '可接受价格',
    priceMaximum: '价格上限',
    priceMinimum: '价格下限',
    priceTaken: '已占价格',
    quantity: '数量',
    quantityMaximum: '数量上限',
    quantityMinimum: '数量下限',
    reason: '原因',
    required: '所需保证金',
    round: '轮次',
    scope: '范围',
    searches: '已存搜索上限',
    secrecy: '密封方式',
    state: '状态',
    step: '价位序号',
    stepMinimum: '最小步长',
    tickSize: '价格步长',
    unit: '单位',
    until: '截至',
    pools: '进行中的联合求购上限',
    requests: '求购上限',
    version: '版本',
  },
});

/** Words of the wire that stand as values. */
const values = dictionary({
  en: {
    requested: 'requested',
    scheduled: 'scheduled',
    open: 'open',
    suspended: 'suspended',
    standstill: 'award provisional',
    awarded: 'awarded',
    unsold: 'unsold',
    voided: 'void',
    provisional: 'provisional',
    pending: 'to be confirmed',
    confirmed: 'confirmed',
    concluded: 'contracted',
    declined: 'declined',
    lapsed: 'lapsed',
    released: 'released',
    submission: 'submission',
    opening: 'opening',
    owner: 'owner',
    exchange: 'the exchange',
    none: 'none',
    english: 'English',
    clock: 'ascending clock',
    dutch: 'Dutch',
    dutch_hybrid: 'Dutch with sealed offers',
    sealed_bid: 'sealed bid',
    reverse_rounds: 'reverse in rounds',
    reverse_open: 'reverse, open',
    commit_reveal: 'each bidder opens its own',
    split_key: 'key in two parts',
    long_term: 'long term',
    spot: 'daily spot',
    special: 'special session',
    day: 'day',
    month: 'month',
    year: 'year',
  },
  zh: {
    requested: '已申请',
    scheduled: '待开始',
    open: '进行中',
    suspended: '已暂停',
    standstill: '成交公示中',
    awarded: '已成交',
    unsold: '流拍',
    voided: '作废',
    provisional: '公示中',
    pending: '待确认',
    confirmed: '已确认',
    concluded: '已签约',
    declined: '已拒绝',
    lapsed: '已逾期',
    released: '已解除',
    submission: '报价',
    opening: '开标',
    owner: '发起方',
    exchange: '交易中心',
    none: '无',
    english: '英式加价',
    clock: '升价时钟',
    dutch: '荷兰式降价',
    dutch_hybrid: '荷兰式加密封报价',
    sealed_bid: '密封报价',
    reverse_rounds: '分轮反向竞价',
    reverse_open: '公开反向竞价',
    commit_reveal: '各自开启',
    split_key: '分持密钥',
    long_term: '年度长协',
    spot: '日常现货',
    special: '专场',
    day: '日',
    month: '月',
    year: '年',
  },
});

const MASSES: ReadonlySet<string> = new Set([
  'quantity',
  'quantityMinimum',
  'quantityMaximum',
  'minimumAcceptableMaximum',
  'lotSize',
]);
const AMOUNTS: ReadonlySet<string> = new Set([
  'amount',
  'amountMaximum',
  'available',
  'required',
  'allocated',
  'price',
  'priceMinimum',
  'priceMaximum',
  'priceTaken',
  'priceAccepted',
  'stepMinimum',
  'tickSize',
]);
const DECIMAL = /^\d+(\.\d+)?$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

type Reader = { readonly locale: Locale; readonly timeZone: string };

/**
 * `name value` of each fact. `label` knows the form at hand: a field's own label comes before our word; what
 * neither knows is left out, for it would be a raw key.
 */
export function acceptedTexts(
  accepted: Readonly<Record<string, string>>,
  reader: Reader,
  label: (name: string) => string | undefined = () => undefined,
): string[] {
  return Object.entries(accepted).flatMap(([name, value]) => {
    const word = label(name) ?? wordOf(acceptedNames[reader.locale], name);
    return word === undefined ? [value] : [`${word} ${valueText(name, value, reader)}`];
  });
}

function valueText(name: string, value: string, reader: Reader): string {
  const { locale } = reader;
  const parts = /^([≤≥] ?)?(.*)$/.exec(value);
  const [sign, bare] = [parts?.[1] ?? '', parts?.[2] ?? value];
  if (INSTANT.test(bare)) return formatDateTime(bare, { ...reader, style: 'second' });
  if (DECIMAL.test(bare) && MASSES.has(name)) return sign + formatTonnes(bare, locale);
  if (DECIMAL.test(bare) && AMOUNTS.has(name)) return sign + formatAmount(bare, locale);
  const words = value.split(/, ?/).map((one) => wordOf(values[locale], one) ?? one);
  return words.join(locale === 'zh' ? '、' : ', ');
}

function wordOf(words: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(words, key) ? words[key] : undefined;
}
