/**
 * Verifies a signed contract: that every byte belongs to the approved document, to the three signatures or
 * to what proves them, and that each signature is good, in order, by the right organisation, under a pinned
 * root.
 *
 * It needs nothing but the bytes and the roots, so it gives the same answer in a browser without network.
 */
import { type PdfFile, lastRevisionEnd, readPdf } from '../pdf/file.ts';
import { type FormField, readForm } from '../pdf/form.ts';
import { type Increment, describeIncrement } from '../pdf/increment.ts';
import type { SecurityStore } from '../pdf/increment-store.ts';
import { SIGNATURE_FIELDS, type SignatureField } from '../pdf/profile.ts';
import { PdfSyntaxError } from '../pdf/values.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';
import { type DocumentTimestampReport, checkDocumentTimestamp } from './document-timestamp.ts';
import { Evidence } from './evidence.ts';
import { type Finding, type Warning, finding } from './findings.ts';
import { checkOriginal } from './original.ts';
import type { Trust } from './path.ts';
import { type SignatureLevel, type SignatureReport, checkSignature } from './signature.ts';

/** `B-LTA`: all of B-LT under a document timestamp. */
export type ContractLevel = SignatureLevel | 'B-LTA';

export type VerifyOptions = {
  /** Pinned root certificates, DER. */
  readonly roots: readonly Uint8Array[];
  /** organizationIdentifier by field, in addition to what the document itself demands. */
  readonly expected?: Partial<Record<SignatureField, string>>;
  /** Signatures that must be there; all three unless a contract under way is looked at. */
  readonly require?: readonly SignatureField[];
  /** Lists known to the caller, beside those that the contract carries. */
  readonly crls?: readonly Uint8Array[];
  /** Demand genuine proof for every certificate that it was not revoked, from the file or from `crls`. */
  readonly requireRevocation?: boolean;
  /** The least level; from B-LT on the proof must be in the file. */
  readonly requireLevel?: ContractLevel;
  /** Milliseconds since 1970: when certificates must be valid where no timestamp proves an earlier time. */
  readonly at: number;
};

export type ContractReport = {
  /** True only when nothing at all was found; warnings do not count. */
  readonly valid: boolean;
  /** The least of what the signatures reach; undefined without signatures or when one is not good. */
  readonly level: ContractLevel | undefined;
  readonly signatures: readonly SignatureReport[];
  readonly documentTimestamp: DocumentTimestampReport | undefined;
  /** About the document as a whole. */
  readonly findings: readonly Finding[];
  /** What in the security store was passed over. */
  readonly warnings: readonly Warning[];
};

const LEVELS = ['B-B', 'B-T', 'B-LT', 'B-LTA'] as const satisfies readonly ContractLevel[];

export async function verifyContract(bytes: Uint8Array, options: VerifyOptions): Promise<ContractReport> {
  const findings: Finding[] = [];
  const warnings: Warning[] = [];
  const file = readProfile(bytes, findings);
  const { signatures, documentTimestamp } = file
    ? await checkRevisions(file, options, findings, warnings)
    : { signatures: [], documentTimestamp: undefined };
  findings.push(...checkPresence(signatures, options.require ?? SIGNATURE_FIELDS));
  findings.push(...checkOrder(signatures, documentTimestamp));
  if (options.requireLevel === 'B-LTA' && !documentTimestamp) {
    findings.push(finding('DOCUMENT_TIMESTAMP_MISSING', 'no timestamp covers the whole document'));
  }
  const all = [findings, ...signatures.map((one) => one.findings), documentTimestamp?.findings ?? []];
  return {
    valid: all.every((some) => some.length === 0),
    level: levelOf(signatures, documentTimestamp),
    signatures,
    documentTimestamp,
    findings,
    warnings,
  };
}

/** Signatures after the store is read: what it holds is evidence about them. */
async function checkRevisions(
  file: PdfFile,
  options: VerifyOptions,
  findings: Finding[],
  warnings: Warning[],
) {
  const increments = file.revisions.slice(1).map((revision, index) => ({
    ...describeIncrement(file, index + 1),
    revisionEnd: revision.end,
  }));
  const store = increments.find((increment) => increment.kind === 'store')?.store ?? EMPTY_STORE;
  const trust = readTrust(options, store, warnings);
  const demanded = readDemands(file, findings);
  const signatures: SignatureReport[] = [];
  let documentTimestamp: DocumentTimestampReport | undefined;
  for (const [index, increment] of increments.entries()) {
    findings.push(...judgeIncrement(increment, index + 1, signatures.length));
    const covered = { file: file.bytes, revisionEnd: increment.revisionEnd, trust };
    if (increment.kind === 'signature') {
      const { field } = increment;
      const seed = demanded.find(({ name }) => name === field)?.organizationIdentifier;
      const report = await checkSignature({
        ...covered,
        field,
        dictionary: increment.signature,
        organizationIdentifiers: [seed, options.expected?.[field]].filter((id) => id !== undefined),
        at: options.at,
        requireTimestamp: isAtLeast(options.requireLevel, 'B-T'),
      });
      signatures.push(report);
    }
    if (increment.kind === 'timestamp') {
      documentTimestamp = await checkDocumentTimestamp({ ...covered, dictionary: increment.timestamp });
    }
  }
  warnings.push(...trust.evidence.warnings());
  return { signatures, documentTimestamp };
}

const EMPTY_STORE: SecurityStore = { certificates: [], ocspResponses: [], crls: [] };

function readTrust(options: VerifyOptions, store: SecurityStore, warnings: Warning[]): Trust {
  const pool = store.certificates.flatMap((der): Certificate[] => {
    try {
      return [readCertificate(der)];
    } catch (error) {
      const detail = error instanceof Error ? error.message : 'unreadable';
      warnings.push({ code: 'STORE_UNREADABLE', detail: `a certificate: ${detail}` });
      return [];
    }
  });
  const required = options.requireRevocation ? 'required' : 'if-known';
  return {
    roots: options.roots.map(readCertificate),
    pool,
    evidence: new Evidence({ crls: options.crls ?? [], store }),
    revocation: isAtLeast(options.requireLevel, 'B-LT') ? 'embedded' : required,
  };
}

function readDemands(file: PdfFile, findings: Finding[]): readonly FormField[] {
  const form = readForm(file, 0);
  if (typeof form !== 'string') return form.fields;
  findings.push(finding('NOT_EXCHANGE_PROFILE', form));
  return [];
}

const isAtLeast = (level: ContractLevel | undefined, least: ContractLevel): boolean =>
  level !== undefined && LEVELS.indexOf(level) >= LEVELS.indexOf(least);

function levelOf(
  signatures: readonly SignatureReport[],
  documentTimestamp: DocumentTimestampReport | undefined,
): ContractLevel | undefined {
  if (signatures.length === 0) return undefined;
  const least = Math.min(...signatures.map(({ level }) => (level ? LEVELS.indexOf(level) : -1)));
  const level = LEVELS[least];
  return level === 'B-LT' && documentTimestamp?.findings.length === 0 ? 'B-LTA' : level;
}

/** Reads what can be read: bytes after the last whole revision are a finding and are then left out. */
function readProfile(bytes: Uint8Array, findings: Finding[]): PdfFile | undefined {
  const end = lastRevisionEnd(bytes);
  if (end !== bytes.length && end > 0) {
    const detail = `${bytes.length - end} bytes after the last whole revision`;
    findings.push(finding('TRAILING_OR_TRUNCATED_DATA', detail));
  }
  try {
    const file = readPdf(bytes.subarray(0, end));
    findings.push(...checkOriginal(file));
    return file;
  } catch (error) {
    if (!(error instanceof PdfSyntaxError)) throw error;
    findings.push(finding('NOT_EXCHANGE_PROFILE', error.message));
    return undefined;
  }
}

function judgeIncrement(increment: Increment, index: number, signedBefore: number): Finding[] {
  if (increment.unexpected.length === 0) return [];
  const changes = `revision ${index}: ${increment.unexpected.join('; ')}`;
  if (signedBefore > 0) return [finding('MODIFIED_AFTER_SIGNING', changes)];
  if (increment.kind === 'signature') return [finding('UNEXPECTED_CHANGE_IN_INCREMENT', changes)];
  return [finding('UNSIGNED_REVISION_BEFORE_FIRST_SIGNATURE', changes)];
}

function checkPresence(
  signatures: readonly SignatureReport[],
  required: readonly SignatureField[],
): Finding[] {
  const missing = required.filter((field) => !signatures.some((signature) => signature.field === field));
  const findings = missing.map((field) => finding('SIGNATURE_MISSING', field));
  return signatures.length === 0 && required.length > 0
    ? [finding('NO_SIGNATURE', 'no signature of the profile could be read'), ...findings]
    : findings;
}

/** Each signature covers the one before it, so a timestamp that is earlier than the one before lies. */
function checkOrder(
  signatures: readonly SignatureReport[],
  documentTimestamp: DocumentTimestampReport | undefined,
): Finding[] {
  const proved: { what: string; at: string }[] = signatures.flatMap(({ field, timeSource, signedAt }) =>
    timeSource === 'timestamp' && signedAt ? [{ what: field, at: signedAt }] : [],
  );
  if (documentTimestamp?.time) proved.push({ what: 'the document timestamp', at: documentTimestamp.time });
  return proved.flatMap(({ what, at }, index) => {
    const before = proved[index - 1];
    // Texts of one form compare as their times do.
    if (!before || before.at <= at) return [];
    return [finding('TIMESTAMPS_NOT_RISING', `${what} at ${at}, after ${before.what} at ${before.at}`)];
  });
}
