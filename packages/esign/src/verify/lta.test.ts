/** Contracts that carry their own proof: what it is worth, and what it is not. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Issuer } from '../ca/authority.ts';
import { createTimestampToken } from '../ca/timestamp.ts';
import { toHex, utf8 } from '../der/bytes.ts';
import { seq } from '../der/writer.ts';
import { loadFont } from '../node/load-font.ts';
import { type DssContent, addDss } from '../pdf/dss.ts';
import { coveredBytes } from '../pdf/signature-dictionary.ts';
import type { FontSet } from '../render/font.ts';
import { codes } from '../testing/findings.ts';
import { crlOf, evidence, ocspOf, revoked, signToLta, signedAnew, stampDocument } from '../testing/lta.ts';
import { CENTRE, DAY, type Pki, createPki, newParty, newSerial } from '../testing/pki.ts';
import { type Cast, newCast, sign, signAll } from '../testing/signing.ts';
import { flipBit, lastSignature, setByteRange } from '../testing/tamper.ts';
import { sha256 } from '../x509/algorithms.ts';
import { type VerifyOptions, verifyContract } from './contract.ts';

let fonts: FontSet;
let pki: Pki;
let cast: Cast;
let responder: Issuer;
let files: Awaited<ReturnType<typeof signToLta>>;

beforeAll(async () => {
  fonts = await loadFont();
  pki = await createPki();
  cast = await newCast(pki);
  responder = await newParty(pki, CENTRE, { role: 'ocsp' });
  files = await signToLta(pki, cast, responder, fonts);
});

const LATER = { requireRevocation: true } as const;

const check = (bytes: Uint8Array, options: Partial<VerifyOptions> = {}) =>
  verifyContract(bytes, { roots: [pki.root.certificate], at: pki.now, ...options });

async function found(bytes: Uint8Array, options: Partial<VerifyOptions> = {}): Promise<string[]> {
  return codes(await check(bytes, options));
}

/** The contract with other evidence; `add` comes to what is honestly there, the rest replaces it. */
async function withStore(change: Partial<DssContent>, add: Partial<DssContent> = {}): Promise<Uint8Array> {
  const honest = await evidence(pki, cast, responder, change);
  return addDss(files.bt, {
    certificates: [...honest.certificates, ...(add.certificates ?? [])],
    ocspResponses: [...honest.ocspResponses, ...(add.ocspResponses ?? [])],
    crls: [...honest.crls, ...(add.crls ?? [])],
  });
}

/** Answers for all but the seller. */
const withoutSeller = async () =>
  Promise.all(
    [cast.sig_buyer, cast.sig_centre, cast.tsa].map(({ certificate }) => ocspOf(pki, responder, certificate)),
  );

const warningsOf = async (bytes: Uint8Array) => (await check(bytes)).warnings.map(({ code }) => code);

describe('a contract that carries its own proof', () => {
  it('P2 with a store is accepted where revocation must be known, at B-LT', async () => {
    const report = await check(files.blt, { ...LATER, requireLevel: 'B-LT' });
    expect(codes(report)).toEqual([]);
    expect(report).toMatchObject({ valid: true, level: 'B-LT', documentTimestamp: undefined, warnings: [] });
    expect(report.signatures.map(({ level }) => level)).toEqual(['B-LT', 'B-LT', 'B-LT']);
  });

  it('P3 under a document timestamp is accepted at B-LTA', async () => {
    const report = await check(files.blta, { ...LATER, requireLevel: 'B-LTA' });
    expect(codes(report)).toEqual([]);
    expect(report).toMatchObject({ valid: true, level: 'B-LTA', warnings: [] });
    expect(report.documentTimestamp).toMatchObject({
      time: new Date(Math.floor(pki.now / 1000) * 1000).toISOString(),
      authority: CENTRE.organization,
    });
    expect(report.signatures.map(({ timestampAuthority }) => timestampAuthority)).toEqual([
      CENTRE.organization,
      CENTRE.organization,
      CENTRE.organization,
    ]);
  });

  it('P3 is still accepted when every certificate has long expired', async () => {
    expect(await found(files.blta, { requireLevel: 'B-LTA', at: pki.now + 30 * 365 * DAY })).toEqual([]);
  });

  it.each([
    [
      'by an answer',
      async () =>
        withStore({ ocspResponses: await withoutSeller() }, { ocspResponses: [await revokedLater()] }),
    ],
    [
      'by a list',
      async () =>
        withStore(
          { ocspResponses: await withoutSeller() },
          {
            crls: [
              await crlOf(pki, { at: pki.now + DAY, revoked: [revoked(cast.sig_seller, pki.now + 1000)] }),
            ],
          },
        ),
    ],
  ])('P4 is accepted when the seller’s certificate was revoked after its timestamp, %s', async (_, build) => {
    expect(await found(await build(), { requireLevel: 'B-LT' })).toEqual([]);
  });

  const revokedLater = () =>
    ocspOf(pki, responder, cast.sig_seller.certificate, {
      status: { revokedAt: pki.now + 1000, reason: 'key_compromise' },
      at: pki.now + DAY,
    });

  it('says at which level it is, and refuses a lower one than is required', async () => {
    const bb = (await signAll(pki, cast, fonts))[3];
    const levels = await Promise.all(
      [bb, files.bt, files.blt, files.blta].map(async (f) => (await check(f)).level),
    );
    expect(levels).toEqual(['B-B', 'B-T', 'B-LT', 'B-LTA']);
    expect(await found(bb, { requireLevel: 'B-B' })).toEqual([]);
    expect(await found(bb, { requireLevel: 'B-T' })).toEqual([
      'sig_seller TIMESTAMP_MISSING',
      'sig_buyer TIMESTAMP_MISSING',
      'sig_centre TIMESTAMP_MISSING',
    ]);
    expect(await found(files.bt, { requireLevel: 'B-T' })).toEqual([]);
    expect(await found(files.blt, { requireLevel: 'B-LTA' })).toEqual(['file DOCUMENT_TIMESTAMP_MISSING']);
    expect((await check(bb, { requireLevel: 'B-LTA' })).level).toBe('B-B');
  });

  it('N29 at B-T where B-LT is required lacks revocation data, wherever else it may be known', async () => {
    const { crls } = await evidence(pki, cast, responder);
    const lists = [...crls, await crlOf(pki)];
    const all = await found(files.bt, { requireLevel: 'B-LT', crls: lists });
    expect(new Set(all)).toEqual(
      new Set(['sig_seller', 'sig_buyer', 'sig_centre'].map((f) => `${f} REVOCATION_DATA_MISSING`)),
    );
    expect(await found(files.bt, { requireRevocation: true, crls: lists })).toEqual([]);
    expect((await check(files.bt, { crls: lists })).level).toBe('B-T');
  });
});

describe('the store of a contract', () => {
  const before = () => revoked(cast.sig_seller, pki.now - DAY / 2);

  it('N25 with a list that revoked the seller before its timestamp: revoked', async () => {
    const file = await withStore({}, { crls: [await crlOf(pki, { revoked: [before()] })] });
    expect(await found(file)).toEqual(['sig_seller CERT_REVOKED']);
    expect(await found(await stampDocument(file, pki, cast.tsa))).toEqual(['sig_seller CERT_REVOKED']);
  });

  it('N26 with an answer that revoked the seller before its timestamp: revoked', async () => {
    const answer = await ocspOf(pki, responder, cast.sig_seller.certificate, {
      status: { revokedAt: pki.now - 5000, reason: 'unspecified' },
    });
    expect(await found(await withStore({}, { ocspResponses: [answer] }))).toEqual([
      'sig_seller CERT_REVOKED',
    ]);
  });

  it.each([
    ['a party', async () => cast.sig_buyer],
    ['the timestamp authority', async () => cast.tsa],
    [
      'a responder of another CA with the same names',
      async () => newParty(await createPki({ now: pki.now }), CENTRE, { role: 'ocsp' }),
    ],
    [
      'a responder that its certificate no longer covers',
      async () =>
        newParty(pki, CENTRE, { role: 'ocsp', notBefore: pki.now - 9 * DAY, notAfter: pki.now - 1000 }),
    ],
  ] as const)('N27 with an answer by %s: it is passed over, and the proof is missing', async (_, by) => {
    const bogus = await forgedAnswer(await by());
    const file = await withStore({ ocspResponses: [...(await withoutSeller()), bogus] });
    expect(await warningsOf(file)).toEqual(['OCSP_RESPONDER_UNAUTHORISED']);
    expect(await found(file)).toEqual([]);
    expect((await check(file)).level).toBe('B-T');
    expect(await found(file, LATER)).toEqual(['sig_seller REVOCATION_DATA_MISSING']);
  });

  const forgedAnswer = async (by: Issuer) =>
    signedAnew(await ocspOf(pki, responder, cast.sig_seller.certificate), by);

  it('with an answer whose signature is broken: it is passed over', async () => {
    const broken = await ocspOf(pki, responder, cast.sig_seller.certificate);
    const at = Buffer.from(broken).indexOf(`${new Date(pki.now).getUTCFullYear()}`) + 3;
    const file = await withStore({ ocspResponses: [...(await withoutSeller()), flipBit(broken, at)] });
    expect(await warningsOf(file)).toEqual(['OCSP_SIGNATURE_INVALID']);
    expect(await found(file, LATER)).toEqual(['sig_seller REVOCATION_DATA_MISSING']);
  });

  it('with an answer that does not know the certificate: the proof is missing', async () => {
    const unknown = await ocspOf(pki, responder, cast.sig_seller.certificate, { status: 'unknown' });
    const file = await withStore({ ocspResponses: [...(await withoutSeller()), unknown] });
    expect(await found(file, LATER)).toEqual(['sig_seller REVOCATION_DATA_MISSING']);
  });

  it('with an answer by the issuing CA itself: it counts', async () => {
    const own = await ocspOf(pki, pki.issuing, cast.sig_seller.certificate);
    const file = await withStore({ ocspResponses: [...(await withoutSeller()), own] });
    expect(await found(file, { requireLevel: 'B-LT' })).toEqual([]);
  });

  it('N28 with a forged list: it is passed over, and the proof is missing', async () => {
    const rogue = await createPki({ now: pki.now });
    const forged = await crlOf(rogue, { revoked: [revoked(cast.sig_buyer, pki.now - DAY)] });
    const file = await withStore({ ocspResponses: await withoutSeller() }, { crls: [forged] });
    expect(await warningsOf(file)).toEqual(['CRL_SIGNATURE_INVALID']);
    expect(await found(file)).toEqual([]);
    expect(await found(file, LATER)).toEqual(['sig_seller REVOCATION_DATA_MISSING']);
  });

  it('with proof from before the signature only: the proof is missing', async () => {
    const early = await ocspOf(pki, responder, cast.sig_seller.certificate, { at: pki.now - 2000 });
    const list = await crlOf(pki, { at: pki.now - 2000 });
    const file = await withStore({ ocspResponses: [...(await withoutSeller()), early] }, { crls: [list] });
    const report = await check(file, LATER);
    expect(codes(report)).toEqual(['sig_seller REVOCATION_DATA_MISSING']);
    expect(report.signatures[0]!.findings[0]!.detail).toContain('from before its use');
    expect(report.warnings).toEqual([]);
  });

  it('with a root’s list that was in force at the time: enough for the issuing CA, though it is older', async () => {
    const weekly = async (at: number) => withStore({ crls: [await crlOf(pki, { issuer: pki.root, at })] });
    expect(await found(await weekly(pki.now - DAY / 2), { requireLevel: 'B-LT' })).toEqual([]);
    const stale = await found(await weekly(pki.now - 2 * DAY), { requireLevel: 'B-LT' });
    expect(stale).toContain('sig_seller REVOCATION_DATA_MISSING');
  });

  it('with whatever cannot be read: a warning, never a fault', async () => {
    const file = await withStore(
      {},
      {
        certificates: [utf8('no certificate')],
        ocspResponses: [utf8('no answer'), seq()],
        crls: [utf8('no list')],
      },
    );
    expect(await warningsOf(file)).toEqual(Array.from({ length: 4 }, () => 'STORE_UNREADABLE'));
    expect(await found(file, { requireLevel: 'B-LT' })).toEqual([]);
    expect(await found(await stampDocument(file, pki, cast.tsa), { requireLevel: 'B-LTA' })).toEqual([]);
  });

  it('with nothing in it is nothing', async () => {
    const empty = addDss(files.bt, { certificates: [], ocspResponses: [], crls: [] });
    expect(await found(empty)).toEqual([]);
    expect((await check(empty)).level).toBe('B-T');
  });

  it('may bring a missing link of a path, and no root', async () => {
    const rogue = await createPki({ now: pki.now });
    const stranger = await newCast(rogue);
    const signed = (await signAll(rogue, stranger, fonts, { stamped: true }))[3];
    const file = addDss(signed, {
      certificates: [rogue.root.certificate, ...rogue.chain],
      ocspResponses: [],
      crls: [],
    });
    expect(await found(file)).toContain('sig_seller CERT_SIGNATURE_INVALID');
  });
});

describe('timestamps', () => {
  it('that do not rise from signature to signature are found', async () => {
    const [first] = files.revisions;
    const context = { pki, fonts, tsa: cast.tsa };
    const one = await sign(first, 'sig_seller', cast.sig_seller, { ...context, stampedAt: pki.now });
    const two = await sign(one, 'sig_buyer', cast.sig_buyer, { ...context, stampedAt: pki.now - 60_000 });
    const three = await sign(two, 'sig_centre', cast.sig_centre, { ...context, stampedAt: pki.now });
    expect(await found(three)).toEqual(['file TIMESTAMPS_NOT_RISING']);
  });

  it('over the document from before its signatures are found', async () => {
    const file = await stampDocument(files.blt, pki, cast.tsa, { time: pki.now - 60_000 });
    expect(await found(file)).toEqual(['file TIMESTAMPS_NOT_RISING']);
  });

  it('over the document by a party are none', async () => {
    const file = await stampDocument(files.blt, pki, cast.sig_buyer);
    const report = await check(file);
    expect(codes(report)).toEqual(['timestamp TSA_EKU']);
    expect(report).toMatchObject({ level: 'B-LT', documentTimestamp: { time: undefined } });
  });

  it('over another document are found', async () => {
    const file = await stampDocument(files.blt, pki, cast.tsa, { imprint: new Uint8Array(32).fill(1) });
    expect(await found(file)).toEqual(['timestamp TST_IMPRINT_MISMATCH']);
  });

  it('over a part of the document are found, though their token is over that part', async () => {
    const [, b, c, d] = lastSignature(files.blta).byteRange!;
    const less = setByteRange(files.blta, `0 ${b} ${c} ${d - 40}`);
    const { byteRange, contents } = lastSignature(less);
    const imprint = await sha256(coveredBytes(less, byteRange!));
    const token = await stampImprint(imprint);
    less.set(utf8(toHex(token).padEnd(contents!.end - contents!.start - 2, '0')), contents!.start + 1);
    expect(await found(less)).toEqual(['timestamp BYTERANGE_NOT_WHOLE_REVISION']);
  });

  const stampImprint = (imprint: Uint8Array) =>
    createTimestampToken({
      authority: cast.tsa,
      chain: pki.chain,
      imprint,
      time: pki.now,
      serial: newSerial(),
      policy: '1.3.6.1.4.1.99999.1',
    });

  it('over the document by an authority that was not certified then are found', async () => {
    const late = await newParty(pki, CENTRE, { role: 'tsa', notBefore: pki.now + DAY });
    const file = await stampDocument(files.blt, pki, late);
    expect(await found(file)).toEqual(['timestamp CERT_NOT_VALID_AT_TIME']);
  });

  it('over the document by an authority of which nothing is known lack proof where it is required', async () => {
    const other = await newParty(pki, CENTRE, { role: 'tsa' });
    const file = await stampDocument(files.blt, pki, other);
    expect(await found(file)).toEqual([]);
    expect(await found(file, { requireLevel: 'B-LTA' })).toEqual(['timestamp REVOCATION_DATA_MISSING']);
  });

  it('by an authority whose certificate was revoked before are found', async () => {
    const list = await crlOf(pki, { revoked: [revoked(cast.tsa, pki.now - 5000)] });
    const file = await stampDocument(await withStore({}, { crls: [list] }), pki, cast.tsa);
    const all = await found(file);
    expect(all).toContain('sig_seller CERT_REVOKED');
    expect(all).toContain('timestamp CERT_REVOKED');
  });

  it('that carry a certificate which nobody needs are found: nothing would cover it', async () => {
    const file = await stampDocument(files.blt, pki, cast.tsa, {
      chain: [...pki.chain, cast.sig_buyer.certificate],
    });
    expect(await found(file)).toEqual(['timestamp TST_MALFORMED']);
    const withRoot = await stampDocument(files.blt, pki, cast.tsa, {
      chain: [...pki.chain, pki.root.certificate],
    });
    expect(await found(withRoot)).toEqual([]);
  });

  it('that lack a link of their path find it in the store', async () => {
    const file = await stampDocument(files.blt, pki, cast.tsa, { chain: [] });
    expect(await found(file)).toEqual([]);
  });
});

describe('a signature that carries a certificate which it does not need', () => {
  it('is not of the profile', async () => {
    const changed = { ...pki, chain: [...pki.chain, cast.sig_buyer.certificate] };
    const bytes = await sign(files.revisions[0], 'sig_seller', cast.sig_seller, { pki: changed, fonts });
    expect(await found(bytes, { require: ['sig_seller'] })).toEqual(['sig_seller CMS_PROFILE']);
  });
});
