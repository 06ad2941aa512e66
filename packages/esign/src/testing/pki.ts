/** A certification authority and its people, made anew for a test file. */
import { randomBytes } from 'node:crypto';
import {
  type Addresses,
  type CertificateRole,
  type CertifiedSubject,
  type Issuer,
  createRoot,
  issueCertificate,
  issueIssuingCa,
} from '../ca/authority.ts';
import { type KeySize, type Signer, generatePrivateKey, signerFromPkcs8 } from '../ca/signer.ts';
import { children, readWhole, sequence } from '../der/reader.ts';
import { bits, context, seq } from '../der/writer.ts';
import { BUYER_ID, CENTRE_ID, SELLER_ID } from './sample-contract.ts';

export const DAY = 86_400_000;

export const SELLER: CertifiedSubject = {
  country: 'CN',
  organization: '大同晋北煤业有限公司',
  organizationIdentifier: SELLER_ID,
  person: '张伟',
};
export const BUYER: CertifiedSubject = {
  country: 'CN',
  organization: '骉骉能源（青岛）股份有限公司',
  organizationIdentifier: BUYER_ID,
  person: '李娜',
};
export const CENTRE: CertifiedSubject = {
  country: 'CN',
  organization: '接缝煤炭交易中心',
  organizationIdentifier: CENTRE_ID,
};

export type Pki = {
  readonly root: Issuer;
  readonly issuing: Issuer;
  /** The path without the root. */
  readonly chain: readonly Uint8Array[];
  readonly now: number;
};

export const newSerial = (): Uint8Array => new Uint8Array(randomBytes(16));

export async function newSigner(size: KeySize = 'p-256'): Promise<Signer> {
  return signerFromPkcs8(await generatePrivateKey(size));
}

export async function createPki(
  sizes: { root?: KeySize; issuing?: KeySize; now?: number; name?: string } = {},
): Promise<Pki> {
  const now = sizes.now ?? Date.now();
  const validity = () => ({ serial: newSerial(), notBefore: now - 30 * DAY, notAfter: now + 3650 * DAY });
  const [rootKey, issuingKey] = [await newSigner(sizes.root), await newSigner(sizes.issuing)];
  const name = (commonName: string) => ({ country: 'CN', organization: '接缝煤炭交易中心', commonName });
  const root = await createRoot({ signer: rootKey, subject: name('Seam 测试根 CA'), ...validity() });
  const issuing = await issueIssuingCa({
    issuer: { certificate: root, signer: rootKey },
    subject: name('Seam 测试签发 CA'),
    spki: issuingKey.spki,
    ...validity(),
  });
  return {
    root: { certificate: root, signer: rootKey },
    issuing: { certificate: issuing, signer: issuingKey },
    chain: [issuing],
    now,
  };
}

/** Certifies a key; by default for a year from yesterday. */
export function certify(
  pki: Pki,
  subject: CertifiedSubject,
  spki: Uint8Array,
  change: Addresses & {
    role?: CertificateRole;
    notBefore?: number;
    notAfter?: number;
    issuer?: Issuer;
  } = {},
): Promise<Uint8Array> {
  return issueCertificate({
    ...change,
    issuer: change.issuer ?? pki.issuing,
    subject,
    spki,
    role: change.role ?? 'party',
    serial: newSerial(),
    notBefore: change.notBefore ?? pki.now - DAY,
    notAfter: change.notAfter ?? pki.now + 365 * DAY,
  });
}

export async function newParty(
  pki: Pki,
  subject: CertifiedSubject,
  change: Parameters<typeof certify>[3] & { size?: KeySize } = {},
): Promise<Issuer> {
  const signer = await newSigner(change.size);
  return { signer, certificate: await certify(pki, subject, signer.spki, change) };
}

/** A certificate of the issuing CA with other extensions, and if wanted another inner algorithm. */
export async function withExtensions(
  pki: Pki,
  certificate: Uint8Array,
  change: (extensions: Uint8Array[]) => Uint8Array[],
  innerAlgorithm?: Uint8Array,
): Promise<Uint8Array> {
  const [tbs, algorithm] = sequence(readWhole(certificate));
  const fields = sequence(tbs).map(({ raw }) => raw);
  const extensions = sequence(children(readWhole(fields[7]!))[0]).map(({ raw }) => raw);
  fields[7] = context(3, seq(...change(extensions)));
  if (innerAlgorithm) fields[2] = innerAlgorithm;
  const changed = seq(...fields);
  return seq(changed, algorithm!.raw, bits(await pki.issuing.signer.sign(changed)));
}
