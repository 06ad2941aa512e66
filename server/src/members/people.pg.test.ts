import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTransaction } from '../platform/http.ts';
import { changePerson } from './commands/people.ts';
import { authenticate, signatoriesOf } from './public.ts';
import { PASSWORD, World } from './test/world.ts';

let world: World;
let admin: string;
let trader: string;
let company: { id: string; domain: string };
beforeAll(async () => {
  world = await World.open();
  const { id, input } = await world.register();
  company = { id, domain: input.admin.email.split('@')[1]! };
  admin = await world.token(input.admin.email);
  trader = await world.token(input.people![0]!.email);
});
afterAll(async () => world.close());

const add = async (token: string, change: object = {}) =>
  world.ask('POST', '/v1/company/people', {
    token,
    body: {
      name: 'Sun Li',
      email: `sun@${company.domain}`,
      password: PASSWORD,
      roles: ['signatory'],
      ...change,
    },
  });
const change = async (token: string, id: string, body: object) =>
  world.ask('PUT', `/v1/company/people/${id}`, { token, body });
const people = async (token: string) =>
  (await world.ask('GET', '/v1/company', { token })).body['people'] as {
    id: string;
    email: string;
    roles: string[];
    enabled: boolean;
  }[];

describe('people of a company', () => {
  it('201 for one whom the administrator adds, who can log in and sign', async () => {
    const answer = await add(admin);
    expect(answer).toMatchObject({ status: 201, body: { roles: ['signatory'], enabled: true } });
    await world.token(`sun@${company.domain}`);
    const names = (await signatoriesOf(world.db.sql, company.id)).map(({ name }) => name);
    expect(names).toEqual(['Sun Li', 'Zhao Min']);
  });

  it('409 member.email_taken for an e-mail that exists, 422 for a weak password', async () => {
    expect(await add(admin)).toMatchObject({
      status: 409,
      body: { fields: { email: 'member.email_taken' } },
    });
    expect(await add(admin, { email: 'x@y.example', password: 'aaaaaaaaaaaa' })).toMatchObject({
      status: 422,
      code: 'member.password_weak',
    });
  });

  it('403 auth.forbidden for a trader, the centre’s staff and 401 for nobody', async () => {
    const { token } = await world.staff();
    expect(await add(trader)).toMatchObject({ status: 403, code: 'auth.forbidden' });
    expect(await add(token)).toMatchObject({ status: 403, code: 'auth.forbidden' });
    // Before the body is looked at.
    expect((await world.ask('POST', '/v1/company/people', { body: {} })).status).toBe(401);
    expect(await world.ask('GET', '/v1/company')).toMatchObject({ status: 401 });
  });

  it('404 resource.not_found for a person of another company, who stays as he is', async () => {
    const other = await world.register();
    const theirs = await people(await world.token(other.input.admin.email));
    const answer = await change(admin, theirs[1]!.id, { roles: ['viewer'], enabled: false });
    expect(answer).toMatchObject({ status: 404, code: 'resource.not_found' });
    expect(await people(await world.token(other.input.admin.email))).toEqual(theirs);
    expect((await change(admin, 'nobody', { roles: ['viewer'], enabled: false })).status).toBe(404);
  });

  it('401 at once for whoever lost access, and 403 for whoever lost the role', async () => {
    const { input } = await world.register();
    const boss = await world.token(input.admin.email);
    const [, second, third] = await people(boss);
    const hers = await world.token(second!.email);
    const his = await world.token(third!.email);
    expect((await change(boss, second!.id, { roles: ['admin'], enabled: true })).status).toBe(200);
    expect((await change(hers, third!.id, { roles: ['viewer'], enabled: false })).status).toBe(200);
    expect(await world.ask('GET', '/v1/session', { token: his })).toMatchObject({ status: 401 });
    expect((await change(boss, second!.id, { roles: ['viewer'], enabled: true })).status).toBe(200);
    expect(await change(hers, third!.id, { roles: ['viewer'], enabled: true })).toMatchObject({
      status: 403,
    });
    // Given back, access needs a new login: the old one stays ended.
    await change(boss, third!.id, { roles: ['viewer'], enabled: true });
    expect(await world.ask('GET', '/v1/session', { token: his })).toMatchObject({ status: 401 });
    await world.token(third!.email);
    const trail = await world.db.sql`select action from audit_entry where subject = ${`person:${third!.id}`}`;
    expect(trail).toHaveLength(2);
  });

  it('409 member.last_admin: two administrators who remove each other at once cannot both succeed', async () => {
    const { input } = await world.register();
    const one = await world.token(input.admin.email);
    const [first, second] = await people(one);
    await change(one, second!.id, { roles: ['admin'], enabled: true });
    const two = await world.token(second!.email);
    // Both are let in as administrators before either has changed anything.
    const who = authenticate(world.db.sql, world.clock);
    const remove = async (token: string, personId: string) => {
      const principal = (await who(token))!;
      return async (beforeCommit = async () => {}) =>
        inTransaction(world.db.sql, async (tx) => {
          const change = { personId, roles: ['viewer' as const], enabled: true, now: world.clock.now() };
          const answer = await changePerson(tx, principal, change);
          await beforeCommit();
          return answer;
        });
    };
    const removeSecond = await remove(one, second!.id);
    const removeFirst = await remove(two, first!.id);
    // The first is not yet committed when the other has either finished or is seen waiting for it.
    let other: ReturnType<typeof removeFirst> | undefined;
    const mine = await removeSecond(async () => {
      let finished = false;
      other = removeFirst().finally(() => (finished = true));
      await expect.poll(async () => finished || (await world.waiting()) === 1).toBe(true);
    });
    const answers = [mine, (await other)!];
    expect(answers.map((answer) => ('refused' in answer ? answer.refused : 'done')).sort()).toEqual([
      'done',
      'member.last_admin',
    ]);
    const alone = answers.findIndex((answer) => !('refused' in answer)) === 0 ? one : two;
    const self = alone === one ? first : second;
    expect(await change(alone, self!.id, { roles: ['admin'], enabled: false })).toMatchObject({
      status: 409,
      code: 'member.last_admin',
    });
  });

  it('has a limit from the administrator, who never lifts an own one', async () => {
    const { input } = await world.register();
    const boss = await world.token(input.admin.email);
    const [own, one] = await people(boss);
    const limits = [{ currency: 'CNY', amount: '5000.00' }];
    const set = async (id: string, of: unknown, token = boss) =>
      change(token, id, {
        roles: id === own!.id ? ['admin'] : ['trader', 'admin'],
        enabled: true,
        limits: of,
      });
    expect(await set(one!.id, limits)).toMatchObject({ status: 200, body: { limits } });
    // What is not said stays.
    const kept = await change(boss, one!.id, { roles: ['trader', 'admin'], enabled: true });
    expect(kept).toMatchObject({ status: 200, body: { limits } });
    for (const wrong of [
      [{ currency: 'CNY', amount: '0.00' }],
      [...limits, { currency: 'CNY', amount: '1.00' }],
    ])
      expect(await set(one!.id, wrong)).toMatchObject({ status: 422, code: 'member.limit_invalid' });
    expect(await set(one!.id, [{ currency: 'XXX', amount: '1.00' }])).toMatchObject({ status: 400 });
    const theirs = await world.token(one!.email);
    // Every login carries it, so that the market need not ask.
    const who = authenticate(world.db.sql, world.clock);
    expect(await who(theirs)).toMatchObject({ commitLimits: { CNY: '500000' } });
    expect(await who(boss)).not.toHaveProperty('commitLimits');
    const higher = await set(one!.id, [{ currency: 'CNY', amount: '9000.00' }], theirs);
    expect(higher).toMatchObject({ status: 409, code: 'member.own_limit' });
    expect(await set(one!.id, [], theirs)).toMatchObject({ status: 409, code: 'member.own_limit' });
    expect(await set(one!.id, [])).toMatchObject({ status: 200, body: { limits: [] } });
  });

  it('422 member.name_unprintable for a name that no contract could be printed with', async () => {
    expect(await add(admin, { name: 'Ayşe', email: 'ayse@x.example' })).toMatchObject({
      status: 422,
      code: 'member.name_unprintable',
      body: { fields: { name: 'member.name_unprintable' }, detail: 'ş' },
    });
  });

  it('409 member.people_limit when a company has fifty', async () => {
    const { id, input } = await world.register();
    await world.db.sql`insert into person (id, organisation_id, name, email, roles, password_hash, created_at)
      select 'filler-' || n, ${id}, 'Filler', 'filler' || n || '@x.example', '{viewer}', '$argon2id$none', now()
        from generate_series(1, 46) n`;
    const boss = await world.token(input.admin.email);
    const answers = await Promise.all(
      [1, 2, 3].map(async (n) => add(boss, { email: `late${n}@${input.admin.email.split('@')[1]}` })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(await people(boss)).toHaveLength(50);
  });
});
