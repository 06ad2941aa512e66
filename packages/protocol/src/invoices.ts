/** Invoices as documents: what was issued, and its two files. */
import { Type, type Static } from 'typebox';
import { Currency, Day, Exact, Id, IdParams, Money, Nullable, OneOf, Page, SignedMoney } from './common.ts';
import { type Route, route } from './route.ts';

const AREA = 'settlement';

export const INVOICE_KINDS = ['provisional', 'final', 'fee', 'credit_note', 'debit_note'] as const;
const Party = Exact({ name: Type.String(), nameZh: Nullable(Type.String()) });

export const InvoiceDocumentView = Exact({
  id: Id,
  contractId: Id,
  contractNumber: Type.String(),
  kind: OneOf(INVOICE_KINDS),
  /** Without gaps for each issuer and year. */
  number: Type.String(),
  issuedOn: Day,
  dueOn: Nullable(Day),
  seller: Party,
  buyer: Party,
  /** Null for staff. */
  mine: Nullable(OneOf(['issued', 'received'])),
  /** Its own fee. */
  byExchange: Type.Boolean(),
  currency: Currency,
  net: Money,
  vat: Money,
  gross: Money,
  /** Negative: comes back. */
  due: SignedMoney,
  /** UNTDID 5305. */
  vatCategory: OneOf(['S', 'E', 'AE', 'G', 'O']),
  vatPercent: Type.String(),
});
export type InvoiceDocumentView = Static<typeof InvoiceDocumentView>;
export const InvoiceList = Page(InvoiceDocumentView);
export type InvoiceList = Static<typeof InvoiceList>;

export const invoiceRoutes = {
  invoices: route({
    method: 'GET',
    url: '/v1/invoices',
    summary: 'Invoices my company issued or received, newest first; for staff, all of them',
    area: AREA,
    access: 'signed_in',
    query: Exact({ contractId: Type.Optional(Id), before: Type.Optional(Id) }),
    ok: InvoiceList,
    problems: [],
  }),
  invoiceUbl: route({
    method: 'GET',
    url: '/v1/invoices/:id/invoice.xml',
    summary: 'An invoice as UBL 2.1, within the core of EN 16931',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    ok: Type.Any(),
    produces: 'application/xml',
    problems: ['resource.not_found'],
  }),
  invoicePaper: route({
    method: 'GET',
    url: '/v1/invoices/:id/invoice.pdf',
    summary: 'An invoice as a paper, with its UBL attached',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    ok: Type.Any(),
    produces: 'application/pdf',
    problems: ['resource.not_found', 'contract.press_busy', 'contract.font_missing_glyph'],
  }),
} as const satisfies Record<string, Route>;
