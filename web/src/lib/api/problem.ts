/** What the exchange answers when the answer is no (RFC 9457), as far as pages use it. */
export type Problem = {
  /** Stable and public: pages translate it. */
  code: string;
  title: string;
  detail?: string;
  status: number;
  /** Name of the field → code of what is wrong with it. */
  fields?: Readonly<Record<string, string>>;
  /** What would have been accepted, in the units of the request. */
  accepted?: Readonly<Record<string, string>>;
  retryAfterMs?: number;
  /** What to quote to support. */
  requestId?: string;
};

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Reads a body that should be problem+json; whatever it is, the result can be shown. */
export function toProblem(status: number, body: unknown): Problem {
  const from = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const detail = text(from['detail']);
  const requestId = text(from['requestId']);
  const fields = toTexts(from['fields']);
  const accepted = toTexts(from['accepted']);
  const retryAfterMs = from['retryAfterMs'];
  return {
    code: text(from['code']) ?? `http.${status}`,
    title: text(from['title']) ?? `HTTP ${status}`,
    status,
    ...(detail === undefined ? {} : { detail }),
    ...(fields === undefined ? {} : { fields }),
    ...(accepted === undefined ? {} : { accepted }),
    ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

function toTexts(value: unknown): Record<string, string> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** The exchange could not be reached, or broke off: nothing is known about what it did. */
export const unreachable: Problem = {
  code: 'client.unreachable',
  title: 'The exchange cannot be reached',
  status: 503,
};
