/** Schemas that every area uses. Decimals travel as strings: JSON numbers are binary fractions. */
import { CURRENCIES } from '@seam/units';
import { Type, type Static, type TProperties } from 'typebox';

/** An object that refuses unknown fields: a misspelt one must not pass silently. */
export const Exact = <T extends TProperties>(properties: T, options: { description?: string } = {}) =>
  Type.Object(properties, { additionalProperties: false, ...options });

export const Id = Type.String({ pattern: '^[0-9a-zA-Z_-]{1,64}$', description: 'Opaque identifier' });
export const IdParams = Exact({ id: Id });
export const Instant = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,6})?(Z|[+-]\\d{2}:\\d{2})$',
  description: 'RFC 3339 instant with offset',
});
export const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'Calendar day' });
/** One of a list of words. */
export const OneOf = Type.Enum;
export const Currency = OneOf(CURRENCIES);
/** Non-negative money with at most two fraction digits. */
export const Money = Type.String({
  pattern: '^\\d{1,15}(\\.\\d{1,2})?$',
  description: 'Decimal, major units',
});
export const SignedMoney = Type.String({ pattern: '^-?\\d{1,16}(\\.\\d{1,2})?$' });
export const Tonnes = Type.String({ pattern: '^\\d{1,12}(\\.\\d{1,3})?$', description: 'Decimal tonnes' });
export const Percent = Type.String({ pattern: '^\\d{1,3}(\\.\\d{1,2})?$', description: 'Decimal percent' });
export const Text = (maxLength: number, minLength = 1) => Type.String({ minLength, maxLength });
/** Bytes in base64, at most `bytesMax` of them. */
export const Base64 = (bytesMax: number) =>
  Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$', maxLength: Math.ceil(bytesMax / 3) * 4 });
export const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
export const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);
export const Page = <T extends Parameters<typeof Type.Array>[0]>(item: T) =>
  Exact({ items: Type.Array(item), nextCursor: Nullable(Type.String()) });
export const Empty = Exact({});

/** RFC 9457. `fields` names the inputs at fault with the reason code of each. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  detail: Type.Optional(Type.String()),
  fields: Type.Optional(Type.Record(Type.String(), Type.String())),
  retryAfterMs: Type.Optional(Type.Integer()),
  /** What would have been accepted, in the units of the request. */
  accepted: Type.Optional(Type.Record(Type.String(), Type.String())),
  requestId: Type.Optional(Type.String()),
});
export type Problem = Static<typeof Problem>;

/** How late bids move the end of an auction. */
export const SOFT_CLOSE_MODES = ['none', 'window', 'phase', 'cooloff'] as const;

/** What bidders see of each other while bidding runs. */
export const VISIBILITIES = ['open', 'rank_only', 'blind'] as const;
