/** Verification reports as lists that tests can compare. */
import type { ContractReport } from '../verify/contract.ts';

/** Every finding as `where CODE`, the document's own under `file`. */
export function codes(report: ContractReport): string[] {
  const { findings, signatures, documentTimestamp } = report;
  const found = [
    ...findings.map(({ code }) => `file ${code}`),
    ...signatures.flatMap(({ field, findings: own }) => own.map(({ code }) => `${field} ${code}`)),
    ...(documentTimestamp?.findings ?? []).map(({ code }) => `timestamp ${code}`),
  ];
  if (report.valid !== (found.length === 0)) throw new Error(`valid is ${report.valid} with ${found.join()}`);
  return found;
}
