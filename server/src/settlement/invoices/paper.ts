/** An invoice as the paper that people read. What it shows is the model, nothing computed anew. */
import { createHash } from 'node:crypto';
import type { Paper, PaperSide } from '@seam/esign';
import { formatMoney, formatTonnes } from '@seam/units';
import { yuanInWords } from './amount-in-words.ts';
import type { Bilingual, InvoiceKind, InvoiceModel, InvoiceParty } from './model.ts';

export const UBL_FILE_NAME = 'invoice.xml';

const TITLES: Record<InvoiceKind, Bilingual> = {
  provisional: { zh: '预付款发票', en: 'Prepayment invoice' },
  final: { zh: '发票', en: 'Invoice' },
  fee: { zh: '服务费发票', en: 'Fee invoice' },
  credit_note: { zh: '贷项通知单', en: 'Credit note' },
  debit_note: { zh: '借项通知单', en: 'Debit note' },
};

/** Without the fonts: whoever renders has them loaded. */
/** @param xml its UBL as it was issued. */
export function paperOf(model: InvoiceModel, xml: string): Omit<Paper, 'fonts'> {
  const { line, totals, currency, vat } = model;
  const money = (amount: string): string => grouped(formatMoney(BigInt(amount)));
  return {
    title: TITLES[model.kind],
    number: model.number,
    issuer: nameOf(model.seller),
    sides: [
      side({ zh: '销售方', en: 'Seller' }, model.seller),
      side({ zh: '购买方', en: 'Buyer' }, model.buyer),
    ],
    facts: factsOf(model),
    columns: [
      { label: { zh: '项目', en: 'Item' }, share: 0.46 },
      { label: { zh: '数量', en: 'Quantity' }, share: 0.14, align: 'right' },
      { label: { zh: '不含税单价', en: 'Unit price net of VAT' }, share: 0.22, align: 'right' },
      { label: { zh: '不含税金额', en: 'Amount net of VAT' }, share: 0.18, align: 'right' },
    ],
    rows: [
      [
        [
          `${line.title.zh}  ${line.title.en}`,
          ...(line.statedPrice === null
            ? []
            : [`合同含税单价 Price in the contract ${money(line.statedPrice)} ${currency}/t`]),
          ...line.properties.map(({ name, value }) => `${name.zh} ${name.en}  ${value}`),
        ],
        line.kg === null ? ['1'] : [formatTonnes(BigInt(line.kg)), '吨 t'],
        [line.price, ...(line.kg === null ? [] : [`${currency}/t`])],
        [money(line.full)],
      ],
      ...(line.difference === null
        ? []
        : [
            [
              [line.difference.reason.zh, line.difference.reason.en],
              [],
              [],
              [`${line.difference.kind === 'charge' ? '' : '-'}${money(line.difference.amount)}`],
            ],
          ]),
    ],
    sums: [
      { label: { zh: '不含税合计', en: 'Total without VAT' }, value: money(totals.net) },
      { label: vatLabel(vat), value: money(totals.vat) },
      {
        label: { zh: '价税合计', en: 'Total with VAT' },
        value: `${currency} ${money(totals.gross)}`,
        strong: true,
      },
      ...(totals.prepaid === '0'
        ? []
        : [{ label: { zh: '已付', en: 'Paid before' }, value: money(totals.prepaid) }]),
      ...(totals.prepaid === '0'
        ? []
        : [
            {
              label: totals.due.startsWith('-')
                ? { zh: '应退', en: 'To be returned' }
                : { zh: '应付', en: 'Due for payment' },
              value: `${currency} ${money(totals.due.replace('-', ''))}`,
              strong: true,
            },
          ]),
    ],
    sumInWords:
      currency === 'CNY' ? { zh: `价税合计（大写） ${yuanInWords(BigInt(totals.gross))}`, en: '' } : null,
    notes: [
      ...(vat.reason === null ? [] : [vat.reason]),
      ...model.notes,
      {
        zh: '本文件内附 UBL 2.1 数据（EN 16931）。它不代替税务机关监制的发票。',
        en: 'The same invoice is attached as UBL 2.1 (EN 16931). It does not replace a tax invoice issued through the tax authority.',
      },
    ],
    foot: [`数据摘要 UBL SHA-256  ${createHash('sha256').update(xml).digest('hex')}`],
    attachment: { name: UBL_FILE_NAME, mimeType: 'application/xml', text: xml },
    createdAt: Date.parse(model.issuedOn),
  };
}

function factsOf(model: InvoiceModel): Paper['facts'] {
  const { period, delivery, preceding, dueOn } = model;
  const fact = (zh: string, en: string, value: Bilingual | string) => ({
    label: { zh, en },
    value: typeof value === 'string' ? { zh: value, en: value } : value,
  });
  return [
    fact('编号', 'Number', model.number),
    fact('日期', 'Date', model.issuedOn),
    ...(dueOn === null ? [] : [fact('付款期限', 'Due', dueOn)]),
    fact('合同', 'Contract', model.contractNumber),
    ...(preceding === null
      ? []
      : [fact('原发票', 'Refers to', `${preceding.number}, ${preceding.issuedOn}`)]),
    ...(delivery === null ? [] : [fact('交货', 'Delivery', delivery)]),
    ...(period === null ? [] : [fact('交货期', 'Period', `${period.from} – ${period.to}`)]),
  ];
}

function nameOf({ name, nameZh }: InvoiceParty): Bilingual {
  return { zh: nameZh ?? name, en: name };
}

function side(role: Bilingual, party: InvoiceParty): PaperSide {
  const { kind, id } = party.registration;
  return {
    role,
    name: nameOf(party),
    details: [
      {
        label:
          kind === 'uscc' ? { zh: '统一社会信用代码', en: 'USCC' } : { zh: '法人机构识别编码', en: 'LEI' },
        value: id,
      },
      ...(party.vatId === null ? [] : [{ label: { zh: '增值税号', en: 'VAT number' }, value: party.vatId }]),
      { label: { zh: '地址', en: 'Address' }, value: `${party.address}, ${party.country}` },
    ],
  };
}

function vatLabel({ category, rateBasisPoints }: InvoiceModel['vat']): Bilingual {
  const rate = `${formatMoney(BigInt(rateBasisPoints)).replace(/\.?0+$/, '')} %`;
  return category === 'S'
    ? { zh: `增值税 ${rate}`, en: `VAT ${rate}` }
    : { zh: '增值税', en: `VAT, category ${category}` };
}

function grouped(decimal: string): string {
  return decimal.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',');
}
