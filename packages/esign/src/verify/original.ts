/** Looks for what has no place in revision 0: a contract shows one thing, does nothing, and is not yet signed. */
import type { PdfFile, PdfObject } from '../pdf/file.ts';
import type { PdfValue } from '../pdf/values.ts';
import { type Finding, finding } from './findings.ts';

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
/** What belongs to later revisions. */
const LATER = new Set(['DSS', 'Perms']);
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

export function checkOriginal(file: PdfFile): Finding[] {
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
    if (ACTIVE.has(key) || LATER.has(key)) return `/${key}`;
    if (key === 'S' && entry.type === 'name' && ACTION_TYPES.has(entry.value))
      return `action /${entry.value}`;
    const inner = activeKey(entry);
    if (inner) return inner;
  }
  return undefined;
}
