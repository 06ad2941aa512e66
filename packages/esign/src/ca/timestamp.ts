/** A timestamp authority's answer: an RFC 3161 token over the hash of something. */
import { createHash } from 'node:crypto';
import { OID } from '../der/oids.ts';
import { context, generalizedTime, integer, octets, oid, seq, tlv, unsignedInteger } from '../der/writer.ts';
import { signedData, signerInfo } from '../cms/assemble.ts';
import { attributesFor } from '../cms/attributes.ts';
import { sha256Identifier } from '../x509/algorithms.ts';
import { readCertificate } from '../x509/certificate.ts';
import type { Issuer } from './authority.ts';

export type TimestampInput = {
  /** A certificate of role `tsa`, with its key. */
  readonly authority: Issuer;
  /** Issuing CA upwards, without the root. */
  readonly chain: readonly Uint8Array[];
  /** SHA-256 of what is stamped: for a signature, of the signature value. */
  readonly imprint: Uint8Array;
  /** Milliseconds since 1970; whole seconds are kept. */
  readonly time: number;
  /** Unique per authority. */
  readonly serial: Uint8Array;
  /** The authority's policy, dotted. */
  readonly policy: string;
  /** The asker's nonce, echoed. */
  readonly nonce?: Uint8Array;
  /** False leaves the certificates out, as a query without certReq wants it (RFC 3161, 2.4.1). */
  readonly withCertificates?: boolean;
};

export async function createTimestampToken(input: TimestampInput): Promise<Uint8Array> {
  if (input.imprint.length !== 32) throw new RangeError('an imprint is a SHA-256 hash');
  const certificate = readCertificate(input.authority.certificate);
  const info = seq(
    integer(1),
    oid(input.policy),
    seq(sha256Identifier(), octets(input.imprint)),
    unsignedInteger(input.serial),
    generalizedTime(input.time),
    seq(integer(1)),
    ...(input.nonce === undefined ? [] : [unsignedInteger(input.nonce)]),
  );
  const digest = new Uint8Array(createHash('sha256').update(info).digest());
  const attributes = await attributesFor(OID.tstInfo, digest, certificate);
  const signature = await input.authority.signer.sign(tlv(0x31, ...attributes));
  return signedData({
    version: 3,
    content: seq(oid(OID.tstInfo), context(0, octets(info))),
    certificates: input.withCertificates === false ? [] : [certificate.der, ...input.chain],
    signer: signerInfo(certificate, attributes, signature, []),
  });
}
