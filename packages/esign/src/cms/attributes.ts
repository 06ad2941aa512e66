/**
 * The signed attributes of the exchange profile (PAdES baseline, ETSI EN 319 142-1).
 *
 * They are a pure function of the document digest and the signer's certificate. So the browser computes
 * them itself and never signs bytes that a server chose. There is no signing-time: /M and the timestamp
 * carry the time.
 */
import { OID } from '../der/oids.ts';
import { context, octets, oid, seq, setOf, sorted, tlv } from '../der/writer.ts';
import { type KeyKind, sha256Identifier, signatureAlgorithm } from '../x509/algorithms.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';
import { certificateHash } from '../x509/issued.ts';

/** DER of SET OF Attribute: exactly the bytes that are signed. Throws DerError on a malformed certificate. */
export async function signedAttributes(digest: Uint8Array, certificateDer: Uint8Array): Promise<Uint8Array> {
  const certificate = readCertificate(certificateDer);
  return setOf(...(await attributesFor(OID.data, digest, certificate)));
}

/** The same for any content type; a timestamp token signs TSTInfo with them. */
export async function attributesFor(
  contentType: string,
  digest: Uint8Array,
  certificate: Certificate,
): Promise<Uint8Array[]> {
  const kind = profileKind(certificate);
  const essCertId = seq(octets(await certificateHash(certificate)), issuerSerial(certificate));
  return sorted([
    attribute(OID.contentType, oid(contentType)),
    attribute(OID.messageDigest, octets(digest)),
    attribute(OID.signingCertificateV2, seq(seq(essCertId))),
    attribute(OID.cmsAlgorithmProtection, algorithmProtection(kind)),
  ]);
}

export function attribute(type: string, value: Uint8Array): Uint8Array {
  return seq(oid(type), setOf(value));
}

/** The kind of the certificate's key; a key outside the profile is a bug of whoever certified it. */
export function profileKind(certificate: Certificate): KeyKind {
  if (certificate.publicKey.kind === 'unsupported') throw new TypeError('key type outside the profile');
  return certificate.publicKey.kind;
}

/** IssuerSerial of RFC 5035: the issuer as a GeneralName. */
function issuerSerial(certificate: Certificate): Uint8Array {
  return seq(seq(context(4, certificate.issuerDer)), tlv(0x02, certificate.serial));
}

/** RFC 6211: digest and signature algorithm, the latter under implicit tag 1. */
function algorithmProtection(kind: KeyKind): Uint8Array {
  const algorithm = signatureAlgorithm(kind).subarray(2);
  return seq(sha256Identifier(), context(1, algorithm));
}
