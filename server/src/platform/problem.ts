/** Turns refusals, faults and the framework's own errors into problem+json. The only place that does. */
import { PROBLEMS, type Problem, type ProblemCode } from '@seam/protocol';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { Fault } from './fault.ts';
import type { Refusal } from './refusal.ts';

export function problemOf(
  code: ProblemCode,
  more: Omit<Partial<Problem>, 'code' | 'status' | 'title' | 'type'> = {},
): Problem {
  const { status, title } = PROBLEMS[code];
  return { type: `/docs/errors/${code}`, title, status, code, ...more };
}

export function sendProblem(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { refused, ...more } = refusal;
  const problem = problemOf(refused, { ...more, requestId: reply.request.id });
  // Written out here: the route's response schema describes the good answer only.
  return reply.code(problem.status).type('application/problem+json').serializer(JSON.stringify).send(problem);
}

export function installProblemHandlers(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | Fault, httpRequest, reply) => {
    if (error instanceof Fault) {
      httpRequest.log.warn({ err: error }, 'fault');
      if (error.retryAfterMs) void reply.header('retry-after', Math.ceil(error.retryAfterMs / 1000));
      const more: Partial<Problem> = { detail: error.detail };
      if (error.fields) more.fields = error.fields;
      if (error.retryAfterMs) more.retryAfterMs = error.retryAfterMs;
      return sendProblem(reply, { refused: error.code, ...more });
    }
    const refusal = frameworkRefusal(error);
    if (refusal) return sendProblem(reply, refusal);
    httpRequest.log.error({ err: error }, 'unexpected');
    return sendProblem(reply, { refused: 'internal.error' });
  });
  app.setNotFoundHandler((_httpRequest, reply) => sendProblem(reply, { refused: 'resource.not_found' }));
}

/** What Fastify and its plugins throw, in our words. Undefined: unexpected, told to the log only. */
function frameworkRefusal(error: FastifyError): Refusal | undefined {
  if (error.validation) {
    const fields: Record<string, string> = {};
    let unknown = false;
    for (const issue of error.validation) {
      const params = issue.params as Record<string, unknown> | undefined;
      if (issue.keyword === 'additionalProperties') unknown = true;
      const missing =
        params?.['missingProperty'] ?? (params?.['requiredProperties'] as string[] | undefined)?.[0];
      const extra =
        params?.['additionalProperty'] ?? (params?.['additionalProperties'] as string[] | undefined)?.[0];
      const path = issue.instancePath.slice(1).replaceAll('/', '.');
      const name = [path, missing ?? extra].filter(Boolean).join('.') || 'body';
      fields[name] ??= missing ? 'required' : issue.keyword;
    }
    return {
      refused: unknown ? 'request.unknown_field' : 'request.invalid',
      detail: error.message.slice(0, 300),
      fields,
    };
  }
  if (isNoId(error)) return { refused: 'resource.not_found' };
  switch (error.statusCode) {
    case 400:
      return { refused: 'request.invalid', detail: error.message.slice(0, 300) };
    case 413:
      return { refused: 'request.too_large' };
    case 415:
      return { refused: 'request.media_type' };
    case 429:
      return { refused: 'request.rate_limited' };
    default:
      return undefined;
  }
}

/** A text was asked for as the id of a row that has no such ids: nothing can be found under it. */
function isNoId(error: Error): boolean {
  const { code, message } = (error.cause ?? error) as Partial<FastifyError>;
  return code === '22P02' && message?.includes('type uuid') === true;
}
