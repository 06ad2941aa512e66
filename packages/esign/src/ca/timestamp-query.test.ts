/** The timestamp authority as openssl asks it, and as we ask one. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OID } from '../der/oids.ts';
import { readWhole, sequence } from '../der/reader.ts';
import { bool, context, integer, octets, oid, seq, tlv, utf8String } from '../der/writer.ts';
import { CENTRE, type Pki, createPki, newParty, newSerial } from '../testing/pki.ts';
import { must } from '../testing/signing.ts';
import { Workspace, run } from '../testing/tools.ts';
import { sha256, sha256Identifier } from '../x509/algorithms.ts';
import type { Issuer } from './authority.ts';
import { answerTimestampQuery, createTimestampQuery, readTimestampResponse } from './timestamp-query.ts';

const POLICY = '1.3.6.1.4.1.99999.1';
let space: Workspace;
let pki: Pki;
let tsa: Issuer;
let imprint: Uint8Array;
let trust: string[];
let data: string;

beforeAll(async () => {
  space = await Workspace.create();
  pki = await createPki();
  tsa = await newParty(pki, CENTRE, { role: 'tsa', size: 'rsa-2048' });
  imprint = await sha256(new TextEncoder().encode('one lot of coal'));
  const root = await space.certificates('root.pem', [pki.root.certificate]);
  trust = [
    '-CAfile',
    root,
    '-untrusted',
    await space.certificates('issuing.pem', [tsa.certificate, ...pki.chain]),
  ];
  data = await space.write('data', 'one lot of coal');
});
afterAll(() => space.remove());

const answer = (query: Uint8Array) =>
  answerTimestampQuery(query, {
    authority: tsa,
    chain: pki.chain,
    time: pki.now,
    serial: newSerial(),
    policy: POLICY,
  });

/** openssl asks about `data`, this authority answers. */
async function exchange(...how: string[]) {
  const query = await space.write('q.tsq', '');
  await run('openssl', ['ts', '-query', '-data', data, ...how, '-out', query]);
  const answered = await answer(new Uint8Array(await readFile(query)));
  return { query, answered, response: await space.write('r.tsr', answered.response) };
}

const text = async (response: string) =>
  (await run('openssl', ['ts', '-reply', '-in', response, '-text'])).output;

describe('the timestamp authority', () => {
  it.each([
    ['with certificates and nonce', ['-sha256', '-cert']],
    ['without certificates', ['-sha256']],
    ['without nonce', ['-sha256', '-cert', '-no_nonce']],
    ['under its policy', ['-sha256', '-cert', '-tspolicy', POLICY]],
  ])('T1 answers a query %s, and openssl verifies it against that query', async (_, how) => {
    const { query, response, answered } = await exchange(...how);
    const verify = ['ts', '-verify', '-queryfile', query, '-in', response, ...trust];
    expect((await run('openssl', verify)).output).toContain('Verification: OK');
    const withCertificates = Buffer.from(answered.response).includes(Buffer.from(tsa.certificate));
    expect(withCertificates).toBe(how.includes('-cert'));
  });

  it('T2 rejects a SHA-512 query as badAlg', async () => {
    const { response, answered } = await exchange('-sha512', '-cert');
    expect(answered).toMatchObject({ failure: 'badAlg' });
    expect(answered).not.toHaveProperty('token');
    const output = await text(response);
    expect(output).toContain('Status: Rejected.');
    expect(output).toMatch(/Failure info: .*unrecognized or unsupported algorithm/);
  });

  it('T3 is about this data only', async () => {
    const { response } = await exchange('-sha256', '-cert');
    const other = await space.write('other', 'another lot');
    const { output, code } = await run('openssl', [
      'ts',
      '-verify',
      '-data',
      other,
      '-in',
      response,
      ...trust,
    ]);
    expect(output).toContain('message imprint mismatch');
    expect(code).not.toBe(0);
  });

  it.each([
    ['badDataFormat', 'garbage', () => Uint8Array.of(1, 2, 3)],
    [
      'badDataFormat',
      'an imprint of another length',
      () => seq(integer(1), seq(sha256Identifier(), octets(new Uint8Array(20)))),
    ],
    ['badDataFormat', 'a negative nonce', () => withImprint(tlv(2, Uint8Array.of(0x80)))],
    ['badDataFormat', 'an endless nonce', () => withImprint(tlv(2, new Uint8Array(65).fill(1)))],
    ['badDataFormat', 'fields that nobody knows', () => withImprint(utf8String('x'))],
    ['badRequest', 'another version', () => seq(integer(2), seq(sha256Identifier(), octets(imprint)))],
    ['unacceptedPolicy', 'another policy', () => withImprint(oid('1.2.3'))],
    [
      'unacceptedExtension',
      'an extension',
      () => withImprint(bool(true), context(0, seq(oid('1.2.3'), octets(imprint)))),
    ],
  ] as const)('rejects as %s %s, in a form that openssl reads', async (failure, _, build) => {
    const answered = await answer(build());
    expect(answered).toMatchObject({ failure });
    const output = await text(await space.write('rejected.tsr', answered.response));
    expect(output).toContain('Status: Rejected.');
    expect(output).not.toContain('Failure info: unspecified');
  });

  const withImprint = (...more: Uint8Array[]) =>
    seq(integer(1), seq(sha256Identifier(), octets(imprint)), ...more);
});

describe('an asker', () => {
  it('accepts the token that answers its own question', async () => {
    for (const nonce of [newSerial(), Uint8Array.of(0, 0, 5), Uint8Array.of(0x80)]) {
      const { response, token } = await answer(createTimestampQuery({ imprint, nonce }));
      const read = must(readTimestampResponse(response, { imprint, nonce }));
      expect(read).toEqual({ ok: true, token, time: Math.floor(pki.now / 1000) * 1000 });
    }
  });

  it('takes no token for another hash, of another question, or of none', async () => {
    const nonce = newSerial();
    const { response } = await answer(createTimestampQuery({ imprint, nonce }));
    const code = (der: Uint8Array, asked = { imprint, nonce }) => {
      const read = readTimestampResponse(der, asked);
      return read.ok ? 'ok' : read.code;
    };
    expect(code(response)).toBe('ok');
    expect(code(response, { imprint: new Uint8Array(32), nonce })).toBe('TST_IMPRINT_MISMATCH');
    expect(code(response, { imprint, nonce: newSerial() })).toBe('TST_NONCE_MISMATCH');
    const unasked = await answer(seq(integer(1), seq(sha256Identifier(), octets(imprint)), bool(true)));
    expect(code(unasked.response)).toBe('TST_NONCE_MISMATCH');
    expect(code((await answer(Uint8Array.of(1))).response)).toBe('TSA_REJECTED');
    expect(code(Uint8Array.of(1))).toBe('TSA_MALFORMED');
    expect(code(seq(seq(integer(0))))).toBe('TSA_MALFORMED');
    const token = sequence(readWhole(response))[1]!.raw;
    expect(code(seq(seq(integer(0)), token))).toBe('ok');
    expect(code(seq(seq(integer(1)), token))).toBe('ok');
    expect(code(seq(seq(integer(2)), token))).toBe('TSA_REJECTED');
    expect(code(seq(seq(integer(0)), seq(oid(OID.signedData))))).toBe('TSA_MALFORMED');
  });

  it('asks about SHA-256 hashes only', () => {
    expect(() => createTimestampQuery({ imprint: new Uint8Array(20), nonce: newSerial() })).toThrow(
      RangeError,
    );
  });
});
