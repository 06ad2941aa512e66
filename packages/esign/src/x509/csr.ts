/**
 * PKCS#10 requests (RFC 2986): built by the party's browser, checked by the exchange.
 *
 * A request carries a key and the proof that its sender holds the private half. Its subject is a hint and
 * never becomes the subject of a certificate: that comes from the certified record.
 */
import { toHex } from '../der/bytes.ts';
import { DerError, expectTag, readBits, readWhole, sequence } from '../der/reader.ts';
import { bits, context, integer, seq } from '../der/writer.ts';
import { type Refusal, refuse } from '../refusal.ts';
import {
  type KeyKind,
  type PublicKey,
  keyKind,
  readPublicKey,
  readSignatureAlgorithm,
  sha256,
  signWithKey,
  signatureAlgorithm,
  verifySignature,
} from './algorithms.ts';
import { type NameAttribute, type Subject, encodeName, readName } from './name.ts';

export type CsrCode = 'CSR_MALFORMED' | 'CSR_POP_FAILED' | 'WEAK_KEY' | 'UNSUPPORTED_KEY';

export type CheckedRequest = {
  readonly ok: true;
  readonly spki: Uint8Array;
  /** SHA-256 of the SubjectPublicKeyInfo, lower-case hex: unique across organisations. */
  readonly spkiSha256: string;
  readonly key: { readonly kind: KeyKind; readonly bits: number };
  /** What the sender called himself. Never to be certified. */
  readonly claimedSubject: readonly NameAttribute[];
};

export async function buildCsr(keys: CryptoKeyPair, claimed: Subject): Promise<Uint8Array> {
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', keys.publicKey));
  const info = seq(integer(0), encodeName(claimed), spki, context(0));
  const signature = await signWithKey(keys.privateKey, info);
  return seq(info, signatureAlgorithm(keyKind(keys.privateKey)), bits(signature));
}

/** Checks form, key policy (P-256, or RSA of at least 2048 bits with e = 65537) and proof of possession. */
export async function parseCsr(der: Uint8Array): Promise<CheckedRequest | Refusal<CsrCode>> {
  let request: ReturnType<typeof readCsr>;
  try {
    request = readCsr(der);
  } catch (error) {
    return refuse('CSR_MALFORMED', error instanceof Error ? error.message : 'unreadable');
  }
  const key = checkKeyPolicy(request.publicKey);
  if (!key.ok) return key;
  let kind: KeyKind;
  try {
    kind = readSignatureAlgorithm(request.algorithm);
  } catch (error) {
    return refuse('CSR_MALFORMED', error instanceof Error ? error.message : 'unreadable');
  }
  if (!(await verifySignature(request.publicKey, kind, request.signature, request.info))) {
    return refuse('CSR_POP_FAILED', 'the request is not signed by the key it carries');
  }
  const { spki } = request.publicKey;
  return { ok: true, spki, spkiSha256: await spkiSha256(spki), key, claimedSubject: request.subject };
}

export async function spkiSha256(spki: Uint8Array): Promise<string> {
  return toHex(await sha256(spki));
}

function readCsr(der: Uint8Array) {
  const [info, algorithm, signature, extra] = sequence(readWhole(der));
  const [version, subject, spki, attributes] = sequence(info);
  if (extra || expectTag(version, 0x02).content[0] !== 0) throw new DerError('not a version 1 request');
  expectTag(attributes, 0xa0);
  return {
    info: info!.raw,
    algorithm,
    signature: readBits(signature),
    subject: readName(subject),
    publicKey: readPublicKey(expectTag(spki, 0x30).raw),
  };
}

function checkKeyPolicy(
  key: PublicKey,
):
  | { readonly ok: true; readonly kind: KeyKind; readonly bits: number }
  | Refusal<'WEAK_KEY' | 'UNSUPPORTED_KEY'> {
  if (key.kind === 'unsupported') return refuse('UNSUPPORTED_KEY', `key type ${key.name}`);
  if (key.kind === 'p256') return { ok: true, kind: 'p256', bits: 256 };
  if (key.bits < 2048) return refuse('WEAK_KEY', `RSA of ${key.bits} bits, at least 2048 are needed`);
  if (key.bits > 8192) return refuse('UNSUPPORTED_KEY', `RSA of ${key.bits} bits, at most 8192 are read`);
  if (key.exponent !== 65537n) return refuse('WEAK_KEY', `RSA exponent ${key.exponent}, 65537 is needed`);
  return { ok: true, kind: 'rsa', bits: key.bits };
}
