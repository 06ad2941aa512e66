/** Checks one signature of the profile: its range, its CMS, its signer. Every fault is its own finding. */
import { equalBytes } from '../der/bytes.ts';
import { OID } from '../der/oids.ts';
import { DerError, readDer } from '../der/reader.ts';
import { assembleCms } from '../cms/assemble.ts';
import { type ParsedCms, essNames, messageDigest, parseCms, single } from '../cms/parse.ts';
import type { SignatureField } from '../pdf/profile.ts';
import { type SignatureDictionary, coveredBytes, coversWholeRevision } from '../pdf/signature-dictionary.ts';
import { sha256, verifySignature } from '../x509/algorithms.ts';
import type { Certificate } from '../x509/certificate.ts';
import { type Finding, finding } from './findings.ts';
import { type Trust, checkPath } from './path.ts';
import { checkToken } from './timestamp.ts';

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
  readonly reason: string | undefined;
  readonly findings: readonly Finding[];
};

export type SignatureInput = {
  readonly file: Uint8Array;
  readonly field: SignatureField;
  readonly dictionary: SignatureDictionary;
  readonly revisionEnd: number;
  /** Who must have signed, each demand by itself. */
  readonly organizationIdentifiers: readonly string[];
  readonly at: number;
  readonly trust: Trust;
};

const DIGITAL_SIGNATURE = 0;
const CONTENT_COMMITMENT = 1;

export async function checkSignature(input: SignatureInput): Promise<SignatureReport> {
  const { dictionary } = input;
  const findings = checkRange(input);
  const { cms, findings: shell } = readShell(input);
  findings.push(...shell);
  let time: number | undefined;
  if (cms) {
    findings.push(...(await checkDigest(input, cms)));
    time = await checkCms(input, cms, findings);
  }
  const signer = cms?.signer;
  const signedAt = time ?? dictionary.claimedAt;
  return {
    field: input.field,
    signer: signer?.commonName,
    organization: signer?.organization,
    organizationIdentifier: signer?.organizationIdentifier,
    serial: signer?.serialHex,
    signedAt: signedAt === undefined ? undefined : new Date(signedAt).toISOString(),
    timeSource: time === undefined ? 'claimed' : 'timestamp',
    reason: dictionary.reason,
    findings,
  };
}

function checkRange({ dictionary, revisionEnd, file }: SignatureInput): Finding[] {
  if (!dictionary.byteRange || !dictionary.contents) {
    return [finding('BYTERANGE_SYNTAX', 'no readable /ByteRange and /Contents')];
  }
  const [, , c, d] = dictionary.byteRange;
  if (!coversWholeRevision(dictionary, revisionEnd) || c + d > file.length) {
    const detail = `the range ${dictionary.byteRange.join(' ')} is not the whole revision but its signature`;
    return [finding('BYTERANGE_NOT_WHOLE_REVISION', detail)];
  }
  return [];
}

function readShell({ dictionary, file }: SignatureInput): {
  cms: ParsedCms | undefined;
  findings: Finding[];
} {
  const { contents } = dictionary;
  if (!contents) return { cms: undefined, findings: [] };
  const findings: Finding[] = [];
  const isLowerHex = (byte: number) => (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66);
  if (!file.subarray(contents.start + 1, contents.end - 1).every(isLowerHex)) {
    findings.push(finding('CMS_PROFILE', 'the signature is not in lower-case hexadecimal'));
  }
  try {
    const { raw } = readDer(contents.bytes);
    if (contents.bytes.subarray(raw.length).some((byte) => byte !== 0)) {
      findings.push(finding('CMS_TRAILING_DATA', 'data is hidden in the padding after the signature'));
    }
    return { cms: parseCms(raw), findings };
  } catch (error) {
    if (!(error instanceof DerError || error instanceof TypeError)) throw error;
    return { cms: undefined, findings: [...findings, finding('CMS_MALFORMED', error.message)] };
  }
}

async function checkDigest({ dictionary, file }: SignatureInput, cms: ParsedCms): Promise<Finding[]> {
  if (!dictionary.byteRange) return [];
  const [, b, c, d] = dictionary.byteRange;
  const inside = b <= c && c + d <= file.length;
  const digest = inside ? await sha256(coveredBytes(file, dictionary.byteRange)) : new Uint8Array();
  if (equalBytes(messageDigest(cms) ?? new Uint8Array(), digest)) return [];
  return [finding('DIGEST_MISMATCH', 'the document is not the one that was signed')];
}

/** Adds what it finds; returns the proved time. */
async function checkCms(
  input: SignatureInput,
  cms: ParsedCms,
  findings: Finding[],
): Promise<number | undefined> {
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
  const token = single(cms.unsigned, OID.signatureTimeStamp);
  const stamp = token && (await checkToken(token.raw, cms.signature, cms.certificates, input.trust));
  if (stamp) findings.push(...stamp.findings);
  findings.push(...(await checkPath(signer, cms.certificates, stamp?.time ?? input.at, input.trust)));
  return stamp?.time;
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
