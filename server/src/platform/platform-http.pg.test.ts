import { Exact, route } from '@seam/protocol';
import { testDatabase, type TestDatabase } from '@seam/testkit';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCore } from '../core.ts';
import { json, orm } from './db.ts';
import { read, write } from './http.ts';
import { startJobs } from './jobs.ts';
import { enqueue } from './outbox.ts';
import type { Principal } from './principal.ts';
import { refuse } from './refusal.ts';
import { pgTable, text } from 'drizzle-orm/pg-core';

const token = 'a'.repeat(43);
const trader: Principal = {
  personId: 'p1',
  personName: 'P',
  organisationId: 'o1',
  organisationStatus: 'registered',
  roles: ['trader'],
  staff: false,
  centreRoles: [],
  robot: false,
  loginSessionId: 's1',
};

const addNote = route({
  method: 'POST',
  url: '/v1/notes',
  summary: 'Add a note',
  area: 'test',
  access: { roles: ['trader'] },
  body: Exact({ note: Type.String({ maxLength: 10 }) }),
  ok: Exact({ note: Type.String() }),
  okStatus: 201,
  problems: ['state.conflict'],
});
const activeOnly = route({
  method: 'GET',
  url: '/v1/active',
  summary: 'Only for certified companies',
  area: 'test',
  access: 'member',
  activeOnly: true,
  ok: Exact({}),
  problems: [],
});

let db: TestDatabase;
let app: FastifyInstance;
let wakes = 0;

beforeAll(async () => {
  db = await testDatabase();
  await db.sql`create table note (note text primary key, extra jsonb)`;
  app = await buildCore({
    sql: db.sql,
    publicUrl: 'http://seam.test',
    authenticate: async (given) => (given === token ? trader : null),
  });
  const deps = { sql: db.sql, wake: () => (wakes += 1) };
  write(app, deps, addNote, async ({ body, connection }) => {
    await connection`insert into note values (${body.note}) on conflict do nothing`;
    await enqueue(connection, {
      effectKey: `note:${body.note}`,
      topic: 'note',
      payload: { note: body.note },
    });
    if (body.note === 'no') return refuse('state.conflict', { detail: 'not this one' });
    return { note: body.note };
  });
  read(app, deps, activeOnly, async () => ({}));
});
afterAll(async () => {
  await app.close();
  await db.close();
});

const post = async (payload: unknown, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: '/v1/notes',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });

describe('a bound route', () => {
  it('401 auth.required without a session, 403 for a company that is not active', async () => {
    const anonymous = await app.inject({ method: 'POST', url: '/v1/notes', payload: { note: 'x' } });
    expect(anonymous.json()).toMatchObject({ status: 401, code: 'auth.required' });
    expect(anonymous.headers['content-type']).toMatch('application/problem+json');
    const prying = await app.inject({ method: 'POST', url: '/v1/notes', payload: { what: 'ever' } });
    expect(prying.json()).toMatchObject({ status: 401 });
    const inactive = await app.inject({ url: '/v1/active', headers: { authorization: `Bearer ${token}` } });
    expect(inactive.json()).toMatchObject({ status: 403, code: 'organisation.not_active' });
  });

  it('400 with the field named for unknown, missing and malformed input', async () => {
    expect((await post({ note: 'a', role: 'admin' })).json()).toMatchObject({
      code: 'request.unknown_field',
    });
    expect((await post({})).json()).toMatchObject({ code: 'request.invalid', fields: { note: 'required' } });
    expect((await post({ note: 'far too long a note' })).json()).toMatchObject({
      fields: { note: 'maxLength' },
    });
    expect((await post({ note: 7 })).json()).toMatchObject({ code: 'request.invalid' });
    expect((await post('{"__proto__":{"a":1},"note":"a"}')).statusCode).toBe(400);
    expect((await post('not json')).statusCode).toBe(400);
    expect((await post('note=a', { 'content-type': 'text/plain' })).statusCode).toBe(415);
  });

  it('leaves nothing of a refused write, neither row nor work', async () => {
    expect((await post({ note: 'no' })).json()).toMatchObject({
      status: 409,
      code: 'state.conflict',
      detail: 'not this one',
    });
    expect(await db.sql`select * from note where note = 'no'`).toHaveLength(0);
    expect(await db.sql`select * from outbox where effect_key = 'note:no'`).toHaveLength(0);
  });

  it('gives a retry the first answer and refuses the key for another request', async () => {
    const headers = { 'idempotency-key': 'k1' };
    const answers = await Promise.all([post({ note: 'once' }, headers), post({ note: 'once' }, headers)]);
    expect(answers.map((answer) => [answer.statusCode, answer.json()])).toEqual([
      [201, { note: 'once' }],
      [201, { note: 'once' }],
    ]);
    expect(await db.sql`select * from outbox where effect_key = 'note:once'`).toHaveLength(1);
    expect((await post({ note: 'other' }, headers)).json()).toMatchObject({
      code: 'request.idempotency_conflict',
    });
  });

  it('403 for a write that another site makes the browser send', async () => {
    const send = async (origin: string) =>
      app.inject({
        method: 'POST',
        url: '/v1/notes',
        headers: { cookie: `seam_session=${token}`, origin },
        payload: { note: origin.slice(7, 12) },
      });
    expect((await send('http://evil.test')).json()).toMatchObject({ code: 'request.origin_forbidden' });
    expect((await send('http://seam.test')).statusCode).toBe(201);
  });
});

describe('work after a commit', () => {
  it('is done once although it is woken by many, and parked work waits for a human', async () => {
    const seen: string[] = [];
    const jobs = await startJobs({
      sql: db.sql,
      databaseUrl: db.url,
      redisUrl: undefined,
      log: app.log,
      handlers: [{ topic: 'note', write: async (_tx, item) => void seen.push(String(item.payload['note'])) }],
    });
    await db.sql.begin(async (tx) => {
      for (let i = 0; i < 20; i += 1)
        await enqueue(tx, { effectKey: `w${i}`, topic: 'note', payload: { note: `w${i}` } });
      await enqueue(tx, { effectKey: 'stray', topic: 'nobody', payload: {} });
    });
    for (let i = 0; i < 5; i += 1) jobs.wake();
    await expect
      .poll(async () => (await db.sql`select 1 from outbox where topic = 'note' and done_at is null`).length)
      .toBe(0);
    expect(seen.filter((note) => note.startsWith('w')).sort()).toEqual(
      [...new Set(seen.filter((n) => n.startsWith('w')))].sort(),
    );
    expect(seen.filter((note) => note.startsWith('w'))).toHaveLength(20);
    await expect
      .poll(
        async () =>
          (await db.sql`select last_error from outbox where effect_key = 'stray'`)[0]?.['last_error'],
      )
      .toBe('no handler for topic nobody');
    await jobs.stop();
  });
});

describe('drizzle on our connections', () => {
  it('works in a transaction of ours and leaves the types of raw queries alone', async () => {
    const note = pgTable('note', {
      note: text('note').primaryKey(),
      extra: json<{ deep: number[] }>('extra'),
    });
    await db.sql.begin(async (tx) => {
      await orm(tx)
        .insert(note)
        .values({ note: 'orm', extra: { deep: [1, 2] } });
    });
    expect(await orm(db.sql).select().from(note)).toContainEqual({ note: 'orm', extra: { deep: [1, 2] } });
    const [raw] = await db.sql`select extra, now() as at from note where note = 'orm'`;
    expect(raw?.['extra']).toEqual({ deep: [1, 2] });
    expect(raw?.['at']).toBeInstanceOf(Date);
  });
});
