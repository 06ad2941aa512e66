import { generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OID } from '../der/oids.ts';
import { readWhole, sequence } from '../der/reader.ts';
import { bits, context, integer, seq } from '../der/writer.ts';
import { signerFromKey } from '../ca/signer.ts';
import { SELLER, certify, createPki } from '../testing/pki.ts';
import { Workspace, run } from '../testing/tools.ts';
import { signatureAlgorithm } from './algorithms.ts';
import { readCertificate } from './certificate.ts';
import { buildCsr, parseCsr, spkiSha256 } from './csr.ts';
import { encodeName } from './name.ts';

let space: Workspace;
beforeAll(async () => {
  space = await Workspace.create();
});
afterAll(() => space.remove());

const EC = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const newKeys = () => crypto.subtle.generateKey(EC, true, ['sign', 'verify']);

/** A request by openssl with any key it can make. */
async function opensslCsr(...key: string[]): Promise<Uint8Array> {
  const [keyFile, out] = [await space.write('k.pem', ''), await space.write('r.der', '')];
  await run('openssl', ['genpkey', ...key, '-out', keyFile]);
  await run('openssl', ['req', '-new', '-key', keyFile, '-subj', '/CN=x', '-outform', 'DER', '-out', out]);
  return new Uint8Array(await readFile(out));
}

const code = async (der: Uint8Array) => {
  const answer = await parseCsr(der);
  return answer.ok ? 'ok' : answer.code;
};

describe('a certificate request', () => {
  it('made in the browser is accepted by openssl and by the exchange', async () => {
    const keys = await newKeys();
    const der = await buildCsr(keys, { commonName: '张伟', country: 'CN' });
    const file = await space.write('browser.der', der);
    const { output } = await run('openssl', ['req', '-inform', 'DER', '-in', file, '-verify', '-noout']);
    expect(output).toContain('self-signature verify OK');
    const spki = new Uint8Array(await crypto.subtle.exportKey('spki', keys.publicKey));
    expect(await parseCsr(der)).toMatchObject({
      ok: true,
      spki,
      spkiSha256: await spkiSha256(spki),
      key: { kind: 'p256', bits: 256 },
      claimedSubject: [
        { type: OID.country, value: 'CN' },
        { type: OID.commonName, value: '张伟' },
      ],
    });
  });

  it('made by openssl is accepted with RSA-2048', async () => {
    const der = await opensslCsr('-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048');
    expect(await parseCsr(der)).toMatchObject({ ok: true, key: { kind: 'rsa', bits: 2048 } });
  });

  it('A1 of garbage is CSR_MALFORMED', async () => {
    expect(await code(new TextEncoder().encode('garbage'))).toBe('CSR_MALFORMED');
    expect(await code(new Uint8Array())).toBe('CSR_MALFORMED');
    const der = await buildCsr(await newKeys(), { commonName: 'x' });
    expect(await code(Uint8Array.of(...der, 0))).toBe('CSR_MALFORMED');
    expect(await code(der.subarray(0, der.length - 1))).toBe('CSR_MALFORMED');
    const members = sequence(readWhole(der)).map(({ raw }) => raw);
    expect(await code(seq(...members))).toBe('ok');
    expect(await code(seq(...members, integer(1)))).toBe('CSR_MALFORMED');
  });

  it('A2 for a key the sender does not hold is CSR_POP_FAILED', async () => {
    const [held, foreign] = [signerFromKey(ec()), signerFromKey(ec())];
    const info = seq(integer(0), encodeName({ commonName: 'x' }), foreign.spki, context(0));
    const der = seq(info, signatureAlgorithm('p256'), bits(await held.sign(info)));
    expect(await code(der)).toBe('CSR_POP_FAILED');
  });

  it('A3 with an altered name is CSR_POP_FAILED', async () => {
    const der = await buildCsr(await newKeys(), { commonName: 'honest' });
    const at = Buffer.from(der).indexOf('honest');
    der[at] = der[at]! ^ 1;
    expect(await code(der)).toBe('CSR_POP_FAILED');
  });

  it.each([
    ['A4 of RSA-1024', 'WEAK_KEY', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024']],
    [
      'A5 with exponent 3',
      'WEAK_KEY',
      ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-pkeyopt', 'rsa_keygen_pubexp:3'],
    ],
    ['A6 on P-384', 'UNSUPPORTED_KEY', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384']],
    ['A7 of Ed25519', 'UNSUPPORTED_KEY', ['-algorithm', 'ED25519']],
  ])('%s is refused as %s', async (_, expected, key) => {
    expect(await code(await opensslCsr(...key))).toBe(expected);
  });

  it('with any one bit changed is refused, and never throws', async () => {
    const der = await buildCsr(await newKeys(), { commonName: '张伟' });
    for (let bit = 0; bit < 8 * der.length; bit++) {
      const changed = Uint8Array.from(der);
      changed[bit >> 3] = changed[bit >> 3]! ^ (1 << (bit & 7));
      expect(await code(changed), `bit ${bit}`).not.toBe('ok');
    }
  });

  it('A9 with a foreign name still gets a certificate in the certified name', async () => {
    const der = await buildCsr(await newKeys(), { commonName: '央行行长', organization: '中国人民银行' });
    const request = await parseCsr(der);
    if (!request.ok) throw new Error(request.detail);
    const pki = await createPki();
    const certificate = readCertificate(await certify(pki, SELLER, request.spki));
    expect(certificate).toMatchObject({ commonName: '张伟', organization: SELLER.organization });
  });

  it('A10 for the same key has the same fingerprint, whatever the name', async () => {
    const keys = await newKeys();
    const [one, two] = [
      await parseCsr(await buildCsr(keys, { commonName: 'a' })),
      await parseCsr(await buildCsr(keys, { commonName: 'b' })),
    ];
    expect(one.ok && two.ok && one.spkiSha256 === two.spkiSha256).toBe(true);
  });
});

const ec = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
