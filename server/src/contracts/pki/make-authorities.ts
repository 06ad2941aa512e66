/** Makes the exchange's authorities: keys, certificates, and the root key's file. */
import { randomBytes } from 'node:crypto';
import {
  type CertificateRole,
  type Issuer,
  type KeySize,
  createRoot,
  generatePrivateKey,
  issueCertificate,
  issueIssuingCa,
  signerFromPkcs8,
} from '@seam/esign';
import { CENTRE_LEGAL_ID } from '../../platform/centre.ts';
import { underIssuing, underRoot } from './addresses.ts';
import type { KeyVault } from './key-vault.ts';
import { writeRootKey } from './root-key.ts';

export type Making = {
  readonly vault: KeyVault;
  readonly directory: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly publicUrl: string | undefined;
};

export type Made = {
  readonly role: string;
  readonly certificate: Uint8Array;
  readonly key: Uint8Array | null;
};

const YEAR_MS = 365 * 24 * 3600_000;
/** Clocks of parties differ: a certificate made now must be valid on a slow one. */
const BACKDATE_MS = 5 * 60_000;

export const CENTRE = {
  country: 'CN',
  organization: 'Seam 煤炭交易中心 Coal Exchange Centre',
  organizationIdentifier: `NTRCN-${CENTRE_LEGAL_ID}`,
} as const;

/** What the issuing authority certifies for the exchange itself, in the order it is made. */
export const SERVICES = ['centre', 'tsa', 'ocsp'] as const;
export type Service = (typeof SERVICES)[number];

/**
 * The timestamp authority outlives the contracts' certificates it vouches for; the responder is replaced
 * more often, because nobody can ask whether it is revoked.
 */
const PLANS = {
  centre: { size: 'rsa-3072', years: 3, role: 'centre', name: undefined },
  tsa: { size: 'rsa-3072', years: 8, role: 'tsa', name: 'Seam Exchange Timestamp Authority 1' },
  ocsp: { size: 'p-256', years: 3, role: 'ocsp', name: 'Seam Exchange OCSP Responder 1' },
} as const satisfies Record<
  Service,
  { size: KeySize; years: number; role: CertificateRole; name: string | undefined }
>;

export async function makeRootAndIssuing({ vault, directory, now, publicUrl }: Making): Promise<Made[]> {
  const [rootKey, issuingKey] = await Promise.all([
    generatePrivateKey('rsa-4096'),
    generatePrivateKey('rsa-3072'),
  ]);
  const rootSigner = signerFromPkcs8(rootKey);
  const subject = { country: 'CN', organization: 'Seam Coal Exchange', commonName: 'Seam Exchange Root CA' };
  const root = await createRoot({ subject, signer: rootSigner, ...validity(now, 20) });
  const issuing = await issueIssuingCa({
    issuer: { certificate: root, signer: rootSigner },
    subject: { ...subject, commonName: 'Seam Exchange Issuing CA 1' },
    spki: signerFromPkcs8(issuingKey).spki,
    ...underRoot(publicUrl),
    ...validity(now, 10),
  });
  writeRootKey(directory, vault.seal(rootKey, 'root'));
  return [
    { role: 'root', certificate: root, key: null },
    { role: 'issuing', certificate: issuing, key: vault.seal(issuingKey, 'issuing') },
  ];
}

export async function makeService(service: Service, issuing: Issuer, making: Making): Promise<Made> {
  const { size, years, role, name } = PLANS[service];
  const key = await generatePrivateKey(size);
  const certificate = await issueCertificate({
    issuer: issuing,
    subject: name === undefined ? CENTRE : { ...CENTRE, person: name },
    spki: signerFromPkcs8(key).spki,
    role,
    ...underIssuing(making.publicUrl),
    ...validity(making.now, years),
  });
  return { role: service, certificate, key: making.vault.seal(key, service) };
}

/** @returns a fresh 128-bit serial and `years` of validity from `now`. */
export function validity(
  now: number,
  years: number,
): { serial: Uint8Array; notBefore: number; notAfter: number } {
  return { serial: newSerial(), notBefore: now - BACKDATE_MS, notAfter: now + years * YEAR_MS };
}

export const newSerial = (): Uint8Array => new Uint8Array(randomBytes(16));
