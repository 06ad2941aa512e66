/** What takes two people of the centre: suspending, ending, joining companies, over HTTP on a real database. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { confirmBankAccount, legalPersonOf, oncePartyOf, ownerGroupOf, relatedTo } from '../public.ts';
import { createStaff } from '../seed.ts';
import { PASSWORD, World } from '../test/world.ts';

let world: World;
let first: { id: string; token: string };
let second: { id: string; token: string };
beforeAll(async () => {
  world = await World.open();
  first = await world.staff();
  second = await world.second();
});
afterAll(async () => world.close());

const active = async () => {
  const registered = await world.register();
  await world.decide(first.token, registered.id, 'certify');
  await world.work();
  await world.db.sql.begin(async (tx) =>
    confirmBankAccount(tx, { organisationId: registered.id, confirmed: true }),
  );
  return registered;
};
const statusOf = async (id: string) =>
  (await world.db.sql`select status from organisation where id = ${id}`)[0]?.['status'];
const proposed = async (id: string, kind: string) => {
  const answer = await world.propose(first.token, id, kind);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return (await world.proposalOf(id, kind))!;
};
const staff = async (name: string, roles: Parameters<typeof createStaff>[1]['roles'] & object) => {
  const email = `${name}@seam.example`;
  await createStaff(world.db.sql, { name, email, password: PASSWORD, roles });
  return world.token(email);
};

describe('a decision of two people', () => {
  it('changes nothing until the second one has agreed', async () => {
    const { id } = await active();
    const proposal = await proposed(id, 'suspend');
    expect(await statusOf(id)).toBe('active');
    expect((await world.approve(second.token, proposal)).body).toMatchObject({
      state: 'approved',
      proposedBy: { id: first.id },
      decidedBy: { id: second.id },
    });
    expect(await statusOf(id)).toBe('suspended');
  });

  it('409 two_person.own for whoever proposed it, whatever offices', async () => {
    const { id } = await active();
    const proposal = await proposed(id, 'suspend');
    expect(await world.approve(first.token, proposal)).toMatchObject({ status: 409, code: 'two_person.own' });
    expect(await statusOf(id)).toBe('active');
  });

  it('is refused by the database too when one person would do both', async () => {
    const { id } = await active();
    const proposal = await proposed(id, 'suspend');
    await expect(
      world.db.sql`update party_proposal set state = 'approved', decided_by = ${first.id}, decided_at = now()
        where id = ${proposal}`,
    ).rejects.toMatchObject({ constraint_name: 'approved_by_two' });
  });

  it('has one winner when two approve at once; the other is told that it is decided', async () => {
    const { id } = await active();
    const third = await staff('third', ['operator_admin']);
    const proposal = await proposed(id, 'suspend');
    const answers = await Promise.all(
      [second.token, third, second.token].map(async (one) => world.approve(one, proposal)),
    );
    expect(answers.map(({ status, code }) => [status, code]).sort()).toEqual([
      [200, ''],
      [409, 'two_person.decided'],
      [409, 'two_person.decided'],
    ]);
    const steps = await world.db
      .sql`select 1 from certification_step where organisation_id = ${id} and move = 'suspend'`;
    expect(steps).toHaveLength(1);
  });

  it('is given the first answer again when the same approval is sent again', async () => {
    const { id } = await active();
    const proposal = await proposed(id, 'suspend');
    const key = { 'idempotency-key': `approve-${id}` };
    const one = await world.approve(second.token, proposal, key);
    expect(await world.approve(second.token, proposal, key)).toMatchObject({ status: 200, body: one.body });
  });

  it('409 two_person.expired after three days; it can be proposed anew', async () => {
    const { id } = await active();
    const proposal = await proposed(id, 'suspend');
    await world.db.sql`update party_proposal set expires_at = now() - interval '1 minute',
      proposed_at = now() - interval '4 days' where id = ${proposal}`;
    expect(await world.approve(second.token, proposal)).toMatchObject({
      status: 409,
      code: 'two_person.expired',
    });
    expect(await statusOf(id)).toBe('active');
    const again = await proposed(id, 'suspend');
    expect((await world.approve(second.token, again)).status).toBe(200);
    expect(await world.approve(second.token, proposal)).toMatchObject({ code: 'two_person.expired' });
  });

  it('409 for one that was withdrawn or refused', async () => {
    const { id } = await active();
    for (const [who, state] of [
      [first, 'withdrawn'],
      [second, 'refused'],
    ] as const) {
      const proposal = await proposed(id, 'suspend');
      const body = { reason: 'no' };
      const said = await world.ask('POST', `/v1/staff/proposals/${proposal}/refusal`, {
        token: who.token,
        body,
      });
      expect(said.body).toMatchObject({ state });
      expect(await world.approve(second.token, proposal)).toMatchObject({
        status: 409,
        code: 'two_person.decided',
      });
    }
    expect(await statusOf(id)).toBe('active');
  });

  it('409 two_person.open_already for the same twice, and one of two at once', async () => {
    const { id } = await active();
    const answers = await Promise.all(
      [first, second].map(async ({ token }) => world.propose(token, id, 'suspend')),
    );
    expect(answers.map(({ status, code }) => [status, code]).sort()).toEqual([
      [200, ''],
      [409, 'two_person.open_already'],
    ]);
  });

  it('403 for another office: an auditor reads and proposes nothing, a risk officer suspends nobody', async () => {
    const { id } = await active();
    const [auditor, risk] = [await staff('auditor', ['auditor']), await staff('risk', ['risk_officer'])];
    const proposal = await proposed(id, 'suspend');
    expect(
      (await world.ask('GET', `/v1/staff/certifications/${id}/proposals`, { token: auditor })).status,
    ).toBe(200);
    expect(await world.approve(auditor, proposal)).toMatchObject({ status: 403, code: 'auth.forbidden' });
    expect(await world.propose(auditor, id, 'terminate')).toMatchObject({ status: 403 });
    expect(await world.approve(risk, proposal)).toMatchObject({ status: 403, code: 'two_person.office' });
    expect(await world.propose(risk, id, 'terminate')).toMatchObject({
      status: 403,
      code: 'two_person.office',
    });
    expect(await statusOf(id)).toBe('active');
  });

  it('404 for a proposal that is none, and for a company that asks about the centre’s', async () => {
    const { id, input } = await active();
    const proposal = await proposed(id, 'suspend');
    const token = await world.token(input.admin.email);
    const body = { reason: 'x' };
    expect(
      (await world.ask('POST', `/v1/company/proposals/${proposal}/approval`, { token, body })).status,
    ).toBe(404);
    expect((await world.approve(second.token, 'nothing')).status).toBe(404);
  });
});

describe('a suspension', () => {
  it('stops trading from the next request on and in every market, leaves what is bound, and ends by two again', async () => {
    const { id, input } = await active();
    world.told.length = 0;
    await world.decide(first.token, id, 'suspend', 'Open complaint');
    await world.work();
    expect(world.told).toMatchObject([
      { what: 'stop', of: { organisationId: id, staffId: second.id, reason: 'Open complaint' } },
    ]);
    expect(await legalPersonOf(world.db.sql, id)).toBeUndefined();
    expect(await oncePartyOf(world.db.sql, id)).toMatchObject({ legalId: input.organisation.legalId });
    expect((await world.ask('GET', `/v1/organisations/${id}`)).body).toMatchObject({
      status: 'suspended',
      publicReason: 'Open complaint',
    });
    await world.decide(first.token, id, 'reinstate');
    await world.work();
    expect(world.told.at(-1)).toMatchObject({
      what: 'resume',
      of: { organisationId: id, approvals: [first.id, second.id] },
    });
    expect((await world.ask('GET', `/v1/organisations/${id}`)).body).toMatchObject({
      status: 'active',
      publicReason: null,
    });
  });
});

describe('a termination', () => {
  it('409 member.business_open with what is open, when it is proposed and again when it is approved', async () => {
    const { id } = await active();
    world.open = { orders: 2, contracts: 1, payouts: 0 };
    expect(await world.propose(first.token, id, 'terminate')).toMatchObject({
      status: 409,
      code: 'member.business_open',
      body: { fields: { orders: '2', contracts: '1' }, detail: 'orders 2, contracts 1' },
    });
    world.open = {};
    const proposal = await proposed(id, 'terminate');
    world.open = { holds: 1 };
    expect(await world.approve(second.token, proposal)).toMatchObject({
      status: 409,
      code: 'member.business_open',
    });
    expect(await statusOf(id)).toBe('active');
    world.open = {};
    expect((await world.approve(second.token, proposal)).status).toBe(200);
    expect(await statusOf(id)).toBe('terminated');
  });

  it('cannot be undone, by a decision or in the database', async () => {
    const { id } = await active();
    await world.decide(first.token, id, 'terminate');
    for (const decision of ['reinstate', 'certify', 'suspend'])
      expect(await world.propose(first.token, id, decision)).toMatchObject({
        code: 'member.decision_not_possible',
      });
    await expect(
      world.db.sql`update organisation set status = 'active' where id = ${id}`,
    ).rejects.toMatchObject({
      code: 'CX003',
    });
  });
});

describe('a group of related companies', () => {
  const relate = async (id: string, other: string | null, token = first.token) =>
    world.ask('POST', `/v1/staff/certifications/${id}/relations`, {
      token,
      body: { with: other, reason: 'one owner' },
    });
  const related = async (id: string) =>
    (await world.ask('GET', `/v1/staff/certifications/${id}`, { token: first.token })).body['related'] as {
      id: string;
      shares: string[];
      confirmed: boolean;
    }[];

  it('is found by what companies share, confirmed by two, told to the markets, and left again', async () => {
    const [a, b, c] = [await active(), await active(), await active()];
    await world.db.sql`update party_declaration set representative_id = 'ID same'
      where organisation_id in ${world.db.sql([a.id, b.id])}`;
    const seen = (await related(a.id)).find(({ id }) => id === b.id);
    expect(seen).toMatchObject({ shares: ['legal_representative'], confirmed: false });
    expect(await ownerGroupOf(world.db.sql, a.id)).toBe(a.id);

    const answer = await relate(a.id, b.id);
    expect(answer).toMatchObject({
      status: 201,
      body: { kind: 'relate', subject: [{}, { value: 'legal_representative' }] },
    });
    expect(await world.approve(first.token, answer.body['id'])).toMatchObject({ code: 'two_person.own' });
    expect(await relatedTo(world.db.sql, a.id)).toEqual([]);
    world.told.length = 0;
    expect((await world.approve(second.token, answer.body['id'])).status).toBe(200);
    await world.work();
    const group = await ownerGroupOf(world.db.sql, a.id);
    expect(group).not.toBe(a.id);
    expect(await ownerGroupOf(world.db.sql, b.id)).toBe(group);
    expect(world.told.map(({ what, of }) => [what, of['ownerGroup']])).toEqual([
      ['regroup', group],
      ['regroup', group],
    ]);
    expect((await related(a.id)).find(({ id }) => id === b.id)).toMatchObject({ confirmed: true });
    expect(await relate(b.id, a.id)).toMatchObject({ status: 409, code: 'member.related_already' });

    const third = await relate(c.id, b.id);
    await world.approve(second.token, third.body['id']);
    expect(await relatedTo(world.db.sql, c.id)).toEqual([a.id, b.id].sort());

    const gone = await relate(c.id, null);
    await world.approve(second.token, gone.body['id']);
    expect(await relatedTo(world.db.sql, c.id)).toEqual([]);
    expect(await ownerGroupOf(world.db.sql, c.id)).toBe(c.id);
    expect(await relatedTo(world.db.sql, a.id)).toEqual([b.id]);
    expect(await relate(c.id, null)).toMatchObject({ status: 422, code: 'member.not_related' });
  });

  it('stays one group when two that share a company are confirmed at once', async () => {
    const [a, b, c] = [await active(), await active(), await active()];
    const proposals = [await relate(a.id, b.id), await relate(c.id, b.id)].map(({ body }) => body['id']);
    const answers = await Promise.all(proposals.map(async (one) => world.approve(second.token, one)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await relatedTo(world.db.sql, b.id)).toEqual([a.id, c.id].sort());
  });

  it.each([
    ['owner', `owners = '[{"name":"Zhang  San","country":"CN","shareBasisPoints":10000}]'`],
    ['declared', `related = '[{"name":"x","relation":"x","legalId":"LEGAL"}]'`],
  ])('finds %s', async (share, change) => {
    const [a, b] = [await active(), await active()];
    const { sql } = world.db;
    const [legal] = await sql`select legal_id from organisation where id = ${b.id}`;
    const ids = share === 'owner' ? [a.id, b.id] : [a.id];
    await sql.unsafe(
      `update party_declaration set ${change.replace('LEGAL', legal!['legal_id'])}
      where organisation_id = any($1)`,
      [ids as never],
    );
    expect((await related(a.id)).find(({ id }) => id === b.id)?.shares).toContain(share);
    expect((await related(b.id)).find(({ id }) => id === a.id)?.shares).toContain(share);
  });
});
