/**
 * Whether a certificate leads to a pinned root at a moment (RFC 5280 section 6, without policies and name
 * constraints, which the exchange's CA does not issue).
 */
import { equalBytes } from '../der/bytes.ts';
import type { Certificate } from '../x509/certificate.ts';
import { isIssuedBy } from '../x509/issued.ts';
import type { Evidence, Freshness } from './evidence.ts';
import { type Finding, finding } from './findings.ts';

export type Trust = {
  /** Anchors: their own validity is not asked. */
  readonly roots: readonly Certificate[];
  /** Certificates of the store: they may be needed, and prove nothing by being there. */
  readonly pool: readonly Certificate[];
  readonly evidence: Evidence;
  /** Whether every certificate needs proof that it was not revoked, and whether the file must hold it. */
  readonly revocation: 'if-known' | 'required' | 'embedded';
};

export type Use = {
  /** When the certificate had to be valid, milliseconds since 1970. */
  readonly at: number;
  /** Of the evidence about the leaf; for CAs above it, being in force is enough. */
  readonly freshness: Freshness;
};

export type PathReport = {
  readonly findings: readonly Finding[];
  /** From the leaf upwards, as far as it led. */
  readonly path: readonly Certificate[];
  /** True when the file itself proves that none on the path was revoked. */
  readonly embedded: boolean;
};

const KEY_CERT_SIGN = 5;
const PATH_LENGTH_MAX = 4;

export async function checkPath(
  leaf: Certificate,
  pool: readonly Certificate[],
  use: Use,
  trust: Trust,
): Promise<PathReport> {
  const findings: Finding[] = [];
  const path: Certificate[] = [];
  let embedded = true;
  const report = (...last: Finding[]) => ({ findings: [...findings, ...last], path, embedded });
  let current = leaf;
  for (let depth = 0; depth < PATH_LENGTH_MAX; depth++) {
    path.push(current);
    findings.push(...checkOne(current, use.at));
    const step = await findIssuer(current, [...pool, ...trust.pool], trust.roots);
    if (!step) return report(finding('UNTRUSTED_ISSUER', `nobody known issued ${title(current)}`));
    const { issuer, isRoot, genuine } = step;
    if (!genuine) {
      const detail = `${title(current)} is not signed by ${title(issuer)}`;
      return report(finding('CERT_SIGNATURE_INVALID', detail));
    }
    findings.push(...checkIssuer(issuer, depth));
    const revocation = await checkRevocation(
      current,
      issuer,
      depth === 0 ? use : { ...use, freshness: 'covering' },
      trust,
    );
    findings.push(...revocation.findings);
    embedded &&= revocation.embedded;
    if (isRoot) {
      path.push(issuer);
      return report();
    }
    current = issuer;
  }
  return report(finding('UNTRUSTED_ISSUER', 'the path to a root is too long'));
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
  { at, freshness }: Use,
  { evidence, revocation }: Trust,
): Promise<{ findings: Finding[]; embedded: boolean }> {
  const answer = await evidence.statusOf(certificate, issuer, at, freshness);
  if (answer.status === 'revoked') {
    const detail = `${title(certificate)} was revoked at ${new Date(answer.at).toISOString()}`;
    return { findings: [finding('CERT_REVOKED', detail)], embedded: false };
  }
  const embedded = answer.status === 'good' && answer.embedded;
  if (revocation === 'if-known' || (revocation === 'required' ? answer.status === 'good' : embedded)) {
    return { findings: [], embedded };
  }
  const why =
    answer.status === 'good'
      ? 'the contract itself does not hold the proof'
      : answer.stale
        ? 'what is known is from before its use'
        : `nothing of ${title(issuer)} says so`;
  const detail = `no proof that ${title(certificate)} was not revoked: ${why}`;
  return { findings: [finding('REVOCATION_DATA_MISSING', detail)], embedded };
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
    if (await isIssuedBy(certificate, candidate.issuer)) return { ...candidate, genuine: true };
  }
  return candidates[0] && { ...candidates[0], genuine: false };
}

/** Whether each certificate that a signature carries is one its path needs: no other could be checked. */
export function carriesOnly(path: readonly Certificate[], carried: readonly Certificate[]): boolean {
  return carried.every((certificate) => path.some(({ der }) => equalBytes(der, certificate.der)));
}

export function title(certificate: Certificate): string {
  const { commonName, organization } = certificate;
  return organization && organization !== commonName ? `${commonName} (${organization})` : commonName;
}
