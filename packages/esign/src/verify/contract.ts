/**
 * Verifies a signed contract: that every byte belongs to the approved document or to the three signatures,
 * and that each signature is good, in order, by the right organisation, under a pinned root.
 *
 * It needs nothing but the bytes and the roots, so it gives the same answer in a browser without network.
 */
import { type PdfFile, type PdfObject, lastRevisionEnd, readPdf } from '../pdf/file.ts';
import { readForm } from '../pdf/form.ts';
import { type Increment, describeIncrement } from '../pdf/increment.ts';
import { SIGNATURE_FIELDS, type SignatureField } from '../pdf/profile.ts';
import { PdfSyntaxError, type PdfValue } from '../pdf/values.ts';
import { readCertificate } from '../x509/certificate.ts';
import { type Finding, finding } from './findings.ts';
import type { Trust } from './path.ts';
import { type SignatureReport, checkSignature } from './signature.ts';

export type VerifyOptions = {
  /** Pinned root certificates, DER. */
  readonly roots: readonly Uint8Array[];
  /** organizationIdentifier by field, in addition to what the document itself demands. */
  readonly expected?: Partial<Record<SignatureField, string>>;
  /** Signatures that must be there; all three unless a contract under way is looked at. */
  readonly require?: readonly SignatureField[];
  readonly crls?: readonly Uint8Array[];
  /** Demand a genuine list for every certificate. */
  readonly requireRevocation?: boolean;
  /** Milliseconds since 1970: when certificates must be valid where no timestamp proves an earlier time. */
  readonly at: number;
};

export type ContractReport = {
  /** True only when nothing at all was found. */
  readonly valid: boolean;
  readonly signatures: readonly SignatureReport[];
  /** About the document as a whole. */
  readonly findings: readonly Finding[];
};

export async function verifyContract(bytes: Uint8Array, options: VerifyOptions): Promise<ContractReport> {
  const findings: Finding[] = [];
  const file = readProfile(bytes, findings);
  const signatures: SignatureReport[] = [];
  if (file) {
    const trust: Trust = {
      roots: options.roots.map(readCertificate),
      crls: options.crls ?? [],
      requireRevocation: options.requireRevocation ?? false,
    };
    const form = readForm(file, 0);
    if (typeof form === 'string') findings.push(finding('NOT_EXCHANGE_PROFILE', form));
    const demanded = typeof form === 'string' ? [] : form.fields;
    for (let index = 1; index < file.revisions.length; index++) {
      const increment = describeIncrement(file, index);
      findings.push(...judgeIncrement(increment, index, signatures.length));
      if (!increment.field || !increment.signature) continue;
      const { field } = increment;
      const seed = demanded.find(({ name }) => name === field)?.organizationIdentifier;
      const report = await checkSignature({
        file: bytes,
        field,
        dictionary: increment.signature,
        revisionEnd: file.revisions[index]!.end,
        organizationIdentifiers: [seed, options.expected?.[field]].filter((id) => id !== undefined),
        at: options.at,
        trust,
      });
      signatures.push(report);
    }
  }
  findings.push(...checkPresence(signatures, options.require ?? SIGNATURE_FIELDS));
  const valid = findings.length === 0 && signatures.every((signature) => signature.findings.length === 0);
  return { valid, signatures, findings };
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
  if (increment.field) return [finding('UNEXPECTED_CHANGE_IN_INCREMENT', changes)];
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

/** What makes a page show something else later, or act: none of it belongs in a contract. */
const ACTIVE = new Set([
  'JS',
  'JavaScript',
  'OpenAction',
  'AA',
  'XFA',
  'RichMedia',
  'OCProperties',
  'A',
  'FFilter',
]);
const ACTION_TYPES = new Set([
  'Launch',
  'URI',
  'GoToR',
  'GoToE',
  'SubmitForm',
  'ImportData',
  'Rendition',
  'Movie',
]);

function checkOriginal(file: PdfFile): Finding[] {
  const findings: Finding[] = [];
  for (const object of file.revisions[0]!.objects.values()) {
    const key = activeKey(object.value);
    if (key) findings.push(finding('NOT_EXCHANGE_PROFILE', `object ${object.number} has ${key}`));
    if (isSigned(object))
      findings.push(finding('NOT_EXCHANGE_PROFILE', 'the first revision holds a signature value'));
  }
  return findings;
}

function isSigned({ value }: PdfObject): boolean {
  return value.type === 'dict' && value.entries.has('ByteRange');
}

function activeKey(value: PdfValue): string | undefined {
  if (value.type === 'array') return value.items.map(activeKey).find((key) => key !== undefined);
  if (value.type !== 'dict') return undefined;
  for (const [key, entry] of value.entries) {
    if (ACTIVE.has(key)) return `/${key}`;
    if (key === 'S' && entry.type === 'name' && ACTION_TYPES.has(entry.value))
      return `action /${entry.value}`;
    const inner = activeKey(entry);
    if (inner) return inner;
  }
  return undefined;
}
