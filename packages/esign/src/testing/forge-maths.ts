/** The mathematics of signing by node-forge, in JavaScript: what benchmarks and tests compare with. */
import forge from 'node-forge';
import type { Signer } from '../ca/signer.ts';
import { children, readWhole, sequence } from '../der/reader.ts';

const binary = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

function digest(bytes: Uint8Array): forge.md.MessageDigest {
  const md = forge.md.sha256.create();
  md.update(binary(bytes));
  return md;
}

export const forgeSha256 = (bytes: Uint8Array): Uint8Array => bytesOf(digest(bytes).digest().getBytes());

/** An RSA key that signs by forge alone; `spki` is that of the same key. */
export function forgeSigner(pkcs8: Uint8Array, spki: Uint8Array): Signer {
  const key = forge.pki.privateKeyFromAsn1(forge.asn1.fromDer(binary(pkcs8)));
  return { kind: 'rsa', spki, sign: async (bytes) => bytesOf(key.sign(digest(bytes))) };
}

export function forgeVerify(spki: Uint8Array, signature: Uint8Array, signed: Uint8Array): boolean {
  const key = forge.pki.publicKeyFromAsn1(forge.asn1.fromDer(binary(spki)));
  try {
    return key.verify(digest(signed).digest().getBytes(), binary(signature));
  } catch {
    return false;
  }
}

/** The three parts that X.509 certificates, lists and answers have in common. */
export function signedParts(der: Uint8Array): { signed: Uint8Array; signature: Uint8Array } {
  const [signed, , signature] = sequence(readWhole(der));
  return { signed: signed!.raw, signature: signature!.content.subarray(1) };
}

/** The BasicOCSPResponse inside an answer. */
export function basicResponse(der: Uint8Array): Uint8Array {
  const [, bytes] = sequence(readWhole(der));
  return sequence(children(bytes!)[0])[1]!.content;
}
