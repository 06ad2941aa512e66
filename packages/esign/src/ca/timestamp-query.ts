/** A timestamp authority over the wire: what is asked, what is answered, and what an asker accepts (RFC 3161). */
import { equalBytes } from '../der/bytes.ts';
import { OID } from '../der/oids.ts';
import {
  DerError,
  type DerNode,
  expectTag,
  readBoolean,
  readInteger,
  readOid,
  readWhole,
  sequence,
} from '../der/reader.ts';
import { bits, bool, integer, octets, seq, tlv, unsignedInteger, utf8String } from '../der/writer.ts';
import { parseCms } from '../cms/parse.ts';
import { readTstInfo } from '../cms/tst-info.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { sha256Identifier } from '../x509/algorithms.ts';
import { type TimestampInput, createTimestampToken } from './timestamp.ts';

/** A query for a token over a SHA-256 hash, with the authority's certificates in it. */
export function createTimestampQuery(input: { imprint: Uint8Array; nonce: Uint8Array }): Uint8Array {
  if (input.imprint.length !== 32) throw new RangeError('an imprint is a SHA-256 hash');
  const imprint = seq(sha256Identifier(), octets(input.imprint));
  return seq(integer(1), imprint, unsignedInteger(input.nonce), bool(true));
}

/** PKIFailureInfo of RFC 3161, 2.4.2, by its bit. */
const FAILURES = {
  badAlg: 0,
  badRequest: 2,
  badDataFormat: 5,
  unacceptedPolicy: 15,
  unacceptedExtension: 16,
} as const;

export type TimestampFailure = keyof typeof FAILURES;

export type TimestampAnswer = {
  /** DER of the TimeStampResp, to be sent in any case. */
  readonly response: Uint8Array;
  /** The token inside, when it was granted. */
  readonly token?: Uint8Array;
  readonly failure?: TimestampFailure;
};

/** Answers one query: a token over its SHA-256 imprint at `time`, or a rejection that says why. */
export async function answerTimestampQuery(
  query: Uint8Array,
  authority: Pick<TimestampInput, 'authority' | 'chain' | 'time' | 'serial' | 'policy'>,
): Promise<TimestampAnswer> {
  let asked: Query;
  try {
    asked = readQuery(query);
  } catch (error) {
    return rejection('badDataFormat', error instanceof Error ? error.message : 'unreadable');
  }
  if (asked.version !== 1) return rejection('badRequest', 'the version is not 1');
  if (asked.hash !== OID.sha256) return rejection('badAlg', 'only SHA-256 is stamped');
  if (asked.imprint.length !== 32) return rejection('badDataFormat', 'the imprint is not 32 bytes');
  if (asked.policy !== undefined && asked.policy !== authority.policy) {
    return rejection('unacceptedPolicy', `the policy is ${authority.policy}`);
  }
  if (asked.hasExtensions) return rejection('unacceptedExtension', 'no extension is understood');
  const token = await createTimestampToken({
    ...authority,
    imprint: asked.imprint,
    withCertificates: asked.wantsCertificates,
    ...(asked.nonce ? { nonce: asked.nonce } : {}),
  });
  return { response: seq(seq(integer(GRANTED)), token), token };
}

const GRANTED = 0;
const GRANTED_WITH_MODS = 1;
const REJECTED = 2;
const NONCE_BYTES_MAX = 64;

type Query = {
  readonly version: number;
  readonly hash: string;
  readonly imprint: Uint8Array;
  readonly policy: string | undefined;
  readonly nonce: Uint8Array | undefined;
  readonly wantsCertificates: boolean;
  readonly hasExtensions: boolean;
};

function readQuery(der: Uint8Array): Query {
  const [version, imprint, ...rest] = sequence(readWhole(der));
  const [algorithm, hash] = sequence(imprint);
  const take = (tag: number): DerNode | undefined => (rest[0]?.tag === tag ? rest.shift() : undefined);
  const policy = take(0x06);
  const nonce = take(0x02);
  const certReq = take(0x01);
  const extensions = take(0xa0);
  if (rest.length > 0) throw new DerError('a query with other fields');
  const versionOctets = readInteger(version);
  return {
    version: versionOctets.length === 1 ? versionOctets[0]! : Number.NaN,
    hash: readOid(sequence(algorithm)[0]),
    imprint: expectTag(hash, 0x04).content,
    policy: policy && readOid(policy),
    nonce: nonce && nonceOctets(nonce),
    wantsCertificates: certReq !== undefined && readBoolean(certReq),
    hasExtensions: extensions !== undefined,
  };
}

function nonceOctets(node: DerNode): Uint8Array {
  const octetsOfNonce = readInteger(node);
  if (octetsOfNonce[0]! > 0x7f || octetsOfNonce.length > NONCE_BYTES_MAX)
    throw new DerError('nonce out of range');
  return octetsOfNonce;
}

function rejection(failure: TimestampFailure, text: string): TimestampAnswer {
  const bit = FAILURES[failure];
  const flags = new Uint8Array((bit >> 3) + 1);
  flags[bit >> 3] = 0x80 >> (bit & 7);
  const info = bits(flags, 7 - (bit & 7));
  return { response: seq(seq(integer(REJECTED), seq(utf8String(text)), info)), failure };
}

export type TimestampResponseCode =
  'TSA_REJECTED' | 'TSA_MALFORMED' | 'TST_IMPRINT_MISMATCH' | 'TST_NONCE_MISMATCH';

/**
 * The token of an authority's answer, if it is one to this very question. Whether a trusted authority
 * signed it is for the verifier to say.
 */
export function readTimestampResponse(
  der: Uint8Array,
  asked: { imprint: Uint8Array; nonce: Uint8Array },
): { readonly ok: true; readonly token: Uint8Array; readonly time: number } | Refusal<TimestampResponseCode> {
  let status: number;
  let token: Uint8Array | undefined;
  let info: ReturnType<typeof readTstInfo> | undefined;
  try {
    const [statusInfo, tokenNode] = sequence(readWhole(der));
    status = readInteger(sequence(statusInfo)[0])[0]!;
    token = tokenNode?.raw;
    info = token && readTstInfo(parseCms(token));
  } catch (error) {
    return refuse('TSA_MALFORMED', error instanceof Error ? error.message : 'unreadable');
  }
  if (status !== GRANTED && status !== GRANTED_WITH_MODS) return refuse('TSA_REJECTED', `status ${status}`);
  if (!token || !info) return refuse('TSA_MALFORMED', 'granted without a token');
  if (!equalBytes(info.imprint, asked.imprint)) {
    return refuse('TST_IMPRINT_MISMATCH', 'the token is about something else');
  }
  const nonce = unsignedInteger(asked.nonce);
  if (!info.nonce || !equalBytes(tlv(0x02, info.nonce), nonce)) {
    return refuse('TST_NONCE_MISMATCH', 'the token answers another question');
  }
  return { ok: true, token, time: info.time };
}
