/** Whether a certificate leads, step by step through its chain, to one of the accepted anchors (RFC 5280, 6). */
import { X509Certificate } from 'node:crypto';
import type { Certificate } from '@seam/esign';

export type Anchor = { readonly sha256: string; readonly certificate: Certificate };

const KEY_CERT_SIGN = 5;

/** @returns the anchor's hash; undefined when the path breaks. `path` is the leaf and its chain, in order. */
export function pathToAnchor(
  path: readonly Certificate[],
  anchors: readonly Anchor[],
  at: number,
): string | undefined {
  for (const [below, certificate] of path.entries()) {
    if (at < certificate.notBefore || at > certificate.notAfter || certificate.unknownCritical.length > 0)
      return undefined;
    const next = path[below + 1];
    if (!next) return anchors.find((anchor) => isIssuer(anchor.certificate, certificate, below))?.sha256;
    if (!isIssuer(next, certificate, below)) return undefined;
  }
  return undefined;
}

/** `below` counts the certificates between the issuer and the leaf. */
function isIssuer(issuer: Certificate, certificate: Certificate, below: number): boolean {
  if (!Buffer.from(issuer.subjectDer).equals(certificate.issuerDer)) return false;
  if (!issuer.isCa || !issuer.keyUsage.has(KEY_CERT_SIGN)) return false;
  if (issuer.pathLength !== undefined && below > issuer.pathLength) return false;
  return new X509Certificate(certificate.der).verify(new X509Certificate(issuer.der).publicKey);
}
