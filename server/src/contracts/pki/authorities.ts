/**
 * The exchange's certificate authorities: a root whose key is kept in an encrypted file outside the
 * database and used on the first start only, an issuing authority, and what it certifies for the exchange:
 * the centre, which signs contracts as the third party, the timestamp authority, and the OCSP responder.
 *
 * This is the authority the parties agree on by contract; a licensed one replaces it behind `ports.ts`.
 * What is missing is made on the start: an older database gains what came later, and loses nothing.
 */
import { type Addresses, type Issuer, serialOf, signerFromPkcs8 } from '@seam/esign';
import type { Sql } from 'postgres';
import type { Tx } from '../../platform/db.ts';
import { underIssuing } from './addresses.ts';
import { EXCHANGE, appendToLog } from './certificate-log.ts';
import type { KeyVault } from './key-vault.ts';
import { type Made, SERVICES, makeRootAndIssuing, makeService } from './make-authorities.ts';
import { firstRootList } from './root-list.ts';

export { CENTRE } from './make-authorities.ts';

export type Authorities = {
  readonly root: Uint8Array;
  readonly issuing: Issuer;
  readonly centre: Issuer;
  readonly tsa: Issuer;
  readonly ocsp: Issuer;
  /** Printed into what the issuing authority certifies. */
  readonly addresses: Addresses;
};

type Row = { role: string; certificate: Buffer; encrypted_key: Buffer | null };

/**
 * @param now milliseconds since 1970.
 * @param publicUrl where outsiders reach the exchange: printed into what is certified from now on.
 */
export async function openAuthorities(
  sql: Sql,
  vault: KeyVault,
  directory: string,
  now: number,
  publicUrl?: string,
): Promise<Authorities> {
  return sql.begin(async (tx) => {
    // Two processes on their first start: one makes the authorities, the other waits and loads them.
    await tx`lock table authority in exclusive mode`;
    const making = { vault, directory, now, publicUrl };
    let rows = await tx<Row[]>`select role, certificate, encrypted_key from authority`;
    if (rows.length === 0) {
      for (const made of await makeRootAndIssuing(making)) await store(tx, made);
      rows = await tx<Row[]>`select role, certificate, encrypted_key from authority`;
    }
    const issuing = issuer(rows, vault, 'issuing');
    for (const role of SERVICES) {
      if (rows.some((row) => row.role === role)) continue;
      await store(tx, await makeService(role, issuing, making));
    }
    rows = await tx<Row[]>`select role, certificate, encrypted_key from authority`;
    await logAll(tx, rows);
    const root = certificateOf(rows, 'root');
    await firstRootList(tx, { vault, directory, root, now });
    return {
      root,
      issuing,
      centre: issuer(rows, vault, 'centre'),
      tsa: issuer(rows, vault, 'tsa'),
      ocsp: issuer(rows, vault, 'ocsp'),
      addresses: underIssuing(publicUrl),
    };
  }) as Promise<Authorities>;
}

async function store(tx: Tx, { role, certificate, key }: Made): Promise<void> {
  await tx`insert into authority (role, certificate, encrypted_key) values (${role}, ${certificate}, ${key})`;
}

/** Whatever was made before the log held the exchange's own certificates is entered now. */
async function logAll(tx: Tx, rows: readonly Row[]): Promise<void> {
  const logged = await tx<
    { serial: string }[]
  >`select serial from certificate_log where holder = ${EXCHANGE}`;
  const known = new Set(logged.map(({ serial }) => serial));
  for (const role of ['root', 'issuing', ...SERVICES]) {
    const der = certificateOf(rows, role);
    const serial = serialOf(der);
    if (!known.has(serial)) await appendToLog(tx, { serial, der, holder: EXCHANGE });
  }
}

function rowOf(rows: readonly Row[], role: string): Row {
  const row = rows.find((candidate) => candidate.role === role);
  if (!row) throw new Error(`authority ${role} is missing`);
  return row;
}

const certificateOf = (rows: readonly Row[], role: string): Uint8Array =>
  new Uint8Array(rowOf(rows, role).certificate);

function issuer(rows: readonly Row[], vault: KeyVault, role: string): Issuer {
  const { encrypted_key } = rowOf(rows, role);
  if (!encrypted_key) throw new Error(`authority ${role} has no key here`);
  return { certificate: certificateOf(rows, role), signer: signerFromPkcs8(vault.open(encrypted_key, role)) };
}
