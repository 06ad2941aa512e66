/** Reads of untrusted JSON, each reporting the place and the code of what it does not accept. */
import { decimal, parseRational } from '../exact/rational.ts';

export type ClauseProblemCode =
  | 'not_object'
  | 'not_array'
  | 'unknown_field'
  | 'missing_field'
  | 'not_text'
  | 'not_decimal'
  | 'not_choice'
  | 'not_positive'
  | 'out_of_range'
  | 'too_many'
  | 'duplicate_id'
  | 'unit_not_allowed'
  | 'basis_not_allowed'
  | 'tiers_not_contiguous';

/** `path` as in `rules[0].tiers[1].from`. */
export type ClauseProblem = { readonly path: string; readonly code: ClauseProblemCode };
export type Fields = Record<string, unknown>;
export type Report = (path: string, code: ClauseProblemCode) => void;

export function object(
  value: unknown,
  path: string,
  required: readonly string[],
  optional: readonly string[],
  report: Report,
): Fields | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    report(path, 'not_object');
    return undefined;
  }
  const fields = value as Fields;
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  for (const name of required) if (fields[name] === undefined) report(at(name), 'missing_field');
  for (const name of Object.keys(fields)) {
    if (!required.includes(name) && !optional.includes(name)) report(at(name), 'unknown_field');
  }
  return fields;
}

export function array(value: unknown, path: string, most: number, report: Report): readonly unknown[] {
  if (!Array.isArray(value)) {
    report(path, 'not_array');
    return [];
  }
  if (value.length > most) report(path, 'too_many');
  return value.slice(0, most);
}

export function choice(value: unknown, path: string, options: readonly string[], report: Report): void {
  if (typeof value !== 'string' || !options.includes(value)) report(path, 'not_choice');
}

export function number(value: unknown, path: string, report: Report): boolean {
  const readable = typeof value === 'string' && parseRational(value) !== undefined;
  if (!readable) report(path, 'not_decimal');
  return readable;
}

export function positive(value: unknown, path: string, report: Report): void {
  if (number(value, path, report) && decimal(value as string).numerator <= 0n) report(path, 'not_positive');
}
