/** What a clause of the library is: data. Its text and its validation both follow from it. */
import type { TSchema } from 'typebox';

export type Bilingual = { readonly zh: string; readonly en: string };

/** The kinds of sale a clause is written for. */
export const SALE_KINDS = ['spot', 'long_term', 'order_book'] as const;
export type SaleKind = (typeof SALE_KINDS)[number];

/** How a value is written in the text and asked for in a form. */
export type ParameterForm =
  | 'text'
  | 'integer'
  | 'days'
  /** Hundredths of a percent. */
  | 'basis_points'
  /** Kilograms, as text. */
  | 'mass'
  /** Minor units, as text, in the currency of the contract. */
  | 'money'
  | 'currency'
  /** Calendar day. */
  | 'day'
  | 'choice'
  | 'party'
  | 'name'
  | 'mine'
  | 'assay'
  | 'quality'
  | 'months'
  | 'origin'
  | 'formula'
  | 'quotations'
  /** Prices by the month from which each holds. */
  | 'steps'
  /** Published indices that a price follows. */
  | 'series';

/** Who may propose another value, and until when that is safe for the money already moving. */
export type Negotiation = {
  /** Before anybody is bound: whose wish it may be. */
  readonly before: 'either' | 'seller' | 'buyer' | 'nobody';
  /**
   * After both are bound, until the stage of settlement that reads it: `funding` while the provisional
   * invoice is unpaid, `result` until the final invoice, `end` as long as the settlement is open.
   */
  readonly amend: 'never' | 'funding' | 'result' | 'end';
};

export type Parameter = {
  /** Where the value stands in the terms, for example `payment.provisionalWithinDays`. */
  readonly path: string;
  readonly label: Bilingual;
  readonly form: ParameterForm;
  /** TypeBox: range and shape. The unit is that of the form. */
  readonly schema: TSchema;
  /** The words of a choice. */
  readonly words?: Readonly<Record<string, Bilingual>>;
  readonly negotiation: Negotiation;
};

export type Clause = {
  readonly id: string;
  readonly version: number;
  readonly title: Bilingual;
  readonly appliesTo: readonly SaleKind[];
  /** Whether the exchange carries it out by itself, or the parties do and the exchange only records it. */
  readonly executedBy: 'exchange' | 'parties';
  readonly parameters: readonly Parameter[];
  /** `{path}` stands for the parameter's value, `{total}` for the contract value. */
  readonly paragraphs: readonly Bilingual[];
};

export type Template = {
  readonly id: 'spot_sale' | 'long_term_sale' | 'order_book_sale';
  readonly version: number;
  readonly kind: SaleKind;
  readonly title: Bilingual;
  /** Clauses in their order, each in one version. */
  readonly clauses: readonly { readonly id: string; readonly version: number }[];
};
