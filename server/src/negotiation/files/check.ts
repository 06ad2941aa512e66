/**
 * Whether a file may be handed over. Its content decides, never its name or what was declared; what runs, hides
 * other files or cannot be looked into is refused. Reads bytes and gives a value: nothing is stored here.
 */
import { ATTACHMENT_BYTES_MAX, ATTACHMENT_TYPES, type ProblemCode } from '@seam/protocol';
import { fileTypeFromBuffer } from 'file-type';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { safeName } from './name.ts';
import { workbookFinding } from './office.ts';
import { pdfFinding } from './pdf.ts';

export type AttachmentType = (typeof ATTACHMENT_TYPES)[number];
export type CheckedFile = { readonly name: string; readonly mediaType: AttachmentType };

const WORKBOOK = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const EXTENSIONS: Record<AttachmentType, string> = {
  'application/pdf': 'pdf',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  [WORKBOOK]: 'xlsx',
  'text/csv': 'csv',
  'text/plain': 'txt',
};
/** The file that every scanner takes for a virus, written so that this one is not taken for it. */
const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}', '$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!', '$H+H*'].join('');

export async function checkFile(of: {
  readonly name: string;
  readonly declared: string;
  readonly bytes: Uint8Array;
}): Promise<CheckedFile | Refusal> {
  const { bytes } = of;
  const no = (code: ProblemCode, accepted?: string): Refusal =>
    refuse(code, { fields: { file: code }, ...(accepted !== undefined && { accepted: { file: accepted } }) });
  if (bytes.length === 0) return no('negotiation.file_empty');
  if (bytes.length > ATTACHMENT_BYTES_MAX)
    return no('negotiation.file_too_large', `${ATTACHMENT_BYTES_MAX / 1024 / 1024} MB`);
  if (Buffer.from(bytes).includes(EICAR, 0, 'latin1')) return no('negotiation.file_malware');
  const declared = of.declared.split(';')[0]!.trim().toLowerCase();
  if (!isAccepted(declared)) return no('negotiation.file_type_forbidden', ATTACHMENT_TYPES.join(', '));
  const found = await typeOf(bytes);
  if (found === undefined || found === 'program')
    return no('negotiation.file_type_forbidden', ATTACHMENT_TYPES.join(', '));
  // A table of text is a text, too.
  const same = found === declared || (found === 'text/plain' && declared === 'text/csv');
  if (!same) return no('negotiation.file_type_differs', found);
  const finding = findingOf(bytes, found);
  if (finding) return no(finding);
  const name = safeName(of.name, EXTENSIONS[declared]);
  return name === undefined ? no('negotiation.file_name_invalid') : { name, mediaType: declared };
}

function isAccepted(type: string): type is AttachmentType {
  return ATTACHMENT_TYPES.some((one) => one === type);
}

/** @returns undefined when it is none that is taken. */
async function typeOf(bytes: Uint8Array): Promise<AttachmentType | 'program' | undefined> {
  const found = await fileTypeFromBuffer(bytes).catch(() => undefined);
  // Archives are told apart by what is in them: a workbook is one that has a workbook inside.
  if (found && (found.mime === WORKBOOK || found.mime === 'application/zip'))
    return workbookFinding(bytes) === 'not_a_workbook' ? undefined : WORKBOOK;
  if (found) return isAccepted(found.mime) ? found.mime : undefined;
  return isText(bytes) ? (startsAsProgram(bytes) ? 'program' : 'text/plain') : undefined;
}

const CONTROL = /[^\P{Cc}\t\n\r\f]/u;

/** UTF-8, or the national character set that tables from Chinese offices come in. */
function isText(bytes: Uint8Array): boolean {
  return ['utf-8', 'gb18030'].some((label) => {
    try {
      return !CONTROL.test(new TextDecoder(label, { fatal: true }).decode(bytes));
    } catch {
      return false;
    }
  });
}

/** Scripts that a double click runs, and pages that a browser would. */
function startsAsProgram(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 1024))
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart();
  return /^(#!|<\?php|<script|<html|<!doctype html|<svg|@echo\b|MZ|%!PS)/iu.test(start);
}

function findingOf(bytes: Uint8Array, type: AttachmentType): ProblemCode | undefined {
  if (type === 'application/pdf') return codeOf(pdfFinding(bytes));
  if (type === WORKBOOK) return codeOf(workbookFinding(bytes));
  if (type === 'image/png' || type === 'image/jpeg')
    return endsAsImage(bytes, type) ? undefined : FINDINGS.active;
  return undefined;
}

const FINDINGS = {
  active: 'negotiation.file_active',
  unreadable: 'negotiation.file_unreadable',
  not_a_workbook: 'negotiation.file_type_forbidden',
} as const;

const codeOf = (finding: keyof typeof FINDINGS | undefined): ProblemCode | undefined =>
  finding && FINDINGS[finding];

const IEND = Buffer.from('49454e44ae426082', 'hex');

/** Behind the end of a picture another file can hide: there must be nothing. */
function endsAsImage(bytes: Uint8Array, type: 'image/png' | 'image/jpeg'): boolean {
  const file = Buffer.from(bytes);
  if (file.includes('PK\u0005\u0006', 0, 'latin1')) return false;
  if (type === 'image/png') return file.indexOf(IEND) === file.length - IEND.length;
  return file.subarray(-2).equals(Buffer.from('ffd9', 'hex'));
}
