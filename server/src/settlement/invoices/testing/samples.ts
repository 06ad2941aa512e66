/** Invoices of every kind and tax category, as contracts make them. */
import type { ContractTerms } from '../../../contracts/public.ts';
import { termsBetween } from '../../../../test/trade/binding-contract.ts';
import { feeInvoiceOf, finalInvoiceOf, invoiceParty, noteOf, provisionalInvoiceOf } from '../build.ts';
import type { InvoiceModel } from '../model.ts';

const lei = { legalIdKind: 'lei', legalId: '529900T8BM49AURSDO55' } as const;

const terms = (change: (of: ContractTerms) => Partial<ContractTerms> = () => ({})): ContractTerms => {
  const of = termsBetween('seller', 'buyer', { contractId: '00000000-0000-4000-8000-000000000001' });
  return { ...of, ...change(of) } as ContractTerms;
};
const issued = { number: '2026-000001', issuedOn: '2026-11-23', preceding: null };
const detail = { quantityKg: '100000', unitPrice: '60000', adjustments: [] };
const sides = (of: ContractTerms, seller = 'CN', buyer = 'CN') => ({
  terms: of,
  seller: invoiceParty(of.seller, seller),
  buyer: invoiceParty(of.buyer, buyer),
});
const abroad = (side: 'seller' | 'buyer', deliveryTerm: string) =>
  terms((of) => ({ [side]: { ...of[side], ...lei }, goods: { ...of.goods, deliveryTerm } }));

const finalOf = (amount: bigint, prepaid: bigint, more: Partial<typeof detail> = {}) => ({
  ...issued,
  number: '2026-000002',
  preceding: { number: '2026-000001', issuedOn: '2026-11-20' },
  amount,
  prepaid,
  detail: { ...detail, ...more },
});

export const SAMPLES: Readonly<Record<string, InvoiceModel>> = {
  'a provisional invoice': provisionalInvoiceOf({
    ...issued,
    ...sides(terms()),
    amount: 6_000_000n,
    detail,
    dueOn: '2026-11-28',
  }),
  'a provisional invoice of 95 %': provisionalInvoiceOf({
    ...issued,
    ...sides(terms((of) => ({ payment: { ...of.payment, provisionalBasisPoints: 9500 } }))),
    amount: 5_700_000n,
    detail,
    dueOn: '2026-11-28',
  }),
  'a final invoice with something to pay': finalInvoiceOf({
    ...sides(terms()),
    ...finalOf(6_120_180n, 5_700_000n, {
      quantityKg: '102003',
      adjustments: [
        { id: 'heat', measured: '23110', reference: '23000', amount: '2.87' } as never,
        { id: 'ash', measured: '15.80', reference: '15.00', amount: '-4.80' } as never,
      ],
    }),
  }),
  'a final invoice with something to return': finalInvoiceOf({
    ...sides(terms()),
    ...finalOf(5_551_111n, 6_000_000n, { quantityKg: '92519' }),
  }),
  'a final invoice with a charge': finalInvoiceOf({
    ...sides(terms()),
    ...finalOf(6_001_000n, 6_000_000n),
  }),
  'a final invoice of nothing': finalInvoiceOf({
    ...sides(terms()),
    ...finalOf(0n, 6_000_000n, { quantityKg: '0' }),
  }),
  'exported coal': finalInvoiceOf({
    ...sides(abroad('buyer', 'fob'), 'CN', 'DE'),
    ...finalOf(6_000_000n, 0n),
  }),
  'coal of a foreign seller': finalInvoiceOf({
    ...sides(abroad('seller', 'cif'), 'AU', 'CN'),
    ...finalOf(6_000_000n, 6_000_000n),
  }),
  'the fee of the exchange': feeInvoiceOf({
    ...issued,
    ...sides(terms()),
    base: 6_000_000n,
    fee: 12_000n,
    tax: 720n,
  }),
  'the fee of a foreign seller': feeInvoiceOf({
    ...issued,
    ...sides(
      (() => {
        const of = abroad('seller', 'cif');
        return { ...of, fees: { ...of.fees, taxOnFeeBasisPoints: 0 } };
      })(),
      'AU',
    ),
    base: 6_000_000n,
    fee: 12_000n,
    tax: 0n,
  }),
  'an exempt fee': feeInvoiceOf({
    ...issued,
    ...sides(terms((of) => ({ fees: { ...of.fees, taxOnFeeBasisPoints: 0 } }))),
    base: 6_000_000n,
    fee: 12_000n,
    tax: 0n,
  }),
  'a credit note': noteOf({
    ...issued,
    ...sides(terms()),
    preceding: { number: '2026-000002', issuedOn: '2026-11-23' },
    kind: 'credit_note',
    amount: 33_333n,
    reason: { zh: '磅单更正', en: 'Weighbridge ticket corrected' },
    vat: { category: 'S', rateBasisPoints: 1300, reason: null },
  }),
  'a debit note': noteOf({
    ...issued,
    ...sides(terms()),
    preceding: { number: '2026-000002', issuedOn: '2026-11-23' },
    kind: 'debit_note',
    amount: 12_345n,
    reason: { zh: '化验更正', en: 'Analysis corrected' },
    vat: { category: 'S', rateBasisPoints: 1300, reason: null },
  }),
  'names that XML must not take for itself': finalInvoiceOf({
    ...sides(
      terms((of) => ({
        seller: { ...of.seller, name: 'Müller & <Söhne> "Kohle" \u0007\ud800', nameZh: '穆勒 & 煤炭' },
        buyer: { ...of.buyer, address: 'line one\nline two', name: ']]>' },
      })),
    ),
    ...finalOf(6_000_000n, 0n),
  }),
};
