/** Signs the pickup passes. What a token says and how a gate judges it is the protocol's `pickup-pass.ts`. */
import { type KeyObject, createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import {
  DRIVER_HASH_BYTES,
  type PassFacts,
  driverText,
  passBody,
  readPassToken,
  toBase64url,
} from '@seam/protocol';

export type PassKey = {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly keyId: string;
  /** 32 bytes, base64url: what gates verify with. */
  readonly publicText: string;
};

/** PKCS#8 of an Ed25519 key is this prefix and the 32-byte seed (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
/** SPKI of one is this prefix and the 32-byte key. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const KEY_ID_CHARACTERS = 8;

/** @param seed 32 bytes in base64url: an installation secret. */
export function passKey(seed: string): PassKey {
  const der = Buffer.concat([PKCS8_PREFIX, Buffer.from(seed, 'base64url')]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey);
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length);
  const keyId = createHash('sha256').update(raw).digest('base64url').slice(0, KEY_ID_CHARACTERS);
  return { privateKey, publicKey, keyId, publicText: toBase64url(raw) };
}

/** @returns undefined for 32 bytes that are no point of the curve. */
export function publicKeyOf(text: string): KeyObject | undefined {
  try {
    const der = Buffer.concat([SPKI_PREFIX, Buffer.from(text, 'base64url')]);
    return createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

export function writePass(key: PassKey, facts: Omit<PassFacts, 'keyId'>): string {
  const body = passBody({ ...facts, keyId: key.keyId });
  return `${body}.${sign(null, Buffer.from(body), key.privateKey).toString('base64url')}`;
}

/** @returns undefined for anything this key did not sign. */
export function readPass(key: PassKey, token: string): PassFacts | undefined {
  const read = readPassToken(token);
  if (!read || !verify(null, Buffer.from(read.body), key.publicKey, read.signature)) return undefined;
  return read.facts;
}

export function driverHash(passId: string, driver: string): string {
  const hash = createHash('sha256').update(driverText(passId, driver)).digest();
  return toBase64url(hash.subarray(0, DRIVER_HASH_BYTES));
}
