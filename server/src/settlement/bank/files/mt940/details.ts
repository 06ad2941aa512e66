/**
 * The text of a movement (field 86), in the ways that banks structure it: German numbered subfields, tags
 * between slashes, or plain words.
 */
import type { Party, References } from '../bank-file.ts';

export type Details = {
  /** The German business transaction code, where the text begins with one. */
  readonly code: string | null;
  readonly references: References;
  readonly counterparty: Party;
  readonly text: readonly string[];
};

/** "166?00GUTSCHRIFT…" or "805/00…": the separator follows the three digits. */
const NUMBERED = /^(\d{3})([?/~@<>^+])(?=\d{2})/;
const SEPA_TAG = /(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|COAM|OAMT|IBAN|BIC)\+/;
const TAG_FIRST = /^(EREF|KREF|MREF|CRED|SVWZ)\+/;

export function readDetails(value: string): Details {
  const joined = value.replaceAll('\n', '');
  const numbered = NUMBERED.exec(joined);
  if (numbered) return readNumbered(joined.slice(4), numbered[1]!, numbered[2]!);
  if (/^\/[A-Z]{4}\//.test(joined)) return readSlashed(joined);
  // The same words that others number, in plain lines.
  if (TAG_FIRST.test(joined)) return { code: null, counterparty: {}, ...taggedOf(joined) };
  return { code: null, references: {}, counterparty: {}, text: linesOf(value) };
}

function readNumbered(value: string, code: string, separator: string): Details {
  const fields = new Map<string, string>();
  for (const part of value.split(separator)) {
    const key = part.slice(0, 2);
    // A separator in the bank's own text: what follows belongs to the field before it.
    if (!/^\d{2}$/.test(key)) {
      const last = [...fields.keys()].at(-1);
      if (last !== undefined && part !== '') fields.set(last, fields.get(last)! + separator + part);
    } else fields.set(key, (fields.get(key) ?? '') + part.slice(2));
  }
  const join = (keys: readonly string[]): string => keys.map((key) => fields.get(key) ?? '').join('');
  const purpose = join([...range(20, 29), ...range(60, 63)]);
  const tagged = taggedOf(purpose);
  const posting = fields.get('00')?.trim();
  return {
    code,
    references: tagged.references,
    counterparty: {
      ...given('bank', fields.get('30')),
      ...given('account', fields.get('31')),
      ...given('name', join(['32', '33'])),
    },
    text: [...(posting ? [posting] : []), ...tagged.text],
  };
}

const range = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

/** "EREF+4711SVWZ+Invoice 12": references before the words. */
function taggedOf(purpose: string): { references: References; text: string[] } {
  const parts = purpose.split(SEPA_TAG);
  const words = [parts[0]!];
  const references: Record<string, string> = {};
  const names: Record<string, keyof References> = {
    EREF: 'endToEnd',
    KREF: 'customer',
    MREF: 'mandate',
    CRED: 'creditorId',
  };
  for (let i = 1; i < parts.length; i += 2) {
    const [tag, value] = [parts[i]!, parts[i + 1]!.trim()];
    const name = names[tag];
    if (name !== undefined && references[name] === undefined && value !== '') references[name] = value;
    else if (tag === 'SVWZ') words.push(value);
    else if (value !== '') words.push(`${tag}+${value}`);
  }
  return { references, text: words.map((word) => word.trim()).filter((word) => word !== '') };
}

/** "/TRTP/SEPA OVERBOEKING/IBAN/NL…/BIC/…/NAME/…/REMI/…/EREF/…" */
function readSlashed(value: string): Details {
  const parts = value.split(/\/([A-Z]{3,4})\//);
  const fields = new Map<string, string>();
  for (let i = 1; i < parts.length; i += 2)
    if (!fields.has(parts[i]!)) fields.set(parts[i]!, parts[i + 1]!.replaceAll(/^\/+|\/+$/g, '').trim());
  const endToEnd = fields.get('EREF');
  return {
    code: null,
    references: {
      ...given('endToEnd', endToEnd === 'NOTPROVIDED' ? undefined : endToEnd),
      ...given('mandate', fields.get('MARF')),
      ...given('creditorId', fields.get('CSID')),
      ...given('transaction', fields.get('TRCD')),
    },
    counterparty: {
      ...given('bank', fields.get('BIC')),
      ...given('account', fields.get('IBAN')),
      ...given('name', fields.get('NAME')),
    },
    text: [fields.get('TRTP'), fields.get('REMI'), parts[0]].filter(
      (one): one is string => one !== undefined && one !== '',
    ),
  };
}

function given<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  const trimmed = value?.trim();
  return trimmed ? ({ [key]: trimmed } as { [P in K]?: string }) : {};
}

const linesOf = (value: string): string[] =>
  value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
