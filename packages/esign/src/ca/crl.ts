/** Certificate revocation lists, version 2 (RFC 5280 section 5). */
import { fromHex } from '../der/bytes.ts';
import { OID } from '../der/oids.ts';
import { bits, context, integer, seq, time, tlv, unsignedInteger } from '../der/writer.ts';
import { signatureAlgorithm } from '../x509/algorithms.ts';
import { readCertificate } from '../x509/certificate.ts';
import { type Issuer, authorityKeyIdentifier, extension } from './authority.ts';
import { readByBoth } from './second-codec.ts';

/** CRLReason of RFC 5280, 5.3.1, as far as the exchange gives one. */
export const REASONS = {
  unspecified: 0,
  key_compromise: 1,
  affiliation_changed: 3,
  superseded: 4,
  cessation_of_operation: 5,
} as const;

export type RevocationReason = keyof typeof REASONS;

export type Revocation = {
  /** Lower-case hex, as `serialOf` gives it. */
  readonly serial: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly reason: RevocationReason;
};

/** `number` rises with every list of one issuer; times are milliseconds since 1970. */
export async function createCrl(input: {
  issuer: Issuer;
  number: number;
  thisUpdate: number;
  nextUpdate: number;
  revoked: readonly Revocation[];
}): Promise<Uint8Array> {
  const { subjectDer, publicKey } = readCertificate(input.issuer.certificate);
  const algorithm = signatureAlgorithm(input.issuer.signer.kind);
  const entries = input.revoked.map(entry);
  const tbs = seq(
    integer(1),
    algorithm,
    subjectDer,
    time(input.thisUpdate),
    time(input.nextUpdate),
    // An empty list must be absent (RFC 5280, 5.1.2.6).
    ...(entries.length > 0 ? [seq(...entries)] : []),
    context(
      0,
      seq(authorityKeyIdentifier(publicKey.spki), extension(OID.crlNumber, false, integer(input.number))),
    ),
  );
  return readByBoth(seq(tbs, algorithm, bits(await input.issuer.signer.sign(tbs))));
}

function entry(revocation: Revocation): Uint8Array {
  const serial = unsignedInteger(fromHex(revocation.serial));
  // The reason `unspecified` should be absent (RFC 5280, 5.3.1).
  if (revocation.reason === 'unspecified') return seq(serial, time(revocation.at));
  const reason = tlv(0x0a, Uint8Array.of(REASONS[revocation.reason]));
  return seq(serial, time(revocation.at), seq(extension(OID.crlReason, false, reason)));
}
