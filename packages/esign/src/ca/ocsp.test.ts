/** The responder's answers as openssl takes them, over HTTP as it asks. */
import { type Server, createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OID } from '../der/oids.ts';
import { bool, context, nullValue, octets, oid, seq, tlv } from '../der/writer.ts';
import { BUYER, CENTRE, DAY, type Pki, SELLER, certify, createPki, newParty } from '../testing/pki.ts';
import { Workspace, run } from '../testing/tools.ts';
import { readCertificate } from '../x509/certificate.ts';
import { type Issuer, serialOf } from './authority.ts';
import {
  type OcspAnswer,
  createOcspResponse,
  ocspCertId,
  ocspCertIdOf,
  ocspError,
  readOcspRequest,
} from './ocsp.ts';

let space: Workspace;
let pki: Pki;
let responder: Issuer;
let good: Issuer;
let gone: Issuer;
let server: Server;
let files: Record<'root' | 'issuing' | 'good' | 'gone', string>;

beforeAll(async () => {
  space = await Workspace.create();
  pki = await createPki({ root: 'rsa-2048', issuing: 'rsa-2048' });
  responder = await newParty(pki, CENTRE, { role: 'ocsp' });
  [good, gone] = [await newParty(pki, BUYER), await newParty(pki, SELLER)];
  files = {
    root: await space.certificates('root.pem', [pki.root.certificate]),
    issuing: await space.certificates('issuing.pem', pki.chain),
    good: await space.certificates('good.pem', [good.certificate]),
    gone: await space.certificates('gone.pem', [gone.certificate]),
  };
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.setHeader('content-type', 'application/ocsp-response');
    request.on('end', () => void respond(Buffer.concat(chunks)).then((der) => response.end(der)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.close();
  await space.remove();
});

const now = () => pki.now;
const window = () => ({ producedAt: now(), thisUpdate: now(), nextUpdate: now() + DAY });

/** What the CA of this file knows: one certificate is good, one revoked, others it never issued. */
function statusOf(serial: string): OcspAnswer['status'] {
  if (serial === serialOf(good.certificate)) return 'good';
  if (serial !== serialOf(gone.certificate)) return 'unknown';
  return { revokedAt: now() - 1000, reason: 'key_compromise' };
}

async function respond(der: Uint8Array): Promise<Uint8Array> {
  const request = readOcspRequest(new Uint8Array(der));
  if (!request.ok) return ocspError('malformedRequest');
  const answers = request.certIds.map((certId) => ({ certId, status: statusOf(certId.serial) }));
  const { nonce } = request;
  return createOcspResponse({ responder, issuer: pki.issuing.certificate, answers, ...window(), nonce });
}

async function ask(...about: string[]): Promise<string> {
  const { port } = server.address() as AddressInfo;
  const trust = ['-CAfile', files.root, '-verify_other', files.issuing];
  const args = ['ocsp', '-issuer', files.issuing, '-url', `http://127.0.0.1:${port}`, '-nonce', ...trust];
  return (await run('openssl', [...args, ...about])).output;
}

describe('the OCSP responder', () => {
  it('O1 says good of a certificate that is, and openssl verifies it', async () => {
    const output = await ask('-cert', files.good);
    expect(output).toContain('Response verify OK');
    expect(output).toContain(`${files.good}: good`);
    expect(output).not.toContain('WARNING: no nonce in response');
    expect(output).toMatch(/This Update: .*GMT/);
  });

  it('O2 says revoked, since when and why', async () => {
    const output = await ask('-cert', files.gone);
    expect(output).toContain('Response verify OK');
    expect(output).toContain(`${files.gone}: revoked`);
    expect(output).toContain('Reason: keyCompromise');
  });

  it('O3 says unknown of a serial that was never issued', async () => {
    const output = await ask('-serial', '0x1234567890');
    expect(output).toContain('Response verify OK');
    expect(output).toContain('0x1234567890: unknown');
  });

  it('O4 answers CertIDs by SHA-256 and SHA-1 in one answer, each as it was asked, with the nonce', async () => {
    const output = await ask('-sha256', '-cert', files.good, '-sha1', '-cert', files.gone);
    expect(output).toContain('Response verify OK');
    expect(output).toContain(`${files.good}: good`);
    expect(output).toContain(`${files.gone}: revoked`);
    expect(output).not.toMatch(/nonce/i);
  });

  it('may be the issuer itself, whose certificate then does not travel with the answer', async () => {
    const certId = await ocspCertId(good.certificate, pki.issuing.certificate);
    const answers = [{ certId, status: 'good' as const }];
    const input = { issuer: pki.issuing.certificate, answers, ...window() };
    const der = await createOcspResponse({ ...input, responder: pki.issuing });
    expect(Buffer.from(der).includes(Buffer.from(pki.issuing.certificate))).toBe(false);
    const file = await space.write('issuer.ocsp', der);
    const args = ['-respin', file, '-CAfile', files.root, '-verify_other', files.issuing];
    const { output } = await run('openssl', [
      'ocsp',
      '-issuer',
      files.issuing,
      '-sha256',
      '-cert',
      files.good,
      ...args,
      '-no_nonce',
    ]);
    expect(output).toContain('Response verify OK');
    expect(output).toContain(': good');
  });

  it('says unknown of what another issued, whatever it is told to say', async () => {
    const foreign = await createPki({ now: pki.now });
    const certId = await ocspCertIdOf(serialOf(good.certificate), foreign.issuing.certificate, 'sha1');
    const answers = [{ certId, status: 'good' as const }];
    const der = await createOcspResponse({
      responder,
      issuer: pki.issuing.certificate,
      answers,
      ...window(),
    });
    const file = await space.write('foreign.ocsp', der);
    const { output } = await run('openssl', ['ocsp', '-respin', file, '-noverify', '-resp_text']);
    expect(output).toContain('Cert Status: unknown');
  });

  it('is nobody whom the issuer did not certify for it', async () => {
    const certId = await ocspCertId(good.certificate, pki.issuing.certificate);
    const input = { issuer: pki.issuing.certificate, ...window() };
    const answers = [{ certId, status: 'good' as const }];
    await expect(createOcspResponse({ ...input, answers, responder: gone })).rejects.toThrow(TypeError);
    await expect(createOcspResponse({ ...input, answers: [], responder })).rejects.toThrow(RangeError);
  });

  it.each([
    ['malformedRequest', 1],
    ['internalError', 2],
    ['tryLater', 3],
    ['unauthorized', 6],
  ] as const)('tells %s without a signature', (error, status) => {
    expect([...ocspError(error)]).toEqual([0x30, 3, 0x0a, 1, status]);
  });
});

describe('a question to the responder', () => {
  const certId = () => ocspCertId(good.certificate, pki.issuing.certificate, 'sha1');
  const nonce = (value: Uint8Array, critical = false) =>
    seq(oid(OID.ocspNonce), ...(critical ? [bool(true)] : []), octets(octets(value)));
  const asked = async (...extensions: Uint8Array[]) => {
    const list = seq(seq(await certId()));
    return readOcspRequest(
      seq(seq(list, ...(extensions.length > 0 ? [context(2, seq(...extensions))] : []))),
    );
  };
  const malformed = { ok: false, code: 'OCSP_MALFORMED' };

  it('names its certificates and its nonce', async () => {
    const value = new Uint8Array(32).fill(9);
    expect(await asked(nonce(value))).toMatchObject({
      ok: true,
      nonce: value,
      certIds: [{ hash: 'sha1', serial: serialOf(good.certificate), raw: await certId() }],
    });
    expect(await asked()).not.toHaveProperty('nonce');
    expect(await asked(seq(oid('1.2.3'), octets(nullValue())))).toMatchObject({ ok: true });
  });

  it.each([
    ['an empty nonce', () => asked(nonce(new Uint8Array()))],
    ['an endless nonce', () => asked(nonce(new Uint8Array(129)))],
    ['two nonces', () => asked(nonce(new Uint8Array(8)), nonce(new Uint8Array(8)))],
    ['an unknown critical extension', () => asked(seq(oid('1.2.3'), bool(true), octets(nullValue())))],
    ['nothing asked', async () => readOcspRequest(seq(seq(seq())))],
    ['garbage', async () => readOcspRequest(Uint8Array.of(1, 2, 3))],
    ['nothing at all', async () => readOcspRequest(new Uint8Array())],
    [
      'a hash that nobody uses',
      async () =>
        readOcspRequest(
          seq(
            seq(
              seq(
                seq(
                  seq(
                    seq(oid('1.2.3')),
                    octets(Uint8Array.of(1)),
                    octets(Uint8Array.of(1)),
                    tlv(2, Uint8Array.of(5)),
                  ),
                ),
              ),
            ),
          ),
        ),
    ],
  ])('with %s is malformed', async (_, build) => {
    expect(await build()).toMatchObject(malformed);
  });

  it('about more than a hundred certificates is malformed', async () => {
    const one = seq(await certId());
    const list = (count: number) =>
      readOcspRequest(seq(seq(seq(...Array.from({ length: count }, () => one)))));
    expect(list(100)).toMatchObject({ ok: true });
    expect(list(101)).toMatchObject(malformed);
  });

  it('cut off anywhere is malformed, and never throws', async () => {
    const whole = seq(seq(seq(seq(await certId()))));
    expect(readOcspRequest(whole)).toMatchObject({ ok: true });
    for (let end = 0; end < whole.length; end++) {
      expect(readOcspRequest(whole.subarray(0, end))).toMatchObject(malformed);
    }
  });
});

describe('a certificate', () => {
  it('says where its responder, its issuer and its list are, as openssl reads it', async () => {
    const { signer } = good;
    const addresses = {
      ocspUrl: 'http://pki.example/ocsp',
      caIssuersUrl: 'http://pki.example/issuing.cer',
      crlUrl: 'http://pki.example/issuing.crl',
    };
    const certificate = await certify(pki, BUYER, signer.spki, addresses);
    const file = await space.certificates('addresses.pem', [certificate]);
    const { output } = await run('openssl', ['x509', '-in', file, '-noout', '-text']);
    expect(output).toContain(`OCSP - URI:${addresses.ocspUrl}`);
    expect(output).toContain(`CA Issuers - URI:${addresses.caIssuersUrl}`);
    expect(output).toContain(`URI:${addresses.crlUrl}`);
    expect(readCertificate(certificate).unknownCritical).toEqual([]);
    const bare = await space.certificates('bare.pem', [await certify(pki, BUYER, signer.spki)]);
    expect((await run('openssl', ['x509', '-in', bare, '-noout', '-text'])).output).not.toContain('URI:');
  });
});
