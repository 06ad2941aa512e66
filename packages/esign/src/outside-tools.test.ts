/** What programs that know nothing of this project say about its contracts. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadFont } from './node/load-font.ts';
import { type ByteRange } from './pdf/profile.ts';
import { readDer } from './der/reader.ts';
import { OID } from './der/oids.ts';
import { parseCms, single } from './cms/parse.ts';
import { coveredBytes } from './pdf/signature-dictionary.ts';
import { SIGNATURE_FIELDS } from './pdf/profile.ts';
import { type DssContent, addDss } from './pdf/dss.ts';
import { crlOf, evidence, stampDocument } from './testing/lta.ts';
import { BUYER, CENTRE, DAY, type Pki, SELLER, createPki, newParty } from './testing/pki.ts';
import { type Cast, signAll } from './testing/signing.ts';
import { contentsOf, flipBit, lastSignature, signatureOf } from './testing/tamper.ts';
import { Workspace, run } from './testing/tools.ts';

let space: Workspace;
let pki: Pki;
let signed: Uint8Array;
let stamped: Uint8Array;
let archived: Uint8Array;
let store: DssContent;
let seller: Uint8Array;
let nss: string;
let root: string;
let issuing: string;

beforeAll(async () => {
  space = await Workspace.create();
  const fonts = await loadFont();
  pki = await createPki({ root: 'rsa-3072', issuing: 'rsa-3072' });
  const cast: Cast = {
    sig_seller: await newParty(pki, SELLER, { size: 'rsa-3072' }),
    sig_buyer: await newParty(pki, BUYER),
    sig_centre: await newParty(pki, CENTRE, { role: 'centre', size: 'rsa-3072' }),
    tsa: await newParty(pki, CENTRE, { role: 'tsa', size: 'rsa-3072' }),
  };
  signed = (await signAll(pki, cast, fonts))[3];
  stamped = (await signAll(pki, cast, fonts, { stamped: true }))[3];
  const responder = await newParty(pki, CENTRE, { role: 'ocsp' });
  store = await evidence(pki, cast, responder);
  archived = await stampDocument(addDss(stamped, store), pki, cast.tsa);
  seller = cast.sig_seller.certificate;
  nss = await space.nss(pki.root.certificate);
  root = await space.certificates('root.pem', [pki.root.certificate]);
  issuing = await space.certificates('issuing.pem', pki.chain);
});
afterAll(() => space.remove());

const pdfsig = async (name: string, bytes: Uint8Array) =>
  (await run('pdfsig', ['-nssdir', `sql:${nss}`, await space.write(name, bytes)])).output;
const count = (text: string, part: string) => text.split(part).length - 1;

describe('a contract signed three times', () => {
  it.each([
    ['signatures', () => signed],
    ['time-stamped signatures', () => stamped],
  ])(
    'P1 with %s: pdfsig finds three valid signatures by trusted certificates, the last over the whole document',
    async (name, file) => {
      const output = await pdfsig(`${name}.pdf`, file());
      expect(count(output, 'Signature Validation: Signature is Valid.')).toBe(3);
      expect(count(output, 'Certificate Validation: Certificate is Trusted.')).toBe(3);
      expect(count(output, 'Signature Type: ETSI.CAdES.detached')).toBe(3);
      expect(output.slice(output.indexOf('Signature #3'))).toContain('Total document signed');
      expect(count(output, 'Not total document signed')).toBe(2);
      for (const field of SIGNATURE_FIELDS) expect(output).toContain(`Signature Field Name: ${field}`);
      for (const { person, organization } of [SELLER, BUYER, CENTRE]) {
        expect(output).toContain(`Signer Certificate Common Name: ${person ?? organization}`);
      }
    },
  );

  it('qpdf and mutool find nothing to complain about', async () => {
    const file = await space.write('signed.pdf', signed);
    expect(await run('qpdf', ['--check', file])).toMatchObject({
      code: 0,
      output: expect.stringContaining('No syntax or stream encoding errors'),
    });
    const { code, output } = await run('mutool', ['draw', '-N', '-o', '/dev/null', file]);
    expect([code, output.match(/warning|error/)]).toEqual([0, null]);
  });

  it.each(SIGNATURE_FIELDS)('openssl verifies %s as CAdES over the covered bytes', async (field) => {
    const { byteRange } = signatureOf(signed, field);
    const cms = await space.write(`${field}.cms`, readDer(contentsOf(signed, field)).raw);
    const verify = async (range: ByteRange) => {
      const data = await space.write(`${field}.data`, coveredBytes(signed, range));
      const files = ['-in', cms, '-content', data, '-CAfile', root, '-out', '/dev/null'];
      return run('openssl', [
        'cms',
        '-verify',
        '-cades',
        '-binary',
        '-inform',
        'DER',
        '-purpose',
        'any',
        ...files,
      ]);
    };
    expect((await verify(byteRange!)).output).toContain('CAdES Verification successful');
    expect((await verify([0, 100, 200, 100])).code).not.toBe(0);
  });

  it.each(SIGNATURE_FIELDS)(
    'openssl verifies the time stamp of %s over its signature value',
    async (field) => {
      const cms = parseCms(readDer(contentsOf(stamped, field)).raw);
      const token = await space.write('token.tst', single(cms.unsigned, OID.signatureTimeStamp)!.raw);
      const value = await space.write('value', cms.signature);
      const args = [
        'ts',
        '-verify',
        '-token_in',
        '-in',
        token,
        '-data',
        value,
        '-CAfile',
        root,
        '-untrusted',
        issuing,
      ];
      expect((await run('openssl', args)).output).toContain('Verification: OK');
    },
  );

  it('N2 pdfsig reports a changed byte in all three', async () => {
    const output = await pdfsig('flipped.pdf', flipBit(signed, 60_000));
    expect(count(output, 'Signature is Valid')).toBe(0);
  });

  it('shows the signers in their fields', async () => {
    const file = await space.write('shown.pdf', signed);
    const { output } = await run('pdftotext', [file, '-']);
    expect(output).toContain('电子签署 Electronically signed');
    expect(count(output, '签署合同 Signing SEAM-2026-000318')).toBe(3);
    expect(output).toContain(`${new Date(pki.now).toISOString().slice(0, 19).replace('T', ' ')} UTC`);
  });
});

describe('a contract at B-LTA', () => {
  it('P2 P3 keeps its three valid signatures for pdfsig, which finds the timestamp’s field after them', async () => {
    const output = await pdfsig('archived.pdf', archived);
    expect(count(output, 'Signature Validation: Signature is Valid.')).toBe(3);
    expect(count(output, 'Certificate Validation: Certificate is Trusted.')).toBe(3);
    expect(output).not.toMatch(/Syntax (Error|Warning)/);
    const last = output.slice(output.indexOf('Signature #4'));
    expect(last).toContain('Signature Field Name: document_timestamp');
    expect(last).toContain('Total document signed');
  });

  it('is whole for qpdf and mutool, and shows the same as before', async () => {
    const file = await space.write('archived.pdf', archived);
    const { output } = await run('qpdf', ['--check', file]);
    expect(output).toContain('No syntax or stream encoding errors');
    expect(output).not.toMatch(/warning/i);
    const before = await space.write('before.pdf', stamped);
    const draw = async (path: string) =>
      run('mutool', ['draw', '-N', '-r', '50', '-F', 'pnm', '-o', '-', path]);
    const [drawn, as] = [await draw(file), await draw(before)];
    expect(/warning|error/.exec(drawn.output)).toBeNull();
    expect(drawn.output.length).toBeGreaterThan(100_000);
    expect(drawn.output.replaceAll('archived.pdf', 'before.pdf')).toBe(as.output);
  });

  it('P3 has a document timestamp that openssl verifies over the covered bytes, and over no others', async () => {
    const { byteRange, contents } = lastSignature(archived);
    const token = await space.write('document.tst', readDer(contents!.bytes).raw);
    const covered = coveredBytes(archived, byteRange!);
    const verify = async (bytes: Uint8Array) => {
      const data = await space.write('covered', bytes);
      const trust = ['-CAfile', root, '-untrusted', issuing];
      return run('openssl', ['ts', '-verify', '-token_in', '-in', token, '-data', data, ...trust]);
    };
    expect((await verify(covered)).output).toContain('Verification: OK');
    expect((await verify(flipBit(covered, 100))).output).toContain('message imprint mismatch');
  });

  it('P2 holds answers and lists that openssl verifies, by which every certificate is good', async () => {
    for (const [index, der] of store.ocspResponses.entries()) {
      const file = await space.write(`answer-${index}`, der);
      const trust = ['-CAfile', root, '-verify_other', issuing];
      const { output } = await run('openssl', ['ocsp', '-respin', file, '-resp_text', ...trust]);
      expect(output).toContain('Response verify OK');
      expect(output).toContain('Cert Status: good');
    }
    const lists = [...store.crls, await crlOf(pki)];
    const crls: string[] = [];
    for (const [index, der] of lists.entries()) {
      const file = await space.write(`list-${index}`, der);
      await run('openssl', ['crl', '-inform', 'DER', '-in', file, '-out', `${file}.pem`]);
      crls.push('-CRLfile', `${file}.pem`);
    }
    const leaf = await space.certificates('seller.pem', [seller]);
    const args = [
      'verify',
      '-x509_strict',
      '-CAfile',
      root,
      '-untrusted',
      issuing,
      '-crl_check_all',
      ...crls,
      leaf,
    ];
    expect(await run('openssl', args)).toEqual({ code: 0, output: `${leaf}: OK\n` });
  });

  it('P5 is for openssl valid at the time of its tokens, though its certificates have expired', async () => {
    const leaf = await space.certificates('seller.pem', [seller]);
    const at = (ms: number) =>
      run('openssl', [
        'verify',
        '-attime',
        String(Math.floor(ms / 1000)),
        '-CAfile',
        root,
        '-untrusted',
        issuing,
        leaf,
      ]);
    expect((await at(pki.now)).output).toBe(`${leaf}: OK\n`);
    expect((await at(pki.now + 400 * DAY)).output).toContain('certificate has expired');
  });
});
