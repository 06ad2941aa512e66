/** What openssl says of the authority's services, asked over HTTP as any outsider would ask. */
import fs from 'node:fs';
import path from 'node:path';
import { createTimestampQuery, toPem } from '@seam/esign';
import { certificateRoutes as r } from '@seam/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAuthorities } from './authorities.ts';
import { ownCertificateAuthority } from './certificate-authority.ts';
import { revoke } from './revocation.ts';
import { readRootKey } from './root-key.ts';
import { publishRootList } from './root-list.ts';
import { type RunningPki, runPki } from './testing/running-pki.ts';

let pki: RunningPki;
let good: string;
let gone: string;
let goneSerial: string;

const pem = (name: string, der: Uint8Array): string => pki.file(name, toPem('CERTIFICATE', der));
/** Fetches a file of the authority, as its address in a certificate says. */
const fetched = async (url: string): Promise<Buffer> => (await pki.call(null, 'GET', url)).bytes;

beforeAll(async () => {
  pki = await runPki();
  pem('root.pem', new Uint8Array(await fetched(r.rootCertificate.url)));
  pem('issuing.pem', new Uint8Array(await fetched(r.issuingCertificate.url)));
  for (const role of ['centre', 'tsa', 'ocsp'] as const)
    pem(`${role}.pem`, pki.authorities[role].certificate);
  const keep = await pki.certificateFor('wang', await pki.csr('good'));
  good = pem('good.pem', new Uint8Array(Buffer.from(keep.certificate, 'base64')));
  const lose = await pki.certificateFor('wang', await pki.csr('gone'));
  gone = pem('gone.pem', new Uint8Array(Buffer.from(lose.certificate, 'base64')));
  goneSerial = lose.serial;
  const revoked = await pki.call('wang', 'POST', `/v1/certificates/${goneSerial}/revocation`, {
    reason: 'key_compromise',
  });
  expect(revoked.status).toBe(200);
});
afterAll(async () => pki.close());

const CHAIN = ['-CAfile', 'root.pem', '-untrusted', 'issuing.pem'];
/** The responder's own path, for `openssl ocsp`. */
const TRUST = ['-CAfile', 'root.pem', '-verify_other', 'issuing.pem'];
const verify = async (certificate: string, ...more: string[]) =>
  pki.openssl('verify', '-x509_strict', ...CHAIN, ...more, certificate);

async function lists(): Promise<string[]> {
  for (const name of ['root', 'issuing']) {
    pki.file(`${name}.crl`, await fetched(`/v1/pki/${name}.crl`));
    await pki.openssl('crl', '-inform', 'DER', '-in', `${name}.crl`, '-out', `${name}.crl.pem`);
  }
  return ['-crl_check_all', '-CRLfile', 'root.crl.pem', '-CRLfile', 'issuing.crl.pem'];
}

async function crlText(name: string): Promise<string> {
  pki.file('read.crl', await fetched(`/v1/pki/${name}.crl`));
  return (await pki.openssl('crl', '-inform', 'DER', '-in', 'read.crl', '-noout', '-text')).output;
}
const numberOf = (text: string): number => Number(/CRL Number: *\n *(\d+)/.exec(text)?.[1]);

describe('certificates and lists', () => {
  it('C1 a party’s certificate stands before openssl, strictly, and against both lists', async () => {
    expect((await verify(good, ...(await lists()))).output).toContain('good.pem: OK');
  });
  it('C2 the timestamp authority’s is one, and nothing else', async () => {
    expect((await verify('tsa.pem', '-purpose', 'timestampsign', ...(await lists()))).output).toContain('OK');
    const text = (await pki.openssl('x509', '-in', 'tsa.pem', '-noout', '-text')).output;
    expect(text).toMatch(/Extended Key Usage: critical\s+Time Stamping\n/);
  });
  it('C3 the OCSP responder’s is one', async () => {
    expect((await verify('ocsp.pem', '-purpose', 'ocsphelper')).output).toContain('OK');
    expect((await verify('ocsp.pem', '-purpose', 'timestampsign')).code).not.toBe(0);
  });
  it('C4 a revoked certificate fails against the list, with its reason in it', async () => {
    expect((await verify(gone, ...(await lists()))).output).toContain(
      'error 23 at 0 depth lookup: certificate revoked',
    );
    expect(await crlText('issuing')).toContain('Key Compromise');
  });
  it('the addresses printed into a certificate are those that answer', async () => {
    const { output } = await pki.openssl('x509', '-in', good, '-noout', '-text');
    expect(output).toContain(`URI:${pki.url}/v1/pki/issuing.crl`);
    expect(output).toContain(`OCSP - URI:${pki.url}/v1/pki/ocsp`);
    expect(output).toContain(`CA Issuers - URI:${pki.url}/v1/pki/issuing.cer`);
    const above = await pki.openssl('x509', '-in', 'issuing.pem', '-noout', '-text');
    expect(above.output).toContain(`URI:${pki.url}/v1/pki/root.crl`);
  });
  it('a list is published with each revocation, one number higher, and stays when nothing happens', async () => {
    const before = numberOf(await crlText('issuing'));
    expect(numberOf(await crlText('issuing'))).toBe(before);
    const { serial } = await pki.certificateFor('anna', await pki.csr('short'));
    await pki.call('anna', 'POST', `/v1/certificates/${serial}/revocation`, { reason: 'superseded' });
    const text = await crlText('issuing');
    expect(numberOf(text)).toBe(before + 1);
    expect(text).toContain('Superseded');
    expect(text.toLowerCase().replaceAll(':', '')).toContain(serial);
  });
  it('a list is replaced after a day at the latest', async () => {
    const before = numberOf(await crlText('issuing'));
    pki.time = new Date(Date.now() + 25 * 3600_000);
    try {
      expect(numberOf(await crlText('issuing'))).toBe(before + 1);
    } finally {
      pki.time = null;
    }
  });
  it('of two revocations at once, the later list holds both', async () => {
    const { db, authorities } = pki;
    const [first, second] = [
      (await pki.certificateFor('zhao', await pki.csr('both-a'))).serial as string,
      (await pki.certificateFor('zhao', await pki.csr('both-b'))).serial as string,
    ];
    const gone = (serial: string) => ({ serial, reason: 'superseded', by: 'zhao', evidence: null }) as const;
    const deps = { authorities, now: new Date() };
    const waiting = async () =>
      (await db.sql`select 1 from pg_locks where not granted and relation = 'revocation_list'::regclass`)
        .length;
    let later: Promise<unknown> | undefined;
    await db.sql.begin(async (tx) => {
      await revoke(tx, deps, gone(first));
      later = db.sql.begin(async (other) => revoke(other, deps, gone(second)));
      // The first is committed only once the second stands before the list.
      await expect.poll(waiting).toBe(1);
    });
    await later;
    const text = (await crlText('issuing')).toLowerCase();
    for (const serial of [first, second]) expect(text).toContain(serial);
  });
  it('a list once published cannot be changed', async () => {
    for (const change of [
      'update revocation_list set next_update = now()',
      'delete from revocation_list',
      'truncate revocation_list',
    ])
      await expect(pki.db.sql.unsafe(change)).rejects.toMatchObject({ code: 'CX002' });
  });
});

describe('the OCSP responder', () => {
  const ask = async (...more: string[]) =>
    pki.openssl('ocsp', '-issuer', 'issuing.pem', '-url', `${pki.url}/v1/pki/ocsp`, ...TRUST, ...more);

  it('O1 good', async () => {
    const { output } = await ask('-cert', good);
    expect(output).toContain('Response verify OK');
    expect(output).toContain('good.pem: good');
  });
  it('O2 revoked, with time and reason, at once', async () => {
    const { output } = await ask('-cert', gone);
    expect(output).toContain('Response verify OK');
    expect(output).toMatch(/gone\.pem: revoked[\s\S]*Reason: keyCompromise/);
  });
  it('O3 unknown, for a serial that was never issued', async () => {
    const { output } = await ask('-serial', '0x123456789');
    expect(output).toContain('Response verify OK');
    expect(output).toContain('0x123456789: unknown');
  });
  it('O4 a SHA-256 CertID with a nonce, which comes back', async () => {
    const { output } = await ask('-sha256', '-nonce', '-resp_text', '-cert', good);
    expect(output).toContain('Hash Algorithm: sha256');
    expect(output).not.toContain('WARNING: no nonce');
    expect(output).toContain('Response verify OK');
    expect(output).toContain('good.pem: good');
  });
  it('answers the same by GET', async () => {
    await pki.openssl('ocsp', '-issuer', 'issuing.pem', '-cert', gone, '-no_nonce', '-reqout', 'req.der');
    const request = fs.readFileSync(path.join(pki.scratch, 'req.der')).toString('base64');
    const answer = await fetch(`${pki.url}/v1/pki/ocsp/${encodeURIComponent(request)}`);
    expect(answer.headers.get('content-type')).toBe('application/ocsp-response');
    pki.file('get.der', Buffer.from(await answer.arrayBuffer()));
    const read = await pki.openssl(
      'ocsp',
      '-respin',
      'get.der',
      '-issuer',
      'issuing.pem',
      '-cert',
      gone,
      ...TRUST,
    );
    expect(read.output).toContain('gone.pem: revoked');
  });
  it('malformedRequest for what is no request; too much is refused before it is read', async () => {
    const post = async (body: Uint8Array<ArrayBuffer>, type = 'application/ocsp-request') =>
      fetch(`${pki.url}/v1/pki/ocsp`, { method: 'POST', headers: { 'content-type': type }, body });
    const answer = await post(new Uint8Array([0x30, 0x03, 1, 2, 3]));
    expect(answer.status).toBe(200);
    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([0x30, 3, 0x0a, 1, 1]);
    expect((await post(new Uint8Array(20_000))).status).toBe(413);
    expect((await post(new Uint8Array(3), 'application/octet-stream')).status).toBe(415);
  });
});

describe('the timestamp authority', () => {
  const query = async (digest: string) => {
    pki.file('data', 'one lot of coal');
    await pki.openssl('ts', '-query', '-data', 'data', digest, '-cert', '-out', 'q.tsq');
    return stamp(fs.readFileSync(path.join(pki.scratch, 'q.tsq')));
  };
  async function stamp(body: Uint8Array): Promise<string> {
    const answer = await fetch(`${pki.url}/v1/pki/tsa`, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query' },
      body: new Uint8Array(body),
    });
    expect(answer.headers.get('content-type')).toBe('application/timestamp-reply');
    return pki.file('r.tsr', Buffer.from(await answer.arrayBuffer()));
  }
  const check = async (...of: string[]) => pki.openssl('ts', '-verify', ...of, '-in', 'r.tsr', ...CHAIN);

  it('T1 a query is answered with a token over it', async () => {
    await query('-sha256');
    expect((await check('-queryfile', 'q.tsq')).output).toContain('Verification: OK');
  });
  it('T2 SHA-512 is rejected: badAlg', async () => {
    await query('-sha512');
    const { output } = await pki.openssl('ts', '-reply', '-in', 'r.tsr', '-text');
    expect(output).toContain('Status: Rejected.');
    expect(output).toMatch(/unrecognized or unsupported algorithm/i);
  });
  it('T3 a token says nothing about other data', async () => {
    await query('-sha256');
    pki.file('other', 'another lot');
    expect((await check('-data', 'other')).output).toContain('message imprint mismatch');
  });
  it('badDataFormat for what is no query', async () => {
    await stamp(new Uint8Array([1, 2, 3]));
    const { output } = await pki.openssl('ts', '-reply', '-in', 'r.tsr', '-text');
    expect(output).toMatch(/the data submitted has the wrong format/i);
  });
  it('every token has a serial of its own, and a line in a log that nobody changes', async () => {
    const before = await pki.db.sql`select 1 from timestamp_log`;
    await stamp(createTimestampQuery({ imprint: new Uint8Array(32), nonce: new Uint8Array([1]) }));
    await stamp(createTimestampQuery({ imprint: new Uint8Array(32), nonce: new Uint8Array([1]) }));
    expect(await pki.db.sql`select 1 from timestamp_log`).toHaveLength(before.length + 2);
    await expect(pki.db.sql`delete from timestamp_log`).rejects.toMatchObject({ code: 'CX002' });
  });
});

describe('the authorities', () => {
  it('an older database gains a timestamp authority and a responder, and keeps what it had', async () => {
    const { db, vault, scratch, authorities } = pki;
    const files =
      await db.sql`select role, certificate from authority where role in ('root', 'issuing', 'centre')`;
    await db.sql`delete from authority where role in ('tsa', 'ocsp')`;
    const again = await openAuthorities(db.sql, vault, scratch, Date.now(), pki.url);
    expect(again.root).toEqual(authorities.root);
    for (const { role, certificate } of files)
      expect(role === 'root' ? again.root : again[role as 'issuing' | 'centre'].certificate).toEqual(
        new Uint8Array(certificate),
      );
    pem('tsa-2.pem', again.tsa.certificate);
    expect(again.tsa.certificate).not.toEqual(authorities.tsa.certificate);
    expect((await verify('tsa-2.pem', '-purpose', 'timestampsign')).output).toContain('OK');
    const third = await openAuthorities(db.sql, vault, scratch, Date.now(), pki.url);
    expect(third.tsa.certificate).toEqual(again.tsa.certificate);
  });

  it('no private key lies in the database or in a file unencrypted', async () => {
    const rows = await pki.db.sql`select role, encrypted_key from authority`;
    expect(rows.find((row) => row['role'] === 'root')).toMatchObject({ encrypted_key: null });
    const sealed = fs.readFileSync(path.join(pki.scratch, 'root.key.sealed'));
    for (const bytes of [sealed, ...rows.flatMap((row) => row['encrypted_key'] ?? [])]) {
      expect(() => pki.vault.open(bytes, 'another label')).toThrow();
      // PKCS#8 begins with a SEQUENCE and holds its algorithm's name.
      expect(bytes.includes(Buffer.from('300d06092a864886f70d0101', 'hex'))).toBe(false);
      expect(bytes.includes(Buffer.from('06072a8648ce3d0201', 'hex'))).toBe(false);
    }
  });

  it('the root’s list is written anew only with its key from the safe', async () => {
    const { db, scratch, vault, authorities } = pki;
    const before = numberOf(await crlText('root'));
    fs.renameSync(path.join(scratch, 'root.key.sealed'), path.join(scratch, 'safe'));
    expect(readRootKey(scratch, vault)).toBeUndefined();
    // Daily work does without it.
    await openAuthorities(db.sql, vault, scratch, Date.now(), pki.url);
    expect(numberOf(await crlText('root'))).toBe(before);
    fs.renameSync(path.join(scratch, 'safe'), path.join(scratch, 'root.key.sealed'));
    const signer = readRootKey(scratch, vault)!;
    await db.sql.begin(async (tx) =>
      publishRootList(tx, { root: authorities.root, signer, now: new Date() }),
    );
    expect(numberOf(await crlText('root'))).toBe(before + 1);
    expect((await verify(good, ...(await lists()))).output).toContain('OK');
  });

  it('gives signing its lists and answers without the network', async () => {
    const source = ownCertificateAuthority(pki.db.sql, pki.authorities);
    const [root, issuing] = await source.crls(new Date());
    expect(Buffer.from(root!)).toEqual(await fetched('/v1/pki/root.crl'));
    expect(Buffer.from(issuing!)).toEqual(await fetched('/v1/pki/issuing.crl'));
    const answers = await source.ocsp([goneSerial, '12ab'], new Date());
    for (const [index, wanted] of ['gone.pem: revoked', 'unknown'].entries()) {
      pki.file('own.der', answers[index]!);
      const about = index === 0 ? ['-cert', gone] : ['-serial', '0x12ab'];
      const { output } = await pki.openssl(
        'ocsp',
        '-respin',
        'own.der',
        '-issuer',
        'issuing.pem',
        '-sha256',
        ...about,
        ...TRUST,
      );
      expect(output).toContain('Response verify OK');
      expect(output).toContain(wanted);
    }
  });
});
