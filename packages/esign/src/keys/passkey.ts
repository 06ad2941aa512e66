/**
 * Opening a key with a passkey (K2). The passkey's PRF answers the salt in the envelope with 32 bytes that
 * nobody without the authenticator can compute; HKDF makes the sealing key of them.
 */
import { fromBase64, toBase64 } from '../der/bytes.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { PasskeyEnvelope, PasskeySeal } from './envelope.ts';
import { type PassphraseRefusal, type Unlocked, isWeak, sealWithPassphrase, weak } from './passphrase.ts';
import { type Face, passkeyKey, seal, unseal } from './seal.ts';

const LABEL = 'seam-key-1 passkey';
const PRF_BYTES = 32;

/** A passkey that has just answered. */
export type Passkey = {
  readonly credentialId: Uint8Array;
  /** What its PRF was asked with, and what it answered: 32 bytes each. */
  readonly salt: Uint8Array;
  readonly prf: Uint8Array;
};

export type PasskeyRefusal = Refusal<'WRONG_PASSKEY'>;

export async function unlockWithPasskey(
  envelope: PasskeyEnvelope,
  prf: Uint8Array,
): Promise<Unlocked | PasskeyRefusal> {
  return open(envelope, prf, false);
}

/** Gives the key a passphrase beside the passkey, or another one. */
export async function setRecoveryPassphrase(
  envelope: PasskeyEnvelope,
  prf: Uint8Array,
  passphrase: string,
): Promise<{ ok: true; envelope: PasskeyEnvelope } | PassphraseRefusal | PasskeyRefusal> {
  if (isWeak(passphrase)) return weak();
  const opened = await open(envelope, prf, true);
  if (!opened.ok) return opened;
  const recovery = await sealWithPassphrase(opened.key, envelope, passphrase);
  return { ok: true, envelope: { ...envelope, recovery } };
}

export async function sealWithPasskey(
  key: CryptoKey,
  face: Face,
  { credentialId, salt, prf }: Passkey,
): Promise<PasskeySeal> {
  if (prf.length !== PRF_BYTES) throw new RangeError(`a PRF answers ${PRF_BYTES} bytes, not ${prf.length}`);
  const sealed = await seal(key, await passkeyKey(prf, salt), face, LABEL);
  return { credentialId: toBase64(credentialId), salt: toBase64(salt), ...sealed };
}

async function open(
  envelope: PasskeyEnvelope,
  prf: Uint8Array,
  extractable: boolean,
): Promise<Unlocked | PasskeyRefusal> {
  const kek = await passkeyKey(prf, fromBase64(envelope.salt));
  const key = await unseal(envelope, kek, envelope, { label: LABEL, extractable });
  if (!key) return refuse('WRONG_PASSKEY', 'this passkey does not open this key');
  return { ok: true, key, spki: fromBase64(envelope.spki) };
}
