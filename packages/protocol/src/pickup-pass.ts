/**
 * The text in a pickup pass's QR code, and how a gate judges it: one rule for the exchange and for a guard's page
 * without network. `<base64url facts>.<base64url Ed25519 signature over that first part>`.
 *
 * The facts are a list, not named: every letter makes the code finer and a dirty print harder to read.
 */

/** A pass's life. What is not in the server's table of moves cannot happen. */
export const PASS_STATES = [
  'created',
  'sent',
  'arrived',
  'admitted',
  'tared',
  'loaded',
  'weighed',
  'gate_out',
  'refused',
  'cancelled',
  'no_show',
] as const;
export type PassState = (typeof PASS_STATES)[number];

export const PASS_MOVES = [
  'send',
  'arrive',
  'admit',
  'tare',
  'load',
  'weigh',
  'leave',
  'weigh_out',
  'refuse',
  'cancel',
  'lapse',
] as const;
export type PassMove = (typeof PASS_MOVES)[number];

export type PassFacts = {
  /** Which of the exchange's published keys has signed. */
  readonly keyId: string;
  readonly passId: string;
  readonly deliveryOrderId: string;
  readonly contractId: string;
  readonly sellerId: string;
  /** Where it is lifted, as the contract names the place. */
  readonly place: string;
  readonly plate: string;
  /** `driverHash` of the pass and the driver's name: the print does not name people. */
  readonly driverHash: string;
  readonly maximumKg: string;
  /** Seconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
};

const VERSION = 2;
/** In the order in which they are written. */
const TEXTS = [
  'keyId',
  'passId',
  'deliveryOrderId',
  'contractId',
  'sellerId',
  'place',
  'plate',
  'driverHash',
  'maximumKg',
] as const;
const SIGNATURE_BYTES = 64;
/** Longest token that is read: the facts of a pass are some three hundred bytes. */
export const PASS_TOKEN_MAX = 1200;

/** The part of a token that is signed. */
export function passBody(facts: PassFacts): string {
  const list = [VERSION, ...TEXTS.map((name) => facts[name]), facts.notBefore, facts.notAfter];
  return toBase64url(new TextEncoder().encode(JSON.stringify(list)));
}

/** A token in its parts, whoever signed it; undefined for what no exchange has written. */
export function readPassToken(
  token: string,
):
  | { readonly facts: PassFacts; readonly body: string; readonly signature: Uint8Array<ArrayBuffer> }
  | undefined {
  if (token.length > PASS_TOKEN_MAX) return undefined;
  const [body, text, ...rest] = token.split('.');
  if (!body || !text || rest.length > 0) return undefined;
  const signature = fromBase64url(text);
  const bytes = fromBase64url(body);
  if (signature?.length !== SIGNATURE_BYTES || !bytes) return undefined;
  const facts = factsOf(new TextDecoder().decode(bytes));
  return facts && { facts, body, signature };
}

function factsOf(text: string): PassFacts | undefined {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(list) || list.length !== TEXTS.length + 3 || list[0] !== VERSION) return undefined;
  const texts: unknown[] = list.slice(1, -2);
  const [notBefore, notAfter]: unknown[] = list.slice(-2);
  if (!texts.every((one) => typeof one === 'string')) return undefined;
  if (!Number.isSafeInteger(notBefore) || !Number.isSafeInteger(notAfter)) return undefined;
  const named = Object.fromEntries(TEXTS.map((name, n) => [name, texts[n]]));
  // Each member was looked at in the lines above.
  return { ...named, notBefore, notAfter } as unknown as PassFacts;
}

/** What a gate holds when it judges without asking anybody. */
export type GateBook = {
  readonly sellerId: string;
  /** Null: this gate serves all of its seller's places. */
  readonly place: string | null;
  /** Passes that the exchange has closed since they were signed. */
  readonly closed: ReadonlyMap<string, 'revoked' | 'used'>;
  /** Passes that this gate has let in. */
  readonly used: ReadonlySet<string>;
};

export type PassVerdict = 'good' | 'forged' | 'other_gate' | 'revoked' | 'used' | 'not_yet_valid' | 'expired';

/**
 * Whether this truck may come in here and now.
 * @param signed whether the signature fits under a published key of the exchange.
 * @param now milliseconds since 1970.
 */
export function judgePass(facts: PassFacts, signed: boolean, gate: GateBook, now: number): PassVerdict {
  // A forged pass tells nothing true: neither its time nor its place is looked at.
  if (!signed) return 'forged';
  if (facts.sellerId !== gate.sellerId) return 'other_gate';
  if (gate.place !== null && facts.place !== gate.place) return 'other_gate';
  const closed = gate.used.has(facts.passId) ? 'used' : gate.closed.get(facts.passId);
  if (closed) return closed;
  if (now < facts.notBefore * 1000) return 'not_yet_valid';
  if (now > facts.notAfter * 1000) return 'expired';
  return 'good';
}

/** What the hash of a driver is made over. One name has many spellings of spaces and case. */
export function driverText(passId: string, driver: string): string {
  return `${passId}\n${driver.normalize('NFKC').replaceAll(/\s+/g, '').toLowerCase()}`;
}
/** Bytes of the SHA-256 that are kept of it. */
export const DRIVER_HASH_BYTES = 16;

/** The same plate, however it is spaced and dotted: 晋B·12345 is 晋B 12345. */
export function samePlate(a: string, b: string): boolean {
  const bare = (plate: string): string =>
    plate
      .normalize('NFKC')
      .replaceAll(/[\s·•.-]/g, '')
      .toUpperCase();
  return bare(a) === bare(b);
}

export function toBase64url(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Undefined for anything that `toBase64url` does not write: stray bits and padding are no other spelling. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]+$/.test(text)) return undefined;
  try {
    const decoded = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(decoded, (letter) => letter.codePointAt(0)!);
    return toBase64url(bytes) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}
