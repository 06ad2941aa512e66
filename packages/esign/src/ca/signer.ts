/**
 * A private key of the exchange's own (root, issuing CA, centre, TSA): something that signs bytes.
 *
 * The type is the port: a key in a KMS or HSM is another implementation. Parties' keys never come here.
 */
import { type KeyObject, createPrivateKey, createPublicKey, generateKeyPair, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyKind } from '../x509/algorithms.ts';

export type Signer = {
  readonly kind: KeyKind;
  readonly spki: Uint8Array;
  /** SHA-256 with the key's algorithm; ECDSA in DER. */
  readonly sign: (bytes: Uint8Array) => Promise<Uint8Array>;
};

export type KeySize = 'rsa-2048' | 'rsa-3072' | 'rsa-4096' | 'p-256';

const generate = promisify(generateKeyPair);

/** A new private key as PKCS#8 DER, to be encrypted at rest by the caller. */
export async function generatePrivateKey(size: KeySize): Promise<Uint8Array> {
  const { privateKey } =
    size === 'p-256'
      ? await generate('ec', { namedCurve: 'P-256' })
      : await generate('rsa', { modulusLength: Number(size.slice(4)) });
  return new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }));
}

/** Throws when the bytes are not an RSA or P-256 private key in PKCS#8. */
export function signerFromPkcs8(pkcs8: Uint8Array): Signer {
  return signerFromKey(createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' }));
}

export function signerFromKey(key: KeyObject): Signer {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (key.asymmetricKeyType !== 'rsa' && curve !== 'prime256v1') throw new TypeError('neither RSA nor P-256');
  return {
    kind: key.asymmetricKeyType === 'rsa' ? 'rsa' : 'p256',
    spki: new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' })),
    sign: (bytes) =>
      new Promise((resolve, reject) => {
        sign('sha256', bytes, key, (error, value) =>
          error ? reject(error) : resolve(new Uint8Array(value)),
        );
      }),
  };
}
