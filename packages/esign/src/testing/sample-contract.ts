/** A contract as the exchange would have it rendered, for this package's tests. */
import type { ContractDocument, ContractParty } from '../render/document.ts';
import type { FontSet } from '../render/font.ts';

export const SELLER_ID = 'NTRCN-91140200MA0K3QYX7B';
export const BUYER_ID = 'LEIXG-529900T8BM49AURSDO55';
export const CENTRE_ID = 'NTRCN-91110105MA01C8JH5T';

const party = (zh: string, en: string, organizationIdentifier: string, person: string): ContractParty => ({
  name: { zh, en },
  organizationIdentifier,
  details: [
    { label: { zh: '住所', en: 'Registered address' }, value: '山西省大同市云冈区新平旺 18 号' },
    { label: { zh: '授权签署人', en: 'Authorised signatory' }, value: person },
    { label: { zh: '收款账户', en: 'Account' }, value: 'CN 6222 0000 1234 5678 90' },
  ],
});

export function sampleContract(fonts: FontSet, change: Partial<ContractDocument> = {}): ContractDocument {
  return {
    contractId: 'SEAM-2026-000318',
    title: { zh: '煤炭买卖合同', en: 'Coal Sale and Purchase Contract' },
    subtitle: { zh: '2026 年 11 月 22 日签订', en: 'Made on 22 November 2026' },
    parties: {
      seller: party('大同晋北煤业有限公司', 'Datong Jinbei Coal Co., Ltd.', SELLER_ID, '张伟 Zhang Wei'),
      buyer: party('骉骉能源（青岛）股份有限公司', 'Biaobiao Energy (Qingdao) plc', BUYER_ID, '李娜 Li Na'),
      centre: party('接缝煤炭交易中心', 'Seam Coal Exchange', CENTRE_ID, '王芳 Wang Fang'),
    },
    summary: SUMMARY,
    clauses: CLAUSES,
    termsJson:
      '{"contractId":"SEAM-2026-000318","price":{"amount":"612.50","currency":"CNY"},"tonnes":"12000.000"}',
    verifyUrl: 'https://seam.example/verify/SEAM-2026-000318',
    qr: sampleModules(),
    createdAt: Date.UTC(2026, 10, 22, 8, 30),
    fonts,
    ...change,
  };
}

const SUMMARY: ContractDocument['summary'] = [
  {
    label: { zh: '标的', en: 'Goods' },
    value: { zh: '动力煤 Q5500，块度 0–50 mm', en: 'Thermal coal Q5500, size 0–50 mm' },
  },
  { label: { zh: '数量', en: 'Quantity' }, value: { zh: '12,000.000 吨（±5%）', en: '12,000.000 t (±5%)' } },
  {
    label: { zh: '单价', en: 'Price' },
    value: { zh: '人民币 612.50 元／吨，含增值税', en: 'CNY 612.50 per tonne, VAT included' },
  },
  {
    label: { zh: '合同总价', en: 'Contract value' },
    value: { zh: '人民币 7,350,000.00 元', en: 'CNY 7,350,000.00' },
  },
  {
    label: { zh: '交货', en: 'Delivery' },
    value: {
      zh: '车板交货，大同云冈集运站，2026 年 12 月 1 日至 12 月 20 日',
      en: 'FOR rail, Yungang loading station, Datong, 1 to 20 December 2026',
    },
  },
];

const CLAUSES: ContractDocument['clauses'] = [
  {
    heading: { zh: '标的物与质量', en: 'Goods and quality' },
    paragraphs: [
      {
        zh: '卖方按本合同交付的煤炭应符合下表所列指标。收到基低位发热量以 GB/T 213 测定；全水分、灰分、挥发分与全硫分别按国家标准测定，结果以装车点第三方采样化验报告为准。',
        en: 'The coal delivered under this contract meets the limits in the table below. Net calorific value as received is determined under GB/T 213; total moisture, ash, volatile matter and total sulphur under the national standards. The third-party analysis of the sample taken at loading decides.',
      },
      {
        zh: '任何一方对化验结果有异议的，应在收到报告之日起三个工作日内书面提出，并以封存的仲裁样复验结果为最终依据。',
        en: 'A party that disputes the analysis says so in writing within three working days of receiving it; the sealed referee sample then decides finally.',
      },
    ],
    table: {
      columns: [
        { zh: '指标', en: 'Quality' },
        { zh: '基准', en: 'Basis' },
        { zh: '典型值', en: 'Typical' },
        { zh: '保证值', en: 'Guaranteed' },
        { zh: '拒收限', en: 'Rejection' },
      ],
      rows: [
        ['低位发热量 NCV', '收到基 ar', '23,012 J/g', '≥ 22,593 J/g', '< 21,757 J/g'],
        ['全水分 Total moisture', '收到基 ar', '14.25 %', '≤ 16.00 %', '> 18.00 %'],
        ['灰分 Ash', '干燥基 d', '16.80 %', '≤ 19.00 %', '> 22.00 %'],
        ['全硫 Total sulphur', '干燥基 d', '0.62 %', '≤ 0.80 %', '> 1.00 %'],
      ],
    },
  },
  clause('数量与计量', 'Quantity and weighing', 3),
  clause('价格与质量调整', 'Price and adjustment for quality', 3),
  clause('交货与提货', 'Delivery and lifting', 3),
  clause('付款与结算', 'Payment and settlement', 3),
  clause('违约责任', 'Default', 2),
  clause('争议解决', 'Disputes', 1),
];

function clause(zh: string, en: string, paragraphs: number): ContractDocument['clauses'][number] {
  const text = {
    zh: '本条所称重量以交易中心认可的轨道衡或汽车衡计量单为准，每车毛重、皮重与净重均精确至千克；计量单经双方代表确认后上传交易平台（https://seam.example），作为结算的唯一依据。超出或不足部分按“多退少补”的原则，在最终发票中一次结清。',
    en: "Weight under this clause is that of the rail or road weighbridge ticket recognised by the exchange; gross, tare and net weight of each vehicle are exact to the kilogram. Once confirmed by both parties' representatives the ticket is uploaded to the platform (https://seam.example) and is the only basis of settlement. What is over or short is settled once, in the final invoice.",
  };
  return { heading: { zh, en }, paragraphs: Array.from({ length: paragraphs }, () => text) };
}

/** The shape of a QR code: three finders and a fixed pattern between them. */
function sampleModules(): boolean[][] {
  const size = 25;
  const finder = (row: number, column: number) => {
    const ring = Math.max(Math.abs(row - 3), Math.abs(column - 3));
    return ring <= 1 || ring === 3;
  };
  return Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => {
      if (row < 8 && column < 8) return finder(row, column);
      if (row < 8 && column > size - 9) return finder(row, size - 1 - column);
      if (row > size - 9 && column < 8) return finder(size - 1 - row, column);
      return (row * 7 + column * 11 + ((row * column) % 5)) % 3 === 0;
    }),
  );
}
