/** Reads a CRL (RFC 5280 section 5) and says whether it speaks with the authority of an issuer. */
import { equalBytes, toHex } from '../der/bytes.ts';
import { OID } from '../der/oids.ts';
import {
  DerError,
  type DerNode,
  children,
  readBoolean,
  readInteger,
  readBits,
  readOid,
  readTime,
  readWhole,
  sequence,
} from '../der/reader.ts';
import { type KeyKind, readSignatureAlgorithm, verifySignature } from '../x509/algorithms.ts';
import type { Certificate } from '../x509/certificate.ts';

export type Crl = {
  readonly issuerDer: Uint8Array;
  /** Milliseconds since 1970. */
  readonly thisUpdate: number;
  readonly nextUpdate: number | undefined;
  /** When each certificate was revoked, by its serial in lower-case hex. */
  readonly revoked: ReadonlyMap<string, number>;
  readonly signed: Uint8Array;
  readonly kind: KeyKind;
  readonly signature: Uint8Array;
};

const CRL_SIGN = 6;

/** Throws DerError on what is not a whole version 2 list, among them lists of only some certificates. */
export function readCrl(der: Uint8Array): Crl {
  const [tbs, algorithm, signature] = sequence(readWhole(der));
  const [version, inner, issuer, thisUpdate, ...rest] = sequence(tbs);
  if (readInteger(version)[0] !== 1) throw new DerError('not a version 2 list');
  const kind = readSignatureAlgorithm(algorithm);
  if (readSignatureAlgorithm(inner) !== kind) throw new DerError('two signature algorithms');
  const next = rest[0]?.tag === 0x17 || rest[0]?.tag === 0x18 ? rest.shift() : undefined;
  const list = rest[0]?.tag === 0x30 ? rest.shift() : undefined;
  const extensions = rest[0]?.tag === 0xa0 ? rest.shift() : undefined;
  if (rest.length > 0) throw new DerError('a list with other fields');
  if (extensions) refuseCritical(children(extensions)[0]);
  return {
    issuerDer: issuer!.raw,
    thisUpdate: readTime(thisUpdate),
    nextUpdate: next && readTime(next),
    revoked: new Map((list ? sequence(list) : []).map(readEntry)),
    signed: tbs!.raw,
    kind,
    signature: readBits(signature),
  };
}

function readEntry(node: DerNode): [string, number] {
  const [serial, at, extensions] = sequence(node);
  if (extensions) refuseCritical(extensions);
  return [toHex(readInteger(serial)), readTime(at)];
}

/** A critical extension changes what a list means: which certificates it speaks of, or whose. */
export function refuseCritical(extensions: DerNode | undefined): void {
  for (const member of sequence(extensions)) {
    const parts = sequence(member);
    const id = readOid(parts[0]);
    if (parts.length === 3 && readBoolean(parts[1]) && id !== OID.crlReason) {
      throw new DerError(`extension ${id} is not understood`);
    }
  }
}

export async function isCrlOf(crl: Crl, issuer: Certificate): Promise<boolean> {
  if (!issuer.keyUsage.has(CRL_SIGN) || !equalBytes(crl.issuerDer, issuer.subjectDer)) return false;
  return verifySignature(issuer.publicKey, crl.kind, crl.signature, crl.signed);
}
