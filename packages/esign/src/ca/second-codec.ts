/**
 * Has everything the CA signs read by a second, independent DER codec (node-forge) before it leaves: what
 * one codec writes and the other cannot read back to the same bytes is a bug of one of them, and a
 * certificate cannot be recalled.
 */
import forge from 'node-forge';
import { equalBytes } from '../der/bytes.ts';

/** @returns `der` itself. @throws Error when the second codec reads something else. */
export function readByBoth(der: Uint8Array): Uint8Array {
  const text = Buffer.from(der).toString('latin1');
  const again = forge.asn1.toDer(forge.asn1.fromDer(text, true)).getBytes();
  if (!equalBytes(new Uint8Array(Buffer.from(again, 'latin1')), der)) {
    throw new Error('the two DER codecs do not agree on what is to be issued');
  }
  return der;
}
