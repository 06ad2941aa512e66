/**
 * A party's private key at rest: what its browser stores and its owner may back up.
 *
 * K1 is sealed with a passphrase. K2 is sealed with what a passkey's PRF answers, and with a passphrase
 * beside it where its owner wants a way back. There is no K0: a non-extractable key kept in IndexedDB
 * would lie in clear on the disk.
 */
import { equalBytes, fromBase64 } from '../der/bytes.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { readPublicKey } from '../x509/algorithms.ts';
import type { Face, Seal } from './seal.ts';

/** A seal that a passphrase opens. */
export type PassphraseSeal = Seal & { readonly iterations: number; readonly salt: string };

/** A seal that a passkey opens. Salt and id are no secrets; the passkey's answer to the salt is. */
export type PasskeySeal = Seal & {
  /** Of the passkey; base64, as everything here. */
  readonly credentialId: string;
  /** 32 bytes that its PRF is asked with. */
  readonly salt: string;
};

type Common = Face & { readonly version: 1 };
export type PassphraseEnvelope = Common & { readonly level: 'K1' } & PassphraseSeal;
export type PasskeyEnvelope = Common & { readonly level: 'K2' } & PasskeySeal & {
    readonly recovery: PassphraseSeal | null;
  };

/** Plain JSON, base64 inside. */
export type KeyEnvelope = PassphraseEnvelope | PasskeyEnvelope;

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

/** What a passphrase opens, as an envelope of its own: the form of every backup. */
export function passphraseEnvelope(envelope: KeyEnvelope): PassphraseEnvelope | undefined {
  if (envelope.level === 'K1') return envelope;
  if (!envelope.recovery) return undefined;
  const { version, algorithm, spki, recovery } = envelope;
  return { version, level: 'K1', algorithm, spki, ...recovery };
}

/** True when `certificateSpki` is the public half of the key in the envelope. */
export function isKeyOf(envelope: KeyEnvelope, certificateSpki: Uint8Array): boolean {
  return equalBytes(fromBase64(envelope.spki), certificateSpki);
}

function isEnvelope(value: unknown): value is KeyEnvelope {
  if (!isRecord(value) || value['version'] !== 1 || typeof value['spki'] !== 'string') return false;
  if (value['algorithm'] !== 'p-256' && value['algorithm'] !== 'rsa-3072') return false;
  if (value['level'] === 'K1') return isPassphraseSeal(value);
  return (
    value['level'] === 'K2' &&
    isSeal(value) &&
    typeof value['credentialId'] === 'string' &&
    (value['recovery'] === null || isPassphraseSeal(value['recovery']))
  );
}

const isPassphraseSeal = (value: unknown): boolean =>
  isRecord(value) && isSeal(value) && typeof value['iterations'] === 'number';

const isSeal = (value: Record<string, unknown>): boolean =>
  ['salt', 'iv', 'wrapped'].every((name) => typeof value[name] === 'string');

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
