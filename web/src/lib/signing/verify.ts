/**
 * Verifies a contract file in the browser and puts what was found into what a page shows. The file is
 * read here and goes nowhere; only the root certificate and the revocation list are fetched.
 */
import type { ContractReport } from '@seam/esign/browser';
import type { Problem } from '#lib/api/problem.ts';
import { esign as load } from './crypto.ts';
import { outcomeOf, type Outcome } from './outcome.ts';
import { readTermsView, type TermsView } from './terms.ts';
import { fetchTrust } from './trust.ts';

export type Verification = {
  readonly outcome: Outcome;
  readonly report: ContractReport;
  /** Lower-case hex, of the whole file. */
  readonly sha256: string;
  readonly bytes: number;
  readonly terms: TermsView | undefined;
  /** Of the root that all signatures were led back to: to be compared with what one was given on paper. */
  readonly rootSha256: string;
  /** False when the revocation list could not be had. */
  readonly revocationChecked: boolean;
};

export async function verifyFile(
  fetch: typeof globalThis.fetch,
  bytes: Uint8Array<ArrayBuffer>,
  nowMs: number,
): Promise<{ ok: true; verification: Verification } | { ok: false; problem: Problem }> {
  const [esign, trust] = await Promise.all([load(), fetchTrust(fetch)]);
  if (!trust.ok) return trust;
  const report = await esign.verifyContract(bytes, {
    roots: [trust.root],
    crls: trust.crl ? [trust.crl] : [],
    at: nowMs,
  });
  const terms = await esign.readTerms(bytes);
  return {
    ok: true,
    verification: {
      outcome: outcomeOf(report),
      report,
      sha256: esign.toHex(await esign.sha256(bytes)),
      bytes: bytes.length,
      terms: terms === undefined ? undefined : readTermsView(terms),
      rootSha256: esign.toHex(await esign.sha256(trust.root)),
      revocationChecked: trust.crl !== null,
    },
  };
}
