/** Whether a pass is good, without asking anybody: by the keys and the book this gate holds. */
import {
  type PassFacts,
  type PassVerdict,
  DRIVER_HASH_BYTES,
  driverText,
  fromBase64url,
  judgePass,
  readPassToken,
  toBase64url,
} from '@seam/protocol';
import type { Book, GateDevice } from './store.ts';

/** `unreadable`: no pass at all. `unknown_key`: signed by a key that this gate was not told of. */
export type Verdict = PassVerdict | 'unreadable' | 'unknown_key';
export type Checked =
  | { readonly verdict: 'unreadable' }
  | { readonly verdict: Exclude<Verdict, 'unreadable'>; readonly facts: PassFacts; readonly token: string };

/** @param now milliseconds since 1970. */
export async function checkToken(
  token: string,
  of: {
    readonly device: Pick<GateDevice, 'sellerId' | 'place'>;
    readonly book: Pick<Book, 'keys' | 'closed'>;
    readonly used: ReadonlySet<string>;
    readonly now: number;
  },
): Promise<Checked> {
  const read = readPassToken(token);
  if (!read) return { verdict: 'unreadable' };
  const { facts } = read;
  const key = of.book.keys.find(({ keyId }) => keyId === facts.keyId);
  if (!key) return { verdict: 'unknown_key', facts, token };
  const raw = fromBase64url(key.publicKey);
  const signed =
    raw !== undefined && (await verify(raw, read.signature, new TextEncoder().encode(read.body)));
  const { sellerId, place } = of.device;
  const closed = new Map(of.book.closed.map(({ passId, why }) => [passId, why]));
  return {
    verdict: judgePass(facts, signed, { sellerId, place, closed, used: of.used }, of.now),
    facts,
    token,
  };
}

async function verify(
  raw: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const key = await crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify']);
  return crypto.subtle.verify('Ed25519', key, signature, bytes);
}

/** Whether this is the driver that the buyer named. The pass itself holds no name. */
export async function isDriver(facts: PassFacts, name: string): Promise<boolean> {
  const text = new TextEncoder().encode(driverText(facts.passId, name));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
  return toBase64url(hash.subarray(0, DRIVER_HASH_BYTES)) === facts.driverHash;
}
