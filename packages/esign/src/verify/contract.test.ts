import { PDFDocument } from 'pdf-lib';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Issuer, issueIssuingCa, serialOf } from '../ca/authority.ts';
import { createCrl } from '../ca/crl.ts';
import { assembleCms, signedData, signerInfo } from '../cms/assemble.ts';
import { attributesFor, signedAttributes } from '../cms/attributes.ts';
import { parseCms } from '../cms/parse.ts';
import { concat, utf8 } from '../der/bytes.ts';
import { OID } from '../der/oids.ts';
import { bool, context, octets, oid, seq, tlv } from '../der/writer.ts';
import { loadFont } from '../node/load-font.ts';
import { embedCms } from '../pdf/place.ts';
import { readPdf } from '../pdf/file.ts';
import { readForm } from '../pdf/form.ts';
import type { SignatureField } from '../pdf/profile.ts';
import { coveredBytes } from '../pdf/signature-dictionary.ts';
import { serialize, streamBody } from '../pdf/write.ts';
import type { FontSet } from '../render/font.ts';
import {
  BUYER,
  CENTRE,
  DAY,
  type Pki,
  SELLER,
  certify,
  createPki,
  newParty,
  newSerial,
  withExtensions,
} from '../testing/pki.ts';
import { type Cast, must, newCast, prepare, sign, signAll, stamp } from '../testing/signing.ts';
import * as tamper from '../testing/tamper.ts';
import { sha256 } from '../x509/algorithms.ts';
import { readCertificate } from '../x509/certificate.ts';
import { type VerifyOptions, verifyContract } from './contract.ts';

let fonts: FontSet;
let pki: Pki;
let cast: Cast;
let revisions: [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
let signed: Uint8Array;

beforeAll(async () => {
  fonts = await loadFont();
  pki = await createPki();
  cast = await newCast(pki);
  revisions = await signAll(pki, cast, fonts);
  signed = revisions[3];
});

const check = (bytes: Uint8Array, options: Partial<VerifyOptions> = {}) =>
  verifyContract(bytes, { roots: [pki.root.certificate], at: pki.now, ...options });

/** Every finding as `where CODE`, the document's own under `file`. */
async function findings(bytes: Uint8Array, options: Partial<VerifyOptions> = {}): Promise<string[]> {
  const report = await check(bytes, options);
  expect(report.valid).toBe(
    report.findings.length === 0 && report.signatures.every((s) => s.findings.length === 0),
  );
  return [
    ...report.findings.map(({ code }) => `file ${code}`),
    ...report.signatures.flatMap(({ field, findings: found }) => found.map(({ code }) => `${field} ${code}`)),
  ];
}

const ALL: SignatureField[] = ['sig_seller', 'sig_buyer', 'sig_centre'];
const each = (code: string, fields = ALL) => fields.map((field) => `${field} ${code}`);
const SELLER_ONLY = { require: ['sig_seller'] as const };

/** Signs the seller's field by other means: what `build` returns becomes the CMS. */
async function withCms(
  build: (digest: Uint8Array) => Promise<Uint8Array>,
  signer = cast.sig_seller,
): Promise<Uint8Array> {
  const prepared = await prepare(revisions[0], 'sig_seller', signer, fonts, pki.now);
  return must(embedCms(prepared.bytes, prepared.byteRange, await build(prepared.digest))).bytes;
}

async function cmsBy(signer: Issuer, digest: Uint8Array, chain = pki.chain): Promise<Uint8Array> {
  const signature = await signer.signer.sign(await signedAttributes(digest, signer.certificate));
  return assembleCms({ digest, certificate: signer.certificate, chain, signature });
}

describe('a contract signed by seller, buyer and centre', () => {
  it('P1 is valid, signature by signature in order', async () => {
    const report = await check(signed);
    expect(report.findings).toEqual([]);
    expect(report.signatures.map(({ findings: found }) => found)).toEqual([[], [], []]);
    expect(report.valid).toBe(true);
    expect(
      report.signatures.map(({ field, signer, organizationIdentifier }) => [
        field,
        signer,
        organizationIdentifier,
      ]),
    ).toEqual([
      ['sig_seller', '张伟', SELLER.organizationIdentifier],
      ['sig_buyer', '李娜', BUYER.organizationIdentifier],
      ['sig_centre', CENTRE.organization, CENTRE.organizationIdentifier],
    ]);
    expect(report.signatures[0]).toMatchObject({
      timeSource: 'claimed',
      reason: '签署合同 Signing SEAM-2026-000318',
    });
  });

  it('is valid while under way for those who must have signed so far', async () => {
    expect(await findings(revisions[1], { require: ['sig_seller'] })).toEqual([]);
    expect(await findings(revisions[2], { require: ['sig_seller', 'sig_buyer'] })).toEqual([]);
    expect(await findings(revisions[0], { require: [] })).toEqual([]);
    expect(await findings(revisions[0])).toEqual([
      'file NO_SIGNATURE',
      ...ALL.map(() => 'file SIGNATURE_MISSING'),
    ]);
  });

  it('P5 with timestamps proves its times, and outlives its certificates', async () => {
    const stamped = (await signAll(pki, cast, fonts, { stamped: true }))[3];
    const report = await check(stamped, { at: pki.now + 400 * DAY });
    expect(report.signatures.map(({ findings: found }) => found)).toEqual([[], [], []]);
    expect(report.valid).toBe(true);
    const genTime = `${new Date(pki.now).toISOString().slice(0, 19)}.000Z`;
    expect(report.signatures.map(({ signedAt, timeSource }) => [signedAt, timeSource])).toEqual(
      ALL.map(() => [genTime, 'timestamp']),
    );
    expect(await findings(signed, { at: pki.now + 400 * DAY })).toEqual(each('CERT_NOT_VALID_AT_TIME'));
  });
});

describe('the verifier says of changed bytes', () => {
  it('N2 one bit of revision 0: no digest fits', async () => {
    const at =
      readPdf(signed).revisions[0]!.objects.get(tamper.pages(signed)[0]!.content)!.stream!.start + 40;
    expect(await findings(tamper.flipBit(signed, at))).toEqual(each('DIGEST_MISMATCH'));
  });

  it('N3 one bit in the buyer’s revision: the seller’s signature stays good', async () => {
    const object = [...readPdf(signed).revisions[2]!.objects.values()].findLast(({ stream }) => stream)!;
    expect(await findings(tamper.flipBit(signed, object.stream!.start + 20))).toEqual(
      each('DIGEST_MISMATCH', ['sig_buyer', 'sig_centre']),
    );
  });

  it('N4 two bits of revision 0', async () => {
    const { start } = readPdf(signed).revisions[0]!.objects.get(tamper.pages(signed)[1]!.content)!.stream!;
    const changed = tamper.flipBit(tamper.flipBit(signed, start + 30, 3), start + 31, 5);
    expect(await findings(changed)).toEqual(each('DIGEST_MISMATCH'));
  });

  it('N9 bytes after the end: trailing data', async () => {
    expect(await findings(concat([signed, utf8('%\n')]))).toEqual(['file TRAILING_OR_TRUNCATED_DATA']);
    expect(await findings(concat([signed, utf8('\n')]))).toEqual(['file TRAILING_OR_TRUNCATED_DATA']);
  });

  it('N10 the last ten bytes cut', async () => {
    const found = await findings(signed.subarray(0, signed.length - 10));
    expect(found).toEqual(['file TRAILING_OR_TRUNCATED_DATA', 'file SIGNATURE_MISSING']);
  });

  it('N11 cut back to the seller’s revision: two signatures are missing', async () => {
    const report = await check(revisions[1]);
    expect(report.findings).toEqual([
      { code: 'SIGNATURE_MISSING', detail: 'sig_buyer' },
      { code: 'SIGNATURE_MISSING', detail: 'sig_centre' },
    ]);
  });

  it('N12 written anew by another program: no signature of the profile', async () => {
    const document = await PDFDocument.load(signed, { updateMetadata: false });
    for (const useObjectStreams of [true, false]) {
      const found = await findings(await document.save({ useObjectStreams }));
      expect(found).toEqual([
        'file NOT_EXCHANGE_PROFILE',
        'file NO_SIGNATURE',
        ...ALL.map(() => 'file SIGNATURE_MISSING'),
      ]);
    }
  });

  it('nothing but a file of another kind', async () => {
    for (const bytes of [new Uint8Array(), utf8('hello'), utf8('%PDF-1.7\n%%EOF\n')]) {
      expect((await findings(bytes))[0]).toBe('file NOT_EXCHANGE_PROFILE');
    }
  });
});

describe('the verifier says of the unsigned contract', () => {
  const catalog = () => tamper.catalogNumber(revisions[0]);
  const page = () => tamper.pages(revisions[0])[0]!.page;
  const firstWith = (number: number, entries: Record<string, string>) =>
    tamper.rewriteFirst(revisions[0], [tamper.withEntries(revisions[0], number, entries)]);
  const firstForm = (from: RegExp, to: string) => {
    const objects = [...readPdf(revisions[0]).revisions[0]!.objects.values()];
    const form = objects.find(({ value }) => value.type === 'dict' && value.entries.has('SigFlags'))!;
    const text = serialize(form.value);
    expect(text.replace(from, to)).not.toBe(text);
    return tamper.rewriteFirst(revisions[0], [{ number: form.number, body: text.replace(from, to) }]);
  };
  const sellerField = () => {
    const form = readForm(readPdf(revisions[0]), 0);
    if (typeof form === 'string') throw new Error(form);
    return form.fields[0]!.object.number;
  };
  const none = { require: [] };

  it('nothing, written anew as it is', async () => {
    expect(await findings(tamper.rewriteFirst(revisions[0], []), none)).toEqual([]);
  });

  it.each([
    ['a script at opening', () => firstWith(catalog(), { OpenAction: '<< /S /JavaScript /JS (x) >>' })],
    ['layers that can be switched', () => firstWith(catalog(), { OCProperties: '<< >>' })],
    ['a link out of the document', () => firstWith(page(), { X: '[<< /S /URI /URI (https://x) >>]' })],
    ['no form', () => firstWith(catalog(), { AcroForm: 'null' })],
    ['a form that does not announce signatures', () => firstForm(/\/SigFlags 3/, '/SigFlags 1')],
    ['a form with a program', () => firstForm(/\/SigFlags 3/, '/SigFlags 3 /NeedAppearances true')],
    ['four fields', () => firstForm(/(\d+) 0 R(?= ?\])/, '$1 0 R $1 0 R')],
    ['a field that anybody may sign', () => firstWith(sellerField(), { SV: '<< /Type /SV >>' })],
    ['two fields', () => firstForm(/\d+ 0 R ?\]/, ']')],
    ['a ready-made signature', () => firstWith(page(), { X: '<< >>', ByteRange: '[0 1 2 3]' })],
  ])('that %s is not of the profile', async (_, build) => {
    expect(await findings(build(), none)).toContain('file NOT_EXCHANGE_PROFILE');
  });
});

describe('the verifier says of appended revisions', () => {
  const modified = ['file MODIFIED_AFTER_SIGNING'];

  it('N5 the price drawn anew: modified, with the object', async () => {
    const { content } = tamper.pages(signed)[0]!;
    const changed = tamper.append(signed, [{ number: content, body: streamBody([], utf8('BT ET')) }]);
    expect(await findings(changed)).toEqual(modified);
    expect((await check(changed)).findings[0]!.detail).toBe(`revision 4: object ${content} (/Length)`);
  });

  it('N6 an annotation over the page', async () => {
    const { page } = tamper.pages(signed)[0]!;
    const annotation =
      '<< /Type /Annot /Subtype /FreeText /Rect [100 100 300 200] /Contents (500.00) /DA (/F 12 Tf) >>';
    const size = Number(/\/Size (\d+)/.exec(Buffer.from(signed).toString('latin1').slice(-400))![1]);
    const changed = tamper.append(signed, [
      { body: annotation },
      tamper.withEntries(signed, page, { Annots: `[${size} 0 R]` }),
    ]);
    expect(await findings(changed)).toEqual(modified);
  });

  it('N7 a script at opening', async () => {
    const catalog = tamper.catalogNumber(signed);
    const script = { OpenAction: '<< /S /JavaScript /JS (app.alert\\(1\\)) >>' };
    expect(await findings(tamper.append(signed, [tamper.withEntries(signed, catalog, script)]))).toEqual(
      modified,
    );
  });

  it('N8 an object nobody refers to', async () => {
    expect(await findings(tamper.append(signed, [{ body: '(hidden)' }]))).toEqual(modified);
  });

  it('a revision that holds nothing', async () => {
    expect(await findings(tamper.append(signed, []))).toEqual(modified);
  });

  it('a trailer that names another root, with no object changed', async () => {
    const { page } = tamper.pages(signed)[0]!;
    const report = await check(tamper.append(signed, [], { root: page }));
    expect(report.findings).toEqual([
      { code: 'MODIFIED_AFTER_SIGNING', detail: 'revision 4: trailer /Root' },
    ]);
  });

  it('N13 a revision before the first signature', async () => {
    const { content } = tamper.pages(revisions[0])[0]!;
    const changed = tamper.append(revisions[0], [{ number: content, body: streamBody([], utf8('BT ET')) }]);
    const bytes = await sign(changed, 'sig_seller', cast.sig_seller, { pki, fonts });
    expect(await findings(bytes, SELLER_ONLY)).toEqual(['file UNSIGNED_REVISION_BEFORE_FIRST_SIGNATURE']);
  });

  it('N14 a page changed between the seller’s and the buyer’s signature', async () => {
    const { content } = tamper.pages(revisions[1])[0]!;
    const changed = tamper.append(revisions[1], [{ number: content, body: streamBody([], utf8('BT ET')) }]);
    const bytes = await sign(changed, 'sig_buyer', cast.sig_buyer, { pki, fonts });
    const report = await check(bytes, { require: ['sig_seller', 'sig_buyer'] });
    expect(report.findings).toEqual([
      { code: 'MODIFIED_AFTER_SIGNING', detail: `revision 2: object ${content} (/Length)` },
    ]);
    expect(report.signatures.map(({ findings: found }) => found)).toEqual([[], []]);
  });

  it('a page changed inside the first signing revision', async () => {
    const { content } = tamper.pages(revisions[0])[0]!;
    const prepared = await prepare(revisions[0], 'sig_seller', cast.sig_seller, fonts, pki.now);
    const bytes = tamper.rewriteLast(prepared.bytes, (objects) =>
      objects.set(content, streamBody([], utf8('BT ET'))),
    );
    const { byteRange } = tamper.lastSignature(bytes);
    const digest = await sha256(coveredBytes(bytes, byteRange!));
    const forged = must(embedCms(bytes, byteRange!, await cmsBy(cast.sig_seller, digest))).bytes;
    expect(await findings(forged, SELLER_ONLY)).toEqual(['file UNEXPECTED_CHANGE_IN_INCREMENT']);
  });
});

describe('the verifier says of the signature’s own bytes', () => {
  it('N15 a signature copied from another contract: it is of another document', async () => {
    const other = (await signAll(pki, cast, fonts, { contract: { contractId: 'SEAM-2026-000319' } }))[1];
    const copied = tamper.setContents(revisions[1], 'sig_seller', tamper.contentsOf(other, 'sig_seller'));
    expect(await findings(copied, SELLER_ONLY)).toEqual(['sig_seller DIGEST_MISMATCH']);
  });

  it('N16 the gap of the range widened by 40', async () => {
    const [, b, c, d] = tamper.signatureOf(signed, 'sig_centre').byteRange!;
    const found = await findings(tamper.setByteRange(signed, `0 ${b} ${c + 40} ${d - 40}`));
    expect(found).toEqual(['sig_centre BYTERANGE_NOT_WHOLE_REVISION', 'sig_centre DIGEST_MISMATCH']);
  });

  it('N16 a range that covers less, honestly signed', async () => {
    const prepared = await prepare(revisions[0], 'sig_seller', cast.sig_seller, fonts, pki.now);
    const [, b, c, d] = prepared.byteRange;
    const bytes = tamper.setByteRange(prepared.bytes, `0 ${b} ${c} ${d - 20}`);
    const digest = await crypto.subtle.digest(
      'SHA-256',
      concat([bytes.subarray(0, b), bytes.subarray(c, c + d - 20)]) as BufferSource,
    );
    const forged = must(
      embedCms(bytes, prepared.byteRange, await cmsBy(cast.sig_seller, new Uint8Array(digest))),
    ).bytes;
    expect(await findings(forged, SELLER_ONLY)).toEqual(['sig_seller BYTERANGE_NOT_WHOLE_REVISION']);
  });

  it('N17 the range removed', async () => {
    const found = await findings(tamper.replaceText(signed, '/ByteRange', '/BiteRange'));
    expect(found).toContain('sig_centre BYTERANGE_SYNTAX');
  });

  it('N18 the signature zeroed', async () => {
    expect(await findings(tamper.setContents(signed, 'sig_centre', new Uint8Array()))).toEqual([
      'sig_centre CMS_MALFORMED',
    ]);
  });

  it('N19 data hidden in the padding', async () => {
    const cms = Uint8Array.from(tamper.contentsOf(signed, 'sig_centre'));
    cms[cms.length - 1] = 1;
    expect(await findings(tamper.setContents(signed, 'sig_centre', cms))).toEqual([
      'sig_centre CMS_TRAILING_DATA',
    ]);
  });

  it('upper-case hexadecimal, which nobody signed', async () => {
    const { start, end } = tamper.signatureOf(signed, 'sig_centre').contents!;
    const bytes = Uint8Array.from(signed);
    bytes.set(utf8(Buffer.from(signed.subarray(start, end)).toString('latin1').toUpperCase()), start);
    expect(await findings(bytes)).toEqual(['sig_centre CMS_PROFILE']);
  });

  it('an added unsigned attribute, which nobody signed', async () => {
    const bytes = await withCms(async (digest) => {
      const { certificate, signer } = cast.sig_seller;
      const parsed = readCertificate(certificate);
      const attributes = await attributesFor(OID.data, digest, parsed);
      const note = seq(oid('1.2.3.4'), tlv(0x31, tlv(0x04, utf8('note'))));
      const info = signerInfo(parsed, attributes, await signer.sign(tlv(0x31, ...attributes)), [note]);
      return signedData({
        version: 1,
        content: seq(oid(OID.data)),
        certificates: [certificate, ...pki.chain],
        signer: info,
      });
    });
    expect(await findings(bytes, SELLER_ONLY)).toEqual(['sig_seller CMS_PROFILE']);
  });

  it('two signers, or one attribute twice', async () => {
    const { certificate, signer } = cast.sig_seller;
    const parsed = readCertificate(certificate);
    const build = (twice: (attributes: Uint8Array[]) => Uint8Array[], signers: number) =>
      withCms(async (digest) => {
        const attributes = twice(await attributesFor(OID.data, digest, parsed));
        const info = signerInfo(parsed, attributes, await signer.sign(tlv(0x31, ...attributes)), []);
        const repeated = concat(Array.from({ length: signers }, () => info));
        return signedData({
          version: 1,
          content: seq(oid(OID.data)),
          certificates: [certificate, ...pki.chain],
          signer: repeated,
        });
      });
    expect(await findings(await build((all) => all, 1), SELLER_ONLY)).toEqual([]);
    expect(await findings(await build((all) => all, 2), SELLER_ONLY)).toEqual(['sig_seller CMS_MALFORMED']);
    const repeat = (all: Uint8Array[]) => [...all, all[0]!];
    expect(await findings(await build(repeat, 1), SELLER_ONLY)).toEqual(['sig_seller CMS_MALFORMED']);
  });

  it('N30 that names another certificate of the same key', async () => {
    const { signer } = cast.sig_seller;
    const twin = await certify(pki, SELLER, signer.spki);
    const bytes = await withCms(async (digest) => {
      const attributes = await attributesFor(OID.data, digest, readCertificate(twin));
      const parsed = readCertificate(cast.sig_seller.certificate);
      const info = signerInfo(parsed, attributes, await signer.sign(tlv(0x31, ...attributes)), []);
      return signedData({
        version: 1,
        content: seq(oid(OID.data)),
        certificates: [parsed.der, ...pki.chain],
        signer: info,
      });
    });
    expect(await findings(bytes, SELLER_ONLY)).toEqual(['sig_seller SIGNING_CERT_MISMATCH']);
  });

  it('N31 that names no certificate', async () => {
    const { signer, certificate } = cast.sig_seller;
    const bytes = await withCms(async (digest) => {
      const parsed = readCertificate(certificate);
      const all = await attributesFor(OID.data, digest, parsed);
      const attributes = all.filter(
        (attribute) => !Buffer.from(attribute).includes(Buffer.from(oid(OID.signingCertificateV2))),
      );
      expect(attributes).toHaveLength(all.length - 1);
      const info = signerInfo(parsed, attributes, await signer.sign(tlv(0x31, ...attributes)), []);
      return signedData({
        version: 1,
        content: seq(oid(OID.data)),
        certificates: [certificate, ...pki.chain],
        signer: info,
      });
    });
    expect(await findings(bytes, SELLER_ONLY)).toEqual(['sig_seller ATTR_SIGNING_CERT_V2_MISSING']);
  });

  it('N32 over the digest of another document', async () => {
    const bytes = await withCms(() => cmsBy(cast.sig_seller, new Uint8Array(32).fill(7)));
    expect(await findings(bytes, SELLER_ONLY)).toEqual(['sig_seller DIGEST_MISMATCH']);
  });

  it('N33 made by another key', async () => {
    const { certificate } = cast.sig_seller;
    const bytes = await withCms(async (digest) => {
      const signature = await cast.sig_buyer.signer.sign(await signedAttributes(digest, certificate));
      return assembleCms({ digest, certificate, chain: pki.chain, signature });
    });
    expect(await findings(bytes, SELLER_ONLY)).toEqual(['sig_seller SIGNATURE_INVALID']);
  });
});

describe('the verifier says of the signer', () => {
  const by = (signer: Issuer, chain?: readonly Uint8Array[]) =>
    withCms((digest) => cmsBy(signer, digest, chain ? [...chain] : undefined), signer);

  it('N1 an expired certificate without timestamp', async () => {
    const old = await newParty(pki, SELLER, { notBefore: pki.now - 20 * DAY, notAfter: pki.now - DAY });
    expect(await findings(await by(old), SELLER_ONLY)).toEqual(['sig_seller CERT_NOT_VALID_AT_TIME']);
  });

  it('N36 a certificate not yet valid', async () => {
    const early = await newParty(pki, SELLER, { notBefore: pki.now + DAY, notAfter: pki.now + 20 * DAY });
    expect(await findings(await by(early), SELLER_ONLY)).toEqual(['sig_seller CERT_NOT_VALID_AT_TIME']);
  });

  it('N20 a rogue CA with the same names', async () => {
    const rogue = await createPki({ now: pki.now });
    const twin = await newParty(rogue, SELLER);
    expect(await findings(await by(twin, rogue.chain), SELLER_ONLY)).toEqual([
      'sig_seller CERT_SIGNATURE_INVALID',
    ]);
    expect(await findings(await by(twin), SELLER_ONLY)).toEqual(['sig_seller CERT_SIGNATURE_INVALID']);
  });

  it('no path to a pinned root', async () => {
    const other = await createPki({ now: pki.now });
    expect(await findings(revisions[1], { ...SELLER_ONLY, roots: [] })).toEqual([
      'sig_seller UNTRUSTED_ISSUER',
    ]);
    expect(await findings(revisions[1], { ...SELLER_ONLY, roots: [other.root.certificate] })).toEqual([
      'sig_seller CERT_SIGNATURE_INVALID',
    ]);
  });

  it('N21 a certificate issued by a party', async () => {
    const child = await newParty(pki, SELLER, { issuer: cast.sig_buyer });
    const bytes = await by(child, [cast.sig_buyer.certificate, ...pki.chain]);
    expect(await findings(bytes, SELLER_ONLY)).toEqual(['sig_seller NOT_A_CA', 'sig_seller NOT_A_CA']);
  });

  it('N22 the issuing CA itself', async () => {
    const found = await findings(await by(pki.issuing, []), SELLER_ONLY);
    expect(found).toContain('sig_seller SIGNER_IS_CA');
  });

  it('N23 the timestamp authority', async () => {
    const tsa = await newParty(pki, SELLER, { role: 'tsa' });
    expect(await findings(await by(tsa), SELLER_ONLY)).toEqual(['sig_seller EXT_KEY_USAGE']);
  });

  it('N24 the buyer in the seller’s field: the document itself demands the seller', async () => {
    expect(await findings(await by(cast.sig_buyer), SELLER_ONLY)).toEqual(['sig_seller WRONG_SIGNER']);
  });

  it('N24 another than the caller expects', async () => {
    const expected = { sig_seller: SELLER.organizationIdentifier, sig_buyer: SELLER.organizationIdentifier };
    expect(await findings(signed, { expected })).toEqual(['sig_buyer WRONG_SIGNER']);
  });

  it('N25 revoked before the signature, by a genuine list', async () => {
    const list = (at: number, issuer = pki.issuing) =>
      createCrl({
        issuer,
        number: 1,
        thisUpdate: pki.now,
        nextUpdate: pki.now + DAY,
        revoked: [{ serial: serialOf(cast.sig_seller.certificate), at, reason: 'key_compromise' }],
      });
    expect(await findings(signed, { crls: [await list(pki.now - 1000)] })).toEqual([
      'sig_seller CERT_REVOKED',
    ]);
    expect(await findings(signed, { crls: [await list(pki.now + 1000)] })).toEqual([]);
    // P4: after the proved time it no longer matters.
    const stamped = (await signAll(pki, cast, fonts, { stamped: true }))[1];
    const options = { ...SELLER_ONLY, at: pki.now + 10 * DAY };
    expect(await findings(stamped, { ...options, crls: [await list(pki.now + DAY)] })).toEqual([]);
    expect(await findings(revisions[1], { ...options, crls: [await list(pki.now + DAY)] })).toEqual([
      'sig_seller CERT_REVOKED',
    ]);
  });

  it('N28 nothing on the word of a forged list, which is no revocation data either', async () => {
    const rogue = await createPki({ now: pki.now });
    const serial = serialOf(cast.sig_seller.certificate);
    const forged = await createCrl({
      issuer: rogue.issuing,
      number: 9,
      thisUpdate: pki.now,
      nextUpdate: pki.now + DAY,
      revoked: [{ serial, at: pki.now - DAY, reason: 'superseded' }],
    });
    expect(await findings(signed, { crls: [forged] })).toEqual([]);
    const found = await findings(revisions[1], { ...SELLER_ONLY, crls: [forged], requireRevocation: true });
    expect(found).toEqual(['sig_seller REVOCATION_DATA_MISSING', 'sig_seller REVOCATION_DATA_MISSING']);
  });

  it('N29 no revocation data where it is demanded, and none missing where every issuer gave a list', async () => {
    const times = { number: 1, thisUpdate: pki.now, nextUpdate: pki.now + DAY, revoked: [] };
    const crls = [
      await createCrl({ issuer: pki.issuing, ...times }),
      await createCrl({ issuer: pki.root, ...times }),
    ];
    expect(await findings(signed, { crls, requireRevocation: true })).toEqual([]);
    expect(await findings(signed, { requireRevocation: true })).toEqual(
      ALL.flatMap((f) => each('REVOCATION_DATA_MISSING', [f, f])),
    );
  });

  it('an extension that must be understood and is not', async () => {
    const strange = seq(oid('1.2.3.4'), bool(true), octets(seq()));
    const certificate = await withExtensions(pki, cast.sig_seller.certificate, (all) => [...all, strange]);
    const signer = { certificate, signer: cast.sig_seller.signer };
    expect(await findings(await by(signer), SELLER_ONLY)).toEqual(['sig_seller UNKNOWN_CRITICAL_EXTENSION']);
  });

  it('a CA that may not stand above another CA', async () => {
    const below = await issueIssuingCa({
      issuer: pki.issuing,
      subject: { commonName: 'CA too deep' },
      spki: cast.sig_buyer.signer.spki,
      serial: newSerial(),
      notBefore: pki.now - DAY,
      notAfter: pki.now + DAY,
    });
    const deep = { certificate: below, signer: cast.sig_buyer.signer };
    const child = await newParty(pki, SELLER, { issuer: deep });
    expect(await findings(await by(child, [below, ...pki.chain]), SELLER_ONLY)).toEqual([
      'sig_seller NOT_A_CA',
    ]);
  });
});

describe('the verifier says of timestamps', () => {
  async function withToken(build: (signature: Uint8Array) => Promise<Uint8Array>): Promise<Uint8Array> {
    const { certificate, signer } = cast.sig_seller;
    return withCms(async (digest) => {
      const signature = await signer.sign(await signedAttributes(digest, certificate));
      return assembleCms({ digest, certificate, chain: pki.chain, signature, token: await build(signature) });
    });
  }

  it('a good one nothing', async () => {
    expect(
      await findings(await withToken((signature) => stamp(cast.tsa, signature, pki, pki.now)), SELLER_ONLY),
    ).toEqual([]);
  });

  it('N34 a token of another signature', async () => {
    const bytes = await withToken(() => stamp(cast.tsa, utf8('another'), pki, pki.now));
    expect(await findings(bytes, SELLER_ONLY)).toEqual(['sig_seller TST_IMPRINT_MISMATCH']);
  });

  it('N35 a token by a party', async () => {
    const bytes = await withToken((signature) => stamp(cast.sig_buyer, signature, pki, pki.now));
    expect(await findings(bytes, SELLER_ONLY)).toEqual(['sig_seller TSA_EKU']);
  });

  it('a token whose signature is broken', async () => {
    const bytes = await withToken(async (signature) => {
      const token = await stamp(cast.tsa, signature, pki, pki.now);
      return tamper.flipBit(token, token.length - 1);
    });
    expect(await findings(bytes, SELLER_ONLY)).toEqual(['sig_seller TST_SIGNATURE_INVALID']);
  });

  it('a token whose time was changed', async () => {
    const bytes = await withToken(async (signature) => {
      const token = await stamp(cast.tsa, signature, pki, pki.now);
      const year = Buffer.from(token).indexOf(String(new Date(pki.now).getUTCFullYear()));
      return tamper.flipBit(token, year + 3);
    });
    expect(await findings(bytes, SELLER_ONLY)).toContain('sig_seller TST_SIGNATURE_INVALID');
  });

  it('a token that names another certificate than it carries', async () => {
    const { signer, certificate } = cast.tsa;
    const twin = readCertificate(await certify(pki, CENTRE, signer.spki, { role: 'tsa' }));
    const bytes = await withToken(async (signature) => {
      const content = parseCms(await stamp(cast.tsa, signature, pki, pki.now)).content!;
      const attributes = await attributesFor(OID.tstInfo, await sha256(content), twin);
      const parsed = readCertificate(certificate);
      return signedData({
        version: 3,
        content: seq(oid(OID.tstInfo), context(0, octets(content))),
        certificates: [certificate, ...pki.chain],
        signer: signerInfo(parsed, attributes, await signer.sign(tlv(0x31, ...attributes)), []),
      });
    });
    expect(await findings(bytes, SELLER_ONLY)).toEqual(['sig_seller TST_SIGNATURE_INVALID']);
  });

  it('garbage in the place of a token', async () => {
    const bytes = await withToken(async () => seq(oid('1.2.3')));
    expect(await findings(bytes, SELLER_ONLY)).toEqual(['sig_seller TST_MALFORMED']);
  });

  it('a token under no pinned root, and its time is not believed', async () => {
    const rogue = await createPki({ now: pki.now, name: 'rogue' });
    const tsa = await newParty(rogue, CENTRE, { role: 'tsa' });
    const bytes = await withToken((signature) => stamp(tsa, signature, rogue, pki.now - DAY / 2));
    expect(await findings(bytes, SELLER_ONLY)).toEqual(['sig_seller CERT_SIGNATURE_INVALID']);
    expect((await check(bytes)).signatures[0]).toMatchObject({ timeSource: 'claimed' });
  });
});
