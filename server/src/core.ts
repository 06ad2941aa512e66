/**
 * The Fastify app without the exchange: limits, headers, identity, errors, OpenAPI, health. Listens to
 * nothing. Slices are registered on top (app.ts); their tests use this same core.
 */
import { randomUUID } from 'node:crypto';
import fastifyHelmet from '@fastify/helmet';
import fastifyRateLimit from '@fastify/rate-limit';
import fastifySwagger from '@fastify/swagger';
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Sql } from 'postgres';
import { installAuth } from './platform/auth.ts';
import { installHealth } from './platform/health.ts';
import { OPENAPI_INFO } from './platform/openapi.ts';
import type { Authenticate } from './platform/principal.ts';
import { installProblemHandlers } from './platform/problem.ts';
import { installReadableText } from './platform/readable-text.ts';

export type CoreOptions = {
  readonly sql: Sql;
  readonly authenticate: Authenticate;
  readonly publicUrl: string;
  readonly log?: FastifyBaseLogger;
  /** Requests per minute and address; tests that hammer set it high. */
  readonly requestsPerMinute?: number;
};

/** A form with a certificate of analysis attached fits; nothing else comes near. */
const BODY_BYTES_MAX = 8 * 1024 * 1024;
/** A page load is about ten requests; this leaves a busy office behind one address room. */
const REQUESTS_PER_MINUTE = 3_000;

export async function buildCore(options: CoreOptions): Promise<FastifyInstance> {
  const app: FastifyInstance = Fastify({
    ...(options.log ? { loggerInstance: options.log } : {}),
    genReqId: () => randomUUID(),
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: 30_000,
    keepAliveTimeout: 30_000,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    // Only a proxy on this machine may name the address of its caller.
    trustProxy: 'loopback',
    ajv: {
      customOptions: {
        // A wrong type or an extra field is refused, never bent into shape; query strings are text already.
        coerceTypes: false,
        removeAdditional: false,
        useDefaults: true,
        allErrors: true,
      },
    },
  });
  // Left in, the framework would hand a plain text body to schemas that expect an object.
  app.removeContentTypeParser('text/plain');
  installProblemHandlers(app);
  installReadableText(app);
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: false,
    hsts: options.publicUrl.startsWith('https:'),
  });
  await app.register(fastifyRateLimit, {
    max: options.requestsPerMinute ?? REQUESTS_PER_MINUTE,
    timeWindow: 60_000,
    allowList: (httpRequest) => !httpRequest.url.startsWith('/v1/'),
  });
  await app.register(fastifySwagger, { openapi: OPENAPI_INFO });
  await installAuth(app, options);
  installHealth(app, options.sql);
  return app;
}
