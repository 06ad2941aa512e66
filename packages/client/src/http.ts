/**
 * Calls any route of the protocol, typed by it. A refusal is a value; nothing is retried here, because
 * only the caller knows whether its call may be made twice (GET always, others with a key).
 */
import type { Body, Ok, Params, Problem, Query, Route } from '@seam/protocol';
import { HTTP_PATIENCE_MS } from './limits.ts';

type Need<Name extends string, Value> = [Value] extends [undefined]
  ? { readonly [K in Name]?: undefined }
  : object extends Value
    ? { readonly [K in Name]?: Value }
    : { readonly [K in Name]: Value };

export type CallInput<R extends Route> = Need<'params', Params<R>> &
  Need<'query', Query<R>> &
  Need<'body', Body<R>> & {
    /** The same key makes a repeat safe: the first answer is given again. */
    readonly idempotencyKey?: string;
    readonly signal?: AbortSignal;
  };
type Input<R extends Route> = object extends CallInput<R> ? [input?: CallInput<R>] : [input: CallInput<R>];

/** Routes that answer a file give its bytes. */
export type Value<R extends Route> = R extends { readonly produces: string } ? Uint8Array : Ok<R>;
export type CallResult<T> =
  | { readonly ok: true; readonly value: T; readonly status: number }
  | { readonly ok: false; readonly problem: Problem };

export type ClientOptions = {
  /** Origin of the exchange, without a slash at its end; '' in its own pages. */
  readonly baseUrl: string;
  readonly fetch?: typeof globalThis.fetch;
  /** Bearer token, for callers without a cookie. */
  readonly token?: string;
  readonly timeoutMs?: number;
};

export type Client = {
  call<R extends Route>(route: R, ...input: Input<R>): Promise<CallResult<Value<R>>>;
  /** The same exchange, spoken to by whoever holds `token`. */
  withToken(token: string): Client;
};

/** Nobody answered, so nothing is known of what the call did. */
const NO_ANSWER: Problem = {
  type: 'about:blank',
  title: 'The exchange did not answer',
  status: 503,
  code: 'service.unavailable',
};

type AnyInput = {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
};

export function createClient(options: ClientOptions): Client {
  const { baseUrl, token, timeoutMs = HTTP_PATIENCE_MS } = options;
  const send = options.fetch ?? globalThis.fetch;
  return {
    withToken: (next) => createClient({ ...options, token: next }),
    async call<R extends Route>(route: R, ...[given]: Input<R>): Promise<CallResult<Value<R>>> {
      const input = (given ?? {}) as AnyInput;
      const { body, idempotencyKey, signal } = input;
      const url = baseUrl + pathOf(route, input);
      const timeout = AbortSignal.timeout(timeoutMs);
      const init: RequestInit = {
        method: route.method,
        headers: {
          accept: route.produces ?? 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      };
      try {
        const response = await send(url, init);
        if (!response.ok) return { ok: false, problem: problemOf(response, await response.text()) };
        const value = route.produces
          ? new Uint8Array(await response.arrayBuffer())
          : jsonOf(await response.text());
        return { ok: true, value: value as Value<R>, status: response.status };
      } catch {
        return { ok: false, problem: NO_ANSWER };
      }
    },
  };
}

/** @throws TypeError when a path parameter is missing: the caller's bug, and a type error too. */
function pathOf({ url }: Route, { params = {}, query = {} }: AnyInput): string {
  const path = url.replaceAll(/:([A-Za-z]+)/g, (_whole, name: string) => {
    const value = params[name];
    if (value === undefined) throw new TypeError(`${url} needs ${name}`);
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, value);
  return search.size === 0 ? path : `${path}?${search}`;
}

/** A proxy on the way may answer with anything; what comes out can be shown and has a code. */
function problemOf(response: Response, text: string): Problem {
  const body = jsonOf(text);
  if (typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string')
    return {
      type: 'about:blank',
      title: response.statusText,
      status: response.status,
      ...body,
      code: body.code,
    };
  const code = response.status >= 500 ? 'service.unavailable' : `http.${response.status}`;
  return { type: 'about:blank', title: response.statusText || code, status: response.status, code };
}

function jsonOf(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
