import { CENTRE_LEGAL_ID } from '../platform/centre.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, World, uscc } from './test/world.ts';

let world: World;
let ip = 0;
const OTHER = 'eight green horses';
beforeAll(async () => {
  world = await World.open();
});
afterAll(async () => world.close());

const post = async (body: unknown, from?: string) =>
  world.ask('POST', '/v1/registrations', { body, ip: from ?? `10.1.0.${(ip += 1)}` });
const counts = async () =>
  world.db.sql`select (select count(*)::int from organisation) as o, (select count(*)::int from person) as p,
    (select count(*)::int from bank_account) as b, (select count(*)::int from certification_step) as s`;

describe('POST /v1/registrations', () => {
  it('201 and the company waits for the centre; nothing secret is kept readable', async () => {
    const input = world.registration();
    const answer = await post({
      ...input,
      organisation: { ...input.organisation, legalId: ` ${input.organisation.legalId.toLowerCase()} ` },
    });
    expect(answer).toMatchObject({ status: 201, body: { status: 'submitted' } });
    const token = await world.token(input.admin.email.toUpperCase());
    const { body } = await world.ask('GET', '/v1/company', { token });
    expect(body).toMatchObject({
      id: answer.body['organisationId'],
      legalId: input.organisation.legalId,
      legalIdKind: 'uscc',
      waitsFor: 'centre',
      people: [
        { email: input.admin.email, roles: ['admin'], enabled: true },
        { roles: ['trader'] },
        { roles: ['signatory', 'finance'] },
      ],
      bankAccounts: [{ status: 'pending', bankCodeKind: 'cnaps' }],
      history: [
        { move: 'register', from: null, to: 'registered', by: 'company', personName: 'Li Wei' },
        { move: 'submit', from: 'registered', to: 'submitted', by: 'system', personName: null },
      ],
    });
    expect(JSON.stringify(body)).not.toMatch(/argon2|hash/i);
    const stored = JSON.stringify(
      await world.db.sql`select * from person, login_session, attempt_count, idempotent_answer`,
    );
    expect(stored).not.toContain(PASSWORD);
    expect(stored).not.toContain(token);
  });

  it('422 member.legal_id_check_character beside the field when one character is mistyped', async () => {
    const right = uscc(900_001);
    const wrong = `${right.slice(0, 9)}${right[9] === '1' ? '2' : '1'}${right.slice(10)}`;
    const answer = await post(world.registration({ organisation: { legalId: wrong } }));
    expect(answer).toMatchObject({
      status: 422,
      code: 'member.legal_id_check_character',
      body: { fields: { 'organisation.legalId': 'member.legal_id_check_character' } },
    });
  });

  it('422 member.invalid naming every field at fault at once', async () => {
    const input = world.registration({
      organisation: { legalId: '123', country: 'XX', kind: 'buyer', sells: true, buys: false },
      bankAccount: { accountNumber: 'GB82WEST12345698765433', bankCode: 'ABCDEFGHI', holderName: 'Mr Smith' },
    });
    const same = { ...input.people![0]!, email: input.admin.email.toUpperCase(), password: 'password1234' };
    const answer = await post({ ...input, people: [same] });
    expect(answer).toMatchObject({ status: 422, code: 'member.invalid' });
    expect(answer.body['fields']).toEqual({
      'organisation.legalId': 'member.legal_id_length',
      'organisation.country': 'member.country_unknown',
      'organisation.kind': 'member.trade_side_missing',
      'bankAccount.accountNumber': 'member.account_number_check',
      'bankAccount.bankCode': 'member.bank_code_form',
      'bankAccount.holderName': 'member.bank_holder_differs',
      'people.0.email': 'member.email_twice',
      'people.0.password': 'member.password_weak',
    });
  });

  it('422 member.name_unprintable beside each field that no contract could be printed with', async () => {
    const input = world.registration({
      organisation: { nameZh: '山西\u{1F9CA}煤业', address: 'ul. Węglowa 1, Łódź' },
    });
    const answer = await world.ask('POST', '/v1/registrations', { body: input });
    expect(answer).toMatchObject({
      status: 422,
      code: 'member.name_unprintable',
      body: {
        fields: {
          'organisation.nameZh': 'member.name_unprintable',
          'organisation.address': 'member.name_unprintable',
        },
      },
    });
  });

  it('422 member.legal_id_country for a credit code outside mainland China; an LEI may be anywhere', async () => {
    const code = await post(world.registration({ organisation: { country: 'DE' } }));
    expect(code).toMatchObject({ code: 'member.legal_id_country' });
    const lei = await post(
      world.registration({ organisation: { country: 'DE', legalId: '5493001KJTIIGC8Y1R12' } }),
    );
    expect(lei).toMatchObject({ status: 201 });
  });

  it('409 member.legal_id_taken when another tries the same legal identity, and nothing of it stays', async () => {
    const { input } = await world.register();
    const before = await counts();
    const answer = await post(world.registration({ organisation: { legalId: input.organisation.legalId } }));
    expect(answer).toMatchObject({
      status: 409,
      code: 'member.legal_id_taken',
      body: { fields: { 'organisation.legalId': 'member.legal_id_taken' } },
    });
    expect(await counts()).toEqual(before);
  });

  it('409 member.legal_id_taken for the centre’s own legal identity', async () => {
    const before = await counts();
    const answer = await post(world.registration({ organisation: { legalId: CENTRE_LEGAL_ID } }));
    expect(answer).toMatchObject({ status: 409, code: 'member.legal_id_taken' });
    expect(await counts()).toEqual(before);
  });

  it('201 with the first answer for the same registration again, 409 with another password', async () => {
    const input = world.registration();
    const first = await post(input);
    const before = await counts();
    expect(await post(input)).toMatchObject({ status: 201, body: first.body });
    const guess = await post({ ...input, admin: { ...input.admin, password: 'eight green horses' } });
    expect(guess).toMatchObject({ status: 409, code: 'member.legal_id_taken' });
    expect(await counts()).toEqual(before);
  });

  it('201 in the same form for an address that is known: the answer tells nobody who is registered', async () => {
    const { input } = await world.register();
    const free = await post(world.registration());
    const known = world.registration({ email: input.admin.email.toUpperCase() });
    const answer = await post({ ...known, admin: { ...known.admin, password: OTHER } });
    expect(answer.status).toBe(201);
    const shape = (body: object) => Object.entries(body).map(([key, value]) => [key, typeof value]);
    expect(shape(answer.body)).toEqual(shape(free.body));
    expect(answer.body['status']).toBe(free.body['status']);

    const [old, young] = [await world.token(input.admin.email), await world.token(input.admin.email, OTHER)];
    const companyOf = async (token: string) =>
      (await world.ask('GET', '/v1/session', { token })).body['organisation'].name;
    expect(await companyOf(old)).toBe(input.organisation.name);
    expect(await companyOf(young)).toBe(known.organisation.name);
    expect((await world.ask('GET', '/v1/notices', { token: old })).body['items']).toMatchObject([
      { kind: 'address_used', subject: known.organisation.name },
    ]);
    expect((await world.ask('GET', '/v1/notices', { token: young })).body['items']).toEqual([]);
    const wrong = await world.ask('POST', '/v1/login', {
      body: { email: input.admin.email, password: 'nine yellow horses' },
    });
    expect(wrong).toMatchObject({ status: 401, code: 'auth.invalid_credentials' });
  });

  it('keeps one salt for one address, so that a login works out one hash however many accounts it has', async () => {
    const { input } = await world.register();
    const again = world.registration({ email: input.admin.email });
    await post({ ...again, admin: { ...again.admin, password: OTHER } });
    const token = await world.token(input.admin.email);
    const body = { current: PASSWORD, next: 'ten purple horses' };
    expect((await world.ask('POST', '/v1/password', { token, body })).status).toBe(200);
    const rows = await world.db.sql<{ hash: string }[]>`select password_hash as hash from person
      where email = ${input.admin.email}`;
    expect(rows).toHaveLength(2);
    expect(new Set(rows.map(({ hash }) => hash.split('$')[4])).size).toBe(1);
    expect(await world.token(input.admin.email, 'ten purple horses')).toBeDefined();
  });

  it('does not forget guesses at one account because somebody else has another one of the address', async () => {
    const { input } = await world.register();
    const own = world.registration({ email: input.admin.email });
    await post({ ...own, admin: { ...own.admin, password: OTHER } });
    const login = async (password: string) =>
      (await world.ask('POST', '/v1/login', { body: { email: input.admin.email, password, token: true } }))
        .status;
    const answers: number[] = [];
    for (let i = 0; i < 10; i += 1) answers.push(await login(`guess number ${i}`), await login(OTHER));
    expect(answers.filter((status) => status === 429).length).toBeGreaterThan(0);
  });

  it('opens the company that is meant where one address has one password in two', async () => {
    const { id, input } = await world.register();
    const twin = await world.register(world.registration({ email: input.admin.email }));
    const { email, password } = input.admin;
    for (const organisationId of [id, twin.id]) {
      const { body } = await world.ask('POST', '/v1/login', { body: { email, password, organisationId } });
      expect(body['organisation'].id).toBe(organisationId);
    }
  });

  it('lets exactly one of many registrations at the same moment have a legal identity', async () => {
    const legalId = uscc(777);
    const answers = await Promise.all(
      Array.from({ length: 8 }, async () => post(world.registration({ organisation: { legalId } }))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([
      201,
      ...Array.from({ length: 7 }, () => 409),
    ]);
    expect(await world.db.sql`select 1 from organisation where legal_id = ${legalId}`).toHaveLength(1);
  });

  it('400 for what is no registration, whatever it is', async () => {
    const input = world.registration();
    const bad: unknown[] = [
      {},
      [],
      null,
      'text',
      { ...input, status: 'active' },
      { ...input, organisation: { ...input.organisation, status: 'active' } },
      { ...input, organisation: { ...input.organisation, name: 'with\u0000nul' } },
      { ...input, organisation: { ...input.organisation, name: ' \t ' } },
      { ...input, organisation: { ...input.organisation, name: 'x'.repeat(141) } },
      { ...input, organisation: { ...input.organisation, sells: 'true' } },
      { ...input, organisation: { ...input.organisation, country: 'cn' } },
      { ...input, admin: { ...input.admin, email: 'not an address' } },
      { ...input, admin: { ...input.admin, password: 'short' } },
      { ...input, admin: { ...input.admin, roles: ['staff'] } },
      { ...input, people: [{ ...input.people![0]!, roles: [] }] },
      { ...input, people: Array.from({ length: 10 }, () => input.people![0]!) },
      '{"__proto__":{"staff":true}}',
      '{"organisation":',
    ];
    const before = await counts();
    for (const body of bad) expect([body, (await post(body ?? 'null')).status]).toEqual([body, 400]);
    expect(await counts()).toEqual(before);
  });

  it('429 request.rate_limited with the time to wait, when one address asks about many companies', async () => {
    const taken = (await world.register()).input;
    const probe = { ...world.registration(), organisation: taken.organisation };
    const answers = [];
    for (let i = 0; i < 41; i += 1) answers.push(await post({ ...probe, admin: {} as never }, '10.66.0.1'));
    expect(answers.every(({ status }) => status === 400)).toBe(true);
    const asked = await Promise.all(Array.from({ length: 44 }, async () => post(probe, '10.66.0.2')));
    expect(asked.filter(({ status }) => status !== 429)).toHaveLength(40);
    const limited = asked.find(({ status }) => status === 429)!;
    expect(limited).toMatchObject({ code: 'request.rate_limited' });
    expect(limited.body['retryAfterMs']).toBeGreaterThan(0);
    expect(limited.headers['retry-after']).toBeDefined();
    world.clock.turn(60 * 60_000 + 1);
    expect((await post(probe, '10.66.0.2')).status).not.toBe(429);
  });
});
