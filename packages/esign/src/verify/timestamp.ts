/** Checks an RFC 3161 token: that a trusted authority saw exactly this signature value, and when. */
import { equalBytes } from '../der/bytes.ts';
import { OID } from '../der/oids.ts';
import { type ParsedCms, essNames, messageDigest, parseCms } from '../cms/parse.ts';
import { type TstInfo, readTstInfo } from '../cms/tst-info.ts';
import { sha256, verifySignature } from '../x509/algorithms.ts';
import type { Certificate } from '../x509/certificate.ts';
import { type Finding, finding } from './findings.ts';
import { type Trust, checkPath } from './path.ts';

export type TokenReport = {
  /** Milliseconds since 1970; undefined when the token proves nothing. */
  readonly time: number | undefined;
  readonly findings: readonly Finding[];
};

export async function checkToken(
  token: Uint8Array,
  signature: Uint8Array,
  pool: readonly Certificate[],
  trust: Trust,
): Promise<TokenReport> {
  let cms: ParsedCms;
  let info: TstInfo;
  try {
    cms = parseCms(token);
    info = readTstInfo(cms);
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'unreadable';
    return { time: undefined, findings: [finding('TST_MALFORMED', detail)] };
  }
  const findings: Finding[] = [];
  if (!equalBytes(info.imprint, await sha256(signature))) {
    findings.push(finding('TST_IMPRINT_MISMATCH', 'the token is about another signature'));
  }
  const { signer } = cms;
  if (!signer)
    findings.push(finding('TST_SIGNATURE_INVALID', 'the token does not hold its signer’s certificate'));
  else findings.push(...(await checkSigner(cms, signer)), ...checkUsage(signer));
  if (signer) findings.push(...(await checkPath(signer, [...cms.certificates, ...pool], info.time, trust)));
  return { time: findings.length === 0 ? info.time : undefined, findings };
}

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
