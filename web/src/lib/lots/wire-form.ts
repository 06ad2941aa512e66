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
  const fixedCarbon = given('assay.fixedCarbon', share('assay.fixedCarbon'));
  const hydrogen = given('assay.hydrogen', share('assay.hydrogen'));
  const ashFusion = fusionOf(read);
  const further = <T>(name: string, one: (name: string) => T): T[] | undefined => {
    const stated = furtherNames(name).filter((each) => read(each) !== '');
    return stated.length === 0 ? undefined : stated.map(one);
  };
  const also = stated({
    ash: further('assay.also.ash', share),
    volatileMatter: further('assay.also.volatileMatter', share),
    sulphur: further('assay.also.sulphur', share),
    calorificValue: further('assay.also.calorificValue', heat),
  });
  return {
    totalMoisture: read('assay.totalMoisture'),
    ...(inherentMoisture !== undefined && { inherentMoisture }),
    ash: share('assay.ash'),
    ...(volatileMatter && { volatileMatter }),
    sulphur: share('assay.sulphur'),
    calorificValue: heat('assay.calorificValue'),
    ...(hardgroveIndex !== undefined && { hardgroveIndex }),
    ...(size && { size }),
    ...(fixedCarbon && { fixedCarbon }),
    ...(hydrogen && { hydrogen }),
    ...(ashFusion && { ashFusion }),
    ...(also && { also }),
  };
}

/** The fields of second values: at most three more of each parameter. */
export function furtherNames(name: string): readonly [string, string, string] {
  return [name, `${name}.1`, `${name}.2`];
}

function fusionOf(read: Read): AssayStatement['ashFusion'] {
  const celsius = filled({
    deformationCelsius: read('assay.ashFusion.deformationCelsius'),
    softeningCelsius: read('assay.ashFusion.softeningCelsius'),
  });
  if (Object.keys(celsius).length === 0) return undefined;
  const atmosphere = read('assay.ashFusion.atmosphere') === 'oxidising' ? 'oxidising' : 'reducing';
  return { ...celsius, atmosphere };
}

function stated(also: {
  [Name in keyof NonNullable<AssayStatement['also']>]: NonNullable<AssayStatement['also']>[Name] | undefined;
}): AssayStatement['also'] {
  const known = Object.entries(also).filter(([, values]) => values !== undefined);
  return known.length === 0 ? undefined : (Object.fromEntries(known) as AssayStatement['also']);
}

/** A statement as the fields of a form: what `readAssay` reads back as it was. */
export function assayFields(assay: AssayStatement): Record<string, string> {
  const fields: Record<string, string> = { 'assay.totalMoisture': assay.totalMoisture };
  const put = (name: string, value: Readonly<Record<string, string>> | undefined): void => {
    if (!value) return;
    for (const [key, text] of Object.entries(value)) fields[key === 'value' ? name : `${name}.${key}`] = text;
  };
  if (assay.inherentMoisture !== undefined) fields['assay.inherentMoisture'] = assay.inherentMoisture;
  if (assay.hardgroveIndex !== undefined) fields['assay.hardgroveIndex'] = assay.hardgroveIndex;
  for (const name of [
    'ash',
    'volatileMatter',
    'sulphur',
    'fixedCarbon',
    'hydrogen',
    'calorificValue',
  ] as const)
    put(`assay.${name}`, assay[name]);
  put('assay.ashFusion', assay.ashFusion);
  put('assay.size', assay.size);
  for (const [name, values] of Object.entries(assay.also ?? {}))
    for (const [at, value] of values.entries()) put(furtherNames(`assay.also.${name}`)[at] ?? '', value);
  return fields;
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
  const further = /^(assay\.also\.\w+)(?:\.([012]))?/.exec(name);
  if (further) return furtherNames(further[1] ?? '')[Number(further[2] ?? 0)] ?? name;
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
