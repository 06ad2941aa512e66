/** Reads a form and remembers what is missing or no number, by the name of the field. */
import { decimalText, instant, text } from '#lib/form/read.ts';

const DECIMAL = /^\d{1,12}(\.\d{1,4})?$/;
const WHOLE = /^\d{1,7}$/;

export type Reader = ReturnType<typeof reader>;

export function reader(data: FormData) {
  const fields: Record<string, string> = {};

  /** A decimal that must be there. */
  function need(name: string): string {
    const value = decimalText(data, name);
    if (value === '') fields[name] = 'field.required';
    else if (!DECIMAL.test(value)) fields[name] = 'field.not_a_number';
    return value;
  }
  /** A decimal under its own name, or nothing. */
  function may<Name extends string>(name: Name): { [P in Name]?: string } {
    return decimalText(data, name) === '' ? {} : ({ [name]: need(name) } as { [P in Name]?: string });
  }
  function whole(name: string, fallback?: number): number {
    const value = decimalText(data, name);
    if (value === '' && fallback !== undefined) return fallback;
    if (value === '') fields[name] = 'field.required';
    else if (!WHOLE.test(value)) fields[name] = 'field.not_a_number';
    return Number.parseInt(value, 10) || 0;
  }
  /** One of several decimals between commas, semicolons or spaces. */
  function list(name: string): string[] {
    const values = text(data, name)
      .normalize('NFKC')
      .split(/[\s,;、→·]+/)
      .filter((part) => part !== '');
    if (values.some((value) => !DECIMAL.test(value))) fields[name] = 'field.not_a_number';
    return values;
  }
  function word<Word extends string>(name: string, words: readonly [Word, ...Word[]]): Word {
    const given = text(data, name);
    return words.find((one) => one === given) ?? words[0];
  }
  function moment(name: string): string | null {
    const at = instant(data, name);
    if (at === null) fields[name] = 'field.required';
    return at;
  }

  return {
    fields,
    need,
    may,
    whole,
    list,
    word,
    moment,
    has: (name: string): boolean => text(data, name) !== '',
    text: (name: string): string => text(data, name),
    fault(name: string, code: string): void {
      fields[name] ??= code;
    },
  };
}
