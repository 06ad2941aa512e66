import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SessionEnd, onSessionEnded, openSession } from './sessions.ts';
import { preparePasswords } from './passwords.ts';
import { PASSWORD, World } from './test/world.ts';

const HOUR_MS = 3_600_000;
let world: World;
let email: string;
let organisationId: string;
let ip = 0;
beforeAll(async () => {
  world = await World.open();
  await preparePasswords();
  const registered = await world.register();
  email = registered.input.people![0]!.email;
  organisationId = registered.id;
});
afterAll(async () => world.close());

const login = async (body: object, more: object = {}) =>
  world.ask('POST', '/v1/login', {
    ip: `10.2.0.${(ip += 1)}`,
    body: { email, password: PASSWORD, ...body },
    ...more,
  });
const session = async (who: { token?: string; cookie?: string }) => world.ask('GET', '/v1/session', who);
const cookieOf = (headers: Record<string, unknown>) =>
  /^seam_session=([A-Za-z0-9_-]{43});/.exec(String(headers['set-cookie']))?.[1] ?? '';

describe('POST /v1/login', () => {
  it('200 with a cookie that no script reads, and GET /v1/session says who it is', async () => {
    const answer = await login({});
    expect(answer.status).toBe(200);
    expect(answer.headers['set-cookie']).toMatch(
      /^seam_session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).not.toHaveProperty('token');
    expect((await session({ cookie: cookieOf(answer.headers) })).body).toMatchObject({
      person: { name: 'Wang Fang', email, roles: ['trader'] },
      organisation: { id: organisationId, status: 'submitted', kind: 'producer', sells: true },
      staff: false,
      robot: false,
    });
  });

  it('200 with a bearer token and no cookie when a client asks for a token', async () => {
    const answer = await login({ token: true });
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect((await session({ token: answer.body['token'] })).status).toBe(200);
  });

  it('marks the cookie Secure when the exchange is reached by https', async () => {
    const secure = await World.open({ publicUrl: 'https://seam.test' });
    const { input } = await secure.register();
    const answer = await secure.ask('POST', '/v1/login', {
      body: { email: input.admin.email, password: PASSWORD },
    });
    expect(answer.headers['set-cookie']).toMatch(/; Secure/);
    await secure.close();
  });

  it('401 with one and the same answer for an unknown e-mail, a wrong password and a person without access', async () => {
    const { input } = await world.register();
    const out = input.people![0]!.email;
    await world.db.sql`update person set disabled_at = now() where email = ${out}`;
    const answers = [
      await login({ email: 'nobody@nowhere.example' }),
      await login({ password: 'seven brown horse' }),
      await login({ email: out }),
    ];
    const told = answers.map(({ status, headers, body }) => ({
      status,
      body: { ...body, requestId: '' },
      cookie: headers['set-cookie'],
    }));
    expect(told[0]).toMatchObject({ status: 401, body: { code: 'auth.invalid_credentials' } });
    expect(told[1]).toEqual(told[0]);
    expect(told[2]).toEqual(told[0]);
  });

  it('does the same work for an unknown e-mail as for a wrong password', async () => {
    // CPU of the whole process, so that a busy machine does not matter; hashing is nearly all of it. The least
    // of four: what else the process does now and then, as collecting its heap, is work of neither.
    const cost = async (given: object) => {
      const before = process.cpuUsage();
      for (let i = 0; i < 2; i += 1) await login({ password: 'wrong but long', ...given });
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    let [unknown, wrong] = [Infinity, Infinity];
    for (let round = 0; round < 4; round += 1) {
      unknown = Math.min(unknown, await cost({ email: 'nobody2@nowhere.example' }));
      wrong = Math.min(wrong, await cost({}));
    }
    expect(unknown / wrong).toBeGreaterThan(0.5);
    expect(unknown / wrong).toBeLessThan(2);
  });

  it('429 for one account from one address after eight wrong passwords, also when they come at once', async () => {
    const { input } = await world.register();
    const guess = { email: input.admin.email, password: 'wrong but long' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () =>
        world.ask('POST', '/v1/login', { body: guess, ip: '10.77.0.1' }),
      ),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(8);
    expect(answers.filter(({ code }) => code === 'request.rate_limited')).toHaveLength(12);
    const right = { email: input.admin.email, password: PASSWORD };
    const locked = await world.ask('POST', '/v1/login', { body: right, ip: '10.77.0.1' });
    expect(locked.status).toBe(429);
    expect(locked.body['retryAfterMs']).toBeLessThanOrEqual(15 * 60_000);
    // The owner elsewhere is not locked out, and here only for a while.
    expect((await world.ask('POST', '/v1/login', { body: right, ip: '10.77.0.2' })).status).toBe(200);
    world.clock.turn(15 * 60_000 + 1);
    expect((await world.ask('POST', '/v1/login', { body: right, ip: '10.77.0.1' })).status).toBe(200);
  });

  it('429 for an address that tries one password on many accounts', async () => {
    const answers = await Promise.all(
      Array.from({ length: 105 }, async (_, i) =>
        world.ask('POST', '/v1/login', {
          body: { email: `user${i}@north.example`, password: 'wrong but long' },
          ip: '10.78.0.1',
        }),
      ),
    );
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(5);
  });

  it('never counts a right password as an attempt', async () => {
    for (let i = 0; i < 12; i += 1)
      expect((await login({ token: true }, { ip: '10.79.0.1' })).status).toBe(200);
  });

  it('400 for what is no login, whatever it is', async () => {
    for (const body of [{}, [], 'x', { email, password: 7 }, { email: 'a\u0000b', password: 'x' }, { email }])
      expect((await world.ask('POST', '/v1/login', { body })).status).toBe(400);
  });
});

describe('a login', () => {
  it('gets a new token when the browser logs in again, and the old one is worth nothing: 401', async () => {
    const first = cookieOf((await login({})).headers);
    const second = cookieOf((await login({}, { cookie: first })).headers);
    expect(second).not.toBe(first);
    expect((await session({ cookie: first })).status).toBe(401);
    expect((await session({ cookie: second })).status).toBe(200);
  });

  it('is over after logout: 401, the cookie is cleared and sockets are told', async () => {
    const heard: SessionEnd[] = [];
    const stop = await onSessionEnded(world.db.sql, (end) => heard.push(end));
    const cookie = cookieOf((await login({})).headers);
    const out = await world.ask('POST', '/v1/logout', { cookie });
    expect(out.status).toBe(200);
    expect(out.headers['set-cookie']).toMatch(/^seam_session=; /);
    expect(await session({ cookie })).toMatchObject({ status: 401, code: 'auth.required' });
    const [row] = await world.db
      .sql`select id from login_session order by revoked_at desc nulls last limit 1`;
    await expect.poll(() => heard).toEqual([{ sessionId: row!['id'], why: 'logout' }]);
    await stop();
  });

  it('is not opened with a password that was changed, or for a person disabled, while it was being checked', async () => {
    const { sql } = world.db;
    const { input } = await world.register();
    const read = async () =>
      (
        await sql`select id, password_hash as "passwordHash" from person where email = ${input.admin.email}`
      )[0] as {
        id: string;
        passwordHash: string;
      };
    const from = { ip: '10.0.0.1', userAgent: '', now: world.clock.now() };
    const checked = await read();
    await sql`update person set password_hash = password_hash || 'x' where id = ${checked.id}`;
    expect(await openSession(sql, checked, from)).toBeUndefined();
    await sql`update person set disabled_at = now() where id = ${checked.id}`;
    expect(await openSession(sql, await read(), from)).toBeUndefined();
    await sql`update person set disabled_at = null where id = ${checked.id}`;
    expect(await openSession(sql, await read(), from)).toBeDefined();
  });

  it('lives twelve hours after its last use: 401 later', async () => {
    const token = (await login({ token: true })).body['token'];
    world.clock.turn(11 * HOUR_MS);
    expect((await session({ token })).status).toBe(200);
    world.clock.turn(11 * HOUR_MS);
    expect((await session({ token })).status).toBe(200);
    world.clock.turn(12 * HOUR_MS);
    expect((await session({ token })).status).toBe(401);
  });

  it('ends after seven days however busy it is', async () => {
    const token = (await login({ token: true })).body['token'];
    for (let h = 0; h < 7 * 24 - 8; h += 8) {
      world.clock.turn(8 * HOUR_MS);
      expect((await session({ token })).status).toBe(200);
    }
    world.clock.turn(8 * HOUR_MS);
    expect((await session({ token })).status).toBe(401);
  });

  it('401 for a token that was never given out, and nothing of a token is stored', async () => {
    expect((await session({ token: 'A'.repeat(43) })).status).toBe(401);
    expect((await session({ token: "'; drop table person; --" })).status).toBe(401);
    const token = (await login({ token: true })).body['token'];
    const rows = await world.db.sql`select encode(token_sha256, 'base64') as sha from login_session`;
    expect(rows.map(({ sha }) => sha)).not.toContain(token);
  });
});

describe('POST /v1/password', () => {
  it('ends every other login, keeps this one, and only the new password fits', async () => {
    const { input } = await world.register();
    const own = input.admin.email;
    const [here, there] = [await world.token(own), await world.token(own)];
    const next = 'nine red elephants';
    const change = async (body: object) => world.ask('POST', '/v1/password', { token: here, body });
    expect(await change({ current: 'not this one', next })).toMatchObject({
      status: 422,
      code: 'member.password_wrong',
    });
    expect(await change({ current: PASSWORD, next: 'password1234' })).toMatchObject({
      status: 422,
      body: { fields: { next: 'member.password_weak' } },
    });
    expect((await change({ current: PASSWORD, next })).status).toBe(200);
    expect((await session({ token: here })).status).toBe(200);
    expect((await session({ token: there })).status).toBe(401);
    expect((await login({ email: own })).status).toBe(401);
    expect((await login({ email: own, password: next })).status).toBe(200);
  });

  it('429 after eight guesses by whoever found the screen unlocked', async () => {
    const { input } = await world.register();
    const token = await world.token(input.admin.email);
    const guess = { current: 'not this one', next: 'nine red elephants' };
    const answers = [];
    for (let i = 0; i < 9; i += 1)
      answers.push(await world.ask('POST', '/v1/password', { token, body: guess }));
    expect(answers.at(-2)!.status).toBe(422);
    expect(answers.at(-1)!.status).toBe(429);
  });
});
