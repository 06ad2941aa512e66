/** The forms of papers and owners, and the wire. Empty rows are left out; faults come back on the row that was typed. */
import type { DeclarationInput, PartyDocumentInput, PartyDocumentKind } from '@seam/protocol';
import { decimalText, text } from '#lib/form/read.ts';
import { OWNER_ROWS, RELATED_ROWS } from './rows.ts';
import { missing } from './wire-form.ts';

/** `12.5` (per cent) → 1250; what is no such number goes through as -1 and is refused beside the field. */
export function basisPoints(percent: string): number {
  return /^\d{1,3}(\.\d{1,2})?$/.test(percent) ? Math.round(Number(percent) * 100) : -1;
}

export type ReadDeclaration = {
  readonly body: DeclarationInput;
  readonly fields: Readonly<Record<string, string>>;
  readonly rename: (name: string) => string;
};

export function readDeclaration(data: FormData): ReadDeclaration {
  const filled = (prefix: string, rows: readonly number[], parts: readonly string[]) =>
    rows.filter((row) => parts.some((part) => text(data, `${prefix}.${row}.${part}`) !== ''));
  const owners = filled('owners', OWNER_ROWS, ['name', 'share', 'control']);
  const related = filled('related', RELATED_ROWS, ['name', 'legalId', 'relation']);
  const reason = text(data, 'ownersReason').replaceAll('\r\n', '\n');
  const shares = owners.map((row) => basisPoints(decimalText(data, `owners.${row}.share`) || '0'));
  const body: DeclarationInput = {
    representative: {
      name: text(data, 'representative.name'),
      identityNumber: text(data, 'representative.identityNumber'),
    },
    owners: owners.map((row, i) => {
      const control = text(data, `owners.${row}.control`);
      return {
        name: text(data, `owners.${row}.name`),
        country: text(data, `owners.${row}.country`),
        shareBasisPoints: shares[i]!,
        ...(control === '' ? {} : { control }),
      };
    }),
    ...(reason === '' ? {} : { ownersReason: reason }),
    related: related.map((row) => {
      const legalId = text(data, `related.${row}.legalId`);
      return {
        name: text(data, `related.${row}.name`),
        relation: text(data, `related.${row}.relation`),
        ...(legalId === '' ? {} : { legalId }),
      };
    }),
  };
  const wrongShares = owners.filter((_, i) => shares[i]! < 0 || shares[i]! > 10_000);
  return {
    body,
    fields: {
      ...missing(data, [
        'representative.name',
        'representative.identityNumber',
        ...owners.map((row) => `owners.${row}.name`),
        ...related.flatMap((row) => [`related.${row}.name`, `related.${row}.relation`]),
      ]),
      ...Object.fromEntries(wrongShares.map((row) => [`owners.${row}.share`, 'field.invalid'])),
    },
    rename: (name) =>
      name
        .replace(/^owners\.(\d+)/, (_, i: string) => `owners.${owners[Number(i)] ?? i}`)
        .replace(/^related\.(\d+)/, (_, i: string) => `related.${related[Number(i)] ?? i}`)
        .replace(/shareBasisPoints$/, 'share')
        .replace(/^owners$/, `owners.${owners.at(-1) ?? 0}.share`),
  };
}

/** @returns the document with its bytes, or the fields that are missing. */
export async function readDocument(
  data: FormData,
): Promise<{ body?: PartyDocumentInput; fields: Readonly<Record<string, string>> }> {
  const file = data.get('file');
  const given = file instanceof File && file.size > 0 ? file : undefined;
  const fields = {
    ...missing(data, ['kind', 'number', 'issuedOn']),
    ...(given ? {} : { file: 'field.required' }),
  };
  if (!given || Object.keys(fields).length > 0) return { fields };
  const expiresOn = text(data, 'expiresOn');
  return {
    fields,
    body: {
      kind: text(data, 'kind') as PartyDocumentKind,
      number: text(data, 'number'),
      issuedOn: text(data, 'issuedOn'),
      ...(expiresOn === '' ? {} : { expiresOn }),
      fileName: given.name,
      file: Buffer.from(await given.arrayBuffer()).toString('base64'),
    },
  };
}
