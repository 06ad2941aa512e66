/**
 * Every page request: read the preferences, learn who is asking, render. Calls to `/v1/…` stay in the
 * process.
 */
import { dev } from '$app/env';
import type { Handle, HandleFetch, HandleServerError } from '@sveltejs/kit/hooks';
import { call } from '#lib/api/call.ts';
import { forward, keepCookies } from '#lib/api/forward.ts';
import type { Session } from '#lib/api/session.ts';
import { languageTag } from '#lib/i18n/dictionary.ts';
import { htmlClass, readPreferences } from '#lib/shell/preferences.ts';

export const handle: Handle = async ({ event, resolve }) => {
  // The exchange is in front of the pages: what comes here it does not know. Without this line a page that
  // asks for a route that does not exist would ask itself, for ever.
  if (event.url.pathname.startsWith('/v1/')) return unknownRoute();
  const preferences = readPreferences(
    (name) => event.cookies.get(name),
    event.request.headers.get('accept-language'),
  );
  event.locals.preferences = preferences;
  event.locals.locale = preferences.locale;
  event.locals.session = await readSession(event.fetch);

  const response = await resolve(event, {
    transformPageChunk: ({ html }) =>
      html
        .replace('%seam.lang%', languageTag[preferences.locale])
        .replace('%seam.class%', htmlClass(preferences)),
    filterSerializedResponseHeaders: (name) => name === 'content-type',
  });
  response.headers.set('x-content-type-options', 'nosniff');
  response.headers.set('referrer-policy', 'strict-origin-when-cross-origin');
  response.headers.set('permissions-policy', 'geolocation=(), microphone=()');
  // Pages differ by language, theme and login; none may be kept by a shared cache.
  if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'private, no-cache');
  return response;
};

function unknownRoute(): Response {
  const problem = {
    type: 'about:blank',
    status: 404,
    code: 'resource.not_found',
    title: 'There is no such route',
  };
  return new Response(JSON.stringify(problem), {
    status: 404,
    headers: { 'content-type': 'application/problem+json' },
  });
}

/** Nobody is logged in when the exchange says 401, or cannot be asked: reading stays possible. */
async function readSession(fetch: typeof globalThis.fetch): Promise<Session | null> {
  const result = await call<Session>(fetch, 'GET', '/v1/session');
  return result.ok ? result.data : null;
}

/** Where `vite dev` finds the exchange; otherwise it is mounted, or there is none. */
const devExchange = dev ? (process.env['SEAM_API'] ?? 'http://127.0.0.1:3000') : null;

export const handleFetch: HandleFetch = async ({ event, request, fetch }) => {
  const url = new URL(request.url);
  if (url.origin !== event.url.origin || !url.pathname.startsWith('/v1/')) return fetch(request);
  const mounted = await forward(event, request);
  if (mounted) return mounted;
  if (devExchange === null) throw new Error('no exchange is mounted behind the pages');
  const cookie = event.request.headers.get('cookie');
  const remote = new Request(new URL(url.pathname + url.search, devExchange), request);
  if (cookie) remote.headers.set('cookie', cookie);
  const response = await globalThis.fetch(remote);
  keepCookies(event, response.headers);
  return response;
};

export const handleError: HandleServerError = ({ kind, error, event }) => {
  if (kind !== 'unknown') return {};
  const requestId = crypto.randomUUID();
  // The one place where a page can tell the operator what broke; the visitor gets the id only.
  process.stderr.write(
    `${JSON.stringify({ level: 'error', requestId, route: event.route.id, error: error instanceof Error ? error.stack : String(error) })}\n`,
  );
  return { message: 'Internal error', code: 'internal.error', requestId };
};
