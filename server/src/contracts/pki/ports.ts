/**
 * What signing needs of a certificate authority and of a timestamp authority. The exchange's own are
 * agreed by contract; a licensed provider replaces them behind these types. Nothing outside this folder
 * knows where a key is kept.
 */
import type { CertifiedSubject } from '@seam/esign';

export type TimestampAuthority = {
  /**
   * An RFC 3161 token (DER) over a SHA-256 imprint, already verified against it.
   * @throws Fault `contract.timestamp_unavailable` (503) when the authority does not answer, or answers wrongly.
   */
  stamp(imprint: Uint8Array): Promise<Uint8Array>;
};

export type RevocationSource = {
  /** The newest list of every authority of the chain, root first; each is current at `now`. */
  crls(now: Date): Promise<Uint8Array[]>;
  /** One signed answer per serial (lower-case hex), as revocation stands at `now`. */
  ocsp(serials: readonly string[], now: Date): Promise<Uint8Array[]>;
};

export type CertificateAuthority = RevocationSource & {
  /** The anchor that everybody pins. */
  readonly root: Uint8Array;
  /** From the authority that issues up to, and without, the root. */
  readonly chain: readonly Uint8Array[];
  /** A certificate for a key whose possession has been proven. Times in milliseconds since 1970. */
  issue(input: {
    readonly subject: CertifiedSubject;
    readonly spki: Uint8Array;
    readonly notBefore: number;
    readonly notAfter: number;
  }): Promise<Uint8Array>;
};
