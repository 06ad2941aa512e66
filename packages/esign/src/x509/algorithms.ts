/**
 * The only algorithms of the exchange profile: SHA-256 with RSA (PKCS#1 v1.5) or with ECDSA on P-256.
 *
 * Signing and verifying go through WebCrypto, which Node and browsers share.
 */
import { concat, equalBytes } from '../der/bytes.ts';
import { OID } from '../der/oids.ts';
import {
  children,
  type DerNode,
  DerError,
  readBigInt,
  readBits,
  readInteger,
  readOid,
  readWhole,
  sequence,
} from '../der/reader.ts';
import { nullValue, oid, seq, unsignedInteger } from '../der/writer.ts';

export type KeyKind = 'rsa' | 'p256';

export type PublicKey =
  | { readonly kind: 'p256'; readonly spki: Uint8Array }
  | { readonly kind: 'rsa'; readonly spki: Uint8Array; readonly bits: number; readonly exponent: bigint }
  | { readonly kind: 'unsupported'; readonly spki: Uint8Array; readonly name: string };

export const sha256Identifier = (): Uint8Array => seq(oid(OID.sha256));

/** Without parameters, as the profile writes it, and with an explicit NULL, which means the same (RFC 5754). */
export const sha256Identifiers = (): readonly Uint8Array[] => [
  sha256Identifier(),
  seq(oid(OID.sha256), nullValue()),
];

/** AlgorithmIdentifier of a signature by a key of that kind; RFC 5758 leaves ECDSA without parameters. */
export function signatureAlgorithm(kind: KeyKind): Uint8Array {
  return kind === 'rsa' ? seq(oid(OID.sha256WithRsa), nullValue()) : seq(oid(OID.ecdsaSha256));
}

/** Throws DerError when it is none of the profile. */
export function readSignatureAlgorithm(node: DerNode | undefined): KeyKind {
  if (node && equalBytes(node.raw, signatureAlgorithm('rsa'))) return 'rsa';
  if (node && equalBytes(node.raw, signatureAlgorithm('p256'))) return 'p256';
  throw new DerError(`signature algorithm ${node ? readOid(sequence(node)[0]) : 'missing'} is not supported`);
}

/**
 * The same in a CMS, where the digest is named beside it: many authorities then name RSA alone (RFC 3370,
 * 3.2). Throws DerError when it is none of these.
 */
export function readSignerAlgorithm(node: DerNode | undefined): KeyKind {
  if (node && equalBytes(node.raw, seq(oid(OID.rsaEncryption), nullValue()))) return 'rsa';
  return readSignatureAlgorithm(node);
}

/** Reads a SubjectPublicKeyInfo. Throws DerError on malformed input. */
export function readPublicKey(spki: Uint8Array): PublicKey {
  const [algorithm, key] = sequence(readWhole(spki));
  const [identifier, parameters] = sequence(algorithm);
  const name = readOid(identifier);
  const bits = readBits(key);
  if (name === OID.rsaEncryption) {
    const [modulus, exponent] = sequence(readWhole(bits));
    const bitLength = readBigInt(modulus).toString(2).length;
    return { kind: 'rsa', spki, bits: bitLength, exponent: readBigInt(exponent) };
  }
  if (name === OID.ecPublicKey) {
    const curve = readOid(parameters);
    if (curve === OID.p256 && bits.length === 65 && bits[0] === 4) return { kind: 'p256', spki };
    return { kind: 'unsupported', spki, name: `EC ${curve}` };
  }
  return { kind: 'unsupported', spki, name };
}

export async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as BufferSource));
}

export function webcryptoAlgorithm(kind: KeyKind): EcKeyImportParams | RsaHashedImportParams {
  return kind === 'rsa'
    ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
    : { name: 'ECDSA', namedCurve: 'P-256' };
}

const signParameters = (kind: KeyKind) =>
  kind === 'rsa' ? { name: 'RSASSA-PKCS1-v1_5' } : { name: 'ECDSA', hash: 'SHA-256' };

const keys = new WeakMap<PublicKey, Promise<CryptoKey>>();

function imported(key: PublicKey, kind: KeyKind): Promise<CryptoKey> {
  const spki = key.spki as BufferSource;
  const result =
    keys.get(key) ?? crypto.subtle.importKey('spki', spki, webcryptoAlgorithm(kind), false, ['verify']);
  keys.set(key, result);
  return result;
}

/** True only for a good signature; a signature or key that cannot be read is simply not good. */
export async function verifySignature(
  key: PublicKey,
  kind: KeyKind,
  signature: Uint8Array,
  signed: Uint8Array,
): Promise<boolean> {
  if (key.kind !== kind) return false;
  try {
    const value = kind === 'p256' ? ecdsaFromDer(signature) : signature;
    return await crypto.subtle.verify(
      signParameters(kind),
      await imported(key, kind),
      value as BufferSource,
      signed as BufferSource,
    );
  } catch {
    return false;
  }
}

/** Signs with a WebCrypto private key; ECDSA comes back in DER, as X.509 and CMS carry it. */
export async function signWithKey(key: CryptoKey, bytes: Uint8Array): Promise<Uint8Array> {
  const kind = keyKind(key);
  const value = new Uint8Array(await crypto.subtle.sign(signParameters(kind), key, bytes as BufferSource));
  return kind === 'p256' ? ecdsaToDer(value) : value;
}

export function keyKind(key: CryptoKey): KeyKind {
  return key.algorithm.name === 'ECDSA' ? 'p256' : 'rsa';
}

function ecdsaToDer(raw: Uint8Array): Uint8Array {
  return seq(unsignedInteger(raw.subarray(0, 32)), unsignedInteger(raw.subarray(32)));
}

function ecdsaFromDer(der: Uint8Array): Uint8Array {
  const parts = children(readWhole(der, 0x30)).map((part) => {
    const content = readInteger(part);
    const digits = content[0] === 0 ? content.subarray(1) : content;
    if ((content[0] ?? 0x80) > 0x7f || digits.length > 32) throw new DerError('ECDSA value out of range');
    return concat([new Uint8Array(32 - digits.length), digits]);
  });
  if (parts.length !== 2) throw new DerError('ECDSA signature has two integers');
  return concat(parts);
}
