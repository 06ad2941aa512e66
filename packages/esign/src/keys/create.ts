/** Makes a party's key pair, a request for its certificate, and the envelope that keeps it. */
import { toBase64 } from '../der/bytes.ts';
import { buildCsr } from '../x509/csr.ts';
import type { Subject } from '../x509/name.ts';
import type { PasskeyEnvelope, PassphraseEnvelope } from './envelope.ts';
import { type PassphraseRefusal, isWeak, sealWithPassphrase, weak } from './passphrase.ts';
import { type Passkey, sealWithPasskey } from './passkey.ts';
import type { Face, KeyAlgorithm } from './seal.ts';

type Made = { keys: CryptoKeyPair; face: Face; csr: Uint8Array };
type Wanted = {
  algorithm?: KeyAlgorithm;
  /** Goes into the request as a hint; the certificate takes its subject from the certified record. */
  claimedSubject: Subject;
};

/** A key that a passphrase opens (K1). */
export async function createKey(
  input: Wanted & { passphrase: string },
): Promise<{ ok: true; envelope: PassphraseEnvelope; csr: Uint8Array } | PassphraseRefusal> {
  if (isWeak(input.passphrase)) return weak();
  const { keys, face, csr } = await generate(input);
  const seal = await sealWithPassphrase(keys.privateKey, face, input.passphrase);
  return { ok: true, envelope: { version: 1, level: 'K1', ...face, ...seal }, csr };
}

/** A key that a passkey opens (K2), and a passphrase too where one is given. */
export async function createPasskeyKey(
  input: Wanted & { passkey: Passkey; recoveryPassphrase?: string },
): Promise<{ ok: true; envelope: PasskeyEnvelope; csr: Uint8Array } | PassphraseRefusal> {
  const { recoveryPassphrase } = input;
  if (recoveryPassphrase !== undefined && isWeak(recoveryPassphrase)) return weak();
  const { keys, face, csr } = await generate(input);
  const seal = await sealWithPasskey(keys.privateKey, face, input.passkey);
  const recovery =
    recoveryPassphrase === undefined
      ? null
      : await sealWithPassphrase(keys.privateKey, face, recoveryPassphrase);
  return { ok: true, envelope: { version: 1, level: 'K2', ...face, ...seal, recovery }, csr };
}

async function generate({ algorithm = 'p-256', claimedSubject }: Wanted): Promise<Made> {
  const keys: CryptoKeyPair = await crypto.subtle.generateKey(parameters[algorithm], true, [
    'sign',
    'verify',
  ]);
  const spki = toBase64(new Uint8Array(await crypto.subtle.exportKey('spki', keys.publicKey)));
  return { keys, face: { algorithm, spki }, csr: await buildCsr(keys, claimedSubject) };
}

const parameters = {
  'p-256': { name: 'ECDSA', namedCurve: 'P-256' },
  'rsa-3072': {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 3072,
    publicExponent: Uint8Array.of(1, 0, 1),
  },
} as const satisfies Record<KeyAlgorithm, object>;
