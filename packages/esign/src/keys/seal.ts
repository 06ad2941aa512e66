/**
 * How a private key is sealed: PKCS#8 under AES-256-GCM. The clear key exists only inside the browser's
 * crypto engine; it comes out of a seal non-extractable, for one use, and is dropped.
 */
import { concat, fromBase64, toBase64, utf8 } from '../der/bytes.ts';
import { webcryptoAlgorithm } from '../x509/algorithms.ts';

export type KeyAlgorithm = 'p-256' | 'rsa-3072';

/** Rounds of PBKDF2-SHA-256 between a passphrase and the key that it gives. */
export const PBKDF2_ITERATIONS = 600_000;

/** Whose private key a seal holds: authenticated with it, so no envelope can be given another's face. */
export type Face = { readonly algorithm: KeyAlgorithm; readonly spki: string };

/** Base64 inside. */
export type Seal = { readonly iv: string; readonly wrapped: string };

export async function seal(key: CryptoKey, kek: CryptoKey, face: Face, label: string): Promise<Seal> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const wrapped = await crypto.subtle.wrapKey('pkcs8', key, kek, cipher(iv, face, label));
  return { iv: toBase64(iv), wrapped: toBase64(new Uint8Array(wrapped)) };
}

/** @returns undefined when this key does not open this seal. */
export async function unseal(
  { iv, wrapped }: Seal,
  kek: CryptoKey,
  face: Face,
  options: { label: string; extractable: boolean },
): Promise<CryptoKey | undefined> {
  try {
    return await crypto.subtle.unwrapKey(
      'pkcs8',
      fromBase64(wrapped) as BufferSource,
      kek,
      cipher(fromBase64(iv), face, options.label),
      webcryptoAlgorithm(face.algorithm === 'p-256' ? 'p256' : 'rsa'),
      options.extractable,
      ['sign'],
    );
  } catch {
    return undefined;
  }
}

/** The sealing key that a passphrase gives. */
export async function passphraseKey(passphrase: string, salt: Uint8Array): Promise<CryptoKey> {
  // NFC: the same passphrase typed on another system must give the same bytes.
  const bytes = utf8(passphrase.normalize('NFC')) as BufferSource;
  const base = await crypto.subtle.importKey('raw', bytes, 'PBKDF2', false, ['deriveKey']);
  const parameters = { hash: 'SHA-256', salt: salt as BufferSource, iterations: PBKDF2_ITERATIONS };
  return aesKey({ name: 'PBKDF2', ...parameters }, base);
}

/** The sealing key that a passkey gives: its PRF answers 32 secret bytes, used for nothing else. */
export async function passkeyKey(prf: Uint8Array, salt: Uint8Array): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', prf as BufferSource, 'HKDF', false, ['deriveKey']);
  const info = utf8('seam-key-1 passkey') as BufferSource;
  return aesKey({ name: 'HKDF', hash: 'SHA-256', salt: salt as BufferSource, info }, base);
}

async function aesKey(parameters: Pbkdf2Params | HkdfParams, base: CryptoKey): Promise<CryptoKey> {
  const usages: KeyUsage[] = ['wrapKey', 'unwrapKey'];
  return crypto.subtle.deriveKey(parameters, base, { name: 'AES-GCM', length: 256 }, false, usages);
}

function cipher(iv: Uint8Array, { algorithm, spki }: Face, label: string): AesGcmParams {
  const additionalData = concat([utf8(`${label}\n${algorithm}\n`), utf8(spki)]) as BufferSource;
  return { name: 'AES-GCM', iv: iv as BufferSource, additionalData };
}
