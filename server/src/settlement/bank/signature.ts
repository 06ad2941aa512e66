/**
 * Standard Webhooks signatures, used in both directions between the exchange and its bank:
 * HMAC-SHA256 over `id.timestamp.body`, base64, as `v1,<signature>`; several, parted by spaces, while
 * a key is being changed.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

const SIGNATURE_HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;
/** Older or newer attempts are refused: a captured message is of no use later. */
export const TOLERANCE_S = 5 * 60;
/** 192 bits: the least that the standard allows. */
const KEY_BYTES_MIN = 24;
/** More signatures than keys in any rotation; bounds the work a stranger can cause. */
const SIGNATURES_MAX = 8;

export type SignedHeaders = Readonly<Record<(typeof SIGNATURE_HEADERS)[number], string>>;
export type Verified =
  | { readonly ok: true; readonly id: string; readonly sentAt: Date }
  | {
      readonly ok: false;
      readonly code: 'bank.signature_missing' | 'bank.signature_invalid' | 'bank.timestamp_stale';
    };

/** @throws RangeError when the secret is too short to be one. */
export function sign(message: { id: string; at: Date; body: Uint8Array; secret: string }): SignedHeaders {
  const timestamp = String(Math.floor(message.at.getTime() / 1000));
  const mac = macOf(message.secret, message.id, timestamp, message.body);
  return {
    'webhook-id': message.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${mac.toString('base64')}`,
  };
}

/**
 * Whether the bank has sent exactly these bytes, now. The signature is judged before the time, so that
 * a stranger learns nothing about clocks.
 * @param secrets all keys that are valid at present.
 */
export function verifyCallback(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  rawBody: Uint8Array,
  secrets: readonly string[],
  now: Date,
): Verified {
  const [id, timestamp, signatures] = SIGNATURE_HEADERS.map((name) => headers[name]);
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string') {
    return { ok: false, code: 'bank.signature_missing' };
  }
  if (!/^[\w.:-]{1,100}$/.test(id) || !/^\d{1,12}$/.test(timestamp)) {
    return { ok: false, code: 'bank.signature_invalid' };
  }
  const given = signatures
    .split(' ')
    .slice(0, SIGNATURES_MAX)
    .filter((one) => one.startsWith('v1,'))
    .map((one) => Buffer.from(one.slice(3), 'base64'));
  // Every pair is compared, so that the time taken does not tell which key was right.
  let valid = false;
  for (const secret of secrets) {
    const mac = macOf(secret, id, timestamp, rawBody);
    for (const one of given) valid = (one.length === mac.length && timingSafeEqual(one, mac)) || valid;
  }
  if (!valid) return { ok: false, code: 'bank.signature_invalid' };
  const sentAt = new Date(Number(timestamp) * 1000);
  if (Math.abs(now.getTime() - sentAt.getTime()) > TOLERANCE_S * 1000) {
    return { ok: false, code: 'bank.timestamp_stale' };
  }
  return { ok: true, id, sentAt };
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
