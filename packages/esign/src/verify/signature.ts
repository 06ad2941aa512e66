/** Checks one signature of the profile: its range, its CMS, its signer. Every fault is its own finding. */
import { equalBytes } from '../der/bytes.ts';
import { OID } from '../der/oids.ts';
import { assembleCms } from '../cms/assemble.ts';
import { type ParsedCms, essNames, messageDigest, single } from '../cms/parse.ts';
import type { SignatureField } from '../pdf/profile.ts';
import { coveredBytes } from '../pdf/signature-dictionary.ts';
import { sha256, verifySignature } from '../x509/algorithms.ts';
import type { Certificate } from '../x509/certificate.ts';
import { type Finding, finding } from './findings.ts';
import { type Trust, carriesOnly, checkPath } from './path.ts';
import { type Covered, checkRange, readShell } from './shell.ts';
import { type TokenReport, checkToken } from './timestamp.ts';

export type SignatureReport = {
  readonly field: SignatureField;
  readonly signer: string | undefined;
  readonly organization: string | undefined;
  readonly organizationIdentifier: string | undefined;
  /** Lower-case hex of the signer's certificate serial. */
  readonly serial: string | undefined;
  /** RFC 3339; proved by a timestamp, else what the signature claims. */
  readonly signedAt: string | undefined;
  readonly timeSource: 'timestamp' | 'claimed';
  /** Who proved the time; undefined when nobody did. */
  readonly timestampAuthority: string | undefined;
  /** PAdES level of this signature (ETSI EN 319 142-1); undefined when it is not good. */
  readonly level: SignatureLevel | undefined;
  readonly reason: string | undefined;
  readonly findings: readonly Finding[];
};

/** With the time proved: B-T; with proof in the file that nothing was revoked: B-LT. */
export type SignatureLevel = 'B-B' | 'B-T' | 'B-LT';

export type SignatureInput = Covered & {
  readonly field: SignatureField;
  /** Who must have signed, each demand by itself. */
  readonly organizationIdentifiers: readonly string[];
  readonly at: number;
  readonly trust: Trust;
  readonly requireTimestamp: boolean;
};

const DIGITAL_SIGNATURE = 0;
const CONTENT_COMMITMENT = 1;

export async function checkSignature(input: SignatureInput): Promise<SignatureReport> {
  const { dictionary } = input;
  const findings = checkRange(input);
  const { cms, findings: shell } = readShell(input);
  findings.push(...shell);
  if (cms) findings.push(...(await checkDigest(input, cms)));
  const proof = cms && (await checkCms(input, cms, findings));
  const signer = cms?.signer;
  const time = proof?.token?.time;
  const signedAt = time ?? dictionary.claimedAt;
  return {
    field: input.field,
    signer: signer?.commonName,
    organization: signer?.organization,
    organizationIdentifier: signer?.organizationIdentifier,
    serial: signer?.serialHex,
    signedAt: signedAt === undefined ? undefined : new Date(signedAt).toISOString(),
    timeSource: time === undefined ? 'claimed' : 'timestamp',
    timestampAuthority: time === undefined ? undefined : proof?.token?.authority?.commonName,
    level: levelOf(findings, proof),
    reason: dictionary.reason,
    findings,
  };
}

type Proof = { readonly token: TokenReport | undefined; readonly embedded: boolean };

/** What only the file's lack of proof speaks against is still signed, and timestamped. */
function levelOf(findings: readonly Finding[], proof: Proof | undefined): SignatureLevel | undefined {
  const lacking = new Set<string>(['REVOCATION_DATA_MISSING', 'TIMESTAMP_MISSING']);
  if (!proof || findings.some(({ code }) => !lacking.has(code))) return undefined;
  if (!proof.token) return 'B-B';
  return proof.embedded && proof.token.embedded ? 'B-LT' : 'B-T';
}

async function checkDigest({ dictionary, file }: SignatureInput, cms: ParsedCms): Promise<Finding[]> {
  if (!dictionary.byteRange) return [];
  const [, b, c, d] = dictionary.byteRange;
  const inside = b <= c && c + d <= file.length;
  const digest = inside ? await sha256(coveredBytes(file, dictionary.byteRange)) : new Uint8Array();
  if (equalBytes(messageDigest(cms) ?? new Uint8Array(), digest)) return [];
  return [finding('DIGEST_MISMATCH', 'the document is not the one that was signed')];
}

/** Adds what it finds. */
async function checkCms(
  input: SignatureInput,
  cms: ParsedCms,
  findings: Finding[],
): Promise<Proof | undefined> {
  const { signer } = cms;
  if (!signer) {
    findings.push(finding('CMS_PROFILE', 'the signer’s certificate is not in the signature'));
    return undefined;
  }
  findings.push(...(await checkAttributes(cms, signer)));
  if (!(await verifySignature(signer.publicKey, cms.kind, cms.signature, cms.signedBytes))) {
    findings.push(finding('SIGNATURE_INVALID', `not made by the key of ${signer.commonName}`));
  }
  findings.push(...checkRole(signer, input));
  const token = await checkTimestamp(input, cms);
  if (token) findings.push(...token.findings);
  else if (input.requireTimestamp) {
    findings.push(finding('TIMESTAMP_MISSING', 'nobody but the signer says when it was signed'));
  }
  // Without a proved time the certificate has to be good now, and so has what is known of it.
  const use = {
    at: token?.time ?? input.at,
    freshness: token?.time === undefined ? 'covering' : 'after',
  } as const;
  const path = await checkPath(signer, cms.certificates, use, input.trust);
  findings.push(...path.findings);
  if (path.findings.length === 0 && !carriesOnly(path.path, cms.certificates)) {
    findings.push(finding('CMS_PROFILE', 'the signature carries a certificate that it does not need'));
  }
  return { token, embedded: path.embedded };
}

async function checkTimestamp(input: SignatureInput, cms: ParsedCms): Promise<TokenReport | undefined> {
  const token = single(cms.unsigned, OID.signatureTimeStamp);
  if (!token) return undefined;
  const imprint = await sha256(cms.signature);
  const stamped = { token: token.raw, imprint, pool: cms.certificates, freshness: 'after' } as const;
  return checkToken(stamped, input.trust);
}

/**
 * The attributes one by one, then the whole shell against what the profile would have written: so no bit
 * of it can be otherwise.
 */
async function checkAttributes(cms: ParsedCms, signer: Certificate): Promise<Finding[]> {
  const ess = await essNames(cms, signer);
  if (ess === 'missing') {
    return [finding('ATTR_SIGNING_CERT_V2_MISSING', 'the signature does not say with which certificate')];
  }
  if (ess === 'no') {
    return [finding('SIGNING_CERT_MISMATCH', 'the signature names another certificate than it carries')];
  }
  const digest = messageDigest(cms);
  const chain = cms.certificates.filter((certificate) => certificate !== signer).map(({ der }) => der);
  const token = single(cms.unsigned, OID.signatureTimeStamp)?.raw;
  const supported = signer.publicKey.kind !== 'unsupported';
  const canonical =
    digest && supported
      ? await assembleCms({ digest, certificate: signer.der, chain, signature: cms.signature, token })
      : undefined;
  if (canonical && equalBytes(canonical, cms.der)) return [];
  return [finding('CMS_PROFILE', 'the signature is not encoded as the profile writes it')];
}

function checkRole(signer: Certificate, { field, organizationIdentifiers }: SignatureInput): Finding[] {
  const findings: Finding[] = [];
  if (signer.isCa)
    findings.push(finding('SIGNER_IS_CA', `${signer.commonName} is a certification authority`));
  const usage = signer.keyUsage.has(DIGITAL_SIGNATURE) && signer.keyUsage.has(CONTENT_COMMITMENT);
  if (!usage || !signer.extKeyUsage.includes(OID.documentSigning)) {
    findings.push(
      finding('EXT_KEY_USAGE', `the certificate of ${signer.commonName} is not for signing documents`),
    );
  }
  for (const expected of new Set(organizationIdentifiers)) {
    if (signer.organizationIdentifier === expected) continue;
    const actual = signer.organizationIdentifier ?? 'a certificate without organisation';
    findings.push(finding('WRONG_SIGNER', `${field} is for ${expected}, signed by ${actual}`));
  }
  return findings;
}
