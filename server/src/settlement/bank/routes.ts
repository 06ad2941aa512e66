/**
 * Where the bank calls us: POST /v1/bank/callbacks. The signature is over the raw bytes, so nothing
 * parses them before it is verified; what is verified is kept, then answered with 200, then processed.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { BankDeps } from './deps.ts';
import { receiveBankMessage } from './inbox.ts';
import { STATEMENT_BYTES_MAX } from './iso20022/limits.ts';
import { bankKeys } from './key-exchange.ts';
import { verifyCallback } from './signature.ts';

/** Public codes of this route. */
const CALLBACK_PROBLEMS = {
  'bank.signature_missing': { status: 401, title: 'The message carries no signature' },
  'bank.signature_invalid': { status: 401, title: 'The signature does not fit the message' },
  'bank.timestamp_stale': {
    status: 401,
    title: 'The message was signed more than five minutes away from now',
  },
  'bank.event_conflict': { status: 409, title: 'This event came before with another body' },
  'bank.message_invalid': { status: 422, title: 'The message cannot be read' },
  'bank.message_too_large': { status: 413, title: 'The message is too large' },
  'service.overloaded': { status: 503, title: 'Too busy at this moment' },
} as const;
type Code = keyof typeof CALLBACK_PROBLEMS;

/** Messages in the hands of this process at once: each is at most 8 MiB and one insert. */
const IN_FLIGHT_MAX = 16;
const RETRY_AFTER_S = 5;

/** A plugin: `await app.register(async (scope) => bankRoutes(scope, deps))`. */
export async function bankRoutes(
  app: FastifyInstance,
  deps: Pick<BankDeps, 'sql' | 'clock' | 'log' | 'secrets' | 'wake'>,
  limits: { inFlightMax?: number } = {},
): Promise<void> {
  await app.register(async (scope) => {
    let inFlight = 0;
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: STATEMENT_BYTES_MAX },
      (_httpRequest, body, done) => done(null, body),
    );
    scope.post(
      '/v1/bank/callbacks',
      { bodyLimit: STATEMENT_BYTES_MAX, schema: { hide: true } },
      async (httpRequest, reply) => {
        if (inFlight >= (limits.inFlightMax ?? IN_FLIGHT_MAX)) {
          return problem(reply.header('retry-after', RETRY_AFTER_S), 'service.overloaded');
        }
        inFlight += 1;
        try {
          return await take(deps, httpRequest.headers, bytesOf(httpRequest.body), reply);
        } finally {
          inFlight -= 1;
        }
      },
    );
  });
}

function bytesOf(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

async function take(
  deps: Pick<BankDeps, 'sql' | 'clock' | 'log' | 'secrets' | 'wake'>,
  headers: Record<string, string | string[] | undefined>,
  body: Buffer,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const now = deps.clock.now();
  const publicKeys = await bankKeys(deps.sql, now);
  const verified = verifyCallback(headers, body, { secrets: deps.secrets, publicKeys }, now);
  if (!verified.ok) {
    deps.log.warn({ code: verified.code, bytes: body.length }, 'a bank callback was turned away');
    return problem(reply, verified.code);
  }
  const received = await receiveBankMessage(deps.sql, {
    source: 'bank',
    eventId: verified.id,
    raw: body,
    gotAt: now,
  });
  if (!received.ok) {
    deps.log.error(
      { code: received.code, eventId: verified.id, detail: received.detail },
      'a signed bank message was refused',
    );
    return problem(reply, received.code, received.detail);
  }
  deps.wake?.();
  return reply.code(200).send({ outcome: received.outcome });
}

function problem(reply: FastifyReply, code: Code, detail?: string): FastifyReply {
  const body = {
    type: `/docs/errors/${code}`,
    ...CALLBACK_PROBLEMS[code],
    code,
    ...(detail ? { detail } : {}),
  };
  return reply.code(body.status).type('application/problem+json').serializer(JSON.stringify).send(body);
}
