/** The wire's faults as a form names its fields, each with a code that has a sentence. */
import type { Problem } from '#lib/api/problem.ts';

const KEYWORDS: Readonly<Record<string, string>> = {
  required: 'field.required',
  minLength: 'field.required',
  minItems: 'field.required',
  maxLength: 'field.too_long',
  enum: 'field.required',
  pattern: 'field.invalid',
  not_positive: 'field.out_of_range',
  out_of_range: 'field.out_of_range',
  above_100_percent: 'field.out_of_range',
  unit_or_basis: 'field.invalid',
};

/** Inputs that are decimals: what does not fit their pattern is no number. */
const NUMBERS = /^(amount|gross|tare|maximum)$|\.value$/;

/**
 * @param names input of the wire → field of the form, where they differ. A fault that says no more than the
 * whole problem carries the problem's own sentence.
 */
export function forForm(problem: Problem, names: Readonly<Record<string, string>> = {}): Problem {
  if (!problem.fields) return problem;
  const fields = Object.entries(problem.fields).map(([name, code]): [string, string] => [
    names[name] ?? name,
    code === 'pattern' && NUMBERS.test(name) ? 'field.not_a_number' : sentence(code, problem.code),
  ]);
  const { detail, ...rest } = problem;
  // What a schema says of itself is for programmers; the sentence beside the field is for people.
  const kept = detail === undefined || problem.code === 'request.invalid' ? {} : { detail };
  return { ...rest, ...kept, fields: Object.fromEntries(fields) };
}

function sentence(code: string, whole: string): string {
  if (code.includes('.')) return code;
  return KEYWORDS[code] ?? (whole === 'request.invalid' ? 'field.invalid' : whole);
}
