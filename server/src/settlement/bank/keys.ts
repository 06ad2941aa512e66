/**
 * Ed25519 keys of the two houses. Each signs with its own private key; the other holds only the public one, so that
 * neither can make what it received. A key is named by its own bytes: nobody has to agree on names.
 */
import {
  type KeyObject,
  createHash,
  createPrivateKey,
  createPublicKey,
  sign as signBytes,
  verify as verifyBytes,
} from 'node:crypto';

export type SigningKey = { readonly id: string; readonly privateKey: KeyObject };
export type PublicKey = { readonly id: string; readonly publicKey: KeyObject };

/** PKCS #8 of an Ed25519 key is these bytes and then the seed (RFC 8410, section 7). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** @param seed 32 bytes that nobody can guess. @throws RangeError on any other length. */
export function signingKey(seed: Uint8Array): SigningKey {
  if (seed.length !== 32) throw new RangeError('an Ed25519 seed has 32 bytes');
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_HEAD, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  return { id: publicKeyOf(writePublicKey(createPublicKey(privateKey)))!.id, privateKey };
}

/** What the other house must be given: SPKI in base64. */
export function publicText(key: SigningKey): string {
  return writePublicKey(createPublicKey(key.privateKey));
}

function writePublicKey(key: KeyObject): string {
  return key.export({ format: 'der', type: 'spki' }).toString('base64');
}

/** @returns undefined when the text is no Ed25519 public key in SPKI and base64. */
export function publicKeyOf(text: string): PublicKey | undefined {
  const der = Buffer.from(text, 'base64');
  try {
    const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
    if (publicKey.asymmetricKeyType !== 'ed25519') return undefined;
    return { id: createHash('sha256').update(der).digest('hex').slice(0, 16), publicKey };
  } catch {
    return undefined;
  }
}

/** 64 bytes. */
export function signWith(key: SigningKey, bytes: Uint8Array): Buffer {
  return signBytes(null, bytes, key.privateKey);
}

export function isSignedBy(key: PublicKey, bytes: Uint8Array, signature: Uint8Array): boolean {
  return verifyBytes(null, bytes, key.publicKey, signature);
}
