/** Takes signed contracts to B-LT and B-LTA in tests, honestly by default. */
import { type Issuer, serialOf } from '../ca/authority.ts';
import { type Revocation, createCrl } from '../ca/crl.ts';
import { type OcspAnswer, createOcspResponse, ocspCertId } from '../ca/ocsp.ts';
import { createTimestampToken } from '../ca/timestamp.ts';
import { OID } from '../der/oids.ts';
import { bits, context, octets, oid, seq, tlv } from '../der/writer.ts';
import { addDocumentTimestamp } from '../pdf/document-timestamp.ts';
import { type DssContent, addDss } from '../pdf/dss.ts';
import type { FontSet } from '../render/font.ts';
import { readOcspResponse } from '../verify/ocsp.ts';
import { signatureAlgorithm } from '../x509/algorithms.ts';
import { DAY, type Pki, newSerial } from './pki.ts';
import { type Cast, signAll } from './signing.ts';

/** From now on for a day, or from another moment. */
const window = (thisUpdate: number) => ({ thisUpdate, nextUpdate: thisUpdate + DAY });

export async function ocspOf(
  pki: Pki,
  responder: Issuer,
  certificate: Uint8Array,
  change: { status?: OcspAnswer['status']; at?: number } = {},
): Promise<Uint8Array> {
  const issuer = pki.issuing.certificate;
  const answers = [{ certId: await ocspCertId(certificate, issuer), status: change.status ?? 'good' }];
  const at = change.at ?? pki.now;
  return createOcspResponse({ responder, issuer, answers, producedAt: at, ...window(at) });
}

export function crlOf(
  pki: Pki,
  change: { issuer?: Issuer; revoked?: readonly Revocation[]; at?: number } = {},
): Promise<Uint8Array> {
  const times = window(change.at ?? pki.now);
  return createCrl({
    issuer: change.issuer ?? pki.issuing,
    number: 1,
    revoked: change.revoked ?? [],
    ...times,
  });
}

export const revoked = (of: Issuer, at: number): Revocation => ({
  serial: serialOf(of.certificate),
  at,
  reason: 'key_compromise',
});

/** What an exchange collects after the last signature: an answer for each certificate, the root's list. */
export async function evidence(
  pki: Pki,
  cast: Cast,
  responder: Issuer,
  change: Partial<DssContent> = {},
): Promise<DssContent> {
  const people = [cast.sig_seller, cast.sig_buyer, cast.sig_centre, cast.tsa];
  return {
    certificates: pki.chain,
    ocspResponses: await Promise.all(people.map(({ certificate }) => ocspOf(pki, responder, certificate))),
    crls: [await crlOf(pki, { issuer: pki.root })],
    ...change,
  };
}

export function stampDocument(
  bytes: Uint8Array,
  pki: Pki,
  authority: Issuer,
  change: { time?: number; chain?: readonly Uint8Array[]; imprint?: Uint8Array } = {},
): Promise<Uint8Array> {
  return addDocumentTimestamp(bytes, (imprint) =>
    createTimestampToken({
      authority,
      chain: change.chain ?? pki.chain,
      imprint: change.imprint ?? imprint,
      time: change.time ?? pki.now,
      serial: newSerial(),
      policy: '1.3.6.1.4.1.99999.1',
    }),
  );
}

/** A contract at each of its levels. */
export async function signToLta(pki: Pki, cast: Cast, responder: Issuer, fonts: FontSet) {
  const revisions = await signAll(pki, cast, fonts, { stamped: true });
  const bt = revisions[3];
  const blt = addDss(bt, await evidence(pki, cast, responder));
  return { revisions, bt, blt, blta: await stampDocument(blt, pki, cast.tsa) };
}

/** A genuine answer, signed again by another who puts its own certificate into it. */
export async function signedAnew(answer: Uint8Array, by: Issuer): Promise<Uint8Array> {
  const { signed } = readOcspResponse(answer);
  const signature = bits(await by.signer.sign(signed));
  const basic = seq(signed, signatureAlgorithm(by.signer.kind), signature, context(0, seq(by.certificate)));
  const successful = tlv(0x0a, Uint8Array.of(0));
  return seq(successful, context(0, seq(oid(OID.ocspBasic), octets(basic))));
}
