/**
 * Facts about certificates that never change and cost a computation each: remembered as long as the
 * certificate itself is. Contracts of one exchange share their issuers and authorities, and so these.
 */
import { equalBytes } from '../der/bytes.ts';
import { sha256, verifySignature } from './algorithms.ts';
import type { Certificate } from './certificate.ts';

const hashes = new WeakMap<Certificate, Promise<Uint8Array>>();

/** SHA-256 of the certificate's DER. */
export function certificateHash(certificate: Certificate): Promise<Uint8Array> {
  const hash = hashes.get(certificate) ?? sha256(certificate.der);
  hashes.set(certificate, hash);
  return hash;
}

const answers = new WeakMap<Certificate, WeakMap<Certificate, Promise<boolean>>>();

/** Whether `issuer` is named as the issuer and its key signed the certificate; not whether it may. */
export function isIssuedBy(certificate: Certificate, issuer: Certificate): Promise<boolean> {
  if (!equalBytes(certificate.issuerDer, issuer.subjectDer)) return Promise.resolve(false);
  const known = answers.get(certificate) ?? new WeakMap<Certificate, Promise<boolean>>();
  answers.set(certificate, known);
  const { signatureKind, signature, tbs } = certificate;
  const answer = known.get(issuer) ?? verifySignature(issuer.publicKey, signatureKind, signature, tbs);
  known.set(issuer, answer);
  return answer;
}
