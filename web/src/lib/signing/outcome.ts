import type { ContractReport } from '@seam/esign/browser';

/**
 * The one word over a verification. `incomplete` is never good news: a file whose last signatures were cut
 * off looks like one that is still being signed.
 */
export type Outcome = 'valid' | 'incomplete' | 'invalid';

export function outcomeOf(report: ContractReport): Outcome {
  if (report.valid) return 'valid';
  const proofs = [...report.signatures, ...(report.documentTimestamp ? [report.documentTimestamp] : [])];
  const sound = proofs.every(({ findings }) => findings.length === 0);
  const onlyMissing = report.findings.every(
    ({ code }) => code === 'SIGNATURE_MISSING' || code === 'NO_SIGNATURE',
  );
  return sound && onlyMissing ? 'incomplete' : 'invalid';
}
