/** Reads an X.509 v3 certificate as far as the exchange profile needs it. */
import { equalBytes, toHex } from '../der/bytes.ts';
import { OID } from '../der/oids.ts';
import {
  DerError,
  type DerNode,
  children,
  expectTag,
  readBigInt,
  readBits,
  readBoolean,
  readInteger,
  readOid,
  readTime,
  readWhole,
  sequence,
} from '../der/reader.ts';
import { type KeyKind, type PublicKey, readPublicKey, readSignatureAlgorithm } from './algorithms.ts';
import { type NameAttribute, nameValue, readName } from './name.ts';

export type Certificate = {
  readonly der: Uint8Array;
  readonly tbs: Uint8Array;
  readonly serial: Uint8Array;
  readonly serialHex: string;
  readonly issuerDer: Uint8Array;
  readonly subjectDer: Uint8Array;
  readonly subject: readonly NameAttribute[];
  readonly commonName: string;
  readonly organization: string | undefined;
  readonly organizationIdentifier: string | undefined;
  /** Milliseconds since 1970; both ends belong to the validity. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly publicKey: PublicKey;
  readonly signatureKind: KeyKind;
  readonly signature: Uint8Array;
  readonly isCa: boolean;
  readonly pathLength: number | undefined;
  /** Bit 0 is digitalSignature, 1 contentCommitment, 5 keyCertSign, 6 cRLSign. */
  readonly keyUsage: ReadonlySet<number>;
  readonly extKeyUsage: readonly string[];
  readonly extKeyUsageCritical: boolean;
  readonly unknownCritical: readonly string[];
};

type Extension = { readonly critical: boolean; readonly value: Uint8Array };

/** The last certificates read: what is known of one is kept with it, and issuers come again and again. */
const recent = new Map<string, Certificate>();
const RECENT_MAX = 256;

const decoder = new TextDecoder('latin1');
/** One character per byte, whichever: only equality matters. */
const keyOf = (der: Uint8Array): string => decoder.decode(der);

/**
 * The same bytes give the same value, which nobody may change.
 * @throws DerError when the bytes are not one certificate with algorithms of the profile.
 */
export function readCertificate(der: Uint8Array): Certificate {
  const key = keyOf(der);
  // A copy: the caller's bytes are his to change.
  const certificate = recent.get(key) ?? read(der.slice());
  recent.delete(key);
  if (recent.size >= RECENT_MAX) recent.delete(recent.keys().next().value!);
  recent.set(key, certificate);
  return certificate;
}

function read(der: Uint8Array): Certificate {
  const [tbs, outerAlgorithm, signature] = sequence(readWhole(der));
  const [version, serial, innerAlgorithm, issuer, validity, subject, spki, extensions] = sequence(tbs);
  if (!version || !equalBytes(version.raw, Uint8Array.of(0xa0, 3, 2, 1, 2)))
    throw new DerError('not version 3');
  const signatureKind = readSignatureAlgorithm(outerAlgorithm);
  if (readSignatureAlgorithm(innerAlgorithm) !== signatureKind)
    throw new DerError('two signature algorithms');
  const [notBefore, notAfter] = sequence(validity);
  const name = readName(subject);
  const serialContent = readInteger(serial);
  return {
    der,
    tbs: tbs!.raw,
    serial: serialContent,
    serialHex: toHex(serialContent),
    issuerDer: issuer!.raw,
    subjectDer: subject!.raw,
    subject: name,
    commonName: nameValue(name, OID.commonName) ?? '',
    organization: nameValue(name, OID.organization),
    organizationIdentifier: nameValue(name, OID.organizationIdentifier),
    notBefore: readTime(notBefore),
    notAfter: readTime(notAfter),
    publicKey: readPublicKey(expectTag(spki, 0x30).raw),
    signatureKind,
    signature: readBits(signature),
    ...readUsage(readExtensions(extensions)),
  };
}

function readExtensions(node: DerNode | undefined): Map<string, Extension> {
  const found = new Map<string, Extension>();
  if (!node) return found;
  for (const member of sequence(children(expectTag(node, 0xa3))[0])) {
    const parts = sequence(member);
    const critical = parts.length === 3 && readBoolean(parts[1]);
    const id = readOid(parts[0]);
    if (found.has(id)) throw new DerError(`extension ${id} twice`);
    found.set(id, { critical, value: expectTag(parts.at(-1), 0x04).content });
  }
  return found;
}

const UNDERSTOOD: ReadonlySet<string> = new Set([OID.basicConstraints, OID.keyUsage, OID.extKeyUsage]);

function readUsage(extensions: Map<string, Extension>) {
  const extended = extensions.get(OID.extKeyUsage);
  return {
    ...readBasicConstraints(extensions.get(OID.basicConstraints)?.value),
    keyUsage: readKeyUsage(extensions.get(OID.keyUsage)?.value),
    extKeyUsage: extended ? sequence(readWhole(extended.value)).map(readOid) : [],
    extKeyUsageCritical: extended?.critical ?? false,
    unknownCritical: [...extensions]
      .filter(([id, { critical }]) => critical && !UNDERSTOOD.has(id))
      .map(([id]) => id),
  };
}

function readBasicConstraints(value: Uint8Array | undefined) {
  const [ca, length] = value ? sequence(readWhole(value)) : [];
  const isCa = ca?.tag === 0x01 && readBoolean(ca);
  return { isCa, pathLength: length ? Number(readBigInt(length)) : undefined };
}

function readKeyUsage(value: Uint8Array | undefined): ReadonlySet<number> {
  const usage = new Set<number>();
  if (!value) return usage;
  const octets = readWhole(value, 0x03).content.subarray(1);
  octets.forEach((octet, index) => {
    for (let bit = 0; bit < 8; bit++) if (octet & (0x80 >> bit)) usage.add(8 * index + bit);
  });
  return usage;
}
