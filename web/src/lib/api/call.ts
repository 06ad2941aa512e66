/**
 * One call to the exchange. A refusal is a value, never an exception: the caller shows it.
 *
 * On the server pass `event.fetch` (it carries the visitor's cookie and never leaves the process), in the
 * browser `fetch`. Nothing is retried here: whether that is safe only the caller knows.
 */
import { toProblem, unreachable, type Problem } from './problem.ts';

export type Result<T> = { ok: true; data: T; status: number } | { ok: false; problem: Problem };
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export type CallOptions = {
  /** Sent as JSON; a FormData, Blob or ArrayBuffer is sent as it is. */
  body?: unknown;
  /** The same key makes a repeated POST safe: the first answer is given again. */
  idempotencyKey?: string;
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
};

export async function call<T>(
  fetch: typeof globalThis.fetch,
  method: Method,
  url: `/v1/${string}`,
  options: CallOptions = {},
): Promise<Result<T>> {
  const { body, idempotencyKey, signal } = options;
  const raw = body instanceof FormData || body instanceof Blob || body instanceof ArrayBuffer;
  const init: RequestInit = {
    method,
    headers: {
      accept: 'application/json',
      ...(body === undefined || raw ? {} : { 'content-type': 'application/json' }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      ...options.headers,
    },
    ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  };
  let response: Response;
  let payload: unknown;
  try {
    response = await fetch(url, init);
    payload = parse(await response.text());
  } catch {
    return { ok: false, problem: unreachable };
  }
  if (!response.ok) return { ok: false, problem: toProblem(response.status, payload) };
  return { ok: true, data: payload as T, status: response.status };
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
