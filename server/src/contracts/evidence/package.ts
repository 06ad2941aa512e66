/**
 * The evidence package: everything an outsider needs to check one contract without the exchange, and the
 * commands that do it. A function of what is kept for the contract: asked again, it gives the same bytes.
 */
import { createHash } from 'node:crypto';
import { toPem } from '@seam/esign';
import { type Evidence, type PackagedSignature, answerName } from './evidence.ts';
import { readme } from './readme.ts';

export type PackageFile = { readonly name: string; readonly bytes: Uint8Array };

export function packageOf(of: Evidence): PackageFile[] {
  const files: PackageFile[] = [
    { name: 'contract.pdf', bytes: of.revisions.at(-1)!.file },
    { name: 'root.cer', bytes: of.root },
    text('root.pem', toPem('CERTIFICATE', of.root)),
    text('certificates/chain.pem', of.chain.map((der) => toPem('CERTIFICATE', der)).join('')),
    text('terms.json', of.terms),
    json('report.json', of.report),
    json('sessions.json', of.signatures.map(factsOf)),
    json('certificate-log.json', of.log),
    json('origin.json', of.origin),
    { name: 'timestamps/document.tst', bytes: of.documentToken },
    ...of.revisions.map(({ n, kind, file }) => ({ name: `revisions/${n}-${kind}.pdf`, bytes: file })),
    ...of.signatures.flatMap(filesOf),
    ...of.crls.map((bytes, n) => ({ name: `revocation/list-${n}.crl`, bytes })),
    ...of.ocspResponses.map((bytes, n) => ({ name: `revocation/${answerName(of, n)}`, bytes })),
  ];
  files.push(text('README.md', readme(of)));
  const sums = files.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(sumOf);
  return [...files, text('sha256sums.txt', sums.join(''))];
}

function filesOf({ field, cms, value, token, certificate }: PackagedSignature): PackageFile[] {
  return [
    { name: `signatures/${field}.cms`, bytes: cms },
    { name: `signatures/${field}.value`, bytes: value },
    { name: `timestamps/${field}.tst`, bytes: token },
    text(`certificates/${field}.pem`, toPem('CERTIFICATE', certificate)),
  ];
}

/** When, and how, each signer proved to be there. Where from is kept by the exchange, for a court. */
function factsOf(of: PackagedSignature) {
  return {
    field: of.field,
    certificateSerial: of.certificateSerial,
    certificateSha256: hash(of.certificate),
    handedInAt: of.handedInAt.toISOString(),
    stampedAt: of.stampedAt.toISOString(),
    session: of.session && { ...of.session, proofAt: of.session.proofAt?.toISOString() ?? null },
  };
}

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const sumOf = ({ name, bytes }: PackageFile): string => `${hash(bytes)}  ${name}\n`;
const text = (name: string, content: string): PackageFile => ({
  name,
  bytes: new Uint8Array(Buffer.from(content)),
});
const json = (name: string, value: unknown): PackageFile => text(name, `${JSON.stringify(value, null, 2)}\n`);
