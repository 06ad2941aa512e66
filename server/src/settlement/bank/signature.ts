/**
 * Standard Webhooks signatures, used in both directions between the exchange and its bank, over
 * `id.timestamp.body`, base64: HMAC-SHA256 as `v1,<signature>`, Ed25519 as `v1a,<signature>`; several, parted by
 * spaces, while a key is being changed. `webhook-key-id` names the Ed25519 keys in the order of their signatures: a
 * help for whoever looks for a wrong key, believed by nobody.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type PublicKey, type SigningKey, isSignedBy, signWith } from './keys.ts';

const SIGNATURE_HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;
/** Older or newer attempts are refused: a captured message is of no use later. */
export const TOLERANCE_S = 5 * 60;
/** 192 bits: the least that the standard allows. */
const KEY_BYTES_MIN = 24;
/** More signatures than keys in any rotation; bounds the work a stranger can cause. */
const SIGNATURES_MAX = 8;

export type SignedHeaders = Readonly<Record<(typeof SIGNATURE_HEADERS)[number], string>> & {
  readonly 'webhook-key-id'?: string;
};
/** Everything that is valid at present; nothing valid lets nobody in. */
export type ValidKeys = {
  readonly secrets?: readonly string[];
  readonly publicKeys?: readonly PublicKey[];
};
export type Verified =
  | { readonly ok: true; readonly id: string; readonly sentAt: Date; readonly by: 'secret' | 'key' }
  | {
      readonly ok: false;
      readonly code: 'bank.signature_missing' | 'bank.signature_invalid' | 'bank.timestamp_stale';
    };

/**
 * @param message.keys the signer's own private keys: one, or the old and the new while they change.
 * @throws RangeError when the secret is too short to be one.
 */
export function sign(message: {
  readonly id: string;
  readonly at: Date;
  readonly body: Uint8Array;
  readonly secret?: string | undefined;
  readonly keys?: readonly SigningKey[] | undefined;
}): SignedHeaders {
  const { id, body, secret, keys = [] } = message;
  const timestamp = String(Math.floor(message.at.getTime() / 1000));
  const signatures = [
    ...(secret === undefined ? [] : [`v1,${macOf(secret, id, timestamp, body).toString('base64')}`]),
    ...keys.map((key) => `v1a,${signWith(key, signedBytes(id, timestamp, body)).toString('base64')}`),
  ];
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
    ...(keys.length > 0 && { 'webhook-key-id': keys.map((key) => key.id).join(' ') }),
  };
}

/**
 * Whether the other house has sent exactly these bytes, now. The signature is judged before the time, so that
 * a stranger learns nothing about clocks.
 */
export function verifyCallback(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  rawBody: Uint8Array,
  keys: ValidKeys,
  now: Date,
): Verified {
  const [id, timestamp, signatures] = SIGNATURE_HEADERS.map((name) => headers[name]);
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string') {
    return { ok: false, code: 'bank.signature_missing' };
  }
  if (!/^[\w.:-]{1,100}$/.test(id) || !/^\d{1,12}$/.test(timestamp)) {
    return { ok: false, code: 'bank.signature_invalid' };
  }
  const given = signatures.split(' ').slice(0, SIGNATURES_MAX);
  const signed = signedBytes(id, timestamp, rawBody);
  const macs = (keys.secrets ?? []).map((secret) => macOf(secret, id, timestamp, rawBody));
  // Every pair is compared, so that the time taken does not tell which key was right.
  let by: 'secret' | 'key' | undefined;
  for (const one of bytesOf(given, 'v1,'))
    for (const mac of macs) if (one.length === mac.length && timingSafeEqual(one, mac)) by ??= 'secret';
  for (const one of bytesOf(given, 'v1a,'))
    for (const key of keys.publicKeys ?? []) if (isSignedBy(key, signed, one)) by = 'key';
  if (!by) return { ok: false, code: 'bank.signature_invalid' };
  const sentAt = new Date(Number(timestamp) * 1000);
  if (Math.abs(now.getTime() - sentAt.getTime()) > TOLERANCE_S * 1000) {
    return { ok: false, code: 'bank.timestamp_stale' };
  }
  return { ok: true, id, sentAt, by };
}

function bytesOf(given: readonly string[], scheme: 'v1,' | 'v1a,'): Buffer[] {
  return given
    .filter((one) => one.startsWith(scheme))
    .map((one) => Buffer.from(one.slice(scheme.length), 'base64'));
}

function signedBytes(id: string, timestamp: string, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
}

function macOf(secret: string, id: string, timestamp: string, body: Uint8Array): Buffer {
  return createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest();
}

function keyOf(secret: string): Buffer {
  const key = secret.startsWith('whsec_')
    ? Buffer.from(secret.slice(6), 'base64')
    : Buffer.from(secret, 'utf8');
  if (key.length < KEY_BYTES_MIN) throw new RangeError(`a bank secret needs at least ${KEY_BYTES_MIN} bytes`);
  return key;
}
