/** Checks the timestamp of revision 5, which covers the whole document with its store. */
import { sha256 } from '../x509/algorithms.ts';
import { coveredBytes } from '../pdf/signature-dictionary.ts';
import type { Finding } from './findings.ts';
import type { Trust } from './path.ts';
import { type Covered, checkRange, readShell } from './shell.ts';
import { checkToken } from './timestamp.ts';

export type DocumentTimestampReport = {
  /** RFC 3339; undefined when the timestamp proves nothing. */
  readonly time: string | undefined;
  readonly authority: string | undefined;
  readonly organization: string | undefined;
  /** Lower-case hex of the authority's certificate serial. */
  readonly serial: string | undefined;
  readonly findings: readonly Finding[];
};

export async function checkDocumentTimestamp(
  input: Covered & { readonly trust: Trust },
): Promise<DocumentTimestampReport> {
  const { dictionary, file, trust } = input;
  const range = checkRange(input);
  const shell = readShell(input);
  const findings = [...range, ...shell.findings];
  if (!shell.cms || range.length > 0) return nothing(findings);
  const report = await checkToken(
    {
      token: shell.cms.der,
      imprint: await sha256(coveredBytes(file, dictionary.byteRange!)),
      pool: [],
      // The store is older than the timestamp over it: what is in force then must do.
      freshness: 'covering',
    },
    trust,
  );
  findings.push(...report.findings);
  return {
    time: report.time === undefined ? undefined : new Date(report.time).toISOString(),
    authority: report.authority?.commonName,
    organization: report.authority?.organization,
    serial: report.authority?.serialHex,
    findings,
  };
}

const nothing = (findings: readonly Finding[]): DocumentTimestampReport => ({
  time: undefined,
  authority: undefined,
  organization: undefined,
  serial: undefined,
  findings,
});
