/** Values of the terms as people type them, and back as the terms hold them. */
import type { ContractTermsView, TermsField } from '@seam/protocol';
import { formatMoney, formatScaled, formatTonnes, parseScaled, parseTonnes } from '@seam/units';

/** What an input shows: hundredths of a percent as percent, kilograms as tonnes, minor units as money. */
export function shownValue({ form, value }: Pick<TermsField, 'form' | 'value'>): string {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  switch (form) {
    case 'basis_points':
      return formatScaled(BigInt(text || '0'), 2);
    case 'mass':
      return formatTonnes(BigInt(text || '0'));
    case 'money':
      return formatMoney(BigInt(text || '0'));
    default:
      return text;
  }
}

export function unitOf({ form, unit }: Pick<TermsField, 'form' | 'unit'>, days: string): string | undefined {
  if (unit !== null) return form === 'money' ? `${unit}/t` : unit;
  if (form === 'basis_points') return '%';
  if (form === 'mass') return 't';
  return form === 'days' ? days : undefined;
}

export type Typed = { readonly ok: true; readonly to: unknown } | { readonly ok: false };

/** What was typed, as the terms hold it. */
export function wireValue({ form }: Pick<TermsField, 'form'>, typed: string): Typed {
  const plain = typed.normalize('NFKC').replaceAll(/[,\s\u00a0]/g, '');
  const scaled = (scale: number): Typed => {
    const value = parseScaled(plain, scale);
    return value === undefined || value < 0n ? { ok: false } : { ok: true, to: String(value) };
  };
  switch (form) {
    case 'integer':
    case 'days':
      return /^\d{1,9}$/.test(plain) ? { ok: true, to: Number(plain) } : { ok: false };
    case 'basis_points': {
      const value = scaled(2);
      return value.ok ? { ok: true, to: Number(value.to) } : value;
    }
    case 'money':
      return scaled(2);
    case 'mass': {
      const kg = parseTonnes(plain);
      return kg === undefined ? { ok: false } : { ok: true, to: String(kg) };
    }
    case 'decimal':
      return /^-?\d{1,9}(\.\d{1,9})?$/.test(plain) ? { ok: true, to: plain } : { ok: false };
    default:
      return typed === '' ? { ok: false } : { ok: true, to: typed };
  }
}

export type WantedChange = { readonly path: string; readonly to: unknown };

/** What differs from the terms, and which inputs hold nothing that could stand there. */
export function changesTyped(
  clauses: ContractTermsView['clauses'],
  typed: (path: string) => string,
): { changes: WantedChange[]; wrong: Record<string, string> } {
  const changes: WantedChange[] = [];
  const wrong: Record<string, string> = {};
  for (const field of clauses.flatMap((clause) => clause.fields)) {
    const text = typed(field.path);
    // A field that the page did not show was not changed.
    if (text === shownValue(field) || (text === '' && field.value === '')) continue;
    const value = wireValue(field, text);
    if (!value.ok) wrong[field.path] = text === '' ? 'field.required' : 'not_valid';
    else if (value.to !== field.value) changes.push({ path: field.path, to: value.to });
  }
  return { changes, wrong };
}
