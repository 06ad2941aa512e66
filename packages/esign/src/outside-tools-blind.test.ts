/**
 * Changes that programs in use take for good, and this verifier does not: why it exists. What pdfsig says is
 * part of each test, so that the day it sees one of them is noticed.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Issuer } from './ca/authority.ts';
import { parseCms } from './cms/parse.ts';
import { concat, utf8 } from './der/bytes.ts';
import { OID } from './der/oids.ts';
import { readDer } from './der/reader.ts';
import { oid } from './der/writer.ts';
import { loadFont } from './node/load-font.ts';
import { addDss } from './pdf/dss.ts';
import { coveredBytes } from './pdf/signature-dictionary.ts';
import { streamBody } from './pdf/write.ts';
import type { FontSet } from './render/font.ts';
import { cmsNaming, cmsOf, signWith } from './testing/by-hand.ts';
import { codes } from './testing/findings.ts';
import { crlOf, evidence, ocspOf, revoked, signToLta, signedAnew } from './testing/lta.ts';
import { CENTRE, DAY, type Pki, SELLER, certify, createPki, newParty } from './testing/pki.ts';
import { type Cast, newCast, sign, stamp } from './testing/signing.ts';
import * as tamper from './testing/tamper.ts';
import { Workspace, run } from './testing/tools.ts';
import { type VerifyOptions, verifyContract } from './verify/contract.ts';

let space: Workspace;
let fonts: FontSet;
let pki: Pki;
let cast: Cast;
let responder: Issuer;
let files: Awaited<ReturnType<typeof signToLta>>;
let nss: string;
let root: string;

beforeAll(async () => {
  space = await Workspace.create();
  fonts = await loadFont();
  pki = await createPki();
  cast = await newCast(pki);
  responder = await newParty(pki, CENTRE, { role: 'ocsp' });
  files = await signToLta(pki, cast, responder, fonts);
  nss = await space.nss(pki.root.certificate);
  root = await space.certificates('root.pem', [pki.root.certificate]);
});
afterAll(() => space.remove());

const signed = () => files.bt;
const blank = () => files.revisions[0];
const drawing = () => ({ number: tamper.pages(signed())[0]!.content, body: streamBody([], utf8('BT ET')) });
const bySeller = (build: (digest: Uint8Array) => Promise<Uint8Array>, who = cast.sig_seller) =>
  signWith(blank(), 'sig_seller', who, { pki, fonts }, build);
const one = { require: ['sig_seller'] } as const;

type Row = readonly [
  id: string,
  build: () => Uint8Array | Promise<Uint8Array>,
  expected: readonly string[],
  options?: Partial<VerifyOptions>,
];

async function annotated(): Promise<Uint8Array> {
  const { page } = tamper.pages(signed())[0]!;
  const annotation =
    '<< /Type /Annot /Subtype /FreeText /Rect [100 100 300 200] /Contents (500.00) /DA (/F 12 Tf) >>';
  const number = Number(/\/Size (\d+)/.exec(Buffer.from(signed()).toString('latin1').slice(-400))![1]);
  return tamper.append(signed(), [
    { body: annotation },
    tamper.withEntries(signed(), page, { Annots: `[${number} 0 R]` }),
  ]);
}

async function withStore(change: Parameters<typeof evidence>[3]): Promise<Uint8Array> {
  return addDss(signed(), await evidence(pki, cast, responder, change));
}

async function withoutSeller(more: Uint8Array[] = []): Promise<Uint8Array[]> {
  const others = [cast.sig_buyer, cast.sig_centre, cast.tsa];
  return [
    ...(await Promise.all(others.map(({ certificate }) => ocspOf(pki, responder, certificate)))),
    ...more,
  ];
}

const MODIFIED = ['file MODIFIED_AFTER_SIGNING'];

/** pdfsig calls every signature in these valid, by a certificate it trusts. */
const ACCEPTED: readonly Row[] = [
  ['N5 the price drawn anew', () => tamper.append(signed(), [drawing()]), MODIFIED],
  ['N6 an annotation over the page', annotated, MODIFIED],
  [
    'N7 a script at opening',
    () =>
      tamper.append(signed(), [
        tamper.withEntries(signed(), tamper.catalogNumber(signed()), {
          OpenAction: '<< /S /JavaScript /JS (app.alert\\(1\\)) >>',
        }),
      ]),
    MODIFIED,
  ],
  ['N8 an object nobody refers to', () => tamper.append(signed(), [{ body: '(hidden)' }]), MODIFIED],
  ['N9 bytes after the end', () => concat([signed(), utf8('%\n')]), ['file TRAILING_OR_TRUNCATED_DATA']],
  [
    'N11 cut back to the seller’s revision',
    () => files.revisions[1],
    ['file SIGNATURE_MISSING', 'file SIGNATURE_MISSING'],
  ],
  [
    'N13 a revision before the first signature',
    async () => sign(tamper.append(blank(), [drawing()]), 'sig_seller', cast.sig_seller, { pki, fonts }),
    ['file UNSIGNED_REVISION_BEFORE_FIRST_SIGNATURE'],
    one,
  ],
  [
    'N14 a page changed between two signatures',
    async () =>
      sign(tamper.append(files.revisions[1], [drawing()]), 'sig_buyer', cast.sig_buyer, { pki, fonts }),
    MODIFIED,
    { require: ['sig_seller', 'sig_buyer'] },
  ],
  ['N19 data hidden in the padding', () => padded(), ['sig_centre CMS_TRAILING_DATA']],
  [
    'N24 the buyer in the seller’s field',
    () => bySeller((digest) => cmsOf(cast.sig_buyer, digest, pki.chain), cast.sig_buyer),
    ['sig_seller WRONG_SIGNER'],
    one,
  ],
  [
    'N25 revoked before its timestamp, by a list in the store',
    async () =>
      withStore({
        ocspResponses: await withoutSeller(),
        crls: [
          await crlOf(pki, { issuer: pki.root }),
          await crlOf(pki, { revoked: [revoked(cast.sig_seller, pki.now - 5000)] }),
        ],
      }),
    ['sig_seller CERT_REVOKED'],
  ],
  [
    'N26 revoked before its timestamp, by an answer in the store',
    async () =>
      withStore({
        ocspResponses: await withoutSeller([
          await ocspOf(pki, responder, cast.sig_seller.certificate, {
            status: { revokedAt: pki.now - 5000, reason: 'superseded' },
          }),
        ]),
      }),
    ['sig_seller CERT_REVOKED'],
  ],
  [
    'N27 an answer signed by a party',
    async () =>
      withStore({
        ocspResponses: await withoutSeller([
          await signedAnew(await ocspOf(pki, responder, cast.sig_seller.certificate), cast.sig_buyer),
        ]),
      }),
    ['sig_seller REVOCATION_DATA_MISSING'],
    { requireRevocation: true },
  ],
  [
    'N28 a forged list',
    async () =>
      withStore({
        ocspResponses: await withoutSeller(),
        crls: [await crlOf(pki, { issuer: pki.root }), await crlOf(await createPki({ now: pki.now }))],
      }),
    ['sig_seller REVOCATION_DATA_MISSING'],
    { requireRevocation: true },
  ],
  [
    'N29 no revocation data where it is required',
    () => files.revisions[1],
    Array.from({ length: 4 }, () => 'sig_seller REVOCATION_DATA_MISSING'),
    { ...one, requireLevel: 'B-LT' },
  ],
  [
    'N30 the name of another certificate of the same key',
    async () =>
      bySeller(async (digest) =>
        cmsNaming(
          cast.sig_seller,
          digest,
          pki.chain,
          await certify(pki, SELLER, cast.sig_seller.signer.spki),
        ),
      ),
    ['sig_seller SIGNING_CERT_MISMATCH'],
    one,
  ],
  [
    'N31 the name of no certificate',
    () =>
      bySeller((digest) =>
        cmsNaming(cast.sig_seller, digest, pki.chain, cast.sig_seller.certificate, isNotEss),
      ),
    ['sig_seller ATTR_SIGNING_CERT_V2_MISSING'],
    one,
  ],
  [
    'N34 the token of another signature',
    () =>
      bySeller((digest) =>
        cmsOf(cast.sig_seller, digest, pki.chain, () => stamp(cast.tsa, utf8('another'), pki, pki.now)),
      ),
    ['sig_seller TST_IMPRINT_MISMATCH'],
    one,
  ],
  [
    'N35 a token by a party',
    () =>
      bySeller((digest) =>
        cmsOf(cast.sig_seller, digest, pki.chain, (signature) =>
          stamp(cast.sig_buyer, signature, pki, pki.now),
        ),
      ),
    ['sig_seller TSA_EKU'],
    one,
  ],
  ['N36 a certificate not yet valid', () => early(), ['sig_seller CERT_NOT_VALID_AT_TIME'], one],
];

async function early(): Promise<Uint8Array> {
  const signer = await newParty(pki, SELLER, { notBefore: pki.now + DAY, notAfter: pki.now + 20 * DAY });
  return bySeller((digest) => cmsOf(signer, digest, pki.chain), signer);
}

const isNotEss = (attribute: Uint8Array) =>
  !Buffer.from(attribute).includes(Buffer.from(oid(OID.signingCertificateV2)));

function padded(): Uint8Array {
  const cms = Uint8Array.from(tamper.contentsOf(signed(), 'sig_centre'));
  cms[cms.length - 1] = 1;
  return tamper.setContents(signed(), 'sig_centre', cms);
}

async function pdfsig(bytes: Uint8Array) {
  const { output } = await run('pdfsig', ['-nssdir', `sql:${nss}`, await space.write('blind.pdf', bytes)]);
  const count = (text: string) => output.split(text).length - 1;
  return {
    signatures: count('Signature Type: ETSI.CAdES.detached'),
    valid: count('Signature Validation: Signature is Valid.'),
    trusted: count('Certificate Validation: Certificate is Trusted.'),
  };
}

const verify = async (bytes: Uint8Array, options: Partial<VerifyOptions> = {}) =>
  codes(await verifyContract(bytes, { roots: [pki.root.certificate], at: pki.now, ...options }));

describe('what pdfsig takes for good, this verifier does not', () => {
  for (const [id, build, expected, options] of ACCEPTED) {
    it(id, async () => {
      const bytes = await build();
      expect(await verify(bytes, options)).toEqual(expected);
      const { signatures, valid, trusted } = await pdfsig(bytes);
      expect(signatures).toBeGreaterThan(0);
      expect([valid, trusted]).toEqual([signatures, signatures]);
    });
  }

  it('P4 a certificate revoked after its timestamp is good for both', async () => {
    const late = await ocspOf(pki, responder, cast.sig_seller.certificate, {
      status: { revokedAt: pki.now + 1000, reason: 'key_compromise' },
      at: pki.now + DAY,
    });
    const bytes = await withStore({ ocspResponses: await withoutSeller([late]) });
    expect(await verify(bytes, { requireLevel: 'B-LT' })).toEqual([]);
    expect(await pdfsig(bytes)).toEqual({ signatures: 3, valid: 3, trusted: 3 });
  });
});

describe('what openssl cms takes for good, this verifier does not', () => {
  async function openssl(bytes: Uint8Array): Promise<string> {
    const { byteRange } = tamper.signatureOf(bytes, 'sig_seller');
    const cms = await space.write('blind.cms', readDer(tamper.contentsOf(bytes, 'sig_seller')).raw);
    const data = await space.write('blind.data', coveredBytes(bytes, byteRange!));
    const args = [
      '-cades',
      '-binary',
      '-inform',
      'DER',
      '-purpose',
      'any',
      '-CAfile',
      root,
      '-out',
      '/dev/null',
    ];
    return (await run('openssl', ['cms', '-verify', '-in', cms, '-content', data, ...args])).output;
  }

  it.each([
    ['N22 the issuing CA itself', () => [pki.issuing, []] as const, 'sig_seller SIGNER_IS_CA'],
    ['N23 the timestamp authority', () => [cast.tsa, pki.chain] as const, 'sig_seller EXT_KEY_USAGE'],
  ])('%s', async (_, who, expected) => {
    const [signer, chain] = who();
    const bytes = await bySeller((digest) => cmsOf(signer, digest, chain), signer);
    expect(await verify(bytes, one)).toContain(expected);
    expect(await openssl(bytes)).toContain('CAdES Verification successful');
  });

  it('N30 and N31 are what openssl finds too', async () => {
    const [, other] = ACCEPTED.find(([id]) => id.startsWith('N30'))!;
    const [, none] = ACCEPTED.find(([id]) => id.startsWith('N31'))!;
    expect(await openssl(await other())).toMatch(/ess cert id not found|ess signing cert/i);
    expect(await openssl(await none())).toMatch(/missing signing certificate attribute|ess signing cert/i);
    expect(parseCms(readDer(tamper.contentsOf(await none(), 'sig_seller')).raw).attributes.size).toBe(3);
  });
});
