/** Checks an RFC 3161 token: that a trusted authority saw exactly this hash, and when. */
import { equalBytes } from '../der/bytes.ts';
import { OID } from '../der/oids.ts';
import { readWhole } from '../der/reader.ts';
import { context, integer, octets, oid, seq, tlv } from '../der/writer.ts';
import { type ParsedCms, essNames, messageDigest, parseCms } from '../cms/parse.ts';
import { type TstInfo, readTstInfo } from '../cms/tst-info.ts';
import { sha256, sha256Identifiers, verifySignature } from '../x509/algorithms.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { Freshness } from './evidence.ts';
import { type Finding, finding } from './findings.ts';
import { type Trust, carriesOnly, checkPath } from './path.ts';

export type TokenReport = {
  /** Milliseconds since 1970; undefined when the token proves nothing. */
  readonly time: number | undefined;
  readonly findings: readonly Finding[];
  readonly authority: Certificate | undefined;
  /** True when the file itself proves that the authority's certificates were not revoked. */
  readonly embedded: boolean;
};

export type Stamped = {
  readonly token: Uint8Array;
  /** SHA-256 of what must have been stamped. */
  readonly imprint: Uint8Array;
  /** Certificates that came with what is stamped. */
  readonly pool: readonly Certificate[];
  readonly freshness: Freshness;
};

export async function checkToken(stamped: Stamped, trust: Trust): Promise<TokenReport> {
  let cms: ParsedCms;
  let info: TstInfo;
  try {
    cms = parseCms(stamped.token);
    info = readTstInfo(cms);
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'unreadable';
    return nothing(finding('TST_MALFORMED', detail));
  }
  const { signer } = cms;
  if (!signer)
    return nothing(finding('TST_SIGNATURE_INVALID', 'the token does not hold its signer’s certificate'));
  const findings: Finding[] = [];
  if (!equalBytes(info.imprint, stamped.imprint)) {
    findings.push(finding('TST_IMPRINT_MISMATCH', 'the token is about something else'));
  }
  findings.push(...(await checkSigner(cms, signer)), ...checkUsage(signer));
  const pool = [...cms.certificates, ...stamped.pool];
  const use = { at: info.time, freshness: stamped.freshness };
  const { findings: faults, path, embedded } = await checkPath(signer, pool, use, trust);
  findings.push(...faults);
  if (findings.length === 0 && !(isWrittenInOneWay(cms, signer) && carriesOnly(path, cms.certificates))) {
    findings.push(finding('TST_MALFORMED', 'the token holds more than its signature covers'));
  }
  const time = findings.length === 0 ? info.time : undefined;
  return { time, findings, authority: signer, embedded };
}

const nothing = (found: Finding): TokenReport => ({
  time: undefined,
  findings: [found],
  authority: undefined,
  embedded: false,
});

async function checkSigner(cms: ParsedCms, signer: Certificate): Promise<Finding[]> {
  const digest = messageDigest(cms);
  const covers = digest && equalBytes(digest, await sha256(cms.content!));
  if (!covers || !(await verifySignature(signer.publicKey, cms.kind, cms.signature, cms.signedBytes))) {
    return [finding('TST_SIGNATURE_INVALID', 'the token’s own signature is wrong')];
  }
  if ((await essNames(cms, signer)) === 'yes') return [];
  return [finding('TST_SIGNATURE_INVALID', 'the token does not name its signer’s certificate')];
}

/** RFC 3161, 2.3: time stamping, critical, and nothing else. */
function checkUsage(signer: Certificate): Finding[] {
  const { extKeyUsage, extKeyUsageCritical } = signer;
  if (extKeyUsageCritical && extKeyUsage.length === 1 && extKeyUsage[0] === OID.timeStamping) return [];
  return [finding('TSA_EKU', `${signer.commonName} is not a timestamp authority`)];
}

/**
 * Writes the token again from its content, its certificates and its signature, each of which is checked by
 * itself: so no bit around them can be otherwise. An authority's attributes are signed, whatever they are.
 */
function isWrittenInOneWay(cms: ParsedCms, signer: Certificate): boolean {
  const signed = tlv(0xa0, readWhole(cms.signedBytes).content);
  const identifiers = sha256Identifiers();
  const pairs = identifiers.flatMap((one) => identifiers.map((other) => [one, other] as const));
  return pairs.some(([listed, identifier]) => {
    const info = seq(
      integer(1),
      seq(signer.issuerDer, tlv(0x02, signer.serial)),
      identifier,
      signed,
      cms.algorithm,
      octets(cms.signature),
    );
    const body = seq(
      integer(3),
      tlv(0x31, listed),
      seq(oid(OID.tstInfo), context(0, octets(cms.content!))),
      context(0, ...cms.certificates.map(({ der }) => der)),
      tlv(0x31, info),
    );
    return equalBytes(seq(oid(OID.signedData), context(0, body)), cms.der);
  });
}
