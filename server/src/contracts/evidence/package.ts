/**
 * The evidence package: everything an outsider needs to check one contract without the exchange, and the
 * commands that do it. A function of what is kept for the contract: asked again, it gives the same bytes.
 */
import { createHash } from 'node:crypto';
import { type ContractReport, type SignatureField, toPem } from '@seam/esign';
import { readme } from './readme.ts';

export type PackagedSignature = {
  readonly field: SignatureField;
  readonly revision: number;
  readonly cms: Uint8Array;
  /** The bare signature, as it stands in the CMS; what the token stamps. */
  readonly value: Uint8Array;
  readonly token: Uint8Array;
  readonly stampedAt: Date;
  readonly handedInAt: Date;
  readonly certificate: Uint8Array;
  readonly certificateSerial: string;
  /** Null for the centre's seal, and for what was signed outside of a session. */
  readonly session: {
    readonly id: string;
    readonly person: string | null;
    readonly proof: string;
    readonly proofAt: Date | null;
    readonly assertion: unknown;
    readonly clientBundleSha256: string | null;
  } | null;
};

export type LogLine = {
  readonly seq: number;
  readonly serial: string;
  readonly leafHash: string;
  readonly previousChainHash: string;
  readonly chainHash: string;
};

export type Evidence = {
  readonly number: string;
  readonly contractId: string;
  readonly terms: string;
  /** From the issued document on; the last is the contract as it binds. */
  readonly revisions: readonly { readonly n: number; readonly kind: string; readonly file: Uint8Array }[];
  readonly signatures: readonly PackagedSignature[];
  readonly documentToken: Uint8Array;
  readonly archivedAt: Date;
  readonly report: ContractReport;
  readonly root: Uint8Array;
  /** The issuing authority, and what else is between the parties and the root. */
  readonly chain: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
  /** One for each signature, in its order, then those of other certificates. */
  readonly ocspResponses: readonly Uint8Array[];
  readonly log: readonly LogLine[];
  readonly origin: {
    readonly kind: string;
    readonly id: string;
    readonly journal: { readonly shard: number; readonly seq: string; readonly hash: string } | null;
  };
};

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

/** The answers on the signers come first, in the order of their signatures. */
export function answerName({ signatures }: Pick<Evidence, 'signatures'>, n: number): string {
  return `${signatures[n]?.field ?? `other-${n}`}.ocsp`;
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
