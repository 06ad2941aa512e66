/** Words that stand as values in a file of lots: the wire's own, English ones people write, and Chinese. */

const list = (table: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(table).flatMap(([value, words]) =>
      [value, ...words.split(' ')].map((word) => [word, value]),
    ),
  );

export const WORDS = {
  channel: list({ long_term: 'annual 长协 年度长协', spot: 'daily 现货 日常现货', special: '专场' }),
  rank: list({
    anthracite: '无烟煤',
    coking: 'metallurgical met 焦煤 炼焦煤 主焦煤',
    bituminous: 'steam thermal 烟煤 动力煤',
    sub_bituminous: 'subbituminous 次烟煤 亚烟煤',
    lignite: 'brown 褐煤',
    waste: '煤矸石 煤泥',
  }),
  basis: list({
    ar: '收到基',
    ad: 'adb 空干基 空气干燥基',
    d: 'db dry 干基 干燥基',
    daf: '干燥无灰基',
  }),
  atmosphere: list({ reducing: '还原性 弱还原性', oxidising: 'oxidizing 氧化性' }),
  kind: list({ gross: 'gcv hhv 高位', net: 'ncv lhv 低位' }),
  unit: list({
    'kcal/kg': 'kcal 大卡 千卡/千克 大卡/千克',
    'J/g': 'j/g kj/kg',
    'MJ/kg': 'mj/kg 兆焦/千克',
    'Btu/lb': 'btu/lb',
    'kcal20/kg': '',
    'MMBtu/st': 'mmbtu/st',
  }),
  method: list({ fixed_price: 'fixed 挂牌 一口价', auction: '竞价 拍卖' }),
  term: list({
    ex_mine: 'exw 坑口 出矿',
    for_rail: 'for 车板',
    fob: '平仓 离岸',
    fca: '货交承运人',
    cif: '到岸',
    cfr: '成本加运费',
  }),
  transport: list({
    rail: 'train 铁路 火车',
    road: 'truck 公路 汽车',
    river: 'barge 内河 水运',
    sea: 'vessel 海运',
    conveyor: 'belt 皮带 管带',
  }),
  currency: list({
    CNY: 'cny rmb 人民币 元',
    USD: 'usd 美元',
    INR: 'inr',
    EUR: 'eur 欧元',
    AUD: 'aud',
    ZAR: 'zar',
    IDR: 'idr',
  }),
} as const;

/** The wire's word for what was written; what nobody knows comes back as it stands, and is refused as such. */
export function wordOf(table: ReadonlyMap<string, string>, text: string): string {
  const known = table.get(text);
  if (known !== undefined) return known;
  const plain = text.normalize('NFKC').trim();
  return table.get(plain) ?? table.get(plain.toLowerCase().replaceAll(/[\s-]+/g, '_')) ?? plain;
}

/** Numbers as people write them: 12,000.5 · １２０００ · 12 000. Other text as it stands. */
export function numberOf(text: string): string {
  if (/^-?\d+(\.\d+)?$/.test(text)) return text;
  const plain = text.normalize('NFKC').trim();
  const tight = plain.replaceAll(/[\s\u00a0']/g, '');
  // A comma counts thousands only where three digits follow it; "12,5" is not 125.
  return /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(tight)
    ? tight.replaceAll(',', '')
    : tight.replace(/^\+(?=\d)/, '');
}

/** 2026-12-01 from 2026/12/1, 2026.12.1 or 2026年12月1日. */
export function dayOf(text: string): string {
  const plain = text.normalize('NFKC').trim();
  const match = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(plain);
  if (!match) return plain;
  return `${match[1]}-${match[2]!.padStart(2, '0')}-${match[3]!.padStart(2, '0')}`;
}
