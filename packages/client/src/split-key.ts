/**
 * Sealed bids under a key in two parts: the owner of the auction and the exchange each make a pair of keys of
 * their own, and a bid is encrypted to the exchange's and then to the owner's. Neither can read it alone, and
 * nobody ever held both halves before the opening. Each gives its private half when bids are opened: journaled
 * then, it lets everybody check what was decrypted.
 *
 * RSA-OAEP (2048 bits, SHA-256) wraps a fresh AES-256-GCM key for every layer. Base64 throughout.
 */

const RSA = {
  name: 'RSA-OAEP',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
} as const;
const AES = { name: 'AES-GCM', length: 256 } as const;
const WRAPPED_BYTES = RSA.modulusLength / 8;
const IV_BYTES = 12;

/** What one of the two makes before the auction is scheduled. */
export type KeyPart = {
  readonly publicPart: string;
  /** Secret until the opening: given then as it is. */
  readonly share: string;
  /** SHA-256 of the share, hexadecimal: in the terms of the auction. */
  readonly shareDigest: string;
};
export type Shares = { readonly owner: string; readonly exchange: string };

export async function createKeyPart(): Promise<KeyPart> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(RSA, true, ['encrypt', 'decrypt']);
  const share = toBase64(await crypto.subtle.exportKey('pkcs8', privateKey));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(share)));
  return {
    publicPart: toBase64(await crypto.subtle.exportKey('spki', publicKey)),
    share,
    shareDigest: Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''),
  };
}

/** The `publicKey` of the terms. */
export function publicKeyOf(parts: { readonly owner: string; readonly exchange: string }): string {
  return `${parts.owner}.${parts.exchange}`;
}

/** The ciphertext of a sealed bid, whose text the market holds the digest of. @throws on a key that is none. */
export async function sealTo(publicKey: string, text: string): Promise<string> {
  const [owner = '', exchange = ''] = publicKey.split('.');
  const inner = await wrap(exchange, new TextEncoder().encode(text));
  return toBase64(await wrap(owner, inner));
}

/** The text of a sealed bid. @throws when the shares are not those it was sealed to, or it was changed. */
export async function openWith(shares: Shares, ciphertext: string): Promise<string> {
  const inner = await unwrap(shares.owner, fromBase64(ciphertext));
  return new TextDecoder('utf-8', { fatal: true }).decode(await unwrap(shares.exchange, inner));
}

async function wrap(spki: string, plain: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const publicKey = await crypto.subtle.importKey('spki', fromBase64(spki), RSA, false, ['encrypt']);
  const key = await crypto.subtle.generateKey(AES, true, ['encrypt']);
  const wrapped = await crypto.subtle.encrypt(RSA, publicKey, await crypto.subtle.exportKey('raw', key));
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const sealed = await crypto.subtle.encrypt({ name: AES.name, iv }, key, plain);
  return new Uint8Array([...new Uint8Array(wrapped), ...iv, ...new Uint8Array(sealed)]);
}

async function unwrap(pkcs8: string, sealed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const privateKey = await crypto.subtle.importKey('pkcs8', fromBase64(pkcs8), RSA, false, ['decrypt']);
  const raw = await crypto.subtle.decrypt(RSA, privateKey, sealed.subarray(0, WRAPPED_BYTES));
  const key = await crypto.subtle.importKey('raw', raw, AES, false, ['decrypt']);
  const iv = sealed.subarray(WRAPPED_BYTES, WRAPPED_BYTES + IV_BYTES);
  const plain = await crypto.subtle.decrypt(
    { name: AES.name, iv },
    key,
    sealed.subarray(WRAPPED_BYTES + IV_BYTES),
  );
  return new Uint8Array(plain);
}

function toBase64(bytes: ArrayBuffer | Uint8Array<ArrayBuffer>): string {
  return btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(''));
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
