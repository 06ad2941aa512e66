import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  bankAccountOf,
  confirmBankAccount,
  createDemoMember,
  legalPersonOf,
  onSessionEnded,
  type SessionEnd,
} from './public.ts';
import { World } from './test/world.ts';

let world: World;
let centre: { id: string; token: string };
beforeAll(async () => {
  world = await World.open();
  centre = await world.staff();
});
afterAll(async () => world.close());

const bankSays = async (answer: Parameters<typeof confirmBankAccount>[1]) =>
  world.db.sql.begin(async (tx) => confirmBankAccount(tx, answer));
const statusOf = async (id: string) =>
  (await world.db.sql`select status from organisation where id = ${id}`)[0]?.['status'];
const certified = async () => {
  const registered = await world.register();
  expect((await world.decide(centre.token, registered.id, 'certify')).status).toBe(200);
  return registered;
};
const active = async () => {
  const registered = await certified();
  await world.work();
  expect(await bankSays({ organisationId: registered.id, confirmed: true })).toBe('active');
  return registered;
};

describe('the way to membership', () => {
  it('leads from registration over the centre and the bank to active, every step with who and why', async () => {
    const { id, input } = await world.register();
    const token = await world.token(input.admin.email);
    const status = async () => (await world.ask('GET', '/v1/session', { token })).body['organisation'].status;
    expect(await world.ask('GET', `/v1/organisations/${id}`)).toMatchObject({ status: 404 });

    const decided = await world.decide(centre.token, id, 'certify', 'Licence and register agree');
    expect(decided).toMatchObject({ status: 200, body: { status: 'certified', decisions: [] } });
    expect(await world.work()).toEqual(['done']);
    expect(await status()).toBe('bank_notified');
    expect(world.asked.at(-1)).toMatchObject({
      organisationId: id,
      holderName: input.bankAccount.holderName,
      legalId: input.organisation.legalId,
      accountNumber: input.bankAccount.accountNumber,
      currency: 'CNY',
    });
    expect(await bankAccountOf(world.db.sql, id)).toBeUndefined();
    expect(await bankSays({ accountNumber: input.bankAccount.accountNumber, confirmed: true })).toBe(
      'active',
    );
    expect(await status()).toBe('active');
    expect(await bankAccountOf(world.db.sql, id)).toMatchObject({
      accountNumber: input.bankAccount.accountNumber,
    });

    const mine = (await world.ask('GET', '/v1/company', { token })).body;
    expect(mine['history'].map((step: { move: string; by: string }) => `${step.by} ${step.move}`)).toEqual([
      'company register',
      'system submit',
      'centre start_review',
      'centre certify',
      'system notify_bank',
      'bank confirm_bank',
      'system activate',
    ]);
    expect(mine['history'][3]).toMatchObject({ reason: 'Licence and register agree', personName: null });
    expect(mine['bankAccounts']).toMatchObject([{ status: 'confirmed' }]);
    const theirs = (await world.ask('GET', `/v1/staff/certifications/${id}`, { token: centre.token })).body;
    expect(theirs['history'][3]).toMatchObject({ personName: 'Chen Jie' });

    const seen = await world.ask('GET', `/v1/organisations/${id}`);
    expect(seen).toMatchObject({ status: 200, body: { name: input.organisation.name, status: 'active' } });
    expect(JSON.stringify(seen.body)).not.toMatch(/legalId|account|contact|address|@/i);
    const trail = await world.db.sql`select person_id, action, detail from audit_entry
      where subject = ${`organisation:${id}`} and action like '%certify' order by at`;
    const second = await world.second();
    expect(trail).toMatchObject([
      { action: 'proposed.certify', person_id: centre.id, detail: { reason: 'Licence and register agree' } },
      { action: 'approved.certify', person_id: second.id, detail: { proposedBy: centre.id } },
    ]);
  });

  it('goes back to the company when the centre needs more, and on when it has answered', async () => {
    const { id, input } = await world.register();
    const token = await world.token(input.admin.email);
    const answer = async (body: object) => world.ask('POST', '/v1/company/resubmission', { token, body });
    expect(await answer({ note: 'early' })).toMatchObject({ status: 409, code: 'state.conflict' });
    await world.decide(centre.token, id, 'request_info', 'The address is not the registered one');
    expect(
      await answer({ note: 'corrected', bankAccount: { ...input.bankAccount, holderName: 'Other' } }),
    ).toMatchObject({
      status: 422,
      code: 'member.bank_holder_differs',
    });
    expect(await statusOf(id)).toBe('needs_info');
    // The account stays, but the company has another name now: the two must agree again.
    expect(await answer({ note: 'renamed', name: 'New Name Ltd', nameZh: '新名有限公司' })).toMatchObject({
      status: 422,
      code: 'member.bank_holder_differs',
    });
    const sent = await answer({
      note: 'Here is\nthe right one',
      address: '1 New Street',
      bankAccount: { ...input.bankAccount, accountNumber: '6222021111111111' },
    });
    expect(sent).toMatchObject({
      status: 200,
      body: {
        status: 'under_review',
        address: '1 New Street',
        bankAccounts: [
          { status: 'pending', accountNumber: '6222021111111111' },
          { status: 'refused', reason: 'replaced' },
        ],
      },
    });
    expect(sent.body['history'].at(-1)).toMatchObject({
      by: 'company',
      personName: 'Li Wei',
      reason: 'Here is\nthe right one',
    });
  });

  it('asks for another account when the bank refuses one, and submits the new one', async () => {
    const { id, input } = await certified();
    await world.work();
    expect(await bankSays({ organisationId: id, confirmed: false, reason: 'holder unknown' })).toBe(
      'refused',
    );
    const token = await world.token(input.admin.email);
    const mine = (await world.ask('GET', '/v1/company', { token })).body;
    expect(mine).toMatchObject({
      status: 'needs_info',
      waitsFor: 'company',
      bankAccounts: [{ status: 'refused' }],
    });
    expect(mine['history'].at(-1)).toMatchObject({ by: 'bank', reason: 'holder unknown' });
    const answer = async (body: object) => world.ask('POST', '/v1/company/resubmission', { token, body });
    expect(await answer({ note: 'please' })).toMatchObject({
      status: 400,
      body: { fields: { 'bankAccount.accountNumber': 'required' } },
    });
    const again = { ...input.bankAccount, accountNumber: '6222022222222222' };
    expect((await answer({ note: 'another', bankAccount: again })).status).toBe(200);
    await world.decide(centre.token, id, 'certify');
    await world.work();
    expect(world.asked.at(-1)).toMatchObject({ organisationId: id, accountNumber: '6222022222222222' });
    // A late answer about the account that was replaced says nothing about the new one.
    const [first] = world.asked.filter((one) => one.organisationId === id);
    expect(await bankSays({ bankAccountId: first!.bankAccountId, confirmed: true })).toBe('unknown');
    expect(await bankSays({ bankAccountId: first!.bankAccountId, confirmed: false })).toBe('already');
    expect(await statusOf(id)).toBe('bank_notified');
    expect(await bankSays({ organisationId: id, confirmed: true })).toBe('active');
  });
});

describe('the bank', () => {
  it('is asked again with the same reference until it can be reached; the company waits as certified', async () => {
    const { id } = await certified();
    world.bank = async () => {
      throw new Error('bank is silent');
    };
    expect(await world.work()).toEqual(['failed']);
    expect(await statusOf(id)).toBe('certified');
    world.bank = async () => {};
    await world.retryNow();
    expect(await world.work()).toEqual(['done']);
    expect(await statusOf(id)).toBe('bank_notified');
    const references = world.asked
      .filter((one) => one.organisationId === id)
      .map(({ reference }) => reference);
    expect(references).toHaveLength(2);
    expect(new Set(references).size).toBe(1);
  });

  it('may answer before we have written down that it was asked', async () => {
    const { id } = await certified();
    world.bank = async () => {
      expect(await bankSays({ organisationId: id, confirmed: true })).toBe('active');
    };
    expect(await world.work()).toEqual(['done']);
    world.bank = async () => {};
    expect(await statusOf(id)).toBe('active');
    expect(await bankAccountOf(world.db.sql, id)).toBeDefined();
  });

  it('is believed once: the same answer again, also at the same moment, changes nothing', async () => {
    const { id } = await certified();
    await world.work();
    const answers = await Promise.all(
      Array.from({ length: 5 }, async () => bankSays({ organisationId: id, confirmed: true })),
    );
    expect(answers.sort()).toEqual(['active', 'already', 'already', 'already', 'already']);
    const steps = await world.db
      .sql`select 1 from certification_step where organisation_id = ${id} and to_status = 'active'`;
    expect(steps).toHaveLength(1);
    expect(await bankSays({ organisationId: id, confirmed: false, reason: 'late' })).toBe('unknown');
    expect(await statusOf(id)).toBe('active');
  });

  it('changes nothing for whom it was not asked about', async () => {
    const { id, input } = await world.register();
    expect(await bankSays({ organisationId: id, confirmed: true })).toBe('unknown');
    expect(await bankSays({ accountNumber: input.bankAccount.accountNumber, confirmed: true })).toBe(
      'unknown',
    );
    expect(await bankSays({ organisationId: 'nobody', confirmed: true })).toBe('unknown');
    expect(await bankSays({ confirmed: true })).toBe('unknown');
    expect(await statusOf(id)).toBe('submitted');
  });

  it('cannot confirm one account for two companies, nor an account number that two are waiting with', async () => {
    const shared = { accountNumber: '6222029999999999' };
    const [one, two] = [
      await world.register(world.registration({ bankAccount: shared })),
      await world.register(world.registration({ bankAccount: shared })),
    ];
    for (const { id } of [one, two]) await world.decide(centre.token, id, 'certify');
    await world.work();
    expect(await bankSays({ ...shared, confirmed: true })).toBe('ambiguous');
    expect(await bankSays({ organisationId: one.id, ...shared, confirmed: true })).toBe('active');
    expect(await bankSays({ organisationId: two.id, ...shared, confirmed: true })).toBe('refused');
    expect(await statusOf(two.id)).toBe('needs_info');
    const { body } = await world.ask('GET', `/v1/staff/certifications/${two.id}`, { token: centre.token });
    expect(body['related']).toMatchObject([{ id: one.id, shares: ['bank_account'] }]);
  });
});

describe('decisions of the centre', () => {
  it('403 for a company, also its administrator; 401 for nobody', async () => {
    const { id, input } = await world.register();
    const token = await world.token(input.admin.email);
    for (const url of ['/v1/staff/certifications', `/v1/staff/certifications/${id}`])
      expect(await world.ask('GET', url, { token })).toMatchObject({ status: 403, code: 'auth.forbidden' });
    expect(await world.decide(token, id, 'certify')).toMatchObject({ status: 403, code: 'auth.forbidden' });
    expect(await world.ask('GET', '/v1/staff/certifications')).toMatchObject({ status: 401 });
    expect(await statusOf(id)).toBe('submitted');
  });

  it('403 for staff at a company’s own pages: there is no acting as a customer', async () => {
    expect(await world.ask('GET', '/v1/company', { token: centre.token })).toMatchObject({ status: 403 });
    expect(
      await world.ask('POST', '/v1/company/resubmission', { token: centre.token, body: { note: 'x' } }),
    ).toMatchObject({ status: 403 });
  });

  it('409 member.decision_not_possible with what is possible, and 404 for no company', async () => {
    const { id } = await certified();
    expect(await world.decide(centre.token, id, 'certify')).toMatchObject({
      status: 409,
      code: 'member.decision_not_possible',
      body: { accepted: { decision: 'none' } },
    });
    expect(await world.decide(centre.token, 'nobody', 'certify')).toMatchObject({ status: 404 });
    expect(await world.ask('GET', '/v1/staff/certifications/nobody', { token: centre.token })).toMatchObject({
      status: 404,
    });
  });

  it('422 member.name_unprintable instead of certifying a company or a signatory that no contract can name', async () => {
    const { token } = await world.staff('printing@seam.example');
    const { id } = await world.register();
    await world.dossier(id);
    const { sql } = world.db;
    await sql`update person set name = 'Zhao \u{1F9CA}' where organisation_id = ${id} and 'signatory' = any(roles)`;
    expect(await world.propose(token, id, 'certify')).toMatchObject({
      status: 422,
      code: 'member.name_unprintable',
    });
    await sql`update person set name = 'Zhao' where organisation_id = ${id} and 'signatory' = any(roles)`;
    expect((await world.propose(token, id, 'certify')).status).toBe(200);
    // Looked at again when the second person approves.
    await sql`update organisation set address = 'Łódź' where id = ${id}`;
    const proposal = await world.proposalOf(id, 'certify');
    expect(await world.approve((await world.second()).token, proposal!)).toMatchObject({ status: 422 });
  });

  it('lets exactly one of two opposite decisions at the same moment count', async () => {
    const { id } = await world.register();
    await world.dossier(id);
    for (const decision of ['certify', 'reject']) await world.propose(centre.token, id, decision);
    const { token } = await world.second();
    const proposals = await Promise.all(['certify', 'reject'].map(async (one) => world.proposalOf(id, one)));
    const answers = await Promise.all(proposals.map(async (one) => world.approve(token, one!)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const sent = await world.db.sql`select 1 from outbox where payload->>'organisationId' = ${id}`;
    expect(sent).toHaveLength((await statusOf(id)) === 'certified' ? 1 : 0);
  });

  it('400 without a reason, with an unknown decision or an extra field', async () => {
    const { id } = await world.register();
    const url = `/v1/staff/certifications/${id}/decision`;
    for (const body of [
      { decision: 'certify' },
      { decision: 'certify', reason: '' },
      { decision: 'confirm_bank', reason: 'x' },
      { decision: 'certify', reason: 'x', status: 'active' },
      { decision: 'certify', reason: 'a\u0000' },
    ])
      expect((await world.ask('POST', url, { token: centre.token, body })).status).toBe(400);
    expect(await statusOf(id)).toBe('submitted');
  });

  it('suspends a member: known from the next request on, told to its sockets, not its legal person any more', async () => {
    const { id, input } = await active();
    const token = await world.token(input.admin.email);
    const heard: SessionEnd[] = [];
    const stop = await onSessionEnded(world.db.sql, (end) => heard.push(end));
    expect(await legalPersonOf(world.db.sql, id)).toMatchObject({
      legalId: input.organisation.legalId,
      country: 'CN',
    });
    expect(await world.decide(centre.token, id, 'suspend', 'Open complaint')).toMatchObject({
      body: { status: 'suspended' },
    });
    expect((await world.ask('GET', '/v1/session', { token })).body['organisation']).toMatchObject({
      status: 'suspended',
    });
    await expect.poll(() => heard.map(({ why }) => why)).toEqual(['suspended']);
    await stop();
    expect(await legalPersonOf(world.db.sql, id)).toBeUndefined();
    expect((await world.ask('GET', `/v1/organisations/${id}`)).body).toMatchObject({ status: 'suspended' });
    expect(await world.decide(centre.token, id, 'reinstate')).toMatchObject({ body: { status: 'active' } });
    expect(await legalPersonOf(world.db.sql, id)).toBeDefined();
  });

  it('leaves a history that nobody can change', async () => {
    const { id } = await world.register();
    for (const change of [
      world.db.sql`update certification_step set reason = 'nicer' where organisation_id = ${id}`,
      world.db.sql`delete from certification_step where organisation_id = ${id}`,
      world.db.sql`truncate certification_step`,
    ])
      await expect(change).rejects.toMatchObject({ code: 'CX002' });
  });
});

describe('the queue of the centre', () => {
  it('shows each company once, longest waiting first, over all its pages', async () => {
    const waiting: string[] = [];
    for (let i = 0; i < 4; i += 1) waiting.push((await world.register()).id);
    await world.db
      .sql`insert into organisation (id, name, kind, sells, buys, legal_id_kind, legal_id, country, address,
        contact_name, contact_email, contact_phone, status, status_since, created_at)
      select 'old-' || n, 'Old ' || n, 'buyer', false, true, 'lei', lpad(n::text, 20, '0'), 'DE', 'x', 'x', 'x@x', '1',
             'submitted', '2020-01-01', '2020-01-01' from generate_series(1, 120) n`;
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const url: string = `/v1/staff/certifications?state=submitted${cursor ? `&cursor=${cursor}` : ''}`;
      const { status, body } = await world.ask('GET', url, { token: centre.token });
      expect(status).toBe(200);
      seen.push(...body['items'].map((row: { id: string }) => row.id));
      cursor = body['nextCursor'];
    } while (cursor);
    const [all] = await world.db.sql`select count(*)::int as n from organisation where status = 'submitted'`;
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(all!['n']);
    expect(seen.slice(0, 120).every((id) => id.startsWith('old-'))).toBe(true);
    expect(seen.slice(-4)).toEqual(waiting);
  });

  it('400 for a cursor that it did not give, and for a state that does not exist', async () => {
    for (const query of ['cursor=garbage', 'cursor=%00', 'state=everything', 'limit=1', 'cursor=MjAyNg'])
      expect(
        (await world.ask('GET', `/v1/staff/certifications?${query}`, { token: centre.token })).status,
      ).toBe(400);
  });
});

describe('a demo member', () => {
  it('can trade at once, has robots that are said to be robots, and is the same when the seed runs again', async () => {
    const input = world.registration();
    const options = { staffPersonId: centre.id, robots: [input.people![0]!.email] };
    const made = await createDemoMember(world.db.sql, input, options);
    expect(await statusOf(made.organisationId)).toBe('active');
    expect(await createDemoMember(world.db.sql, input, options)).toEqual(made);
    const token = await world.token(input.people![0]!.email);
    expect((await world.ask('GET', '/v1/session', { token })).body).toMatchObject({ robot: true });
  });
});
