/**
 * Invoices from contracts, pure. The amounts are those the ledger moves; the tax is split out of the price
 * of the coal, because a contract's price is all the buyer pays, and put on top of the fee, because its
 * clause says so. Rounding: weight to the kilogram, unit price once, amount once, tax once.
 */
import { invoiceAmount } from '@seam/coal';
import { splitVat } from '@seam/ledger';
import { divideHalfUp, formatMoney, formatScaled, kilograms, minor } from '@seam/units';
import type { ContractTerms } from '../../contracts/public.ts';
import { CENTRE_LEGAL_ID } from '../../platform/centre.ts';
import type { InvoiceDetail } from '../trade/rules.ts';
import type { Bilingual, InvoiceLine, InvoiceModel, InvoiceParty, InvoiceTotals } from './model.ts';
import { type Vat, vatOfCoal, vatOfService } from './vat.ts';

const PRICE_DIGITS = 10;

/** Of the exchange: a code with a right check character that no company has. */
export const CENTRE_PARTY: InvoiceParty = {
  name: 'Seam Coal Exchange Centre',
  nameZh: 'Seam 煤炭交易中心',
  country: 'CN',
  address: 'Taiyuan, Shanxi 山西省太原市',
  registration: { kind: 'uscc', id: CENTRE_LEGAL_ID },
  vatId: `CN${CENTRE_LEGAL_ID}`,
};

/** @param country of the organisation; companies with a Chinese credit code are taxed under it. */
export function invoiceParty(party: ContractTerms['seller'], country: string): InvoiceParty {
  const { name, nameZh, address, legalIdKind, legalId } = party;
  return {
    name,
    nameZh,
    country,
    address,
    registration: { kind: legalIdKind, id: legalId },
    vatId: legalIdKind === 'uscc' ? `CN${legalId}` : null,
  };
}

export type Issued = {
  readonly number: string;
  readonly issuedOn: string;
  readonly preceding: InvoiceModel['preceding'];
};
export type Sides = { readonly seller: InvoiceParty; readonly buyer: InvoiceParty };
type ContractOf = Issued & Sides & { readonly terms: ContractTerms };

/** The buyer's payment into escrow before the coal is delivered. */
export function provisionalInvoiceOf(
  of: ContractOf & { readonly amount: bigint; readonly detail: InvoiceDetail; readonly dueOn: string },
): InvoiceModel {
  const vat = coalVat(of);
  const { net, vat: tax, gross } = splitVat(minor(of.amount), vat.rateBasisPoints, 'included');
  const share = percent(of.terms.payment.provisionalBasisPoints);
  const line = coalLine(of, vat, net, {
    zh: `预付 ${share}，余额于最终发票结算`,
    en: `${share} is paid in advance, the rest with the final invoice`,
  });
  return {
    ...common(of, 'provisional', vat),
    dueOn: of.dueOn,
    line,
    totals: totalsOf({ net, vat: tax, gross, prepaid: 0n }),
    notes: [
      {
        zh: '预付款发票，款项存入平台托管账户；最终发票依重量与化验结果开具，全部取代本发票。',
        en: 'Prepayment into escrow at the exchange. The final invoice, by weight and analysis, replaces all of it.',
      },
    ],
  };
}

/** By certified weight and quality; what was paid provisionally is deducted. */
export function finalInvoiceOf(
  of: ContractOf & { readonly amount: bigint; readonly detail: InvoiceDetail; readonly prepaid: bigint },
): InvoiceModel {
  const vat = coalVat(of);
  const { net, vat: tax, gross } = splitVat(minor(of.amount), vat.rateBasisPoints, 'included');
  return {
    ...common(of, 'final', vat),
    line: coalLine(of, vat, net, {
      zh: '合同约定的加扣款',
      en: 'Charges and deductions of the contract',
    }),
    totals: totalsOf({ net, vat: tax, gross, prepaid: of.prepaid }),
    notes: [
      {
        zh: '按计量重量与化验结果结算。付款经平台托管账户划转。',
        en: 'Settled by certified weight and analysis. Paid through the escrow account at the exchange.',
      },
    ],
  };
}

/** The exchange to whoever bears the fee. `fee` and `tax` are what the ledger took. */
export function feeInvoiceOf(
  of: ContractOf & { readonly base: bigint; readonly fee: bigint; readonly tax: bigint },
): InvoiceModel {
  const { terms } = of;
  const rate = terms.fees.exchangeFeeBasisPoints;
  const byTonne = BigInt(terms.fees.perTonne ?? '0');
  const payer = feePayer(terms) === 'buyer' ? of.buyer : of.seller;
  const vat = vatOfService({
    issuerCountry: CENTRE_PARTY.country,
    recipientCountry: payer.country,
    rateBasisPoints: terms.fees.taxOnFeeBasisPoints,
  });
  return {
    ...common({ ...of, seller: CENTRE_PARTY, buyer: payer }, 'fee', vat),
    period: null,
    delivery: null,
    line: {
      ...unweighed(
        { zh: `交易服务费 ${percent(rate)}`, en: `Exchange fee, ${percent(rate)} of the final amount` },
        of.fee,
      ),
      properties: [
        {
          name: { zh: '计费基数', en: 'Fee base' },
          value: `${formatMoney(of.base)} ${terms.currency}`,
        },
        ...(byTonne > 0n
          ? [
              {
                name: { zh: '每吨服务费', en: 'Fee per tonne' },
                value: `${formatMoney(byTonne)} ${terms.currency}`,
              },
            ]
          : []),
        ...(terms.fees.rule === undefined
          ? []
          : [{ name: { zh: '收费规则', en: 'Fee rule' }, value: terms.fees.rule }]),
      ],
    },
    totals: totalsOf({ net: of.fee, vat: of.tax, gross: of.fee + of.tax, prepaid: of.fee + of.tax }),
    notes: [
      payer === of.seller
        ? { zh: '已从货款中扣收，无需另付。', en: 'Deducted from the proceeds: nothing is left to pay.' }
        : {
            zh: '已从买方账户扣收，无需另付。',
            en: "Taken from the buyer's account: nothing is left to pay.",
          },
    ],
  };
}

export const feePayer = ({ fees }: Pick<ContractOf['terms'], 'fees'>): 'seller' | 'buyer' =>
  fees.paidBy ?? 'seller';

/** A correction of an invoice of this contract: never an edit. `amount` includes the tax of the original. */
export function noteOf(
  of: ContractOf & {
    readonly kind: 'credit_note' | 'debit_note';
    readonly amount: bigint;
    readonly reason: Bilingual;
    readonly vat: Vat;
  },
): InvoiceModel {
  const { net, vat: tax, gross } = splitVat(minor(of.amount), of.vat.rateBasisPoints, 'included');
  return {
    ...common(of, of.kind, of.vat),
    line: unweighed(of.reason, net),
    totals: totalsOf({ net, vat: tax, gross, prepaid: 0n }),
    notes: [],
  };
}

function common(of: ContractOf, kind: InvoiceModel['kind'], vat: Vat) {
  const { terms, number, issuedOn, preceding, seller, buyer } = of;
  const { goods } = terms;
  const place = goods.deliveryPlace;
  return {
    schema: 'seam.invoice.1',
    kind,
    number,
    issuedOn,
    dueOn: null,
    currency: terms.currency,
    contractNumber: terms.number,
    // Outside the tax no number of the tax may stand on it (BR-O-02).
    seller: vat.category === 'O' ? { ...seller, vatId: null } : seller,
    buyer: vat.category === 'O' ? { ...buyer, vatId: null } : buyer,
    period: { from: goods.windowFrom, to: goods.windowTo },
    delivery: {
      zh: `${goods.deliveryTerm.toUpperCase().replace('_', ' ')} ${place.nameZh ?? place.name}`,
      en: `${goods.deliveryTerm.toUpperCase().replace('_', ' ')} ${place.name}`,
    },
    preceding,
    vat,
  } as const;
}

function coalVat(of: ContractOf): Vat {
  return vatOfCoal({
    sellerCountry: of.seller.country,
    buyerCountry: of.buyer.country,
    deliveryTerm: of.terms.goods.deliveryTerm,
    day: of.issuedOn,
  });
}

const RANKS: Readonly<Record<string, Bilingual & { readonly hs: string }>> = {
  anthracite: { zh: '无烟煤', en: 'Anthracite', hs: '270111' },
  coking: { zh: '炼焦煤', en: 'Coking coal', hs: '270112' },
  bituminous: { zh: '烟煤', en: 'Bituminous coal', hs: '270112' },
  sub_bituminous: { zh: '次烟煤', en: 'Sub-bituminous coal', hs: '270119' },
  lignite: { zh: '褐煤', en: 'Lignite', hs: '270210' },
  waste: { zh: '煤矸石等', en: 'Coal waste', hs: '270119' },
};

/** @param net of what is invoiced, without tax. */
function coalLine(
  of: ContractOf & { readonly detail: InvoiceDetail },
  vat: Vat,
  net: bigint,
  reason: Bilingual,
): InvoiceLine {
  const { goods } = of.terms;
  const { quantityKg, unitPrice, adjustments } = of.detail;
  const kg = kilograms(BigInt(quantityKg));
  const whole = invoiceAmount(minor(BigInt(unitPrice)), kg);
  const full = splitVat(whole, vat.rateBasisPoints, 'included').net;
  const rank = RANKS[goods.coalRank] ?? { zh: '煤炭', en: 'Coal', hs: '270119' };
  return {
    title: {
      zh: `${goods.mine.nameZh ?? goods.mine.name} ${rank.zh}`,
      en: `${rank.en}, ${goods.mine.name}`,
    },
    kg: quantityKg,
    statedPrice: unitPrice,
    price: priceOf(full, kg),
    full: String(full),
    difference: differenceOf(full, net, reason),
    net: String(net),
    origin: goods.mine.country,
    hsCode: rank.hs,
    properties: adjustments.map((one) => ({
      name: { zh: PARAMETERS[one.id]?.zh ?? one.id, en: PARAMETERS[one.id]?.en ?? one.id },
      value: `${one.measured ?? '–'} (${one.reference ?? '–'}): ${one.amount} ${of.terms.currency}/t`,
    })),
  };
}

const PARAMETERS: Readonly<Record<string, Bilingual>> = {
  heat: { zh: '发热量', en: 'Calorific value' },
  ash: { zh: '灰分', en: 'Ash' },
  sulphur: { zh: '全硫', en: 'Sulphur' },
  total_moisture: { zh: '全水分', en: 'Total moisture' },
};

/** A price of which `kg` kilograms cost exactly `full` after rounding. */
function priceOf(full: bigint, kg: bigint): string {
  if (kg === 0n) return '0';
  // Minor units per kilogram → major units per tonne: × 1000 ÷ 100.
  return trimmed(formatScaled(divideHalfUp(full * 10n ** BigInt(PRICE_DIGITS + 1), kg), PRICE_DIGITS));
}

function differenceOf(full: bigint, net: bigint, reason: Bilingual): InvoiceLine['difference'] {
  if (full === net) return null;
  return net < full
    ? { kind: 'allowance', amount: String(full - net), reason }
    : { kind: 'charge', amount: String(net - full), reason };
}

function unweighed(title: Bilingual, net: bigint): InvoiceLine {
  return {
    title,
    kg: null,
    statedPrice: null,
    price: trimmed(formatMoney(net)),
    full: String(net),
    difference: null,
    net: String(net),
    origin: null,
    hsCode: null,
    properties: [],
  };
}

function totalsOf(of: { net: bigint; vat: bigint; gross: bigint; prepaid: bigint }): InvoiceTotals {
  return {
    net: String(of.net),
    vat: String(of.vat),
    gross: String(of.gross),
    prepaid: String(of.prepaid),
    due: String(of.gross - of.prepaid),
  };
}

const percent = (basisPoints: number): string => `${trimmed(formatScaled(BigInt(basisPoints), 2))} %`;

/** Without zeros after the last digit that says something. */
function trimmed(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}
