/**
 * A party's private key at rest (key level K1): PKCS#8 under AES-256-GCM, the key derived from a passphrase
 * by PBKDF2-SHA-256 with 600,000 iterations.
 *
 * The clear key exists only inside the browser's crypto engine: unwrapped non-extractable for one use and
 * dropped. A non-extractable key kept in IndexedDB would lie in clear on the disk, so none is kept.
 */
import { concat, equalBytes, fromBase64, toBase64, utf8 } from '../der/bytes.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { readPublicKey, webcryptoAlgorithm } from '../x509/algorithms.ts';
import { buildCsr } from '../x509/csr.ts';
import type { Subject } from '../x509/name.ts';

export const PASSPHRASE_CHARACTERS_MIN = 12;
export const PBKDF2_ITERATIONS = 600_000;

export type KeyAlgorithm = 'p-256' | 'rsa-3072';

/** Plain JSON, base64 inside: what the browser stores and the user may back up. */
export type KeyEnvelope = {
  readonly version: 1;
  readonly level: 'K1';
  readonly algorithm: KeyAlgorithm;
  readonly spki: string;
  readonly iterations: number;
  readonly salt: string;
  readonly iv: string;
  readonly wrapped: string;
};

type Passphrase<T> =
  ({ readonly ok: true } & T) | Refusal<'WRONG_PASSPHRASE' | 'WEAK_PASSPHRASE' | 'ENVELOPE_MALFORMED'>;

/** Makes a key pair, a request for its certificate and the envelope that keeps it. */
export async function createKey(input: {
  algorithm?: KeyAlgorithm;
  passphrase: string;
  /** Goes into the request as a hint; the certificate takes its subject from the certified record. */
  claimedSubject: Subject;
}): Promise<Passphrase<{ envelope: KeyEnvelope; csr: Uint8Array }>> {
  if (isWeak(input.passphrase)) return weak();
  const algorithm = input.algorithm ?? 'p-256';
  const keys = await generate(algorithm);
  const csr = await buildCsr(keys, input.claimedSubject);
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', keys.publicKey));
  const envelope = await seal(keys.privateKey, algorithm, toBase64(spki), input.passphrase);
  return { ok: true, envelope, csr };
}

/** The key for one signature: non-extractable, usage `sign` only. */
export async function unlockKey(
  envelope: KeyEnvelope,
  passphrase: string,
): Promise<Passphrase<{ key: CryptoKey; spki: Uint8Array }>> {
  return open(envelope, passphrase, false);
}

/** The same key under another passphrase; the old envelope must be thrown away by the caller. */
export async function changePassphrase(
  envelope: KeyEnvelope,
  oldPassphrase: string,
  newPassphrase: string,
): Promise<Passphrase<{ envelope: KeyEnvelope }>> {
  if (isWeak(newPassphrase)) return weak();
  const opened = await open(envelope, oldPassphrase, true);
  if (!opened.ok) return opened;
  return { ok: true, envelope: await seal(opened.key, envelope.algorithm, envelope.spki, newPassphrase) };
}

/** Reads an envelope from storage or a backup file. */
export function parseEnvelope(
  text: string,
): { ok: true; envelope: KeyEnvelope } | Refusal<'ENVELOPE_MALFORMED'> {
  try {
    const value: unknown = JSON.parse(text);
    if (!isEnvelope(value)) return refuse('ENVELOPE_MALFORMED', 'not a key envelope of version 1');
    readPublicKey(fromBase64(value.spki));
    return { ok: true, envelope: value };
  } catch {
    return refuse('ENVELOPE_MALFORMED', 'the key envelope cannot be read');
  }
}

function isEnvelope(value: unknown): value is KeyEnvelope {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Record<string, unknown>;
  return (
    fields['version'] === 1 &&
    fields['level'] === 'K1' &&
    (fields['algorithm'] === 'p-256' || fields['algorithm'] === 'rsa-3072') &&
    typeof fields['iterations'] === 'number' &&
    ['spki', 'salt', 'iv', 'wrapped'].every((name) => typeof fields[name] === 'string')
  );
}

async function generate(algorithm: KeyAlgorithm): Promise<CryptoKeyPair> {
  const parameters =
    algorithm === 'p-256'
      ? { name: 'ECDSA', namedCurve: 'P-256' }
      : {
          name: 'RSASSA-PKCS1-v1_5',
          hash: 'SHA-256',
          modulusLength: 3072,
          publicExponent: Uint8Array.of(1, 0, 1),
        };
  return crypto.subtle.generateKey(parameters, true, ['sign', 'verify']);
}

async function seal(
  key: CryptoKey,
  algorithm: KeyAlgorithm,
  spki: string,
  passphrase: string,
): Promise<KeyEnvelope> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const kek = await derive(passphrase, salt, PBKDF2_ITERATIONS);
  const wrapped = await crypto.subtle.wrapKey('pkcs8', key, kek, cipher(iv, algorithm, spki));
  return {
    version: 1,
    level: 'K1',
    algorithm,
    spki,
    iterations: PBKDF2_ITERATIONS,
    salt: toBase64(salt),
    iv: toBase64(iv),
    wrapped: toBase64(new Uint8Array(wrapped)),
  };
}

async function open(envelope: KeyEnvelope, passphrase: string, extractable: boolean) {
  // The passphrase opens what its own derivation sealed: a changed count or salt only makes it wrong.
  if (envelope.iterations !== PBKDF2_ITERATIONS) return refuse('ENVELOPE_MALFORMED', 'unknown derivation');
  const spki = fromBase64(envelope.spki);
  const kind = envelope.algorithm === 'p-256' ? 'p256' : 'rsa';
  const kek = await derive(passphrase, fromBase64(envelope.salt), envelope.iterations);
  try {
    const key = await crypto.subtle.unwrapKey(
      'pkcs8',
      fromBase64(envelope.wrapped) as BufferSource,
      kek,
      cipher(fromBase64(envelope.iv), envelope.algorithm, envelope.spki),
      webcryptoAlgorithm(kind),
      extractable,
      ['sign'],
    );
    return { ok: true as const, key, spki };
  } catch {
    return refuse('WRONG_PASSPHRASE', 'the passphrase does not open this key');
  }
}

async function derive(passphrase: string, salt: Uint8Array, iterations: number): Promise<CryptoKey> {
  // NFC: the same passphrase typed on another system must give the same bytes.
  const bytes = utf8(passphrase.normalize('NFC'));
  const base = await crypto.subtle.importKey('raw', bytes as BufferSource, 'PBKDF2', false, ['deriveKey']);
  return crypto.subtle.deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', salt: salt as BufferSource, iterations },
    base,
    { name: 'AES-GCM', length: 256 },
    false,
    ['wrapKey', 'unwrapKey'],
  );
}

/** The public key is authenticated with the private one: an envelope cannot be given another's face. */
function cipher(iv: Uint8Array, algorithm: KeyAlgorithm, spki: string): AesGcmParams {
  const additionalData = concat([utf8(`seam-key-1\n${algorithm}\n`), utf8(spki)]) as BufferSource;
  return { name: 'AES-GCM', iv: iv as BufferSource, additionalData };
}

const isWeak = (passphrase: string): boolean => [...passphrase].length < PASSPHRASE_CHARACTERS_MIN;

const weak = () =>
  refuse('WEAK_PASSPHRASE', `a passphrase has at least ${PASSPHRASE_CHARACTERS_MIN} characters`);

/** True when `certificateSpki` is the public half of the key in the envelope. */
export function isKeyOf(envelope: KeyEnvelope, certificateSpki: Uint8Array): boolean {
  return equalBytes(fromBase64(envelope.spki), certificateSpki);
}
