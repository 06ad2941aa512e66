/** Forms of lots and requests as the wire wants them, and the wire's faults as the form names its fields. */
import type { AssayStatement, LimitStatement } from '@seam/protocol';
import type { Problem } from '#lib/api/problem.ts';

/** Gives the text of a field, '' when it is empty. */
export type Read = (name: string) => string;

type Share = AssayStatement['ash'];
type Heat = AssayStatement['calorificValue'];

/** The quality part of the form. A value that is missing stays '' and is refused with its field named. */
export function readAssay(read: Read): AssayStatement {
  const share = (name: string): Share => ({
    value: read(name),
    basis: read(`${name}.basis`) as Share['basis'],
  });
  const heat = (name: string): Heat => ({
    value: read(name),
    unit: read(`${name}.unit`) as Heat['unit'],
    kind: read(`${name}.kind`) as Heat['kind'],
    basis: read(`${name}.basis`) as Heat['basis'],
  });
  const given = <T>(name: string, value: T): T | undefined => (read(name) === '' ? undefined : value);
  const inherentMoisture = given('assay.inherentMoisture', read('assay.inherentMoisture'));
  const volatileMatter = given('assay.volatileMatter', share('assay.volatileMatter'));
  const hardgroveIndex = given('assay.hardgroveIndex', read('assay.hardgroveIndex'));
  const size =
    (given('assay.size.minMm', 1) ?? given('assay.size.maxMm', 1))
      ? { minMm: read('assay.size.minMm'), maxMm: read('assay.size.maxMm') }
      : undefined;
  const second = given('assay.also.calorificValue', heat('assay.also.calorificValue'));
  return {
    totalMoisture: read('assay.totalMoisture'),
    ...(inherentMoisture !== undefined && { inherentMoisture }),
    ash: share('assay.ash'),
    ...(volatileMatter && { volatileMatter }),
    sulphur: share('assay.sulphur'),
    calorificValue: heat('assay.calorificValue'),
    ...(hardgroveIndex !== undefined && { hardgroveIndex }),
    ...(size && { size }),
    ...(second && { also: { calorificValue: [second] } }),
  };
}

const SHARES = ['ash', 'sulphur', 'volatileMatter'] as const;
const BOUNDS = ['minimum', 'maximum'] as const;

/** The limits of a request; a parameter without a bound is no limit. */
export function readLimits(read: Read): LimitStatement[] {
  const bounds = (name: string) => ({
    ...(read(`${name}.minimum`) !== '' && { minimum: read(`${name}.minimum`) }),
    ...(read(`${name}.maximum`) !== '' && { maximum: read(`${name}.maximum`) }),
  });
  const asked = (name: string): boolean => BOUNDS.some((bound) => read(`${name}.${bound}`) !== '');
  const limits: LimitStatement[] = [];
  const heat = 'limits.calorificValue';
  if (asked(heat)) {
    limits.push({
      parameter: 'calorificValue',
      unit: read(`${heat}.unit`) as NonNullable<LimitStatement['unit']>,
      kind: read(`${heat}.kind`) as NonNullable<LimitStatement['kind']>,
      basis: read(`${heat}.basis`) as NonNullable<LimitStatement['basis']>,
      ...bounds(heat),
    });
  }
  for (const parameter of SHARES) {
    const name = `limits.${parameter}`;
    if (!asked(name)) continue;
    const basis = read(`${name}.basis`) as NonNullable<LimitStatement['basis']>;
    limits.push({ parameter, basis, ...bounds(name) });
  }
  for (const parameter of ['totalMoisture', 'hardgroveIndex', 'sizeMax'] as const) {
    const name = `limits.${parameter}`;
    if (asked(name)) limits.push({ parameter, ...bounds(name) });
  }
  return limits;
}

/** Without empty texts: a field that was left out is left out of the body too. */
export function filled<T extends Record<string, string>>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, text]) => text !== '')) as Partial<T>;
}

/**
 * The problem with its faults on the names of the form's inputs: the wire says `assay.ash.value` where the
 * form has one field for the number, and names JSON Schema keywords where a person needs a sentence.
 */
export function forForm(problem: Problem, limits: readonly LimitStatement[] = []): Problem {
  if (!problem.fields) return problem;
  const fields = Object.entries(problem.fields).map(([name, code]) => [
    fieldName(name, limits),
    sentence(code),
  ]);
  return { ...problem, fields: Object.fromEntries(fields) as Record<string, string> };
}

function fieldName(name: string, limits: readonly LimitStatement[]): string {
  const limit = /^limits\.(\d+)(?:\.(\w+))?$/.exec(name);
  const parameter = limit && limits[Number(limit[1])]?.parameter;
  if (parameter) return `limits.${parameter}`;
  if (name.startsWith('assay.also.calorificValue')) return 'assay.also.calorificValue';
  return name.replace(/\.(value|minMm|maxMm)$/, '');
}

const KEYWORDS: Readonly<Record<string, string>> = {
  required: 'field.required',
  pattern: 'field.not_a_number',
  enum: 'field.required',
  minLength: 'field.required',
  maxLength: 'field.too_long',
};

function sentence(code: string): string {
  if (code.includes('.')) return code;
  return KEYWORDS[code] ?? 'field.invalid';
}
