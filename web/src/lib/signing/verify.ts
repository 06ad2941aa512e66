/**
 * Verifies a contract file in the browser and puts what was found into what a page shows. The file is
 * read here and goes nowhere; roots and revocation list are given.
 */
import type { ContractReport } from '@seam/esign/browser';
import type { Esign } from './crypto.ts';
import { outcomeOf, type Outcome } from './outcome.ts';
import type { Root } from './roots.ts';
import { readTermsView, type TermsView } from './terms.ts';

export type Verification = {
  readonly outcome: Outcome;
  readonly report: ContractReport;
  /** Lower-case hex, of the whole file. */
  readonly sha256: string;
  readonly bytes: number;
  readonly terms: TermsView | undefined;
  /** That all signatures were led back to. */
  readonly roots: readonly Root[];
};

/** What a verification rests on besides the file. */
export type Trusted = {
  readonly roots: readonly Root[];
  /** The newest list, where it could be had: what the file itself proves needs none. */
  readonly crls: readonly Uint8Array[];
};

export async function verifyFile(
  esign: Esign,
  bytes: Uint8Array<ArrayBuffer>,
  { roots, crls }: Trusted,
  nowMs: number,
): Promise<Verification> {
  const report = await esign.verifyContract(bytes, { roots: roots.map(({ der }) => der), crls, at: nowMs });
  const terms = await esign.readTerms(bytes);
  return {
    outcome: outcomeOf(report),
    report,
    sha256: esign.toHex(await esign.sha256(bytes)),
    bytes: bytes.length,
    terms: terms === undefined ? undefined : readTermsView(terms),
    roots,
  };
}
