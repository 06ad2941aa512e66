/**
 * CertID of RFC 6960: how an OCSP request and its answer name a certificate, by its serial and by hashes of
 * its issuer's name and key.
 */
import { equalBytes, toHex } from '../der/bytes.ts';
import { OID } from '../der/oids.ts';
import {
  DerError,
  type DerNode,
  expectTag,
  readBits,
  readInteger,
  readOid,
  readWhole,
  sequence,
} from '../der/reader.ts';
import { nullValue, octets, oid, seq, tlv } from '../der/writer.ts';
import type { Certificate } from './certificate.ts';

/** Many clients still name issuers by SHA-1; a collision would only ask about another certificate. */
export type OcspHash = 'sha1' | 'sha256';

export type OcspCertId = {
  /** The DER as it came, to be answered with. */
  readonly raw: Uint8Array;
  readonly hash: OcspHash;
  readonly issuerNameHash: Uint8Array;
  readonly issuerKeyHash: Uint8Array;
  /** Lower-case hex of the INTEGER's octets, as `serialOf` gives it. */
  readonly serial: string;
};

const HASHES = { sha1: { name: 'SHA-1', oid: OID.sha1 }, sha256: { name: 'SHA-256', oid: OID.sha256 } };

/** Throws DerError when it is malformed or names its issuer by another hash. */
export function readCertId(node: DerNode | undefined): OcspCertId {
  const [algorithm, nameHash, keyHash, serial, extra] = sequence(node);
  const [identifier, parameters] = sequence(algorithm);
  const name = readOid(identifier);
  if (extra || (parameters && parameters.tag !== 0x05)) throw new DerError('CertID with other fields');
  if (name !== OID.sha1 && name !== OID.sha256) throw new DerError(`CertID by hash ${name}`);
  return {
    raw: node!.raw,
    hash: name === OID.sha1 ? 'sha1' : 'sha256',
    issuerNameHash: expectTag(nameHash, 0x04).content,
    issuerKeyHash: expectTag(keyHash, 0x04).content,
    serial: toHex(readInteger(serial)),
  };
}

export async function encodeCertId(
  serial: Uint8Array,
  issuer: Certificate,
  hash: OcspHash,
): Promise<Uint8Array> {
  const { nameHash, keyHash } = await issuerHashes(issuer, hash);
  // SHA-1 with NULL: what every responder in use expects.
  const parameters = hash === 'sha1' ? [nullValue()] : [];
  const algorithm = seq(oid(HASHES[hash].oid), ...parameters);
  return seq(algorithm, octets(nameHash), octets(keyHash), tlv(0x02, serial));
}

/** Whether the id is about a certificate of this issuer, whatever its serial. */
export async function isOfIssuer(id: OcspCertId, issuer: Certificate): Promise<boolean> {
  const { nameHash, keyHash } = await issuerHashes(issuer, id.hash);
  return equalBytes(id.issuerNameHash, nameHash) && equalBytes(id.issuerKeyHash, keyHash);
}

type IssuerHashes = { readonly nameHash: Uint8Array; readonly keyHash: Uint8Array };

const known = {
  sha1: new WeakMap<Certificate, Promise<IssuerHashes>>(),
  sha256: new WeakMap<Certificate, Promise<IssuerHashes>>(),
};

function issuerHashes(issuer: Certificate, hash: OcspHash): Promise<IssuerHashes> {
  const hashes = known[hash].get(issuer) ?? hashIssuer(issuer, hash);
  known[hash].set(issuer, hashes);
  return hashes;
}

async function hashIssuer(issuer: Certificate, hash: OcspHash): Promise<IssuerHashes> {
  const digest = async (bytes: Uint8Array) =>
    new Uint8Array(await crypto.subtle.digest(HASHES[hash].name, bytes as BufferSource));
  return {
    nameHash: await digest(issuer.subjectDer),
    keyHash: await digest(keyBits(issuer.publicKey.spki)),
  };
}

/** The key itself, without its algorithm: what CertID and ResponderID hash. */
export function keyBits(spki: Uint8Array): Uint8Array {
  return readBits(sequence(readWhole(spki))[1]);
}
