/** The result report as the paper that people read, in the style of invoices. It says what the report says. */
import { createHash } from 'node:crypto';
import type { Paper, PaperSide } from '@seam/esign';
import type { ResultReport } from '@seam/protocol';
import { canonicalJson } from '@seam/units';

type Bilingual = { readonly zh: string; readonly en: string };
type Cells = readonly (readonly string[])[];

const PARAMETERS: Readonly<Record<string, Bilingual>> = {
  totalMoisture: { zh: '全水分', en: 'Total moisture' },
  inherentMoisture: { zh: '内水分', en: 'Inherent moisture' },
  ash: { zh: '灰分', en: 'Ash' },
  volatileMatter: { zh: '挥发分', en: 'Volatile matter' },
  fixedCarbon: { zh: '固定碳', en: 'Fixed carbon' },
  sulphur: { zh: '全硫', en: 'Sulphur' },
  calorificValue: { zh: '发热量', en: 'Calorific value' },
  hardgroveIndex: { zh: '哈氏可磨指数', en: 'Hardgrove index' },
  ashSoftening: { zh: '灰软化温度', en: 'Ash softening' },
};
const KINDS: Readonly<Record<ResultReport['weights'][number]['kind'], Bilingual>> = {
  truck: { zh: '汽车', en: 'Truck' },
  rail_receipt: { zh: '铁路货票', en: 'Rail receipt' },
  bill_of_lading: { zh: '提单', en: 'Bill of lading' },
  draft_survey: { zh: '水尺计重', en: 'Draft survey' },
};
const STEPS: Readonly<Record<string, Bilingual>> = {
  heat: { zh: '发热量', en: 'Calorific value' },
  ash: { zh: '灰分', en: 'Ash' },
  sulphur: { zh: '全硫', en: 'Sulphur' },
  total_moisture: { zh: '全水分', en: 'Total moisture' },
  agreed: { zh: '双方商定或裁定的价格', en: 'Price agreed or decided' },
  rounding: { zh: '取整至分', en: 'Rounded once, to 0.01' },
  held_at_zero: { zh: '价格不低于零', en: 'Not below zero' },
};
const ACCEPTED: Readonly<Record<NonNullable<ResultReport['acceptedBy']>, Bilingual>> = {
  buyer: { zh: '买方已接受', en: 'Accepted by the buyer' },
  time: { zh: '期满无异议，视为接受', en: 'Accepted: nobody contested in time' },
  centre: { zh: '由交易所裁定', en: 'Decided by the exchange' },
};

export const REPORT_FILE_NAME = 'result-report.json';

export function paperOf(report: ResultReport): Omit<Paper, 'fonts'> {
  const text = canonicalJson(report);
  const { currency } = report;
  const fact = (zh: string, en: string, value: Bilingual | string) => ({
    label: { zh, en },
    value: typeof value === 'string' ? { zh: value, en: value } : value,
  });
  return {
    title: { zh: '交货结果报告', en: 'Result report' },
    number: report.contractNumber,
    issuer: { zh: 'Seam 煤炭交易所', en: 'Seam coal exchange' },
    sides: [
      side({ zh: '卖方', en: 'Seller' }, report.seller),
      side({ zh: '买方', en: 'Buyer' }, report.buyer),
    ],
    facts: [
      fact('合同', 'Contract', report.contractNumber),
      fact('矿', 'Mine', report.mine),
      fact('日期', 'Date', report.issuedAt.slice(0, 10)),
      fact('状态', 'State', stateOf(report)),
    ],
    columns: [
      { label: { zh: '项目', en: 'Item' }, share: 0.4 },
      { label: { zh: '结果', en: 'Result' }, share: 0.2, align: 'right' },
      { label: { zh: '合同约定', en: 'Contract' }, share: 0.2, align: 'right' },
      { label: { zh: `单价影响 ${currency}/吨`, en: `Effect ${currency}/t` }, share: 0.2, align: 'right' },
    ],
    rows: [...weightRows(report), ...valueRows(report), ...stepRows(report)],
    sums: [
      { label: { zh: '交付重量 吨', en: 'Delivered t' }, value: report.delivered },
      { label: { zh: '计价重量 吨', en: 'Paid for t' }, value: report.payable },
      { label: { zh: `最终单价 ${currency}/吨`, en: `Final price ${currency}/t` }, value: report.unitPrice },
      {
        label: { zh: '货款合计', en: 'Amount' },
        value: `${currency} ${report.amount}`,
        strong: true,
      },
    ],
    sumInWords: null,
    notes: [
      ...report.notes.map(({ kind, amount, at }) => ({
        zh: `${kind === 'credit_note' ? '贷项通知单' : '借项通知单'} ${currency} ${amount}（${at.slice(0, 10)}）`,
        en: `${kind === 'credit_note' ? 'Credit note' : 'Debit note'} ${currency} ${amount} (${at.slice(0, 10)})`,
      })),
      ...report.documents.map(({ number, sha256 }) => ({ zh: `${number}  SHA-256 ${sha256}`, en: '' })),
      {
        zh: '本报告由称重、化验与结算数据自动组成，数据附于文件内。',
        en: 'Composed from weighings, analyses and the settlement; the data is attached.',
      },
    ],
    foot: [`数据摘要 SHA-256  ${createHash('sha256').update(text).digest('hex')}`],
    attachment: { name: REPORT_FILE_NAME, mimeType: 'application/json', text },
    createdAt: Date.parse(report.issuedAt),
  };
}

function stateOf({ state, acceptedBy, acceptedAt, dueAt }: ResultReport): Bilingual {
  if (acceptedBy && acceptedAt) {
    const { zh, en } = ACCEPTED[acceptedBy];
    return { zh: `${zh} ${acceptedAt.slice(0, 10)}`, en: `${en}, ${acceptedAt.slice(0, 10)}` };
  }
  if (state === 'disputed') return { zh: '有异议，待裁定', en: 'Contested' };
  const day = dueAt?.slice(0, 10) ?? '';
  return { zh: `待买方接受，至 ${day}`, en: `Waits for the buyer until ${day}` };
}

function side(role: Bilingual, { name, nameZh }: ResultReport['seller']): PaperSide {
  return { role, name: { zh: nameZh ?? name, en: name }, details: [] };
}

function weightRows({ weights, contracted, delivered }: ResultReport): Cells[] {
  return [
    ...weights.map(({ kind, number, mark, gross, tare, net, on, counts }): Cells => {
      const { zh, en } = KINDS[kind];
      const scale = gross === null ? '' : `毛重 gross ${gross}  皮重 tare ${tare}  `;
      return [
        [`${zh} ${en}  ${number}  ${mark}`, `${scale}${on}${counts ? '' : '  （参考 for information）'}`],
        [`${net} t`],
        [],
        [],
      ];
    }),
    [['交付总重 Net total'], [`${delivered} t`], [`${contracted} t`], []],
  ];
}

function valueRows({ values, certificates }: ResultReport): Cells[] {
  const source = certificates.map(({ laboratory, number }) => `${laboratory} ${number}`).join(', ');
  return values.map((value): Cells => {
    const { zh, en } = PARAMETERS[value.parameter] ?? { zh: value.parameter, en: '' };
    const on = [value.kind, value.basis].filter((one) => one !== null).join(' ');
    const limits = [
      ...(value.rejectBelow === null ? [] : [`拒收 reject < ${value.rejectBelow}`]),
      ...(value.rejectAbove === null ? [] : [`拒收 reject > ${value.rejectAbove}`]),
    ];
    return [
      [`${zh} ${en}  ${on}`, source],
      [`${value.certified} ${value.unit}`],
      value.reference === null ? [] : [`${value.reference} ${value.unit}`, ...limits],
      value.amount === null ? [] : [value.amount],
    ];
  });
}

function stepRows({ steps, contractPrice, currency }: ResultReport): Cells[] {
  return [
    [['合同单价 Contract price'], [], [`${contractPrice} ${currency}/t`], []],
    ...steps.map(({ id, amount, price }): Cells => {
      const { zh, en } = STEPS[id] ?? { zh: id, en: '' };
      return [[`${zh} ${en}`], [`${price} ${currency}/t`], [], [amount]];
    }),
  ];
}
