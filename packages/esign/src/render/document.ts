/** What a contract says, before it is laid out. */
import type { FontSet } from './font.ts';

/** English takes straight quotes: the curly ones of a Chinese font are as wide as a Chinese character. */
export type Bilingual = { readonly zh: string; readonly en: string };

export type ContractParty = {
  readonly name: Bilingual;
  /** `NTRCN-<USCC>` or `LEIXG-<LEI>`: the document demands a certificate of this organisation. */
  readonly organizationIdentifier: string;
  /** Address, person, account and the like, in the order to be shown. */
  readonly details: readonly { readonly label: Bilingual; readonly value: string }[];
};

export type ContractTable = {
  readonly columns: readonly Bilingual[];
  readonly rows: readonly (readonly string[])[];
};

export type ContractClause = {
  readonly heading: Bilingual;
  readonly paragraphs: readonly Bilingual[];
  readonly table?: ContractTable;
};

export type ContractDocument = {
  readonly contractId: string;
  readonly title: Bilingual;
  /** One line under the title: date and place. */
  readonly subtitle: Bilingual;
  readonly parties: {
    readonly seller: ContractParty;
    readonly buyer: ContractParty;
    readonly centre: ContractParty;
  };
  /** The terms that matter most, as a table before the clauses. */
  readonly summary: readonly { readonly label: Bilingual; readonly value: Bilingual }[];
  readonly clauses: readonly ContractClause[];
  /** Canonical terms, attached as `terms.json` and hashed into every page's foot. */
  readonly termsJson: string;
  readonly verifyUrl: string;
  /** QR code of `verifyUrl`: rows of modules, true is dark, without quiet zone. */
  readonly qr: readonly (readonly boolean[])[];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly fonts: FontSet;
};
