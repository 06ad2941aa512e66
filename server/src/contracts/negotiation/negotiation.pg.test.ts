import { createHash } from 'node:crypto';
import { readTerms } from '@seam/esign';
import { canonicalJson } from '@seam/units';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bindingContract } from '../effective.ts';
import { parseAmendment, parseTerms } from '../terms.ts';
import { VERSIONS_MAX } from './ground.ts';
import { Table } from './testing.ts';

let table: Table;
beforeAll(async () => {
  table = await Table.open();
});
afterAll(async () => table.close());

const rows = async (id: string) => {
  const [row] = await table.db
    .sql`select state, version, terms, terms_sha256, sign_by from contract where id = ${id}`;
  const revisions = await table.db.sql`select n, version, kind, sha256, prev_sha256 from contract_revision
    where contract_id = ${id} order by n`;
  return { contract: row!, revisions };
};

describe('the terms of a contract', () => {
  it('are read clause by clause in both languages by the parties and the centre, with what each may change', async () => {
    const id = await table.issued();
    const seller = await table.view(id, 'seller');
    expect(seller).toMatchObject({ state: 'issued', version: 1, mine: 'seller', negotiation: 'new_version' });
    expect(seller.clauses.map(({ id: clause }) => clause)).toContain('quality');
    const paths = (view: typeof seller) =>
      view.clauses.flatMap(({ fields }) => fields.map(({ path }) => path));
    expect(paths(seller)).toContain('goods.deliveryPlace.name');
    expect(paths(seller)).toContain('quality.rules.0.reject.below');
    expect(paths(seller)).not.toContain('pricePerTonne');
    expect(paths(await table.view(id, 'buyer'))).not.toContain('goods.deliveryPlace.name');
    const staff = await table.view(id, 'staff');
    expect(staff).toMatchObject({ mine: null, negotiation: 'new_version' });
    expect(paths(staff)).toEqual([]);
  });

  it('404 for a stranger, whatever is asked, and for ids that are none', async () => {
    const id = await table.issued();
    const made = await table.propose('buyer', id, { 'inspection.challengeDays': 5 });
    const proposal = made.body.proposals[0]!;
    const asked = [
      await table.call('stranger', 'GET', `/v1/contracts/${id}/terms`),
      await table.call('stranger', 'GET', `/v1/contracts/${id}/redline?from=1&to=1`),
      await table.call('stranger', 'GET', `/v1/contracts/${id}/versions/1/document`),
      await table.propose('stranger', id, { 'inspection.challengeDays': 6 }),
      await table.answer('stranger', proposal, 'acceptance'),
      await table.answer('stranger', proposal, 'rejection'),
      await table.answer('stranger', proposal, 'withdrawal'),
      await table.call('buyer', 'GET', '/v1/contracts/no-such-contract/terms'),
      await table.call('buyer', 'POST', '/v1/contract-proposals/none/acceptance', { sha256: 'a'.repeat(64) }),
      await table.call('buyer', 'GET', `/v1/contracts/${id}/terms?version=7`),
      await table.call('buyer', 'GET', `/v1/contracts/${id}/versions/7/document`),
    ];
    expect(asked.map(({ status }) => status)).toEqual(asked.map(() => 404));
    // Staff reads all of it, and negotiates nothing.
    expect((await table.propose('staff', id, { 'inspection.challengeDays': 6 })).status).toBe(403);
    expect((await table.view(id)).proposals[0]!.state).toBe('open');
  });

  it('is garbage when it is garbage', async () => {
    const id = await table.issued();
    const send = async (body: object) =>
      (await table.call('buyer', 'POST', `/v1/contracts/${id}/proposals`, body)).status;
    const good = {
      changes: [{ path: 'inspection.challengeDays', to: 5 }],
      reason: 'because',
      validHours: 1,
      baseVersion: 1,
    };
    expect(await send({ ...good, changes: [] })).toBe(400);
    expect(await send({ ...good, changes: [{ path: '../..', to: 1 }] })).toBe(400);
    expect(await send({ ...good, extra: 1 })).toBe(400);
    expect(await send({ ...good, validHours: 10_000 })).toBe(400);
    expect(await send({ ...good, reason: '\n\n\n\n' })).toBe(400);
    for (const to of [null, true, 1.5, 'x'.repeat(1000)])
      expect([to, (await table.propose('buyer', id, { 'inspection.challengeDays': to })).status]).toEqual([
        to,
        400,
      ]);
    for (const to of [{}, [], '', -1, 1e300, { $gt: 1 }, [[[]]]])
      expect([to, (await table.propose('buyer', id, { 'inspection.challengeDays': to })).status]).toEqual([
        to,
        422,
      ]);
    for (const path of ['constructor.prototype.x', 'quality.rules.99.per', 'schema', 'inspection'])
      expect([path, (await table.propose('buyer', id, { [path]: 1 })).body.code]).toEqual([
        path,
        'contract.terms_refused',
      ]);
    expect((await table.view(id)).proposals).toEqual([]);
  });
});

describe('a proposal before signing', () => {
  it('accepted makes the next version: another document that names the old one, and signatures start again', async () => {
    const id = await table.issued();
    await table.sign(id, 'seller');
    const before = await rows(id);
    const accepted = await table.agree(id, {
      'inspection.challengeDays': 5,
      'quality.rules.0.reject.below': '20000',
    });
    expect(accepted).toMatchObject({ status: 200, body: { state: 'issued', version: 2 } });
    expect(accepted.body.versions).toMatchObject([
      { version: 1, sellerHadSigned: false, supersededAt: expect.any(String) },
      { version: 2, sellerHadSigned: true, supersededAt: null },
    ]);

    const { contract, revisions } = await rows(id);
    expect(revisions.map(({ n, version, kind }) => [n, version, kind])).toEqual([
      [0, 1, 'issued'],
      [1, 1, 'sig_seller'],
      [2, 2, 'issued'],
    ]);
    expect(revisions.slice(0, 2)).toEqual(before.revisions);
    expect(revisions[2]!['prev_sha256']).toEqual(revisions[1]!['sha256']);
    const parsed = parseTerms(contract['terms']);
    expect(parsed).toMatchObject({
      ok: true,
      terms: {
        version: 2,
        inspection: { challengeDays: 5 },
        supersedes: { sha256: Buffer.from(revisions[1]!['sha256']).toString('hex') },
      },
    });
    expect(contract['sign_by'].getTime()).toBe(table.now.getTime() + 3 * 24 * 3600_000);

    const file = (await table.call<Buffer>('buyer', 'GET', `/v1/contracts/${id}/versions/2/document`))
      .body as unknown as Buffer;
    expect(createHash('sha256').update(file).digest()).toEqual(revisions[2]!['sha256']);
    expect(await readTerms(new Uint8Array(file))).toBe(contract['terms']);
  });

  it('leaves what was prepared on the old revision behind, and takes nothing into a superseded version', async () => {
    const id = await table.issued();
    await table.agree(id, { 'inspection.challengeDays': 5 });
    const { revisions } = await rows(id);
    // A signature prepared on revision 0 is stored as revision 1: that place is taken.
    const stale = table.db.sql`insert into contract_revision (contract_id, n, kind, sha256, prev_sha256, file)
      values (${id}, 1, 'sig_seller', ${revisions[0]!['sha256']}, ${revisions[0]!['sha256']}, ${Buffer.from('x')})`;
    await expect(stale).rejects.toMatchObject({ code: '23505' });
    await table.sign(id, 'seller');
    expect((await rows(id)).revisions.at(-1)).toMatchObject({ n: 2, version: 2, kind: 'sig_seller' });
  });

  it('shows the redline of any two versions, and of itself', async () => {
    const id = await table.issued();
    const made = await table.propose('seller', id, { 'inspection.challengeDays': 5 });
    const [proposal] = made.body.proposals;
    expect(proposal!.redline).toMatchObject([
      {
        id: 'inspection',
        change: 'changed',
        parameters: [{ path: 'inspection.challengeDays', from: 3, to: 5 }],
      },
    ]);
    await table.answer('buyer', proposal!, 'acceptance');
    await table.agree(id, { 'forceMajeure.noticeDays': 9 }, { baseVersion: 2 });
    const redline = async (from: number, to: number) =>
      (
        await table.call<{ clauses: { id: string }[] }>(
          'staff',
          'GET',
          `/v1/contracts/${id}/redline?from=${from}&to=${to}`,
        )
      ).body.clauses.map((clause) => clause.id);
    expect(await redline(1, 3)).toEqual(['inspection', 'force_majeure']);
    expect(await redline(2, 3)).toEqual(['force_majeure']);
    expect(await redline(3, 3)).toEqual([]);
    expect(
      (await table.view(id, 'buyer', '?version=1')).clauses.find((clause) => clause.id === 'inspection')!
        .paragraphs[1]!.en,
    ).toContain('within 3 days');
  });

  it('is answered by the other side, once, and with the hash of what it says', async () => {
    const id = await table.issued();
    const made = await table.propose('buyer', id, { 'inspection.challengeDays': 5 });
    const proposal = made.body.proposals[0]!;
    const code = async (answer: Promise<{ body: { code?: string } }>) => (await answer).body.code;
    expect(await code(table.answer('buyer', proposal, 'acceptance'))).toBe('contract.proposal_own');
    expect(await code(table.answer('buyer', proposal, 'rejection'))).toBe('contract.proposal_own');
    expect(await code(table.answer('seller', proposal, 'withdrawal'))).toBe('contract.proposal_own');
    expect(await code(table.answer('seller', { ...proposal, sha256: 'a'.repeat(64) }, 'acceptance'))).toBe(
      'contract.proposal_changed',
    );
    expect(await code(table.propose('seller', id, { 'inspection.challengeDays': 6 }))).toBe(
      'contract.proposal_open',
    );
    expect((await table.answer('seller', proposal, 'rejection')).body.proposals[0]).toMatchObject({
      state: 'rejected',
      answer: 'not possible',
    });
    expect(await code(table.answer('seller', proposal, 'acceptance'))).toBe('contract.proposal_closed');
    expect((await rows(id)).contract).toMatchObject({ version: 1, state: 'issued' });
  });

  it('can be countered and withdrawn, each closing the one before', async () => {
    const id = await table.issued();
    const first = (await table.propose('buyer', id, { 'inspection.challengeDays': 9 })).body.proposals[0]!;
    const countered = await table.propose(
      'seller',
      id,
      { 'inspection.challengeDays': 4 },
      { counters: first.id },
    );
    expect(countered.body.proposals.map(({ state }) => state)).toEqual(['open', 'countered']);
    expect((await table.answer('seller', first, 'acceptance')).body.code).toBe('contract.proposal_closed');
    const own = await table.propose(
      'seller',
      id,
      { 'inspection.challengeDays': 7 },
      { counters: countered.body.proposals[0]!.id },
    );
    expect(own.body.code).toBe('contract.proposal_own');
    const withdrawn = await table.answer('seller', countered.body.proposals[0]!, 'withdrawal');
    expect(withdrawn.body.proposals[0]!.state).toBe('withdrawn');
  });

  it('expires, and makes room for the next', async () => {
    const id = await table.issued();
    const proposal = (await table.propose('buyer', id, { 'inspection.challengeDays': 9 }, { validHours: 1 }))
      .body.proposals[0]!;
    const then = table.now;
    table.now = new Date(then.getTime() + 3600_000);
    expect(await table.answer('seller', proposal, 'acceptance')).toMatchObject({
      status: 410,
      body: { code: 'contract.proposal_expired' },
    });
    expect((await table.view(id)).proposals[0]!.state).toBe('expired');
    expect((await table.propose('seller', id, { 'inspection.challengeDays': 4 })).status).toBe(201);
    table.now = then;
  });

  it('from an older version is refused, and so is one when the buyer has signed or the contract is void', async () => {
    const id = await table.issued();
    await table.agree(id, { 'inspection.challengeDays': 5 });
    expect((await table.propose('buyer', id, { 'inspection.challengeDays': 6 })).body.code).toBe(
      'contract.stale_version',
    );
    const proposal = (await table.propose('buyer', id, { 'inspection.challengeDays': 6 }, { baseVersion: 2 }))
      .body.proposals[0]!;
    await table.sign(id, 'seller');
    await table.sign(id, 'buyer');
    expect((await table.answer('seller', proposal, 'acceptance')).body.code).toBe('contract.not_negotiable');
    expect((await table.view(id)).proposals[0]!.state).toBe('overtaken');
    expect(
      (await table.propose('seller', id, { 'inspection.challengeDays': 8 }, { baseVersion: 2 })).body.code,
    ).toBe('contract.not_negotiable');
    const other = await table.issued();
    await table.db.sql`update contract set state = 'voided' where id = ${other}`;
    expect((await table.propose('seller', other, { 'inspection.challengeDays': 8 })).body.code).toBe(
      'contract.not_negotiable',
    );
  });

  it('accepted twice at once makes one version; accepted while it is withdrawn, one of the two holds', async () => {
    const id = await table.issued();
    const proposal = (await table.propose('buyer', id, { 'inspection.challengeDays': 5 })).body.proposals[0]!;
    const answers = await Promise.all(
      [1, 2, 3].map(async () => table.answer('seller', proposal, 'acceptance')),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
    expect((await rows(id)).revisions).toHaveLength(2);

    const next = (await table.propose('buyer', id, { 'inspection.challengeDays': 6 }, { baseVersion: 2 }))
      .body.proposals[0]!;
    const both = await Promise.all([
      table.answer('seller', next, 'acceptance'),
      table.answer('buyer', next, 'withdrawal'),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect((await rows(id)).contract['version']).toBe(both[0].status === 200 ? 3 : 2);
  });

  it('is not accepted over a signature that came meanwhile', async () => {
    const id = await table.issued();
    const proposal = (await table.propose('buyer', id, { 'inspection.challengeDays': 5 })).body.proposals[0]!;
    const [accepted] = await Promise.all([
      table.answer('seller', proposal, 'acceptance'),
      table.sign(id, 'seller'),
    ]);
    const { contract, revisions } = await rows(id);
    // Whichever came first, what is signed is what counts: never a seller's signature under a version it is not of.
    const signed = revisions.find(({ kind }) => kind === 'sig_seller');
    expect(signed!['version'] === contract['version']).toBe(contract['state'] === 'seller_signed');
    expect([200, 409]).toContain(accepted.status);
  });

  it('is rendered for nothing when the seller signs meanwhile, or another version is there by then', async () => {
    const id = await table.issued();
    const made = await table.propose('buyer', id, { 'inspection.challengeDays': 5 });
    table.whileRendering = async () => table.sign(id, 'seller');
    const late = await table.answer('seller', made.body.proposals[0]!, 'acceptance');
    table.whileRendering = undefined;
    expect(late.body.code).toBe('contract.stale_version');
    expect((await rows(id)).contract).toMatchObject({ version: 1, state: 'seller_signed' });
    await table.db.sql`update contract set version = 2 where id = ${id}`;
    const stale = await table.answer('seller', made.body.proposals[0]!, 'acceptance');
    expect(stale.body.code).toBe('contract.stale_version');
  });

  it('leads to ten versions, and no further', async () => {
    const id = await table.issued();
    await table.db.sql`update contract set version = ${VERSIONS_MAX} where id = ${id}`;
    const more = await table.propose(
      'buyer',
      id,
      { 'inspection.challengeDays': 30 },
      { baseVersion: VERSIONS_MAX },
    );
    expect(more.body.code).toBe('contract.versions_exhausted');
    const beyond = table.db.sql`update contract set version = ${VERSIONS_MAX + 1} where id = ${id}`;
    await expect(beyond).rejects.toMatchObject({ code: '23514' });
  });

  it('stays on record as it was made', async () => {
    const id = await table.issued();
    const proposal = (await table.propose('buyer', id, { 'inspection.challengeDays': 5 })).body.proposals[0]!;
    for (const change of [
      table.db.sql`update contract_proposal set reason = 'another' where id = ${proposal.id}`,
      table.db.sql`delete from contract_proposal where id = ${proposal.id}`,
      table.db.sql`update contract_version set terms = '{}' where contract_id = ${id}`,
    ])
      await expect(change).rejects.toMatchObject({ code: 'CX002' });
  });
});

describe('an amendment', () => {
  const amendmentOf = async (id: string, changes: Record<string, unknown>) => {
    const agreed = await table.agree(id, changes);
    expect(agreed.status).toBe(200);
    return agreed.body.amendments.at(-1)!;
  };

  it('is a numbered document of its own, that names the file and terms it amends and the amendment before', async () => {
    table.stage = 'funding';
    const id = await table.issued();
    await table.bind(id);
    const first = await amendmentOf(id, { 'inspection.challengeDays': 5 });
    expect(first).toMatchObject({ state: 'issued', number: expect.stringMatching(/^SC-.*-A1$/) });
    const { contract: amended, revisions } = await rows(id);
    const terms = parseAmendment((await rows(first.id)).contract['terms'])!;
    expect(terms.amends).toMatchObject({
      contractId: id,
      sha256: Buffer.from(revisions.at(-1)!['sha256']).toString('hex'),
      termsSha256: Buffer.from(amended['terms_sha256']).toString('hex'),
    });
    expect(terms.previous).toBeNull();
    const file = (await table.call<Buffer>('seller', 'GET', `/v1/contracts/${first.id}/versions/1/document`))
      .body as unknown as Buffer;
    expect(await readTerms(new Uint8Array(file))).toBe(canonicalJson(terms));

    expect((await table.propose('seller', id, { 'inspection.challengeDays': 7 })).body.code).toBe(
      'contract.amendment_open',
    );
    await table.bind(first.id);
    const second = await amendmentOf(id, { 'inspection.challengeDays': 7 });
    const last = (await rows(first.id)).revisions.at(-1)!;
    expect(parseAmendment((await rows(second.id)).contract['terms'])!.previous).toEqual({
      number: first.number,
      sha256: Buffer.from(last['sha256']).toString('hex'),
    });
    expect((await table.view(second.id, 'staff')).clauses[0]!.paragraphs[0]!.en).toContain(
      terms.amends.sha256,
    );
  });

  it('changes what settlement works by when it binds, and not before; void, it never does', async () => {
    table.stage = 'result';
    const id = await table.issued();
    await table.bind(id);
    const price = async () => (await bindingContract(table.db.sql, id))!.terms.pricePerTonne;
    const first = await amendmentOf(id, { pricePerTonne: '60000' });
    expect(await price()).toBe('61250');
    await table.bind(first.id);
    expect(await price()).toBe('60000');
    expect(
      (await table.view(id)).clauses.find((clause) => clause.id === 'price_fixed')!.paragraphs[0]!.en,
    ).toContain('CNY 600.00');
    const second = await amendmentOf(id, { pricePerTonne: '50000' });
    await table.db.sql`update contract set state = 'voided' where id = ${second.id}`;
    expect(await price()).toBe('60000');
    const third = await amendmentOf(id, { pricePerTonne: '59000' });
    expect(third.number).toMatch(/-A3$/);
    await table.bind(third.id);
    expect(await price()).toBe('59000');
    // It is no contract of its own: nothing is settled or delivered by its id.
    expect(await bindingContract(table.db.sql, first.id)).toBeUndefined();
  });

  it('is refused for what settlement has used already, with a code that says so', async () => {
    const id = await table.issued();
    await table.bind(id);
    table.stage = 'end';
    const late = await table.propose('buyer', id, { pricePerTonne: '60000' });
    expect(late).toMatchObject({
      status: 409,
      body: { code: 'contract.terms_too_late', fields: { pricePerTonne: 'too_late' } },
    });
    const proposed = async (stage: Table['stage']) => {
      table.stage = stage;
      return (await table.propose('buyer', id, { 'disputes.mediationDays': 20 })).body.code;
    };
    expect(await proposed('over')).toBe('contract.not_negotiable');
    expect(await proposed(undefined)).toBe('contract.settlement_not_open');
    expect(await proposed('end')).toBeUndefined();
    table.stage = 'funding';
  });

  it('agreed on too late is not drawn up: settlement moved between the wish and the answer', async () => {
    const id = await table.issued();
    await table.bind(id);
    table.stage = 'result';
    const proposal = (await table.propose('buyer', id, { pricePerTonne: '60000' })).body.proposals[0]!;
    table.stage = 'end';
    expect((await table.answer('seller', proposal, 'acceptance')).body.code).toBe('contract.terms_too_late');
    table.stage = 'result';
    expect((await table.answer('seller', proposal, 'acceptance')).status).toBe(200);
    table.stage = 'funding';
  });

  it('cannot itself be amended, and one is under way at a time, whoever writes', async () => {
    const id = await table.issued();
    await table.bind(id);
    const first = await amendmentOf(id, { 'inspection.challengeDays': 5 });
    expect((await table.propose('buyer', first.id, { 'inspection.challengeDays': 6 })).body.code).toBe(
      'contract.not_negotiable',
    );
    const another = table.db
      .sql`insert into contract (id, sale_id, number, seller_id, buyer_id, state, kind, amends_contract_id, amendment_number)
      select gen_random_uuid(), sale_id, number || '-A9', seller_id, buyer_id, 'drafted', 'amendment', id, 9 from contract where id = ${id}`;
    await expect(another).rejects.toMatchObject({ code: '23505' });
  });

  it('that was tampered with on record stops settlement instead of misleading it', async () => {
    table.stage = 'result';
    const id = await table.issued();
    await table.bind(id);
    const amendment = await amendmentOf(id, { pricePerTonne: '60000' });
    await table.bind(amendment.id);
    await table.db
      .sql`update contract set terms = replace(terms, '"to":"60000"', '"to":"10000"') where id = ${amendment.id}`;
    await expect(bindingContract(table.db.sql, id)).rejects.toThrow(/hashed/);
    table.stage = 'funding';
  });
});
