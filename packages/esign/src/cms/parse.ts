/** Reads a CMS SignedData with one signer. Throws DerError on anything it cannot read in one way only. */
import { equalBytes } from '../der/bytes.ts';
import { OID } from '../der/oids.ts';
import {
  DerError,
  type DerNode,
  children,
  expectTag,
  readInteger,
  readOid,
  readWhole,
  sequence,
} from '../der/reader.ts';
import { tlv } from '../der/writer.ts';
import { type KeyKind, readSignerAlgorithm } from '../x509/algorithms.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';
import { certificateHash } from '../x509/issued.ts';

export type ParsedCms = {
  readonly der: Uint8Array;
  readonly contentType: string;
  /** Undefined when detached. */
  readonly content: Uint8Array | undefined;
  readonly certificates: readonly Certificate[];
  /** The certificate that issuer and serial name, if it is there. */
  readonly signer: Certificate | undefined;
  readonly attributes: ReadonlyMap<string, readonly DerNode[]>;
  /** The attributes as they are signed: a SET OF. */
  readonly signedBytes: Uint8Array;
  readonly kind: KeyKind;
  /** AlgorithmIdentifier of the signature, as it stands there. */
  readonly algorithm: Uint8Array;
  readonly signature: Uint8Array;
  readonly unsigned: ReadonlyMap<string, readonly DerNode[]>;
};

export function parseCms(der: Uint8Array): ParsedCms {
  const [type, wrapped] = sequence(readWhole(der));
  if (readOid(type) !== OID.signedData) throw new DerError('not SignedData');
  const body = sequence(children(expectTag(wrapped, 0xa0))[0]);
  const [, , encapsulated, certificateSet, signerSet] = body;
  if (body.length !== 5) throw new DerError('SignedData with other fields than the profile has');
  const [contentType, content] = sequence(encapsulated);
  const certificates = children(expectTag(certificateSet, 0xa0)).map((node) => readCertificate(node.raw));
  const signers = children(expectTag(signerSet, 0x31));
  if (signers.length !== 1) throw new DerError(`${signers.length} signers`);
  const [, identifier, , signed, algorithm, value, unsigned] = sequence(signers[0]);
  const [issuer, serial] = sequence(identifier);
  const serialContent = readInteger(serial);
  return {
    der,
    contentType: readOid(contentType),
    content: content ? expectTag(children(expectTag(content, 0xa0))[0], 0x04).content : undefined,
    certificates,
    signer: certificates.find(
      (certificate) =>
        equalBytes(certificate.issuerDer, issuer!.raw) && equalBytes(certificate.serial, serialContent),
    ),
    attributes: readAttributes(expectTag(signed, 0xa0)),
    signedBytes: tlv(0x31, signed!.content),
    kind: readSignerAlgorithm(algorithm),
    algorithm: algorithm!.raw,
    signature: expectTag(value, 0x04).content,
    unsigned: unsigned ? readAttributes(expectTag(unsigned, 0xa1)) : new Map(),
  };
}

function readAttributes(set: DerNode): Map<string, readonly DerNode[]> {
  const attributes = new Map<string, readonly DerNode[]>();
  for (const member of children(set)) {
    const [type, values] = sequence(member);
    const id = readOid(type);
    if (attributes.has(id)) throw new DerError(`attribute ${id} twice`);
    attributes.set(id, children(expectTag(values, 0x31)));
  }
  return attributes;
}

/** The one value of an attribute; undefined when it is absent or has several. */
export function single(attributes: ParsedCms['attributes'], id: string): DerNode | undefined {
  const values = attributes.get(id);
  return values?.length === 1 ? values[0] : undefined;
}

export function messageDigest(cms: ParsedCms): Uint8Array | undefined {
  const value = single(cms.attributes, OID.messageDigest);
  return value?.tag === 0x04 ? value.content : undefined;
}

/**
 * Whether signing-certificate-v2 (RFC 5035) names this certificate with SHA-256, the default; `missing`
 * when the attribute is not there.
 */
export async function essNames(cms: ParsedCms, certificate: Certificate): Promise<'yes' | 'no' | 'missing'> {
  const value = single(cms.attributes, OID.signingCertificateV2);
  if (!value) return 'missing';
  try {
    const fields = sequence(sequence(sequence(value)[0])[0]);
    const hash = fields[0]?.tag === 0x30 ? fields[1] : fields[0];
    return equalBytes(expectTag(hash, 0x04).content, await certificateHash(certificate)) ? 'yes' : 'no';
  } catch {
    return 'no';
  }
}
