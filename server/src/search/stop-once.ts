/**
 * The stop that a mail program offers beside a letter (RFC 8058): a form posted without a login and without a
 * page in between. Only the posted form stops anything: programs that look at links by themselves post none.
 */
import { searchRoutes as routes } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import { readStopToken } from '../mail/public.ts';
import { type HttpDeps, write } from '../platform/http.ts';
import { refuse } from '../platform/refusal.ts';
import { stopMail } from './saved.ts';

/** One field. */
const FORM_BYTES_MAX = 4_096;

/** Where a mail program stops the letters of this token, and where it sends a person who follows the link. */
export const stopOnceUrl = (publicUrl: string, token: string): string =>
  `${publicUrl}${routes.stopSearchMailOnce.url}?token=${encodeURIComponent(token)}`;
export const stopPageUrl = (publicUrl: string, token: string): string =>
  `${publicUrl}/find/stop-mail?token=${encodeURIComponent(token)}`;

/** In a scope of its own: only here are forms read. @param secret signs the links. */
export async function stopOnceRoutes(scope: FastifyInstance, deps: HttpDeps, secret: string): Promise<void> {
  scope.addContentTypeParser(
    ['application/x-www-form-urlencoded', 'multipart/form-data'],
    { parseAs: 'string', bodyLimit: FORM_BYTES_MAX },
    async (httpRequest: { headers: Record<string, unknown> }, body: string | Buffer) =>
      formOf(String(httpRequest.headers['content-type']), String(body)),
  );
  write(scope, deps, routes.stopSearchMailOnce, async ({ connection, query }) => {
    const id = readStopToken(secret, query.token);
    if (id === undefined) return refuse('resource.not_found');
    // A search that was deleted since writes no letters either.
    await stopMail(connection, id);
    return {};
  });
  scope.get(routes.stopSearchMailOnce.url, { schema: { hide: true } }, async (httpRequest, reply) => {
    const { token = '' } = httpRequest.query as { token?: string };
    return reply.redirect(stopPageUrl('', token), 303);
  });
}

/** The fields of a form, each once. */
function formOf(type: string, body: string): Record<string, string> {
  if (!type.startsWith('multipart/')) return Object.fromEntries(new URLSearchParams(body));
  const boundary = /boundary="?([^";]{1,70})"?/.exec(type)?.[1];
  if (boundary === undefined) return {};
  const fields = body.split(`--${boundary}`).flatMap((part) => {
    const [, name, value] = /^\r?\n[^]*?name="([^"]*)"[^]*?\r?\n\r?\n([^]*?)\r?\n$/.exec(part) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(fields);
}
