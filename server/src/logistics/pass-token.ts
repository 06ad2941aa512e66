/**
 * The text in a pickup pass's QR code: what the gate needs to know, signed with Ed25519, so that a guard
 * can check it without network. `<base64url JSON>.<base64url signature>`.
 */
import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

export type PassFacts = {
  readonly v: 1;
  readonly passId: string;
  readonly deliveryOrderId: string;
  readonly plate: string;
  readonly maximumKg: string;
  /** Seconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
};

export type PassKey = { readonly privateKey: KeyObject; readonly publicKey: KeyObject };

/** PKCS#8 of an Ed25519 key is this prefix and the 32-byte seed (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** @param seed 32 bytes in base64url: an installation secret. */
export function passKey(seed: string): PassKey {
  const der = Buffer.concat([PKCS8_PREFIX, Buffer.from(seed, 'base64url')]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

export function writePass(key: PassKey, facts: PassFacts): string {
  const body = Buffer.from(JSON.stringify(facts)).toString('base64url');
  return `${body}.${sign(null, Buffer.from(body), key.privateKey).toString('base64url')}`;
}

/** @returns undefined for anything this key did not sign. */
export function readPass(key: PassKey, token: string): PassFacts | undefined {
  const [body, signature, ...rest] = token.split('.');
  if (!body || !signature || rest.length > 0) return undefined;
  const bytes = Buffer.from(signature, 'base64url');
  // Decoding ignores stray bits: only the exact text that was issued is the pass.
  if (bytes.length !== 64 || bytes.toString('base64url') !== signature) return undefined;
  if (!verify(null, Buffer.from(body), key.publicKey, bytes)) return undefined;
  return JSON.parse(Buffer.from(body, 'base64url').toString()) as PassFacts;
}
