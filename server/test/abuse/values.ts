/**
 * Values for every field of a schema: at its limits, one beyond, and of wrong kinds. Made from the schema
 * itself, so that a new field is tried without being named here.
 */
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

/** JSON Schema as far as our frames use it. */
type Schema = {
  readonly type?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
};
type Fields = Readonly<Record<string, unknown>>;
export type Try = { readonly what: string; readonly frame: Fields; readonly fits: boolean };

const OF_NO_KIND: readonly unknown[] = [null, true, 0, -1, 1.5, 1e300, '', '0', [], {}, [[]], '\u0000', '🜛'];

/** Every field of `valid` in turn at each of its values, with whether the schema takes the whole. */
export function triesOf(schema: TSchema, valid: Fields): readonly Try[] {
  const { properties = {}, required = [] } = schema as unknown as Schema;
  const check = Compile(schema);
  const tries: { what: string; frame: Fields }[] = [{ what: 'as it is', frame: valid }];
  for (const [name, field] of Object.entries(properties)) {
    for (const value of valuesOf(field, valid[name]))
      tries.push({ what: `${name} = ${shown(value)}`, frame: { ...valid, [name]: value } });
    const { [name]: _left, ...rest } = valid;
    if (required.includes(name)) tries.push({ what: `no ${name}`, frame: rest });
  }
  tries.push({ what: 'a field too many', frame: { ...valid, surplus: 1 } });
  return tries.map((one) => ({ ...one, fits: check.Check(one.frame) }));
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 40 ? `${text.slice(0, 30)}… (${text.length})` : text;
}

function valuesOf(schema: Schema, valid: unknown): readonly unknown[] {
  if (schema.anyOf)
    return schema.anyOf.flatMap((one) => valuesOf(one, fitting(one, valid) ? valid : undefined));
  if (schema.const !== undefined) return [`${String(schema.const)}x`, ...OF_NO_KIND];
  if (schema.enum) return [...schema.enum, `${String(schema.enum[0])}x`, ...OF_NO_KIND];
  switch (schema.type) {
    case 'string':
      return [...textsOf(schema), ...OF_NO_KIND];
    case 'integer':
      return [...integersOf(schema), ...OF_NO_KIND];
    case 'array':
      return [...arraysOf(schema, valid), ...OF_NO_KIND];
    case 'object':
      return [...objectsOf(schema, valid), ...OF_NO_KIND];
    default:
      return OF_NO_KIND;
  }
}

const fitting = (schema: Schema, value: unknown): boolean =>
  value !== undefined && Compile(schema as TSchema).Check(value);

/** As long as each number that bounds a length or a repetition, and one to either side. */
function textsOf({ pattern = '', minLength, maxLength }: Schema): readonly string[] {
  const bounds = [...pattern.matchAll(/\{(\d+),?(\d*)\}/g)].flatMap(([, least, most]) => [
    least,
    most || least,
  ]);
  const lengths = [...bounds.map(Number), minLength ?? 0, maxLength ?? 64].flatMap((n) => [n - 1, n, n + 1]);
  const texts = [...new Set(lengths)]
    .filter((n) => n >= 0)
    .flatMap((n) => [
      '9'.repeat(n),
      '0'.repeat(n),
      'a'.repeat(n),
      `1.${'0'.repeat(n)}`,
      `1.${'9'.repeat(n)}`,
    ]);
  const odd = [
    '-1',
    '+1',
    '1e3',
    ' 1',
    '1 ',
    '0x1',
    'NaN',
    'Infinity',
    '１',
    "' or 1=1 --",
    '../../etc',
    '__proto__',
  ];
  const instants = [
    '2026-02-30T00:00:00Z',
    '9999-12-31T23:59:60Z',
    '2026-01-01T00:00:00+99:99',
    '2026-01-01',
    '0000-00-00T00:00:00Z',
  ];
  return [...texts, ...odd, ...instants];
}

function integersOf({ minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: Schema): readonly number[] {
  return [minimum - 1, minimum, minimum + 1, maximum - 1, maximum, maximum + 1, -0, 2 ** 31, 2 ** 53];
}

function arraysOf({ items = {}, minItems = 0, maxItems = 0 }: Schema, valid: unknown): readonly unknown[] {
  const one: unknown = Array.isArray(valid) ? valid[0] : undefined;
  const lengths = [minItems - 1, minItems, maxItems, maxItems + 1].filter((n) => n >= 0);
  const arrays = lengths.map((length) => Array.from({ length }, () => one));
  return [...arrays, ...valuesOf(items, one).map((value) => [value])];
}

function objectsOf(schema: Schema, valid: unknown): readonly unknown[] {
  if (typeof valid !== 'object' || valid === null) return [];
  return triesOf(schema as TSchema, valid as Fields).map(({ frame }) => frame);
}
