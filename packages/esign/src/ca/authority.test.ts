import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUYER, CENTRE, type Pki, SELLER, certify, createPki, newParty, newSigner } from '../testing/pki.ts';
import { Workspace, run } from '../testing/tools.ts';
import { readCertificate } from '../x509/certificate.ts';
import { serialOf } from './authority.ts';
import { createCrl } from './crl.ts';
import { createTimestampToken } from './timestamp.ts';
import { sha256 } from '../x509/algorithms.ts';
import { newSerial } from '../testing/pki.ts';

let pki: Pki;
let space: Workspace;
let root: string;
let issuing: string;

beforeAll(async () => {
  space = await Workspace.create();
  pki = await createPki({ root: 'rsa-4096', issuing: 'rsa-3072' });
  root = await space.certificates('root.pem', [pki.root.certificate]);
  issuing = await space.certificates('issuing.pem', pki.chain);
});
afterAll(() => space.remove());

const verify = (certificate: string, ...more: string[]) =>
  run('openssl', ['verify', '-x509_strict', '-CAfile', root, '-untrusted', issuing, ...more, certificate]);

describe('the certification authority', () => {
  it.each([
    ['C1 an organisation with an EC key', 'party', 'p-256', []],
    ['C1 an organisation with an RSA key', 'party', 'rsa-3072', []],
    ['the centre', 'centre', 'rsa-3072', []],
    ['C2 a timestamp authority', 'tsa', 'rsa-3072', ['-purpose', 'timestampsign']],
    ['C3 an OCSP responder', 'ocsp', 'p-256', ['-purpose', 'ocsphelper']],
    ['a CRL signer', 'crl', 'p-256', []],
  ] as const)(
    '%s gets a certificate that openssl accepts under -x509_strict',
    async (_, role, size, purpose) => {
      const { certificate } = await newParty(pki, BUYER, { role, size });
      const file = await space.certificates(`${role}-${size}.pem`, [certificate]);
      expect(await verify(file, ...purpose)).toEqual({ code: 0, output: `${file}: OK\n` });
    },
  );

  it('writes Chinese names and the organisation identifier so that openssl reads them', async () => {
    const { certificate } = await newParty(pki, SELLER);
    const file = await space.certificates('names.pem', [certificate]);
    const { output } = await run('openssl', [
      'x509',
      '-in',
      file,
      '-noout',
      '-subject',
      '-nameopt',
      'utf8,sep_comma_plus',
    ]);
    expect(output).toContain('O=大同晋北煤业有限公司');
    expect(output).toContain('CN=张伟');
    expect(output).toContain(`organizationIdentifier=${SELLER.organizationIdentifier}`);
    expect(readCertificate(certificate)).toMatchObject({
      commonName: '张伟',
      organization: SELLER.organization,
      organizationIdentifier: SELLER.organizationIdentifier,
    });
  });

  it('names the organisation where no person acts', async () => {
    const { certificate } = await newParty(pki, CENTRE, { role: 'centre' });
    expect(readCertificate(certificate).commonName).toBe(CENTRE.organization);
  });

  it('refuses an organisation identifier of another form', async () => {
    const { spki } = await newSigner();
    await expect(async () =>
      certify(pki, { ...SELLER, organizationIdentifier: 'VATDE-1' }, spki),
    ).rejects.toThrow(RangeError);
  });

  it('C4 gives openssl a revocation list by which the revoked certificate fails and the other holds', async () => {
    const [gone, good] = [await newParty(pki, SELLER), await newParty(pki, BUYER)];
    const revoked = [
      { serial: serialOf(gone.certificate), at: pki.now - 1000, reason: 'key_compromise' as const },
    ];
    const times = { thisUpdate: pki.now - 2000, nextUpdate: pki.now + 86_400_000 };
    const crl = await createCrl({ issuer: pki.issuing, number: 7, ...times, revoked });
    const empty = await createCrl({ issuer: pki.root, number: 1, ...times, revoked: [] });
    const file = await space.write('issuing.crl', crl);
    const check = ['crl', '-inform', 'DER', '-in', file, '-noout', '-CAfile', issuing, '-text'];
    const { output } = await run('openssl', check);
    expect(output).toContain('verify OK');
    expect(output).toMatch(/X509v3 CRL Number: *\n *7/);
    expect(output).toContain('Key Compromise');
    const toPem = async (name: string, der: Uint8Array) => {
      const input = await space.write(`${name}.der`, der);
      await run('openssl', ['crl', '-inform', 'DER', '-in', input, '-out', `${input}.pem`]);
      return ['-CRLfile', `${input}.pem`];
    };
    const lists = [...(await toPem('a', crl)), ...(await toPem('b', empty)), '-crl_check_all'];
    const goneFile = await space.certificates('gone.pem', [gone.certificate]);
    const goodFile = await space.certificates('good.pem', [good.certificate]);
    expect((await verify(goneFile, ...lists)).output).toContain(
      'error 23 at 0 depth lookup: certificate revoked',
    );
    expect(await verify(goodFile, ...lists)).toEqual({ code: 0, output: `${goodFile}: OK\n` });
  });

  it('stamps a hash with a token that openssl ts verifies', async () => {
    const tsa = await newParty(pki, CENTRE, { role: 'tsa', size: 'rsa-3072' });
    const data = new TextEncoder().encode('one lot of coal');
    const token = await createTimestampToken({
      authority: tsa,
      chain: pki.chain,
      imprint: await sha256(data),
      time: pki.now,
      serial: newSerial(),
      policy: '1.3.6.1.4.1.99999.1',
    });
    const [file, other] = [await space.write('data', data), await space.write('other', 'another lot')];
    const tokenFile = await space.write('token', token);
    const check = (path: string) =>
      run('openssl', [
        'ts',
        '-verify',
        '-token_in',
        '-in',
        tokenFile,
        '-data',
        path,
        '-CAfile',
        root,
        '-untrusted',
        issuing,
      ]);
    expect((await check(file)).output).toContain('Verification: OK');
    expect((await check(other)).output).toContain('message imprint mismatch');
  });
});
