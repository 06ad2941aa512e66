/**
 * Bodies that are none, and every field of every body at its limits, over HTTP against the whole app: each
 * gets a problem with a known code, never an error of ours.
 */
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PROBLEMS, ROUTES, type Route } from '@seam/protocol';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import * as fc from 'fast-check';
import Fastify, { type FastifyInstance } from 'fastify';
import type { TSchema } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../../src/app.ts';
import { buildDeps } from '../../src/deps.ts';
import { triesOf } from './values.ts';

/** Of no password anybody has: `argon2id` with the least work. */
const HASH = '$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$NpJ6GEuyGmGd0Er0uvAnzeVbXGCkJyNKVnp3Mx3dDJM';
const ROLES = ['admin', 'trader', 'finance', 'signatory', 'dispatcher', 'viewer'];
const routes = (Object.entries(ROUTES) as [string, Route][]).filter(([, { body }]) => body !== undefined);

let db: TestDatabase;
let app: FastifyInstance;
let scratch: string;
beforeAll(async () => {
  db = await testDatabase();
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'seam-abuse-'));
  const deps = await buildDeps({
    config: { publicUrl: 'http://seam.test', dataDir: scratch, pkiKey: undefined, demo: false },
    sql: db.sql,
    databaseUrl: db.url,
    bankUrl: 'http://127.0.0.1:1',
    bankSecret: 'a-shared-secret-of-enough-bytes',
    log: Fastify().log,
  });
  app = await buildApp(deps);
  await app.ready();
  await db.sql`insert into organisation (id, name, kind, sells, buys, legal_id_kind, legal_id, country, address,
      contact_name, contact_email, contact_phone, status, status_since, created_at, active_at)
    values ('org', 'org', 'trader', true, true, 'uscc', '91140100MA0KX7T2C2', 'CN', 'a', 'c', 'e', 'p', 'active', now(),
      now(), now())`;
  for (const [id, organisation, roles] of [
    ['member', 'org', ROLES],
    ['staff', null, []],
  ] as const)
    await db.sql`insert into person (id, organisation_id, staff, name, email, roles, password_hash, created_at)
      values (${id}, ${organisation}, ${organisation === null}, ${id}, ${`${id}@seam.test`}, ${roles}, ${HASH}, now())`;
});
afterAll(async () => {
  await app.close();
  await db.close();
  fs.rmSync(scratch, { recursive: true, force: true });
});

async function logIn(personId: string): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await db.sql`insert into login_session (id, token_sha256, person_id, created_at, expires_at, ends_at, ip)
    values (${token}, ${createHash('sha256').update(token).digest()}, ${personId}, now(), now() + '1 hour',
      now() + '1 day', '127.0.0.1')`;
  return token;
}

type Said = { readonly status: number; readonly code: unknown };

/** Each call with a login and an address of its own: no logout, and no limit of one office, disturbs another. */
async function send(
  route: Route,
  payload: string | undefined,
  type = 'application/json',
  id = 'x1',
): Promise<Said> {
  const token = await logIn(route.access === 'staff' ? 'staff' : 'member');
  const answer = await app.inject({
    method: route.method,
    url: route.url.replace(/:(\w+)/g, id),
    headers: {
      authorization: `Bearer ${token}`,
      ...(payload === undefined ? {} : { 'content-type': type }),
      'idempotency-key': randomBytes(16).toString('hex'),
      'x-forwarded-for': `10.${[...randomBytes(3)].join('.')}`,
    },
    ...(payload === undefined ? {} : { payload }),
  });
  const isJson = answer.headers['content-type']?.includes('json') === true;
  return { status: answer.statusCode, code: isJson ? answer.json().code : undefined };
}

/** A refusal that its sender can read. */
const isCoded = ({ status, code }: Said): boolean =>
  status >= 400 && status < 500 && typeof code === 'string' && code in PROBLEMS;

const GARBAGE: readonly [what: string, body: string][] = [
  ...['', 'null', 'true', '7', '"text"', '[]', '[[{}]]', '{', '{"a":', '\u0000', 'NaN'].map(
    (text): [string, string] => [JSON.stringify(text), text],
  ),
  ['a hundred thousand nested arrays', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ['as many never closed', '['.repeat(100_000)],
  ['a hundred thousand nested objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ['a prototype', '{"__proto__":{"staff":true}}'],
  ['a constructor', '{"constructor":{"prototype":{"staff":true}}}'],
  ['a NUL', '{"a":"\\u0000"}'],
  ['half a surrogate pair', '{"a":"\\ud800"}'],
];

describe('a body that is none', () => {
  it.each(routes)('%s says so with a code, whatever it is', async (_name, route) => {
    for (const [what, body] of GARBAGE) {
      const said = await send(route, body);
      expect(isCoded(said), `${what}: ${JSON.stringify(said)}`).toBe(true);
    }
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'nonsense']) {
      const said = await send(route, 'a=1', type);
      expect(isCoded(said), `${type}: ${JSON.stringify(said)}`).toBe(true);
    }
  });

  it('of ten megabytes is refused before it is read', async () => {
    const [, route] = routes[0]!;
    const said = await send(route, `{"a":"${'x'.repeat(10_000_000)}"}`);
    expect(said).toEqual({ status: 413, code: 'request.too_large' });
  });
});

describe('an id that is none', () => {
  const withIds = (Object.entries(ROUTES) as [string, Route][]).filter(([, { url }]) => url.includes(':'));

  it.each(withIds)('%s finds nothing', async (_name, route) => {
    const body = route.body ? JSON.stringify(sample(route.body)) : undefined;
    for (const id of [
      'x1',
      '0',
      '-1',
      '00000000-0000-7000-8000-000000000000',
      '%00',
      '%F0%28',
      `' or 1=1`,
      'x'.repeat(65),
      '..%2f..%2fetc',
    ]) {
      const said = await send(route, body, 'application/json', encodeURI(id));
      expect(said.status, `${id}: ${JSON.stringify(said)}`).toBeLessThan(500);
    }
  });
});

describe('every field of every body at its limits', () => {
  it.each(routes)('%s answers each with a code', async (_name, route) => {
    const body = route.body as TSchema & { anyOf?: TSchema[] };
    for (const schema of body.anyOf ?? [body]) {
      const tries = triesOf(schema, sample(schema) as Record<string, unknown>);
      const refused = tries.filter(({ fits }) => !fits);
      // What fits may do work: a few of each are enough to see that none is an error of ours.
      const taken = tries.filter(({ fits }) => fits).slice(0, 4);
      for (const { what, frame } of [...everyNth(refused, 25), ...taken]) {
        const said = await send(route, JSON.stringify(frame));
        expect(said.status, `${what}: ${JSON.stringify(said)}`).toBeLessThan(500);
        if (said.status >= 400) expect(isCoded(said), `${what}: ${JSON.stringify(said)}`).toBe(true);
      }
    }
  });
});

/** At most `count`, spread over all. */
const everyNth = <T>(all: readonly T[], count: number): readonly T[] =>
  all.filter((_, place) => place % Math.ceil(all.length / count) === 0);

/** Of each schema a value with everything that is optional too, so that each field is tried. */
function sample(schema: TSchema): unknown {
  return fc.sample(arbitraryOf(schema), { numRuns: 1, seed: 1 })[0];
}

function arbitraryOf(schema: TSchema): fc.Arbitrary<unknown> {
  const of = schema as Record<string, never> & {
    type?: string;
    properties?: Record<string, TSchema>;
    anyOf?: TSchema[];
    enum?: unknown[];
    items?: TSchema;
    pattern?: string;
    minLength?: number;
    maxLength?: number;
    minItems?: number;
    minimum?: number;
  };
  if ('const' in of) return fc.constant(of['const']);
  if (of.enum) return fc.constant(of.enum[0]);
  if (of.anyOf) return arbitraryOf(of.anyOf[0]!);
  switch (of.type) {
    case 'object':
      return fc.record(
        Object.fromEntries(
          Object.entries(of.properties ?? {}).map(([key, inner]) => [key, arbitraryOf(inner)]),
        ),
      );
    case 'array':
      return fc.tuple(...Array.from({ length: Math.max(1, of.minItems ?? 0) }, () => arbitraryOf(of.items!)));
    case 'string':
      if (of.pattern === undefined) return fc.constant('x'.repeat(of.minLength ?? 1));
      return fc
        .stringMatching(new RegExp(of.pattern, 'u'))
        .filter((text) => text.length >= (of.minLength ?? 0) && text.length <= (of.maxLength ?? Infinity));
    case 'integer':
    case 'number':
      return fc.constant(of.minimum ?? 1);
    case 'boolean':
      return fc.constant(true);
    default:
      return fc.constant(null);
  }
}
