/** Papers and owners over HTTP: handed in, accepted, run out; and the account that money is paid to. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bankAccountOf, confirmBankAccount } from '../public.ts';
import { World } from '../test/world.ts';
import { demoPaper } from './demo-paper.ts';

let world: World;
let centre: { id: string; token: string };
beforeAll(async () => {
  world = await World.open();
  centre = await world.staff();
});
afterAll(async () => world.close());

const DAY_MS = 86_400_000;
const inDays = (days: number) =>
  new Date(world.clock.now().getTime() + days * DAY_MS).toISOString().slice(0, 10);
const statusOf = async (id: string) =>
  (await world.db.sql`select status from organisation where id = ${id}`)[0]?.['status'];
const paper = (change: object = {}) => ({
  kind: 'business_licence',
  number: 'L-1',
  issuedOn: '2024-01-01',
  fileName: 'licence.pdf',
  file: demoPaper(`licence ${Math.random()}`).toString('base64'),
  ...change,
});
/** Days pass; whoever is logged in stays so, and what is due is done. */
const nextDay = async (days: number) => {
  const { sql } = world.db;
  world.clock.turn(days * DAY_MS);
  const ms = days * DAY_MS;
  await sql`update login_session set expires_at = expires_at + ${ms} * interval '1 millisecond',
    ends_at = ends_at + ${ms} * interval '1 millisecond'`;
  await sql`update outbox set not_before = now(), parked_at = null, leased_until = '-infinity' where done_at is null`;
  await world.work();
};
const DECLARATION = {
  representative: { name: 'Li Wei', identityNumber: '1401 0119 8001' },
  owners: [{ name: 'Zhang San', country: 'CN', shareBasisPoints: 10_000 }],
  related: [],
};
const bankSays = async (answer: Parameters<typeof confirmBankAccount>[1]) =>
  world.db.sql.begin(async (tx) => confirmBankAccount(tx, { now: world.clock.now(), ...answer }));
const draft = async () => {
  const registered = await world.register({ ...world.registration(), draft: true });
  return { ...registered, token: await world.token(registered.input.admin.email) };
};
const add = async (token: string, change: object = {}) =>
  world.ask('POST', '/v1/company/documents', { token, body: paper(change) });
const judge = async (id: string, document: string, body: object) =>
  world.ask('POST', `/v1/staff/certifications/${id}/documents/${document}/decision`, {
    token: centre.token,
    body,
  });
const active = async () => {
  const registered = await world.register();
  await world.decide(centre.token, registered.id, 'certify');
  await world.work();
  expect(await bankSays({ organisationId: registered.id, confirmed: true })).toBe('active');
  return { ...registered, token: await world.token(registered.input.admin.email) };
};

describe('a draft', () => {
  it('is submitted when everything is handed in, and certified when everything is accepted', async () => {
    const { id, token } = await draft();
    const submit = async () => world.ask('POST', '/v1/company/submission', { token, body: {} });
    expect(await statusOf(id)).toBe('registered');
    expect(await submit()).toMatchObject({
      status: 409,
      code: 'member.dossier_incomplete',
      body: {
        fields: { declaration: 'required', business_licence: 'required', representative_id: 'required' },
      },
    });
    await world.ask('PUT', '/v1/company/declaration', { token, body: DECLARATION });
    const licence = await add(token);
    const identity = await add(token, { kind: 'representative_id' });
    expect(await submit()).toMatchObject({ status: 200, body: { status: 'submitted' } });
    expect(await submit()).toMatchObject({ status: 409, code: 'state.conflict' });

    expect(await world.propose(centre.token, id, 'certify')).toMatchObject({
      code: 'member.dossier_incomplete',
    });
    expect(await statusOf(id)).toBe('submitted');
    expect((await judge(id, licence.body['id'], { accept: true })).status).toBe(200);
    expect(await judge(id, identity.body['id'], { accept: false })).toMatchObject({
      code: 'party_document.reason_missing',
    });
    await judge(id, identity.body['id'], { accept: false, reason: 'Not readable' });
    expect(await judge(id, identity.body['id'], { accept: true })).toMatchObject({
      code: 'party_document.decided',
    });
    const again = await add(token, { kind: 'representative_id' });
    await judge(id, again.body['id'], { accept: true });
    expect((await world.propose(centre.token, id, 'certify')).status).toBe(200);
    expect(await statusOf(id)).toBe('under_review');
  });

  it('looks at the papers again when the second person approves', async () => {
    const { id } = await world.register();
    await world.dossier(id);
    await world.propose(centre.token, id, 'certify');
    await world.db.sql`update party_document set expires_on = '2024-06-01'
      where organisation_id = ${id} and kind = 'business_licence'`;
    const proposal = await world.proposalOf(id, 'certify');
    expect(await world.approve((await world.second()).token, proposal!)).toMatchObject({
      code: 'member.dossier_incomplete',
    });
    expect(await statusOf(id)).toBe('under_review');
  });
});

describe('a document', () => {
  it('422 party_document.type for what is no PDF, PNG or JPEG, whatever it is called', async () => {
    const { token } = await draft();
    const program = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(600)]).toString('base64');
    for (const file of [program, Buffer.from('<html><script>').toString('base64')])
      expect(await add(token, { file })).toMatchObject({ status: 422, code: 'party_document.type' });
    expect(await add(token, { issuedOn: inDays(1) })).toMatchObject({ code: 'party_document.dates' });
    expect(await add(token, { expiresOn: inDays(-1) })).toMatchObject({ code: 'party_document.expired' });
  });

  it('is the same when the same file is handed in again', async () => {
    const { token } = await draft();
    const body = paper();
    const ask = async () => world.ask('POST', '/v1/company/documents', { token, body });
    const answers = await Promise.all([ask(), ask(), ask()]);
    expect(new Set(answers.map(({ body: { id } }) => id)).size).toBe(1);
  });

  it('404 for another company and for staff under another company', async () => {
    const [one, two] = [await draft(), await draft()];
    const { body } = await add(one.token);
    const own = await world.app.inject({
      url: `/v1/company/documents/${body['id']}`,
      headers: { authorization: `Bearer ${one.token}` },
    });
    expect([own.statusCode, own.headers['content-type'], own.rawPayload.subarray(0, 5).toString()]).toEqual([
      200,
      'application/pdf',
      '%PDF-',
    ]);
    for (const url of [`/v1/company/documents/${body['id']}`, '/v1/company/documents/nothing'])
      expect(await world.ask('GET', url, { token: two.token })).toMatchObject({ status: 404 });
    expect(await judge(two.id, body['id'], { accept: true })).toMatchObject({ status: 404 });
    const trader = await world.token(one.input.people![0]!.email);
    expect((await world.ask('GET', '/v1/company/party', { token: trader })).status).toBe(403);
  });

  it('keeps the number of an identity paper from whoever does not hand papers in', async () => {
    const { token, input } = await draft();
    await world.ask('PUT', '/v1/company/declaration', { token, body: DECLARATION });
    const numberFor = async (who: string) =>
      (await world.ask('GET', '/v1/company/party', { token: who })).body['declaration'].representative
        .identityNumber;
    expect(await numberFor(token)).toBe('140101198001');
    expect(await numberFor(await world.token(input.people![1]!.email))).toBe('');
  });

  it('refuses shares above the whole, and a quarter without a name or a reason', async () => {
    const { token } = await draft();
    const declare = async (owners: object[]) =>
      world.ask('PUT', '/v1/company/declaration', { token, body: { ...DECLARATION, owners } });
    const [owner] = DECLARATION.owners;
    expect(await declare([owner!, { ...owner, shareBasisPoints: 1 }])).toMatchObject({
      code: 'member.owner_shares',
    });
    expect(await declare([{ ...owner, shareBasisPoints: 7_500 }])).toMatchObject({
      code: 'member.owners_unnamed',
    });
    expect(await declare([{ ...owner, shareBasisPoints: 0.5 }])).toMatchObject({ status: 400 });
  });
});

describe('expiry', () => {
  it('is told 30, 7 and 1 days before, once each, and then the member is expired until it is certified anew', async () => {
    const { id, token } = await active();
    const { sql } = world.db;
    await sql`delete from party_document where organisation_id = ${id} and kind = 'business_licence'`;
    const last = inDays(40);
    const { body } = await add(token, { expiresOn: last });
    await judge(id, body['id'], { accept: true });
    expect((await world.ask('GET', `/v1/organisations/${id}`)).body).toMatchObject({ certifiedUntil: last });
    const notices = async () =>
      (await world.ask('GET', '/v1/notices', { token })).body['items'] as { kind: string }[];
    await nextDay(0);
    expect(await notices()).toEqual([]);
    for (const [days, told] of [
      [10, 1],
      [1, 1],
      [22, 2],
      [6, 3],
    ] as const) {
      await nextDay(days);
      expect([days, (await notices()).length]).toEqual([days, told]);
    }
    // Done twice, it is told once.
    await sql`update outbox set done_at = null where topic = 'members.document_due'
      and payload->>'documentId' = ${body['id']} and not_before <= now() and done_at is not null`;
    await nextDay(0);
    expect((await notices()).length).toBe(3);
    await nextDay(1);
    expect(await statusOf(id)).toBe('active');
    world.told.length = 0;
    await nextDay(1);
    expect(await statusOf(id)).toBe('expired');
    expect((await notices())[0]).toMatchObject({ kind: 'document_expired' });
    await world.work();
    expect(world.told).toMatchObject([{ what: 'stop', of: { organisationId: id, staffId: 'exchange' } }]);
    expect((await world.ask('GET', `/v1/organisations/${id}`)).body).toMatchObject({ status: 'expired' });

    // Renewed: with the accepted paper of another year, two people, and the word of the bank about the same account.
    const renewed = await add(token, { expiresOn: inDays(400) });
    expect((await world.ask('POST', '/v1/company/submission', { token, body: {} })).status).toBe(200);
    await judge(id, renewed.body['id'], { accept: true });
    expect((await world.decide(centre.token, id, 'certify')).body).toMatchObject({ status: 'certified' });
    await world.work();
    expect(await statusOf(id)).toBe('bank_notified');
    expect(await bankAccountOf(sql, id, world.clock.now())).toBeDefined();
    expect(await bankSays({ organisationId: id, confirmed: true })).toBe('active');
    expect(await bankSays({ organisationId: id, confirmed: true })).toBe('already');
    await world.work();
    expect(world.told.at(-1)).toMatchObject({ what: 'resume', of: { organisationId: id } });
  });

  it('is not hidden by a suspension: reinstated, a member without valid papers is expired', async () => {
    const { id } = await active();
    await world.decide(centre.token, id, 'suspend');
    await world.db.sql`update party_document set expires_on = '2024-06-01'
      where organisation_id = ${id} and kind = 'business_licence'`;
    await world.decide(centre.token, id, 'reinstate');
    expect(await statusOf(id)).toBe('expired');
  });
});

describe('the bank', () => {
  it('is told by an assertion that is signed, kept, sent again unchanged, and acknowledged', async () => {
    const { id, input } = await world.register();
    await world.decide(centre.token, id, 'certify');
    world.bank = async () => {
      throw new Error('silent');
    };
    await world.work();
    world.bank = async () => {};
    await world.retryNow();
    await world.work();
    const sent = world.asked.filter((one) => one.organisationId === id).map(({ assertion }) => assertion);
    expect(sent).toHaveLength(2);
    expect(Buffer.from(sent[0]!.payload).equals(Buffer.from(sent[1]!.payload))).toBe(true);
    expect(JSON.parse(Buffer.from(sent[0]!.payload).toString())).toMatchObject({
      type: 'seam.certification/1',
      legalId: input.organisation.legalId,
      accountNumber: input.bankAccount.accountNumber,
    });
    await bankSays({ organisationId: id, confirmed: true });
    const token = await world.token(input.admin.email);
    expect((await world.ask('GET', '/v1/company/party', { token })).body['assertions']).toMatchObject([
      { confirmed: true },
    ]);
  });
});

describe('a change of bank account', () => {
  const NEW = {
    accountNumber: '6222023333333333',
    bankCode: '102161000018',
    bankName: 'ICBC',
    currency: 'CNY',
  };
  const change = async (
    token: string,
    input: { organisation: { name: string } },
    accountNumber = NEW.accountNumber,
  ) =>
    world.ask('POST', '/v1/company/bank-account', {
      token,
      body: {
        reason: 'new branch',
        bankAccount: { ...NEW, accountNumber, holderName: input.organisation.name },
      },
    });
  const approve = async (token: string, id: string) =>
    world.ask('POST', `/v1/company/proposals/${id}/approval`, { token, body: { reason: 'seen' } });

  it('takes two people of the company, the bank’s word and three days; until then the old one is paid to', async () => {
    const { id, input, token } = await active();
    const { sql } = world.db;
    const finance = await world.token(input.people![1]!.email);
    const proposed = await change(token, input, '6222 0233 3333 3333');
    expect(proposed).toMatchObject({
      status: 201,
      body: { kind: 'bank_account', mayApprove: false, mayWithdraw: true },
    });
    expect(await approve(token, proposed.body['id'])).toMatchObject({ status: 409, code: 'two_person.own' });
    // Finance may propose, not approve.
    expect(await approve(finance, proposed.body['id'])).toMatchObject({ status: 403 });
    const foreign = await active();
    expect(await approve(foreign.token, proposed.body['id'])).toMatchObject({ status: 404 });

    await sql`update person set roles = array['approver'] where email = ${input.people![0]!.email}`;
    const approver = await world.token(input.people![0]!.email);
    expect((await approve(approver, proposed.body['id'])).status).toBe(200);
    expect(await change(token, input, '6222024444444444')).toMatchObject({
      code: 'member.account_change_running',
    });
    await world.work();
    expect(world.asked.at(-1)).toMatchObject({ organisationId: id, accountNumber: NEW.accountNumber });
    expect(await bankSays({ organisationId: id, confirmed: true })).toBe('active');
    expect(await statusOf(id)).toBe('active');

    const paidTo = async (days: number) =>
      (await bankAccountOf(sql, id, new Date(world.clock.now().getTime() + days * DAY_MS)))?.accountNumber;
    expect(await paidTo(0)).toBe(input.bankAccount.accountNumber);
    expect(await paidTo(2.9)).toBe(input.bankAccount.accountNumber);
    expect(await paidTo(3.1)).toBe(NEW.accountNumber);
    await nextDay(3.1);
    const rows =
      await sql`select status, reason from bank_account where organisation_id = ${id} order by created_at`;
    expect(rows).toMatchObject([{ status: 'refused', reason: 'replaced' }, { status: 'confirmed' }]);
  });

  it('leaves the old account when the bank does not confirm the new one', async () => {
    const { id, input, token } = await active();
    const { sql } = world.db;
    const proposed = await change(token, input, '6222025555555555');
    await sql`update person set roles = array['legal_representative'] where email = ${input.people![0]!.email}`;
    await approve(await world.token(input.people![0]!.email), proposed.body['id']);
    await world.work();
    expect(await bankSays({ organisationId: id, confirmed: false, reason: 'holder_name' })).toBe('refused');
    expect(await statusOf(id)).toBe('active');
    expect(await bankAccountOf(sql, id, world.clock.now())).toMatchObject({
      accountNumber: input.bankAccount.accountNumber,
    });
  });

  it('is not possible beside other corrections once the bank has confirmed the account', async () => {
    const { id, input, token } = await active();
    await world.db.sql`update organisation set status = 'needs_info' where id = ${id}`;
    const bankAccount = { ...NEW, holderName: input.organisation.name };
    const answer = await world.ask('POST', '/v1/company/resubmission', {
      token,
      body: { note: 'x', bankAccount },
    });
    expect(answer).toMatchObject({ status: 409, code: 'state.conflict' });
  });
});
