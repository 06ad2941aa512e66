/** The same key under another passphrase: opened with the old one, or with its passkey where it has none. */
import { toBase64Url } from './base64url.ts';
import type { Esign } from './crypto.ts';
import type { StoredKey } from './key-store.ts';
import type { KeyCode } from './sign.ts';
import { askSalt } from './webauthn.ts';

export type NewWords = { readonly old?: string; readonly passphrase: string };

export async function resealed(
  esign: Esign,
  key: StoredKey,
  { old, passphrase }: NewWords,
): Promise<{ ok: true; key: StoredKey } | { ok: false; code: KeyCode | 'WEAK_PASSPHRASE' }> {
  const parsed = esign.parseEnvelope(key.envelope);
  if (!parsed.ok) return parsed;
  const { envelope } = parsed;
  if (old !== undefined) {
    const changed = await esign.changePassphrase(envelope, old, passphrase);
    return changed.ok ? sealed(key, changed.envelope) : changed;
  }
  if (envelope.level !== 'K2') return { ok: false, code: 'WRONG_PASSPHRASE' };
  const credentialId = toBase64Url(esign.fromBase64(envelope.credentialId));
  const salt = new Uint8Array(esign.fromBase64(envelope.salt));
  const prf = await askSalt(location.hostname, credentialId, salt);
  if (!(prf instanceof Uint8Array)) return prf;
  const set = await esign.setRecoveryPassphrase(envelope, prf, passphrase);
  return set.ok ? sealed(key, set.envelope) : set;
}

const sealed = (key: StoredKey, envelope: object): { ok: true; key: StoredKey } => ({
  ok: true,
  key: { ...key, envelope: JSON.stringify(envelope) },
});
