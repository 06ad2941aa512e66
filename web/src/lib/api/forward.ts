/**
 * Hands a page's request for `/v1/…` to the exchange that runs in the same process.
 *
 * Promises: the visitor's cookies go in; cookies that the exchange sets reach the visitor's browser; the
 * address of the visitor is told, so that rate limits count the visitor and not the page server.
 */
import type { RequestEvent } from '@sveltejs/kit';
import { parseSetCookies } from './set-cookie.ts';

/** What describes the visitor rather than the connection. */
const passedOn = ['user-agent', 'accept-language', 'origin', 'x-request-id', 'traceparent'] as const;

/** Null when nobody mounted the exchange (plain `vite dev`): the caller then uses the network. */
export async function forward(event: RequestEvent, request: Request): Promise<Response | null> {
  const seam = event.platform?.req.seam;
  if (!seam) return null;
  const url = new URL(request.url);
  const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
  const answer = await seam.inject({
    method: request.method,
    url: url.pathname + url.search,
    headers: headersFor(event, request),
    ...(body === undefined ? {} : { payload: body }),
    ...address(event),
  });
  const headers = toHeaders(answer.headers);
  keepCookies(event, headers);
  const bodyless = answer.statusCode === 204 || answer.statusCode === 304;
  return new Response(bodyless ? null : (answer.payload as BodyInit), { status: answer.statusCode, headers });
}

function headersFor(event: RequestEvent, request: Request): Record<string, string> {
  const headers = Object.fromEntries(request.headers);
  for (const name of passedOn) {
    const value = event.request.headers.get(name);
    if (value !== null && headers[name] === undefined) headers[name] = value;
  }
  headers['host'] = event.url.host;
  headers['x-forwarded-proto'] = event.url.protocol.slice(0, -1);
  // A page speaks for the visitor who asked for it; without an Origin the exchange would take a form for a stranger's.
  if (request.method !== 'GET' && request.method !== 'HEAD') headers['origin'] = event.url.origin;
  // From the jar, not from the request: it has what an earlier call in the same request has set.
  const cookies = event.cookies.getAll().map(({ name, value }) => `${name}=${encodeURIComponent(value)}`);
  if (cookies.length > 0) headers['cookie'] = cookies.join('; ');
  return headers;
}

function address(event: RequestEvent): { remoteAddress?: string } {
  try {
    return { remoteAddress: event.getClientAddress() };
  } catch {
    return {}; // a socket that is already gone has no address
  }
}

function toHeaders(from: Readonly<Record<string, unknown>>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(from))
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined && one !== null) headers.append(name, String(one));
  // The body is already decoded and whole.
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding', 'connection'])
    headers.delete(name);
  return headers;
}

/** Also used after a call over the network, where Kit keeps the visitor's cookies but not the exchange's. */
export function keepCookies(event: RequestEvent, headers: Headers): void {
  for (const { name, value, options } of parseSetCookies(headers.getSetCookie()))
    event.cookies.set(name, value, options);
}
