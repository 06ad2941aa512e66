/** The clauses of a contract as a page lists them. */
export type Clause = {
  readonly id: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly paragraphs: readonly { readonly zh: string; readonly en: string }[];
};
