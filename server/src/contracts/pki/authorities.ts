/**
 * The exchange's certificate authorities: a root whose key is kept in an encrypted file outside the
 * database, an issuing authority, and the centre, which signs contracts as the third party.
 *
 * This is the authority the parties agree on by contract; a licensed one replaces it behind the same
 * functions. Made once, on the first start.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {
  type Issuer,
  type Signer,
  createRoot,
  generatePrivateKey,
  issueCertificate,
  issueIssuingCa,
  signerFromPkcs8,
} from '@seam/esign';
import type { Sql } from 'postgres';
import { CENTRE_LEGAL_ID } from '../../platform/centre.ts';
import type { KeyVault } from './key-vault.ts';

export type Authorities = {
  readonly root: Uint8Array;
  readonly issuing: Issuer;
  readonly centre: Issuer;
};

const YEAR_MS = 365 * 24 * 3600_000;
/** Clocks of parties differ: a certificate made now must be valid on a slow one. */
const BACKDATE_MS = 5 * 60_000;

export const CENTRE = {
  country: 'CN',
  organization: 'Seam 煤炭交易中心 Coal Exchange Centre',
  organizationIdentifier: `NTRCN-${CENTRE_LEGAL_ID}`,
} as const;

/** @param now milliseconds since 1970. */
export async function openAuthorities(
  sql: Sql,
  vault: KeyVault,
  directory: string,
  now: number,
): Promise<Authorities> {
  const known = await load(sql, vault);
  if (known) return known;
  await sql.begin(async (tx) => {
    // Two processes on their first start: one makes the authorities, the other waits and loads them.
    await tx`lock table authority in exclusive mode`;
    const [row] = await tx`select 1 from authority`;
    if (row) return;
    const made = await create(vault, directory, now);
    for (const { role, certificate, key } of made) {
      await tx`insert into authority (role, certificate, encrypted_key) values (${role}, ${certificate}, ${key})`;
    }
  });
  const loaded = await load(sql, vault);
  if (!loaded) throw new Error('the certificate authorities were not made');
  return loaded;
}

async function load(sql: Sql, vault: KeyVault): Promise<Authorities | undefined> {
  const rows = await sql<
    { role: string; certificate: Buffer; encrypted_key: Buffer | null }[]
  >`select * from authority`;
  if (rows.length === 0) return undefined;
  const of = (role: string): { certificate: Uint8Array; encrypted_key: Buffer | null } => {
    const row = rows.find((candidate) => candidate.role === role);
    if (!row) throw new Error(`authority ${role} is missing`);
    return { ...row, certificate: new Uint8Array(row.certificate) };
  };
  const issuer = (role: string): Issuer => {
    const { certificate, encrypted_key } = of(role);
    if (!encrypted_key) throw new Error(`authority ${role} has no key here`);
    return { certificate, signer: signerFromPkcs8(vault.open(encrypted_key, role)) };
  };
  return { root: of('root').certificate, issuing: issuer('issuing'), centre: issuer('centre') };
}

type Made = { role: string; certificate: Uint8Array; key: Uint8Array | null };

async function create(vault: KeyVault, directory: string, now: number): Promise<Made[]> {
  const [rootKey, issuingKey, centreKey] = await Promise.all([
    generatePrivateKey('rsa-4096'),
    generatePrivateKey('rsa-3072'),
    generatePrivateKey('rsa-3072'),
  ]);
  const rootSigner = signerFromPkcs8(rootKey);
  const rootSubject = {
    country: 'CN',
    organization: 'Seam Coal Exchange',
    commonName: 'Seam Exchange Root CA',
  };
  const root = await createRoot({ subject: rootSubject, signer: rootSigner, ...validity(now, 20) });
  const issuingSigner = signerFromPkcs8(issuingKey);
  const issuing = await issueIssuingCa({
    issuer: { certificate: root, signer: rootSigner },
    subject: { ...rootSubject, commonName: 'Seam Exchange Issuing CA 1' },
    spki: issuingSigner.spki,
    ...validity(now, 10),
  });
  const centre = await issueCertificate({
    issuer: { certificate: issuing, signer: issuingSigner },
    subject: CENTRE,
    spki: spkiOf(centreKey),
    role: 'centre',
    ...validity(now, 3),
  });
  writeRootKey(directory, vault.seal(rootKey, 'root'));
  return [
    { role: 'root', certificate: root, key: null },
    { role: 'issuing', certificate: issuing, key: vault.seal(issuingKey, 'issuing') },
    { role: 'centre', certificate: centre, key: vault.seal(centreKey, 'centre') },
  ];
}

/** The root signs nothing in daily work: its key is a file to be carried away and locked up. */
function writeRootKey(directory: string, sealed: Uint8Array): void {
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  fs.writeFileSync(path.join(directory, 'root.key.sealed'), sealed, { mode: 0o600 });
}

const spkiOf = (pkcs8: Uint8Array): Signer['spki'] => signerFromPkcs8(pkcs8).spki;

/** @returns a fresh 128-bit serial and `years` of validity from `now`. */
export function validity(
  now: number,
  years: number,
): { serial: Uint8Array; notBefore: number; notAfter: number } {
  return {
    serial: new Uint8Array(randomBytes(16)),
    notBefore: now - BACKDATE_MS,
    notAfter: now + years * YEAR_MS,
  };
}
