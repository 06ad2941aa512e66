/**
 * Binds a protocol route to its handler. Everything that must never be forgotten happens here and
 * nowhere else: who may call, the transaction of a write, the first answer kept for a retry, and the
 * way a refusal becomes problem+json.
 */
import { createHash } from 'node:crypto';
import {
  type Body,
  type Ok,
  type Params,
  type ProblemCode,
  type Query,
  type Route,
  mayTrade,
  officesOf,
  rolesOf,
  whoMayCall,
} from '@seam/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Sql } from 'postgres';
import { type Tx, transaction } from './db.ts';
import { Fault } from './fault.ts';
import type { Principal } from './principal.ts';
import { sendProblem } from './problem.ts';
import { type Refusal, isRefusal } from './refusal.ts';

/** What a handler gets. `tx` is the open transaction of a write, or the pool for a read. */
export type Call<R extends Route, C> = {
  readonly params: Params<R>;
  readonly query: Query<R>;
  readonly body: Body<R>;
  /** Signed-in caller; on public routes use `maybePrincipal`. */
  readonly principal: Principal;
  readonly maybePrincipal: Principal | null;
  readonly connection: C;
  readonly httpRequest: FastifyRequest;
  readonly reply: FastifyReply;
};

export type Answer<R extends Route> = Ok<R> | Refusal;

export type HttpDeps = {
  readonly sql: Sql;
  /** Called after each committed write, so that work enqueued in it starts at once. */
  readonly wake: () => void;
};

/** Registers a read. `connection` is the pool. */
export function read<R extends Route>(
  app: FastifyInstance,
  deps: HttpDeps,
  route: R,
  handler: (call: Call<R, Sql>) => Promise<Answer<R>>,
): void {
  bind(app, route, async (httpRequest, reply) => handler(callOf<R, Sql>(httpRequest, reply, deps.sql)));
}

/**
 * Registers a write: the handler runs in one transaction, rolled back when it refuses or throws.
 * With an `Idempotency-Key` header the first answer is stored in that same transaction and given
 * again to each retry; the same key with another request is refused.
 */
export function write<R extends Route>(
  app: FastifyInstance,
  deps: HttpDeps,
  route: R,
  handler: (call: Call<R, Tx>) => Promise<Answer<R>>,
): void {
  bind(app, route, async (httpRequest, reply) => {
    const answer = await inTransaction(deps.sql, async (tx) => {
      const retry = await claimAnswer(tx, httpRequest);
      if (retry) return retry.body as Answer<R>;
      const fresh = await handler(callOf<R, Tx>(httpRequest, reply, tx));
      if (!isRefusal(fresh)) await keepAnswer(tx, httpRequest, fresh);
      return fresh;
    });
    if (!isRefusal(answer)) deps.wake();
    return answer;
  });
}

/**
 * Registers a write that must not hold a transaction while it works (it waits for the market, or
 * burns time on a password). The handler opens its own.
 */
export function act<R extends Route>(
  app: FastifyInstance,
  deps: HttpDeps,
  route: R,
  handler: (call: Call<R, Sql>) => Promise<Answer<R>>,
): void {
  bind(app, route, async (httpRequest, reply) => {
    const answer = await handler(callOf<R, Sql>(httpRequest, reply, deps.sql));
    if (!isRefusal(answer)) deps.wake();
    return answer;
  });
}

/** Runs `work` in a transaction; a refusal rolls it back and is returned. */
export async function inTransaction<T>(
  sql: Sql,
  work: (tx: Tx) => Promise<T | Refusal>,
): Promise<T | Refusal> {
  class Rollback {
    readonly refusal: Refusal;
    constructor(refusal: Refusal) {
      this.refusal = refusal;
    }
  }
  try {
    return await transaction(sql, async (tx) => {
      const result = await work(tx);
      // Thrown only to make postgres.js roll back; caught three lines below.
      if (isRefusal(result)) throw new Rollback(result);
      return result;
    });
  } catch (thrown) {
    if (thrown instanceof Rollback) return thrown.refusal;
    throw thrown;
  }
}

function bind<R extends Route>(
  app: FastifyInstance,
  route: R,
  handle: (httpRequest: FastifyRequest, reply: FastifyReply) => Promise<Answer<R>>,
): void {
  app.route({
    method: route.method,
    url: route.url,
    schema: fastifySchema(route),
    config: { seam: route },
    // Before the body is looked at: whoever may not call learns nothing about what the call wants.
    preValidation: async (httpRequest, reply) => {
      const refusal = forbids(route, httpRequest.principal);
      return refusal ? sendProblem(reply, refusal) : undefined;
    },
    handler: async (httpRequest, reply) => {
      const answer = await handle(httpRequest, reply);
      if (reply.sent) return reply;
      if (isRefusal(answer)) return sendProblem(reply, answer);
      return reply.code(route.okStatus ?? 200).send(answer);
    },
  });
}

function callOf<R extends Route, C>(
  httpRequest: FastifyRequest,
  reply: FastifyReply,
  connection: C,
): Call<R, C> {
  return {
    params: httpRequest.params as Params<R>,
    query: httpRequest.query as Query<R>,
    body: httpRequest.body as Body<R>,
    // `forbids` has let nobody through without one, except on public and device routes.
    principal: httpRequest.principal as Principal,
    maybePrincipal: httpRequest.principal,
    connection,
    httpRequest,
    reply,
  };
}

/** Who is turned away from `route`, and with which code. Exported for the access matrix test. */
export function forbids(route: Route, principal: Principal | null): Refusal | undefined {
  const { access } = route;
  if (access === 'public' || access === 'device') return undefined;
  if (!principal) return { refused: 'auth.required' };
  if (access === 'signed_in') return undefined;
  if (access === 'staff') return forbidsStaff(route, principal);
  if (principal.staff) return { refused: 'auth.forbidden' };
  const roles = rolesOf(route);
  if (roles && !principal.roles.some((role) => roles.includes(role))) return { refused: 'auth.forbidden' };
  if (route.activeOnly && !mayTrade(principal.organisationStatus))
    return { refused: 'organisation.not_active' };
  if (route.fundedOnly && principal.mustTopUp) return { refused: 'organisation.top_up_required' };
  return undefined;
}

function forbidsStaff(route: Route, { staff, centreRoles }: Principal): Refusal | undefined {
  const offices = officesOf(route);
  const held = centreRoles.some((role) => offices.includes(role));
  return staff && held ? undefined : { refused: 'auth.forbidden' };
}

/** The framework's form of a route: validation, serialisation and documentation in one. */
export function fastifySchema(route: Route): Record<string, unknown> {
  const schema: Record<string, unknown> = {
    summary: route.summary,
    tags: [route.area],
    description: describe(route),
  };
  if (route.params) schema['params'] = route.params;
  if (route.query) schema['querystring'] = route.query;
  if (route.body) schema['body'] = route.body;
  if (!route.produces) schema['response'] = { [route.okStatus ?? 200]: route.ok };
  else schema['produces'] = [route.produces];
  return schema;
}

function describe(route: Route): string {
  const problems: readonly ProblemCode[] = route.problems;
  return `Access: ${whoMayCall(route)}.${problems.length > 0 ? ` Problems: ${problems.join(', ')}.` : ''}`;
}

function keyOf(httpRequest: FastifyRequest): { caller: string; key: string; sha: Buffer } | undefined {
  const key = httpRequest.headers['idempotency-key'];
  if (typeof key !== 'string') return undefined;
  if (!/^[\x21-\x7e]{1,100}$/.test(key))
    throw new Fault('request.invalid', 'Idempotency-Key must be 1 to 100 visible characters');
  const request = JSON.stringify([httpRequest.method, httpRequest.url, httpRequest.body ?? null]);
  return {
    caller: httpRequest.principal?.personId ?? `ip:${httpRequest.ip}`,
    key,
    sha: createHash('sha256').update(request).digest(),
  };
}

/** The stored answer of an earlier request with this key; waits while that request is under way. */
async function claimAnswer(tx: Tx, httpRequest: FastifyRequest): Promise<{ body: unknown } | undefined> {
  const key = keyOf(httpRequest);
  if (!key) return undefined;
  const { count } = await tx`insert into idempotent_answer (caller, key, request_sha, status, body)
    values (${key.caller}, ${key.key}, ${key.sha}, 0, 'null') on conflict do nothing`;
  if (count === 1) return undefined;
  const [row] = await tx<{ request_sha: Buffer; body: unknown }[]>`
    select request_sha, body from idempotent_answer where caller = ${key.caller} and key = ${key.key}`;
  if (!row?.request_sha.equals(key.sha)) return { body: { refused: 'request.idempotency_conflict' } };
  return { body: row.body };
}

async function keepAnswer(tx: Tx, httpRequest: FastifyRequest, answer: unknown): Promise<void> {
  const key = keyOf(httpRequest);
  if (!key) return;
  await tx`update idempotent_answer set status = 1, body = ${tx.json((answer ?? null) as never)}
    where caller = ${key.caller} and key = ${key.key}`;
}
