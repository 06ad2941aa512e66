/** Opening a key with a passphrase (K1, or the way back of K2), and giving it another one. */
import { fromBase64, toBase64 } from '../der/bytes.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { KeyEnvelope, PassphraseSeal } from './envelope.ts';
import { type Face, PBKDF2_ITERATIONS, passphraseKey, seal, unseal } from './seal.ts';

export const PASSPHRASE_CHARACTERS_MIN = 12;

const LABEL = 'seam-key-1';

export type PassphraseRefusal = Refusal<
  'WRONG_PASSPHRASE' | 'WEAK_PASSPHRASE' | 'ENVELOPE_MALFORMED' | 'NO_PASSPHRASE'
>;
/** The key for one signature: non-extractable, usage `sign` only. */
export type Unlocked = { ok: true; key: CryptoKey; spki: Uint8Array };

export async function unlockKey(
  envelope: KeyEnvelope,
  passphrase: string,
): Promise<Unlocked | PassphraseRefusal> {
  return open(envelope, passphrase, false);
}

/** The same key under another passphrase; the old envelope must be thrown away by the caller. */
export async function changePassphrase<E extends KeyEnvelope>(
  envelope: E,
  oldPassphrase: string,
  newPassphrase: string,
): Promise<{ ok: true; envelope: E } | PassphraseRefusal> {
  if (isWeak(newPassphrase)) return weak();
  const opened = await open(envelope, oldPassphrase, true);
  if (!opened.ok) return opened;
  return {
    ok: true,
    envelope: withSeal(envelope, await sealWithPassphrase(opened.key, envelope, newPassphrase)),
  };
}

/** The envelope with another passphrase seal in its place. */
export function withSeal<E extends KeyEnvelope>(envelope: E, sealed: PassphraseSeal): E {
  return envelope.level === 'K1' ? { ...envelope, ...sealed } : { ...envelope, recovery: sealed };
}

export async function sealWithPassphrase(
  key: CryptoKey,
  face: Face,
  passphrase: string,
): Promise<PassphraseSeal> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const sealed = await seal(key, await passphraseKey(passphrase, salt), face, LABEL);
  return { iterations: PBKDF2_ITERATIONS, salt: toBase64(salt), ...sealed };
}

async function open(
  envelope: KeyEnvelope,
  passphrase: string,
  extractable: boolean,
): Promise<Unlocked | PassphraseRefusal> {
  const sealed = envelope.level === 'K1' ? envelope : envelope.recovery;
  if (!sealed) return refuse('NO_PASSPHRASE', 'only the passkey opens this key');
  // The passphrase opens what its own derivation sealed: a changed count or salt only makes it wrong.
  if (sealed.iterations !== PBKDF2_ITERATIONS) return refuse('ENVELOPE_MALFORMED', 'unknown derivation');
  const kek = await passphraseKey(passphrase, fromBase64(sealed.salt));
  const key = await unseal(sealed, kek, envelope, { label: LABEL, extractable });
  if (!key) return refuse('WRONG_PASSPHRASE', 'the passphrase does not open this key');
  return { ok: true, key, spki: fromBase64(envelope.spki) };
}

export const isWeak = (passphrase: string): boolean => [...passphrase].length < PASSPHRASE_CHARACTERS_MIN;

export const weak = () =>
  refuse('WEAK_PASSPHRASE', `a passphrase has at least ${PASSPHRASE_CHARACTERS_MIN} characters`);
