/** Reads an OCSP answer (RFC 6960) and says whether it speaks with the authority of an issuer. */
import { OID } from '../der/oids.ts';
import {
  DerError,
  type DerNode,
  children,
  expectTag,
  readBits,
  readOid,
  readTime,
  readWhole,
  sequence,
} from '../der/reader.ts';
import { type KeyKind, readSignatureAlgorithm, verifySignature } from '../x509/algorithms.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';
import { isIssuedBy } from '../x509/issued.ts';
import { type OcspCertId, readCertId } from '../x509/ocsp-id.ts';
import { refuseCritical } from './crl.ts';

export type OcspSingle = {
  readonly certId: OcspCertId;
  readonly status: 'good' | 'unknown' | { readonly revokedAt: number };
  /** Milliseconds since 1970. */
  readonly thisUpdate: number;
  readonly nextUpdate: number | undefined;
};

export type OcspResponse = {
  readonly producedAt: number;
  readonly answers: readonly OcspSingle[];
  readonly certificates: readonly Certificate[];
  readonly signed: Uint8Array;
  readonly kind: KeyKind;
  readonly signature: Uint8Array;
};

const SUCCESSFUL = 0;

/** Throws DerError on what is not a signed answer, among them the errors that responders send. */
export function readOcspResponse(der: Uint8Array): OcspResponse {
  const [status, bytes] = sequence(readWhole(der));
  if (expectTag(status, 0x0a).content[0] !== SUCCESSFUL) throw new DerError('an answer that tells an error');
  const [type, response] = sequence(children(expectTag(bytes, 0xa0))[0]);
  if (readOid(type) !== OID.ocspBasic) throw new DerError('not a basic answer');
  const basic = sequence(readWhole(expectTag(response, 0x04).content));
  const [data, algorithm, signature, certificates] = basic;
  const [, producedAt, answers, extensions, extra] = sequence(data);
  if (extra || basic.length > 4) throw new DerError('an answer with other fields');
  if (extensions) refuseCritical(children(expectTag(extensions, 0xa1))[0]);
  return {
    producedAt: readTime(expectTag(producedAt, 0x18)),
    answers: sequence(answers).map(readSingle),
    certificates: certificates
      ? sequence(children(expectTag(certificates, 0xa0))[0]).map(({ raw }) => readCertificate(raw))
      : [],
    signed: data!.raw,
    kind: readSignatureAlgorithm(algorithm),
    signature: readBits(signature),
  };
}

function readSingle(node: DerNode): OcspSingle {
  const [certId, status, thisUpdate, ...rest] = sequence(node);
  const next = rest[0]?.tag === 0xa0 ? rest.shift() : undefined;
  const extensions = rest[0]?.tag === 0xa1 ? rest.shift() : undefined;
  if (rest.length > 0) throw new DerError('an answer with other fields');
  if (extensions) refuseCritical(children(extensions)[0]);
  return {
    certId: readCertId(certId),
    status: readStatus(status),
    thisUpdate: readTime(expectTag(thisUpdate, 0x18)),
    nextUpdate: next && readTime(children(next)[0]),
  };
}

function readStatus(node: DerNode | undefined): OcspSingle['status'] {
  if (node?.tag === 0x80 && node.content.length === 0) return 'good';
  if (node?.tag === 0x82 && node.content.length === 0) return 'unknown';
  return { revokedAt: readTime(children(expectTag(node, 0xa1))[0]) };
}

export type OcspAuthority = 'genuine' | 'unauthorised' | 'unsigned';

/**
 * `genuine` when the issuer signed it itself, or one to whom the same issuer gave a certificate for just
 * this (RFC 6960, 4.2.2.2); `unauthorised` when another certificate in the answer signed it.
 */
export async function ocspAuthority(response: OcspResponse, issuer: Certificate): Promise<OcspAuthority> {
  const { kind, signature, signed, certificates } = response;
  if (await verifySignature(issuer.publicKey, kind, signature, signed)) return 'genuine';
  let authority: OcspAuthority = 'unsigned';
  for (const responder of certificates) {
    if (!(await verifySignature(responder.publicKey, kind, signature, signed))) continue;
    if (await isResponderOf(responder, issuer, response.producedAt)) return 'genuine';
    authority = 'unauthorised';
  }
  return authority;
}

async function isResponderOf(responder: Certificate, issuer: Certificate, at: number): Promise<boolean> {
  const inTime = at >= responder.notBefore && at <= responder.notAfter;
  const usage = responder.extKeyUsage.includes(OID.ocspSigning) && responder.unknownCritical.length === 0;
  if (!inTime || !usage) return false;
  return isIssuedBy(responder, issuer);
}
