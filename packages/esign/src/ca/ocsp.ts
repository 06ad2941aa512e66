/**
 * An OCSP responder's two halves (RFC 6960): reads what was asked, and writes a signed answer.
 *
 * Times have no fraction of a second (RFC 5280 forbids one). The responder is the issuer itself or one that
 * the issuer certified for it, whose certificate then travels with the answer.
 */
import { createHash } from 'node:crypto';
import { fromHex } from '../der/bytes.ts';
import { OID } from '../der/oids.ts';
import {
  DerError,
  type DerNode,
  children,
  expectTag,
  readBoolean,
  readOid,
  readWhole,
  sequence,
} from '../der/reader.ts';
import { bits, context, contextPrimitive, generalizedTime, octets, oid, seq, tlv } from '../der/writer.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { signatureAlgorithm } from '../x509/algorithms.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';
import {
  type OcspCertId,
  type OcspHash,
  encodeCertId,
  isOfIssuer,
  keyBits,
  readCertId,
} from '../x509/ocsp-id.ts';
import { type Issuer, extension } from './authority.ts';
import { REASONS, type RevocationReason } from './crl.ts';
import { readByBoth } from './second-codec.ts';

export type OcspRequest = {
  readonly ok: true;
  /** At least one, at most a hundred. */
  readonly certIds: readonly OcspCertId[];
  readonly nonce?: Uint8Array;
};

const CERT_IDS_MAX = 100;
/** RFC 9654, 2.1. */
const NONCE_BYTES_MAX = 128;

export function readOcspRequest(der: Uint8Array): OcspRequest | Refusal<'OCSP_MALFORMED'> {
  try {
    return read(der);
  } catch (error) {
    return refuse('OCSP_MALFORMED', error instanceof Error ? error.message : 'unreadable');
  }
}

/** A signature on the request is not asked for, and passed over. */
function read(der: Uint8Array): OcspRequest {
  const [tbs, signature, extra] = sequence(readWhole(der));
  if (extra || (signature && signature.tag !== 0xa0)) throw new DerError('a request with other fields');
  const fields = sequence(tbs);
  if (fields[0]?.tag === 0xa0) throw new DerError('a version other than 1');
  if (fields[0]?.tag === 0xa1) fields.shift();
  const [list, extensions, more] = fields;
  if (more) throw new DerError('a request with other fields');
  const certIds = sequence(list).map((request) => readCertId(sequence(request)[0]));
  if (certIds.length === 0 || certIds.length > CERT_IDS_MAX) {
    throw new DerError(`${certIds.length} certificates asked about, 1 to ${CERT_IDS_MAX} are answered`);
  }
  const nonce = extensions && readNonce(expectTag(extensions, 0xa2));
  return { ok: true, certIds, ...(nonce ? { nonce } : {}) };
}

function readNonce(extensions: DerNode): Uint8Array | undefined {
  let nonce: Uint8Array | undefined;
  for (const member of sequence(children(extensions)[0])) {
    const parts = sequence(member);
    const id = readOid(parts[0]);
    const critical = parts.length === 3 && readBoolean(parts[1]);
    if (id !== OID.ocspNonce) {
      if (critical) throw new DerError(`extension ${id} is not understood`);
      continue;
    }
    if (nonce) throw new DerError('two nonces');
    nonce = readWhole(expectTag(parts.at(-1), 0x04).content, 0x04).content;
    if (nonce.length === 0 || nonce.length > NONCE_BYTES_MAX) throw new DerError('nonce of a wrong length');
  }
  return nonce;
}

export type OcspAnswer = {
  /** As it was asked: the DER of the CertID, or what `readOcspRequest` gave. */
  readonly certId: Uint8Array | OcspCertId;
  readonly status: 'good' | 'unknown' | { readonly revokedAt: number; readonly reason: RevocationReason };
};

export type OcspResponseInput = {
  readonly responder: Issuer;
  /** The certificate of the CA whose certificates are asked about. */
  readonly issuer: Uint8Array;
  readonly answers: readonly OcspAnswer[];
  /** Milliseconds since 1970, whole seconds are kept. */
  readonly producedAt: number;
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  /** The asker's, echoed. */
  readonly nonce?: Uint8Array | undefined;
};

/**
 * DER of an OCSPResponse. A certificate of another issuer is answered `unknown`, whatever the caller says.
 * @throws RangeError without answers, TypeError when the responder may not answer for this issuer: bugs.
 */
export async function createOcspResponse(input: OcspResponseInput): Promise<Uint8Array> {
  const issuer = readCertificate(input.issuer);
  const responder = readCertificate(input.responder.certificate);
  const delegated = !sameKey(issuer, responder);
  if (delegated && !mayAnswer(responder, issuer)) throw new TypeError('no responder of this issuer');
  if (input.answers.length === 0) throw new RangeError('an answer about nothing');
  const answers: Uint8Array[] = [];
  for (const answer of input.answers) answers.push(await singleResponse(answer, issuer, input));
  const data = seq(
    context(2, octets(sha1(keyBits(responder.publicKey.spki)))),
    generalizedTime(input.producedAt),
    seq(...answers),
    ...(input.nonce ? [context(1, seq(extension(OID.ocspNonce, false, octets(input.nonce))))] : []),
  );
  const signature = bits(await input.responder.signer.sign(data));
  const certificates = delegated ? [context(0, seq(responder.der))] : [];
  const basic = seq(data, signatureAlgorithm(input.responder.signer.kind), signature, ...certificates);
  return readByBoth(seq(enumerated(0), context(0, seq(oid(OID.ocspBasic), octets(basic)))));
}

async function singleResponse(
  { certId, status }: OcspAnswer,
  issuer: Certificate,
  { thisUpdate, nextUpdate }: OcspResponseInput,
): Promise<Uint8Array> {
  const id = certId instanceof Uint8Array ? readCertId(readWhole(certId)) : certId;
  const known = await isOfIssuer(id, issuer);
  return seq(
    id.raw,
    certStatus(known ? status : 'unknown'),
    generalizedTime(thisUpdate),
    context(0, generalizedTime(nextUpdate)),
  );
}

function certStatus(status: OcspAnswer['status']): Uint8Array {
  if (status === 'good') return contextPrimitive(0, new Uint8Array());
  if (status === 'unknown') return contextPrimitive(2, new Uint8Array());
  const { revokedAt, reason } = status;
  // The reason `unspecified` should be absent (RFC 5280, 5.3.1).
  const given = reason === 'unspecified' ? [] : [context(0, enumerated(REASONS[reason]))];
  return context(1, generalizedTime(revokedAt), ...given);
}

const ERRORS = { malformedRequest: 1, internalError: 2, tryLater: 3, unauthorized: 6 } as const;

/** An answer without signature that says why there is none. */
export function ocspError(error: keyof typeof ERRORS): Uint8Array {
  return seq(enumerated(ERRORS[error]));
}

/** The CertID of a certificate, for a question that the exchange asks or answers itself. */
export async function ocspCertId(
  certificate: Uint8Array,
  issuer: Uint8Array,
  hash: OcspHash = 'sha256',
): Promise<Uint8Array> {
  return encodeCertId(readCertificate(certificate).serial, readCertificate(issuer), hash);
}

/** The same by serial, lower-case hex as `serialOf` gives it. */
export async function ocspCertIdOf(
  serial: string,
  issuer: Uint8Array,
  hash: OcspHash = 'sha256',
): Promise<Uint8Array> {
  return encodeCertId(fromHex(serial), readCertificate(issuer), hash);
}

function sameKey(a: Certificate, b: Certificate): boolean {
  return Buffer.from(a.publicKey.spki).equals(b.publicKey.spki);
}

function mayAnswer(responder: Certificate, issuer: Certificate): boolean {
  const issued = Buffer.from(responder.issuerDer).equals(issuer.subjectDer);
  return issued && responder.extKeyUsage.includes(OID.ocspSigning);
}

const enumerated = (value: number): Uint8Array => tlv(0x0a, Uint8Array.of(value));

const sha1 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha1').update(bytes).digest());
