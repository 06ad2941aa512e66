/** Builds the CMS SignedData of the profile (RFC 5652): one signer, SHA-256, path without the root. */
import { OID } from '../der/oids.ts';
import { context, integer, octets, oid, seq, setOf, sorted, tlv } from '../der/writer.ts';
import { sha256Identifier, signatureAlgorithm } from '../x509/algorithms.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';
import { attribute, attributesFor, profileKind } from './attributes.ts';

export type CmsParts = {
  /** SHA-256 of what the ByteRange covers. */
  readonly digest: Uint8Array;
  readonly certificate: Uint8Array;
  /** Issuing CA upwards, without the root. */
  readonly chain: readonly Uint8Array[];
  readonly signature: Uint8Array;
  /** RFC 3161 token over the signature value; makes the signature B-T. */
  readonly token?: Uint8Array | undefined;
};

/** Detached CMS; the same parts give the same bytes. Throws DerError on a malformed certificate. */
export async function assembleCms(parts: CmsParts): Promise<Uint8Array> {
  const certificate = readCertificate(parts.certificate);
  const attributes = await attributesFor(OID.data, parts.digest, certificate);
  const unsigned = parts.token === undefined ? [] : [attribute(OID.signatureTimeStamp, parts.token)];
  return signedData({
    version: 1,
    content: seq(oid(OID.data)),
    certificates: [parts.certificate, ...parts.chain],
    signer: signerInfo(certificate, attributes, parts.signature, unsigned),
  });
}

export function signerInfo(
  certificate: Certificate,
  attributes: readonly Uint8Array[],
  signature: Uint8Array,
  unsigned: readonly Uint8Array[],
): Uint8Array {
  return seq(
    integer(1),
    seq(certificate.issuerDer, tlv(0x02, certificate.serial)),
    sha256Identifier(),
    context(0, ...attributes),
    signatureAlgorithm(profileKind(certificate)),
    octets(signature),
    ...(unsigned.length > 0 ? [context(1, ...sorted(unsigned))] : []),
  );
}

export function signedData(input: {
  version: 1 | 3;
  content: Uint8Array;
  certificates: readonly Uint8Array[];
  signer: Uint8Array;
}): Uint8Array {
  const body = seq(
    integer(input.version),
    setOf(sha256Identifier()),
    input.content,
    ...(input.certificates.length > 0 ? [context(0, ...sorted(input.certificates))] : []),
    setOf(input.signer),
  );
  return seq(oid(OID.signedData), context(0, body));
}
