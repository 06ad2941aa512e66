/** What the award and the certified record say: who, what, how much. */
import { COAL_RANKS } from '@seam/coal';
import { Type } from 'typebox';
import type { Clause } from '../clause.ts';
import { basisPoints, choice, integer, line, mass, structured, text } from '../parameters.ts';
import { RANKS } from '../words.ts';
import { assaySchema } from './assay-schema.ts';

const ALL = ['spot', 'long_term', 'order_book'] as const;
const nameSchema = { name: line(200), nameZh: Type.Union([line(200), Type.Null()]) };
const exact = { additionalProperties: false };

const party = Type.Object(
  {
    ...nameSchema,
    organisationId: line(64),
    legalIdKind: Type.Enum(['uscc', 'lei']),
    legalId: line(40),
    address: line(500, 0),
    bankAccount: line(200),
  },
  exact,
);

export const parties: Clause = {
  id: 'parties',
  version: 1,
  title: { zh: '合同双方', en: 'Parties' },
  appliesTo: ALL,
  executedBy: 'exchange',
  parameters: [
    structured('seller', ['卖方', 'Seller'], 'party', party),
    structured('buyer', ['买方', 'Buyer'], 'party', party),
    structured(
      'origin',
      ['成交来源', 'Sale'],
      'origin',
      Type.Object({ kind: line(40), id: line(100), saleId: line(64) }, exact),
    ),
  ],
  paragraphs: [
    { zh: '卖方：{seller}。', en: 'Seller: {seller}.' },
    { zh: '买方：{buyer}。', en: 'Buyer: {buyer}.' },
    {
      zh: '本合同依据平台成交记录订立：{origin}。',
      en: 'This contract is made of a sale recorded on the exchange: {origin}.',
    },
  ],
};

export const goods: Clause = {
  id: 'goods',
  version: 1,
  title: { zh: '标的与质量', en: 'Goods and quality' },
  appliesTo: ALL,
  executedBy: 'exchange',
  parameters: [
    text('goods.listingId', ['货源编号', 'Listing'], 64),
    integer('goods.listingVersion', ['货源版本', 'Version of the listing'], [1, 1_000_000]),
    choice('goods.coalRank', ['煤种', 'Coal'], pick(RANKS, COAL_RANKS)),
    structured(
      'goods.mine',
      ['产地', 'Mine'],
      'mine',
      Type.Object({ ...nameSchema, country: Type.String({ pattern: '^[A-Z]{2}$' }) }, exact),
    ),
    structured('goods.assay', ['约定质量', 'Quality promised'], 'assay', assaySchema),
  ],
  paragraphs: [
    {
      zh: '卖方出售、买方购买产自{goods.mine}的{goods.coalRank}，以平台货源 {goods.listingId} 第 {goods.listingVersion} 版所述为准。',
      en: 'The Seller sells and the Buyer buys {goods.coalRank} of {goods.mine}, as described by listing {goods.listingId}, version {goods.listingVersion}.',
    },
    {
      zh: '卖方承诺的质量：{goods.assay}。各项数值仅在所列基准上成立。',
      en: 'The Seller promises: {goods.assay}. Each value holds on the basis stated with it.',
    },
  ],
};

export const quantity: Clause = {
  id: 'quantity',
  version: 1,
  title: { zh: '数量与溢短装', en: 'Quantity and tolerance' },
  appliesTo: ALL,
  executedBy: 'exchange',
  parameters: [
    mass('quantityKg', ['数量', 'Quantity'], { before: 'nobody', amend: 'funding' }),
    basisPoints('toleranceBasisPoints', ['溢短装', 'Tolerance'], [0, 1000], {
      before: 'either',
      amend: 'funding',
    }),
  ],
  paragraphs: [
    {
      zh: '数量 {quantityKg} 吨，实际交付数量与此相差在 ±{toleranceBasisPoints} 以内视为足额交付。货款按实际交付并确认的重量结算。',
      en: 'The quantity is {quantityKg} tonnes; a delivery within ±{toleranceBasisPoints} of it is complete. What was delivered and certified is paid for.',
    },
  ],
};

function pick<T>(words: Readonly<Record<string, T>>, keys: readonly string[]): Record<string, T> {
  return Object.fromEntries(keys.map((key) => [key, words[key]!]));
}
