/**
 * Reading a contract before signing it: the file is fetched once and checked here, by comparing and without
 * asking anybody. These bytes, by hash and length, are what the person sees and approves.
 */
import type { ContractView } from '@seam/protocol';
import type { Problem } from '#lib/api/problem.ts';
import type { Esign } from './crypto.ts';
import { fetchBytes } from './fetch-bytes.ts';
import { fetchTrust } from './trust.ts';

/** What the browser itself found about the file. */
export type DocumentCheck = 'unchanged' | 'terms' | 'signatures';
export type OpenDocument = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly passed: readonly DocumentCheck[];
  /** Each makes signing impossible; codes of the verifier or of `DocumentCheck`. */
  readonly failed: readonly { readonly check: DocumentCheck; readonly detail: string }[];
};
export type Opened = { ok: true; document: OpenDocument } | { ok: false; problem: Problem };

type Facts = Pick<ContractView, 'id' | 'terms' | 'revisions' | 'mine' | 'waitsFor'>;

/** Who must have signed, by what the page says of the file; what it really holds is found out. */
function claimed(kinds: readonly string[]): ('sig_seller' | 'sig_buyer' | 'sig_centre')[] {
  return (['sig_seller', 'sig_buyer', 'sig_centre'] as const).filter((field) => kinds.includes(field));
}

export async function openDocument(
  esign: Esign,
  fetch: typeof globalThis.fetch,
  contract: Facts,
  nowMs: number,
): Promise<Opened> {
  const [fetched, trust] = await Promise.all([
    fetchBytes(fetch, `/v1/contracts/${contract.id}/document`),
    fetchTrust(fetch),
  ]);
  if (!fetched.ok) return fetched;
  if (!trust.ok) return trust;
  const { bytes } = fetched;
  const sha256 = esign.toHex(await esign.sha256(bytes));
  const passed: DocumentCheck[] = [];
  const failed: { check: DocumentCheck; detail: string }[] = [];
  const judge = (check: DocumentCheck, fault: string | undefined): void => {
    if (fault === undefined) passed.push(check);
    else failed.push({ check, detail: fault });
  };
  const newest = contract.revisions.at(-1);
  judge('unchanged', newest?.sha256 === sha256 ? undefined : `${sha256} ≠ ${newest?.sha256}`);
  const terms = await esign.readTerms(bytes);
  judge('terms', terms !== undefined && terms === contract.terms ? undefined : 'terms.json');
  // The seller signs an unsigned document: there is nothing to verify yet, but its form. A buyer never signs
  // before the seller, whatever the page says.
  const must = new Set(claimed(contract.revisions.map(({ kind }) => kind)));
  if (contract.mine === 'buyer' && contract.waitsFor === 'buyer') must.add('sig_seller');
  const report = await esign.verifyContract(bytes, {
    roots: [trust.root],
    crls: trust.crl ? [trust.crl] : [],
    require: [...must],
    at: nowMs,
  });
  const proofs = [...report.signatures, ...(report.documentTimestamp ? [report.documentTimestamp] : [])];
  const findings = [...report.findings, ...proofs.flatMap((proof) => proof.findings)];
  judge('signatures', findings.length === 0 ? undefined : findings.map(({ code }) => code).join(', '));
  return { ok: true, document: { bytes, sha256, passed, failed } };
}
