/**
 * What an invoice says: plain data, frozen when it is issued. Its UBL file and its PDF are both written
 * from it and from nothing else, so that neither can say what the other does not.
 *
 * Money is minor units as text, masses are kilograms as text.
 */
import type { Vat } from './vat.ts';

export type Bilingual = { readonly zh: string; readonly en: string };

export const INVOICE_KINDS = ['provisional', 'final', 'fee', 'credit_note', 'debit_note'] as const;
export type InvoiceKind = (typeof INVOICE_KINDS)[number];

export type InvoiceParty = {
  readonly name: string;
  readonly nameZh: string | null;
  readonly country: string;
  readonly address: string;
  readonly registration: { readonly kind: 'uscc' | 'lei'; readonly id: string };
  /** With the country's letters before it; null where none is known. */
  readonly vatId: string | null;
};

/** Every document has one: a contract sells one coal. */
export type InvoiceLine = {
  readonly title: Bilingual;
  /** Null for what is not weighed: a service, a correction. */
  readonly kg: string | null;
  /** As the contract states it, per tonne; null for what is not weighed. */
  readonly statedPrice: string | null;
  /** Per unit without tax, major units, exact enough that quantity × price rounds to `full`. */
  readonly price: string;
  readonly full: string;
  /** What the amount differs from quantity × price by: taken off, or put on. */
  readonly difference: {
    readonly kind: 'allowance' | 'charge';
    /** Positive. */
    readonly amount: string;
    readonly reason: Bilingual;
  } | null;
  /** full with the difference. */
  readonly net: string;
  readonly origin: string | null;
  /** Of the Harmonised System, six digits. */
  readonly hsCode: string | null;
  readonly properties: readonly { readonly name: Bilingual; readonly value: string }[];
};

export type InvoiceTotals = {
  readonly net: string;
  readonly vat: string;
  readonly gross: string;
  readonly prepaid: string;
  /** gross − prepaid; negative when the buyer gets something back. */
  readonly due: string;
};

export type InvoiceModel = {
  readonly schema: 'seam.invoice.1';
  readonly kind: InvoiceKind;
  readonly number: string;
  /** Calendar days, UTC. */
  readonly issuedOn: string;
  readonly dueOn: string | null;
  readonly currency: string;
  readonly contractNumber: string;
  readonly seller: InvoiceParty;
  readonly buyer: InvoiceParty;
  readonly period: { readonly from: string; readonly to: string } | null;
  readonly delivery: Bilingual | null;
  /** The one this settles or corrects. */
  readonly preceding: { readonly number: string; readonly issuedOn: string } | null;
  readonly vat: Vat;
  readonly line: InvoiceLine;
  readonly totals: InvoiceTotals;
  readonly notes: readonly Bilingual[];
};
