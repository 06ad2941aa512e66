/**
 * Whether a certificate leads to a pinned root at a moment (RFC 5280 section 6, without policies and name
 * constraints, which the exchange's CA does not issue).
 */
import { equalBytes } from '../der/bytes.ts';
import { verifySignature } from '../x509/algorithms.ts';
import type { Certificate } from '../x509/certificate.ts';
import { revocationOf } from './crl.ts';
import { type Finding, finding } from './findings.ts';

export type Trust = {
  /** Anchors: their own validity is not asked. */
  readonly roots: readonly Certificate[];
  readonly crls: readonly Uint8Array[];
  readonly requireRevocation: boolean;
};

const KEY_CERT_SIGN = 5;
const PATH_LENGTH_MAX = 4;

/** `at` is when the certificate had to be valid, milliseconds since 1970. */
export async function checkPath(
  leaf: Certificate,
  pool: readonly Certificate[],
  at: number,
  trust: Trust,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  let current = leaf;
  for (let depth = 0; depth < PATH_LENGTH_MAX; depth++) {
    findings.push(...checkOne(current, at));
    const step = await findIssuer(current, pool, trust.roots);
    if (step === undefined) {
      findings.push(finding('UNTRUSTED_ISSUER', `nobody known issued ${title(current)}`));
      return findings;
    }
    const { issuer, isRoot, genuine } = step;
    if (!genuine) {
      findings.push(finding('CERT_SIGNATURE_INVALID', `${title(current)} is not signed by ${title(issuer)}`));
      return findings;
    }
    findings.push(...checkIssuer(issuer, depth), ...(await checkRevocation(current, issuer, at, trust)));
    if (isRoot) return findings;
    current = issuer;
  }
  return [...findings, finding('UNTRUSTED_ISSUER', 'the path to a root is too long')];
}

function checkOne(certificate: Certificate, at: number): Finding[] {
  const findings: Finding[] = [];
  if (at < certificate.notBefore || at > certificate.notAfter) {
    const from = new Date(certificate.notBefore).toISOString();
    const until = new Date(certificate.notAfter).toISOString();
    const detail = `${title(certificate)} is valid from ${from} to ${until}, not at ${new Date(at).toISOString()}`;
    findings.push(finding('CERT_NOT_VALID_AT_TIME', detail));
  }
  for (const id of certificate.unknownCritical) {
    findings.push(finding('UNKNOWN_CRITICAL_EXTENSION', `${title(certificate)} has ${id}`));
  }
  return findings;
}

/** `below` counts the certificates between the issuer and the leaf. */
function checkIssuer(issuer: Certificate, below: number): Finding[] {
  if (!issuer.isCa || !issuer.keyUsage.has(KEY_CERT_SIGN)) {
    return [finding('NOT_A_CA', `${title(issuer)} may not issue certificates`)];
  }
  if (issuer.pathLength !== undefined && below > issuer.pathLength) {
    return [finding('NOT_A_CA', `${title(issuer)} may not stand above another CA`)];
  }
  return [];
}

async function checkRevocation(
  certificate: Certificate,
  issuer: Certificate,
  at: number,
  trust: Trust,
): Promise<Finding[]> {
  const answer = await revocationOf(certificate, issuer, trust.crls);
  if (!answer) {
    if (!trust.requireRevocation) return [];
    return [
      finding(
        'REVOCATION_DATA_MISSING',
        `no list of ${title(issuer)} says that ${title(certificate)} was good`,
      ),
    ];
  }
  if (answer.status === 'good' || answer.at > at) return [];
  const detail = `${title(certificate)} was revoked at ${new Date(answer.at).toISOString()}`;
  return [finding('CERT_REVOKED', detail)];
}

/** Roots first; among namesakes the one whose key fits, so that a rogue namesake cannot stand in the way. */
async function findIssuer(
  certificate: Certificate,
  pool: readonly Certificate[],
  roots: readonly Certificate[],
) {
  const named = (candidate: Certificate) =>
    candidate !== certificate && equalBytes(candidate.subjectDer, certificate.issuerDer);
  const candidates = [
    ...roots.filter(named).map((issuer) => ({ issuer, isRoot: true })),
    ...pool.filter(named).map((issuer) => ({ issuer, isRoot: false })),
  ];
  for (const candidate of candidates) {
    const { signatureKind, signature, tbs } = certificate;
    if (await verifySignature(candidate.issuer.publicKey, signatureKind, signature, tbs)) {
      return { ...candidate, genuine: true };
    }
  }
  return candidates[0] && { ...candidates[0], genuine: false };
}

export function title(certificate: Certificate): string {
  const { commonName, organization } = certificate;
  return organization && organization !== commonName ? `${commonName} (${organization})` : commonName;
}
