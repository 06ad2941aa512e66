/** What another implementation of CMS, timestamps, OCSP and X.509 (pkijs) says about a B-LTA contract. */
import { fromBER } from 'asn1js';
import * as pkijs from 'pkijs';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCms, single } from './cms/parse.ts';
import { OID } from './der/oids.ts';
import { readDer } from './der/reader.ts';
import { loadFont } from './node/load-font.ts';
import { readPdf } from './pdf/file.ts';
import { describeIncrement } from './pdf/increment.ts';
import { SIGNATURE_FIELDS } from './pdf/profile.ts';
import { coveredBytes } from './pdf/signature-dictionary.ts';
import { crlOf, ocspOf, revoked, signToLta } from './testing/lta.ts';
import { BUYER, CENTRE, type Pki, SELLER, createPki, newParty } from './testing/pki.ts';
import type { Cast } from './testing/signing.ts';
import * as tamper from './testing/tamper.ts';
import type { Issuer } from './ca/authority.ts';

let pki: Pki;
let cast: Cast;
let responder: Issuer;
let contract: Uint8Array;
let root: pkijs.Certificate;
let issuing: pkijs.Certificate;

beforeAll(async () => {
  const fonts = await loadFont();
  pki = await createPki({ root: 'rsa-2048', issuing: 'rsa-2048' });
  responder = await newParty(pki, CENTRE, { role: 'ocsp' });
  cast = {
    sig_seller: await newParty(pki, SELLER),
    sig_buyer: await newParty(pki, BUYER, { size: 'rsa-2048' }),
    sig_centre: await newParty(pki, CENTRE, { role: 'centre', size: 'rsa-2048' }),
    tsa: await newParty(pki, CENTRE, { role: 'tsa', size: 'rsa-2048' }),
  };
  contract = (await signToLta(pki, cast, responder, fonts)).blta;
  root = pkijs.Certificate.fromBER(pki.root.certificate as BufferSource);
  issuing = pkijs.Certificate.fromBER(pki.issuing.certificate as BufferSource);
});

const buffer = (bytes: Uint8Array): ArrayBuffer => bytes.slice().buffer;

function signedData(cms: Uint8Array): pkijs.SignedData {
  const info = new pkijs.ContentInfo({ schema: fromBER(buffer(cms)).result });
  return new pkijs.SignedData({ schema: info.content });
}

/** Throws or says false where it does not verify. */
async function isGood(cms: Uint8Array, data: Uint8Array): Promise<boolean> {
  try {
    return await signedData(cms).verify({
      signer: 0,
      data: buffer(data),
      trustedCerts: [root],
      checkChain: true,
      checkDate: new Date(pki.now),
    });
  } catch {
    return false;
  }
}

describe('pkijs', () => {
  it.each(SIGNATURE_FIELDS)(
    'verifies the CMS of %s, its chain, and that its content was not changed',
    async (field) => {
      const { byteRange } = tamper.signatureOf(contract, field);
      const cms = readDer(tamper.contentsOf(contract, field)).raw;
      const covered = coveredBytes(contract, byteRange!);
      expect(await isGood(cms, covered)).toBe(true);
      expect(await isGood(cms, tamper.flipBit(covered, 5000))).toBe(false);
    },
  );

  it.each(SIGNATURE_FIELDS)('verifies the timestamp of %s over the signature value', async (field) => {
    const cms = parseCms(readDer(tamper.contentsOf(contract, field)).raw);
    const token = single(cms.unsigned, OID.signatureTimeStamp)!.raw;
    expect(await isGood(token, cms.signature)).toBe(true);
    expect(await isGood(token, tamper.flipBit(cms.signature, 9))).toBe(false);
  });

  it('verifies the document timestamp over the whole file', async () => {
    const { byteRange, contents } = tamper.lastSignature(contract);
    const token = readDer(contents!.bytes).raw;
    const covered = coveredBytes(contract, byteRange!);
    expect(await isGood(token, covered)).toBe(true);
    expect(await isGood(token, tamper.flipBit(covered, covered.length - 30))).toBe(false);
  });

  it('reads and verifies what the store holds', async () => {
    const increment = describeIncrement(readPdf(contract), 4);
    if (increment.kind !== 'store') throw new Error(increment.kind);
    for (const der of increment.store.ocspResponses) {
      const response = pkijs.OCSPResponse.fromBER(buffer(der));
      const bytes = response.responseBytes!.response.valueBlock.valueHexView;
      const basic = pkijs.BasicOCSPResponse.fromBER(buffer(bytes));
      expect(await basic.verify({ trustedCerts: [issuing, root] })).toBe(true);
    }
    expect(increment.store.crls).toHaveLength(1);
    const list = pkijs.CertificateRevocationList.fromBER(buffer(increment.store.crls[0]!));
    expect(await list.verify({ issuerCertificate: root })).toBe(true);
    expect(await list.verify({ issuerCertificate: issuing })).toBe(false);
  });

  it.each([
    ['good', 0],
    [{ revokedAt: Date.UTC(2026, 0, 2), reason: 'key_compromise' }, 1],
    ['unknown', 2],
  ] as const)('reads from an answer that a certificate is %j', async (status, expected) => {
    const der = await ocspOf(pki, responder, cast.sig_buyer.certificate, { status });
    const response = pkijs.OCSPResponse.fromBER(buffer(der));
    const certificate = pkijs.Certificate.fromBER(cast.sig_buyer.certificate as BufferSource);
    expect(await response.getCertificateStatus(certificate, issuing)).toMatchObject({
      isForCertificate: true,
      status: expected,
    });
  });

  it('reads from a list who is revoked', async () => {
    const list = pkijs.CertificateRevocationList.fromBER(
      buffer(await crlOf(pki, { revoked: [revoked(cast.sig_buyer, pki.now - 1000)] })),
    );
    expect(await list.verify({ issuerCertificate: issuing })).toBe(true);
    const is = (who: Issuer) =>
      list.isCertificateRevoked(pkijs.Certificate.fromBER(who.certificate as BufferSource));
    expect([is(cast.sig_buyer), is(cast.sig_centre)]).toEqual([true, false]);
  });

  it('leads every certificate to the root', async () => {
    const people = [...Object.values(cast), responder].map(({ certificate }) => certificate);
    for (const certificate of people) {
      const engine = new pkijs.CertificateChainValidationEngine({
        certs: [issuing, pkijs.Certificate.fromBER(certificate as BufferSource)],
        trustedCerts: [root],
        checkDate: new Date(pki.now),
      });
      expect(await engine.verify()).toMatchObject({ result: true });
    }
  });
});
