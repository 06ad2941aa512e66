/**
 * Value added tax by country and day, and the category a supply falls into (UNTDID 5305, the codes of
 * EN 16931). A country without a pack is not guessed at: the document says that it states no tax.
 */
import type { Bilingual } from './model.ts';

/** `S` taxed, `E` exempt, `AE` the buyer accounts for it, `G` exported goods, `O` outside what is stated. */
export type VatCategory = 'S' | 'E' | 'AE' | 'G' | 'O';
export type Vat = {
  readonly category: VatCategory;
  readonly rateBasisPoints: number;
  /** Why there is none; null where there is. */
  readonly reason: Bilingual | null;
};

type Rate = {
  /** First day, ISO. */ readonly from: string;
  readonly basisPoints: number;
  /** Where it was made known. */
  readonly source: string;
};
type Supply = 'coal' | 'services';

/** Newest first. */
const PACKS: Readonly<Record<string, Readonly<Record<Supply, readonly Rate[]>>>> = {
  CN: {
    coal: [
      { from: '2019-04-01', basisPoints: 1300, source: '财政部 税务总局 海关总署公告 2019 年第 39 号' },
      { from: '2018-05-01', basisPoints: 1600, source: '财税〔2018〕32 号' },
    ],
    services: [{ from: '2016-05-01', basisPoints: 600, source: '财税〔2016〕36 号' }],
  },
};

/** Terms under which the seller brings the coal over the border. */
const SHIPPED = new Set(['fob', 'cif', 'cfr']);

/** @returns undefined for a country or a day without a pack. */
export function vatRate(country: string, supply: Supply, day: string): number | undefined {
  return PACKS[country]?.[supply].find((rate) => rate.from <= day)?.basisPoints;
}

/** Of the coal a contract sells. */
export function vatOfCoal(of: {
  readonly sellerCountry: string;
  readonly buyerCountry: string;
  readonly deliveryTerm: string;
  /** Of the invoice. */
  readonly day: string;
}): Vat {
  const rateBasisPoints = vatRate(of.sellerCountry, 'coal', of.day);
  if (rateBasisPoints === undefined) return outside(of.sellerCountry);
  if (of.buyerCountry !== of.sellerCountry && SHIPPED.has(of.deliveryTerm)) {
    return without('G', { zh: '出口货物，不征增值税', en: 'Export of goods' });
  }
  return { category: 'S', rateBasisPoints, reason: null };
}

/** Of the exchange's service. The rate is what the contract says is charged; it is never another. */
export function vatOfService(of: {
  readonly issuerCountry: string;
  readonly recipientCountry: string;
  readonly rateBasisPoints: number;
}): Vat {
  if (of.rateBasisPoints > 0) {
    return { category: 'S', rateBasisPoints: of.rateBasisPoints, reason: null };
  }
  return of.recipientCountry === of.issuerCountry
    ? without('E', { zh: '免征增值税', en: 'Exempt from value added tax' })
    : without('AE', { zh: '由接受方缴纳增值税', en: 'Reverse charge' });
}

function outside(country: string): Vat {
  return without('O', {
    zh: `本文件不列示 ${country} 的增值税`,
    en: `Not subject to VAT as stated here: the seller in ${country} accounts for it`,
  });
}

function without(category: Exclude<VatCategory, 'S'>, reason: Bilingual): Vat {
  return { category, rateBasisPoints: 0, reason };
}
