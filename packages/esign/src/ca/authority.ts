/**
 * Issues certificates: root -> issuing CA -> party, centre, TSA, OCSP responder or CRL signer (RFC 5280).
 *
 * The subject is always the caller's certified record. Serial numbers and times are parameters, so that
 * the same input gives the same certificate to sign.
 */
import { createHash } from 'node:crypto';
import { utf8 } from '../der/bytes.ts';
import { OID } from '../der/oids.ts';
import { readWhole, sequence } from '../der/reader.ts';
import {
  bits,
  bool,
  context,
  contextPrimitive,
  integer,
  nullValue,
  octets,
  oid,
  seq,
  time,
  unsignedInteger,
} from '../der/writer.ts';
import { signatureAlgorithm } from '../x509/algorithms.ts';
import { readCertificate } from '../x509/certificate.ts';
import { type Subject, encodeName, isOrganizationIdentifier } from '../x509/name.ts';
import { readByBoth } from './second-codec.ts';
import type { Signer } from './signer.ts';

/** A certificate with the key that signs in its name. */
export type Issuer = { readonly certificate: Uint8Array; readonly signer: Signer };

export type Validity = {
  /** 16 random bytes; the number is made positive. */
  readonly serial: Uint8Array;
  /** Milliseconds since 1970, whole seconds are kept. */
  readonly notBefore: number;
  readonly notAfter: number;
};

export type CertificateRole = 'party' | 'centre' | 'tsa' | 'ocsp' | 'crl';

/** What the exchange certified about a legal person and, where one acts for it, a natural person. */
export type CertifiedSubject = {
  readonly country: string;
  readonly organization: string;
  /** `NTRCN-<USCC>` or `LEIXG-<LEI>` */
  readonly organizationIdentifier: string;
  /** The person who acts; absent for a seal or a service, which then carries the organisation's name. */
  readonly person?: string;
};

const DIGITAL_SIGNATURE = 0x80;
const CONTENT_COMMITMENT = 0x40;
const KEY_CERT_SIGN = 0x04;
const CRL_SIGN = 0x02;

export async function createRoot(
  input: { subject: Subject; signer: Signer } & Validity,
): Promise<Uint8Array> {
  const name = encodeName(input.subject);
  const extensions = caExtensions(undefined);
  return certify({
    ...input,
    issuerName: name,
    issuerSpki: input.signer.spki,
    name,
    spki: input.signer.spki,
    extensions,
  });
}

/** Where an outsider finds what a certificate depends on; each is written only when given. */
export type Addresses = {
  readonly crlUrl?: string;
  /** The OCSP responder of the issuer. */
  readonly ocspUrl?: string;
  /** The issuer's own certificate, DER. */
  readonly caIssuersUrl?: string;
};

/** A CA that may issue end certificates and no further CA (pathlen 0). */
export async function issueIssuingCa(
  input: { issuer: Issuer; subject: Subject; spki: Uint8Array } & Addresses & Validity,
): Promise<Uint8Array> {
  const extensions = [...caExtensions(0), ...distribution(input.crlUrl), ...access(input)];
  return certify({ ...fromIssuer(input.issuer), ...input, name: encodeName(input.subject), extensions });
}

export async function issueCertificate(
  input: {
    issuer: Issuer;
    subject: CertifiedSubject;
    spki: Uint8Array;
    role: CertificateRole;
  } & Addresses &
    Validity,
): Promise<Uint8Array> {
  const { subject, role } = input;
  if (!isOrganizationIdentifier(subject.organizationIdentifier)) {
    throw new RangeError(`${subject.organizationIdentifier} is neither NTRCN-<USCC> nor LEIXG-<LEI>`);
  }
  const name = encodeName({ ...subject, commonName: subject.person ?? subject.organization });
  const extensions = [
    extension(OID.basicConstraints, true, seq()),
    ...ROLE_EXTENSIONS[role](),
    // A responder carries no-check: nobody is to ask whether it is revoked (RFC 6960, 4.2.2.2.1).
    ...(role === 'ocsp' ? [] : [...distribution(input.crlUrl), ...access(input)]),
  ];
  return certify({ ...fromIssuer(input.issuer), ...input, name, extensions });
}

// emailProtection beside documentSigning: NSS trusts a signer only for a usage it knows.
const ROLE_EXTENSIONS: Record<CertificateRole, () => Uint8Array[]> = {
  party: () => [
    keyUsage(DIGITAL_SIGNATURE | CONTENT_COMMITMENT),
    extKeyUsage(false, OID.documentSigning, OID.emailProtection),
  ],
  centre: () => ROLE_EXTENSIONS.party(),
  tsa: () => [keyUsage(DIGITAL_SIGNATURE), extKeyUsage(true, OID.timeStamping)],
  ocsp: () => [
    keyUsage(DIGITAL_SIGNATURE),
    extKeyUsage(false, OID.ocspSigning),
    extension(OID.ocspNoCheck, false, nullValue()),
  ],
  crl: () => [keyUsage(CRL_SIGN)],
};

type ToCertify = Validity & {
  readonly signer: Signer;
  readonly issuerName: Uint8Array;
  readonly issuerSpki: Uint8Array;
  readonly name: Uint8Array;
  readonly spki: Uint8Array;
  readonly extensions: readonly Uint8Array[];
};

async function certify(input: ToCertify): Promise<Uint8Array> {
  const algorithm = signatureAlgorithm(input.signer.kind);
  const tbs = seq(
    context(0, integer(2)),
    positiveSerial(input.serial),
    algorithm,
    input.issuerName,
    seq(time(input.notBefore), time(input.notAfter)),
    input.name,
    input.spki,
    context(
      3,
      seq(
        ...input.extensions,
        extension(OID.subjectKeyIdentifier, false, octets(keyIdentifier(input.spki))),
        authorityKeyIdentifier(input.issuerSpki),
      ),
    ),
  );
  return readByBoth(seq(tbs, algorithm, bits(await input.signer.sign(tbs))));
}

function fromIssuer(issuer: Issuer) {
  const { subjectDer, publicKey } = readCertificate(issuer.certificate);
  return { signer: issuer.signer, issuerName: subjectDer, issuerSpki: publicKey.spki };
}

/** RFC 5280 wants positive and at most 20 octets; the top bit is cleared, 127 random bits stay. */
function positiveSerial(serial: Uint8Array): Uint8Array {
  if (serial.length !== 16) throw new RangeError('a serial is 16 random bytes');
  const positive = Uint8Array.from(serial);
  positive[0] = (positive[0]! & 0x7f) | 0x40;
  return unsignedInteger(positive);
}

/** RFC 7093 method 1: the leftmost 160 bits of SHA-256 over the key bits. */
function keyIdentifier(spki: Uint8Array): Uint8Array {
  const key = sequence(readWhole(spki))[1]!.content.subarray(1);
  return new Uint8Array(createHash('sha256').update(key).digest().subarray(0, 20));
}

export function authorityKeyIdentifier(issuerSpki: Uint8Array): Uint8Array {
  return extension(OID.authorityKeyIdentifier, false, seq(contextPrimitive(0, keyIdentifier(issuerSpki))));
}

export function extension(id: string, critical: boolean, value: Uint8Array): Uint8Array {
  return critical ? seq(oid(id), bool(true), octets(value)) : seq(oid(id), octets(value));
}

function caExtensions(pathLength: number | undefined): Uint8Array[] {
  const constraints = pathLength === undefined ? seq(bool(true)) : seq(bool(true), integer(pathLength));
  return [extension(OID.basicConstraints, true, constraints), keyUsage(KEY_CERT_SIGN | CRL_SIGN)];
}

function keyUsage(octet: number): Uint8Array {
  const unused = 31 - Math.clz32(octet & -octet);
  return extension(OID.keyUsage, true, bits(Uint8Array.of(octet), unused));
}

function extKeyUsage(critical: boolean, ...usages: readonly string[]): Uint8Array {
  return extension(OID.extKeyUsage, critical, seq(...usages.map(oid)));
}

function distribution(crlUrl: string | undefined): Uint8Array[] {
  if (crlUrl === undefined) return [];
  const uri = contextPrimitive(6, utf8(crlUrl));
  return [extension(OID.crlDistributionPoints, false, seq(seq(context(0, context(0, uri)))))];
}

function access({ ocspUrl, caIssuersUrl }: Addresses): Uint8Array[] {
  const description = (method: string, url: string | undefined) =>
    url === undefined ? [] : [seq(oid(method), contextPrimitive(6, utf8(url)))];
  const descriptions = [...description(OID.ocsp, ocspUrl), ...description(OID.caIssuers, caIssuersUrl)];
  return descriptions.length === 0 ? [] : [extension(OID.authorityInfoAccess, false, seq(...descriptions))];
}

/** The serial as certificates print it: lower-case hex of the INTEGER's octets. */
export function serialOf(certificate: Uint8Array): string {
  return readCertificate(certificate).serialHex;
}
