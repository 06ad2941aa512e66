/** Short ways to write down a parameter: its label, form, range and who may change it. */
import { CURRENCIES } from '@seam/units';
import { Type, type TSchema } from 'typebox';
import type { Bilingual, Negotiation, Parameter, ParameterForm } from './clause.ts';

/** Follows from the award or the certified record: no party can move it. */
export const FIXED: Negotiation = { before: 'nobody', amend: 'never' };

type Label = readonly [zh: string, en: string];

function parameter(
  path: string,
  [zh, en]: Label,
  form: ParameterForm,
  schema: TSchema,
  negotiation: Negotiation = FIXED,
): Parameter {
  return { path, label: { zh, en }, form, schema, negotiation };
}

export const structured = parameter;

export const days = (path: string, label: Label, [minimum, maximum]: [number, number], may?: Negotiation) =>
  parameter(path, label, 'days', Type.Integer({ minimum, maximum }), may);

export const integer = (
  path: string,
  label: Label,
  [minimum, maximum]: [number, number],
  may?: Negotiation,
) => parameter(path, label, 'integer', Type.Integer({ minimum, maximum }), may);

export const basisPoints = (
  path: string,
  label: Label,
  [minimum, maximum]: [number, number],
  may?: Negotiation,
) => parameter(path, label, 'basis_points', Type.Integer({ minimum, maximum }), may);

/** At most 10¹⁵ minor units or kilograms: products stay far inside what the ledger can hold. */
const WHOLE = '^(0|[1-9][0-9]{0,14})$';

export const mass = (path: string, label: Label, may?: Negotiation) =>
  parameter(path, label, 'mass', Type.String({ pattern: '^[1-9][0-9]{0,14}$' }), may);

export const money = (path: string, label: Label, may?: Negotiation) =>
  parameter(path, label, 'money', Type.String({ pattern: WHOLE }), may);

export const currency = (path: string, label: Label) =>
  parameter(path, label, 'currency', Type.Enum([...CURRENCIES]));

export const day = (path: string, label: Label, may?: Negotiation) =>
  parameter(
    path,
    label,
    'day',
    Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' }),
    may,
  );

/** No control characters: what is signed must be printable as it is. */
const PRINTABLE = '^[^\\u0000-\\u001f\\u007f]*$';

export const line = (maxLength: number, minLength = 1): TSchema =>
  Type.String({ minLength, maxLength, pattern: PRINTABLE });

export const text = (path: string, label: Label, maxLength: number, may?: Negotiation) =>
  parameter(path, label, 'text', line(maxLength), may);

export function choice(
  path: string,
  label: Label,
  words: Readonly<Record<string, Bilingual>>,
  may?: Negotiation,
): Parameter {
  return { ...parameter(path, label, 'choice', Type.Enum(Object.keys(words)), may), words };
}
