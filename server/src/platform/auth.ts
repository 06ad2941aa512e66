/**
 * Reads who is calling from the session cookie or a bearer token, before any handler runs, and turns
 * away writes that another site makes a browser send.
 */
import fastifyCookie from '@fastify/cookie';
import type { FastifyInstance } from 'fastify';
import { sendProblem } from './problem.ts';
import { type Authenticate, type Principal, SESSION_COOKIE } from './principal.ts';

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | null;
  }
}

/** 32 random bytes in base64url. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

export async function installAuth(
  app: FastifyInstance,
  options: { authenticate: Authenticate; publicUrl: string },
): Promise<void> {
  await app.register(fastifyCookie);
  app.decorateRequest('principal', null);
  const ownOrigin = new URL(options.publicUrl).origin;

  app.addHook('onRequest', async (httpRequest, reply) => {
    const bearer = /^Bearer (\S+)$/.exec(httpRequest.headers.authorization ?? '')?.[1];
    const cookie = httpRequest.cookies[SESSION_COOKIE];
    const token = bearer ?? cookie;
    if (token && TOKEN.test(token)) httpRequest.principal = await options.authenticate(token);

    // Only a cookie is sent by a browser without the page asking for it; a bearer token never is.
    const writes = httpRequest.method !== 'GET' && httpRequest.method !== 'HEAD';
    const { origin } = httpRequest.headers;
    if (
      writes &&
      cookie &&
      !bearer &&
      origin !== undefined &&
      origin !== ownOrigin &&
      !sameHost(origin, httpRequest.host)
    ) {
      return sendProblem(reply, { refused: 'request.origin_forbidden' });
    }
    return undefined;
  });
}

/** Reached as localhost and as 127.0.0.1 it is the same exchange: what counts is the host that was asked. */
export function sameHost(origin: string, host: string): boolean {
  return URL.parse(origin)?.host === host;
}
