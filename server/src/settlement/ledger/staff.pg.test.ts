/** The ledger over HTTP: what companies and the centre read of it, and reversals by two persons. */
import {
  depositReceived,
  giveBond,
  holdBidSecurity,
  partyAccount,
  provisionalPayment,
  releaseBidSecurity,
} from '@seam/ledger';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import { minor } from '@seam/units';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCore } from '../../core.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Principal } from '../../platform/principal.ts';
import { post } from './ledger.ts';
import { checkLedger } from './read.ts';
import { ledgerHttp } from './routes.ts';
import { fresh, free, totalsOf } from './testing.ts';

let db: TestDatabase;
let app: FastifyInstance;

const principal = (who: string): Principal => ({
  personId: who,
  personName: who,
  organisationId: who.startsWith('staff') ? '' : who,
  organisationStatus: 'active',
  roles: ['finance'],
  staff: who.startsWith('staff'),
  centreRoles: who.startsWith('staff') ? ['risk_officer'] : [],
  robot: false,
  loginSessionId: who,
});

beforeAll(async () => {
  db = await testDatabase();
  app = await buildCore({
    sql: db.sql,
    authenticate: async (token) => principal(token.replaceAll('_', '')),
    publicUrl: 'http://127.0.0.1:1',
  });
  ledgerHttp(app, {
    sql: db.sql,
    wake: () => {},
    clock: systemClock,
    namesOf: async (_connection, ids) =>
      new Map(ids.map((id) => [id, { name: `Company ${id}`, nameZh: null }])),
  });
});
afterAll(async () => {
  await app.close();
  await db.close();
});

async function call(who: string, method: 'GET' | 'POST', url: string, payload?: object) {
  const answer = await app.inject({
    method,
    url,
    headers: { authorization: `Bearer ${who.padEnd(43, '_')}` },
    ...(payload && { payload }),
  });
  const isJson = String(answer.headers['content-type']).includes('json');
  return { status: answer.statusCode, body: isJson ? answer.json() : answer.payload };
}

const CNY = 'CNY' as const;
const amount = (yuan: number) => minor(BigInt(yuan) * 100n);

/** A company with money. */
async function company(yuan: number): Promise<string> {
  const orgId = fresh('org');
  const ref = fresh('ref');
  await post(db.sql, depositReceived({ ref, orgId, currency: CNY, amount: amount(yuan), owed: minor(0n) }));
  return orgId;
}

async function bond(orgId: string, yuan: number): Promise<string> {
  const bondId = fresh('b');
  const given = await post(
    db.sql,
    giveBond({ bondId, contractId: fresh('c'), orgId, currency: CNY, amount: amount(yuan) }),
  );
  expect(given.ok).toBe(true);
  return `bond.${bondId}`;
}

const statementOf = async (who: string, code: string, more = '') =>
  call(who, 'GET', `/v1/staff/ledger/statement?account=${encodeURIComponent(code)}${more}`);
const propose = async (effectKey: string, who = 'staffann') =>
  call(who, 'POST', '/v1/staff/ledger/reversals', { effectKey, reason: 'Given for the wrong contract' });
const decide = async (id: string, who = 'staffbob', confirm = true) =>
  call(who, 'POST', `/v1/staff/ledger/reversals/${id}/decision`, { confirm });

describe('statements over HTTP', () => {
  it('a company reads its own account, and 404 for one it does not have', async () => {
    const [orgId, other] = [await company(100), await company(7)];
    await bond(orgId, 30);
    const own = await call(orgId, 'GET', '/v1/account-statement?currency=CNY&kind=free');
    expect(own.body.now).toEqual({ balance: '70.00', held: '0.00' });
    expect(
      own.body.items.map((one: { amount: string; balanceAfter: string }) => [one.amount, one.balanceAfter]),
    ).toEqual([
      ['-30.00', '70.00'],
      ['100.00', '100.00'],
    ]);
    const theirs = await call(other, 'GET', '/v1/account-statement?currency=CNY&kind=free');
    expect(theirs.body.items).toHaveLength(1);
    const none = await call(
      other,
      'GET',
      '/v1/account-statement?currency=CNY&kind=performance_security&contractId=c1',
    );
    expect(none.status).toBe(404);
    const file = '/v1/account-statement/export?currency=USD&kind=free';
    expect((await call(orgId, 'GET', file)).status).toBe(404);
    expect((await call(orgId, 'GET', file.replace('USD', 'CNY'))).body.split('\r\n')).toHaveLength(4);
  });

  it('403: nobody but staff opens an account by its code', async () => {
    const orgId = await company(5);
    expect((await statementOf(orgId, free(orgId))).status).toBe(403);
    const url = `/v1/staff/ledger/statement/export?account=${encodeURIComponent(free(orgId))}`;
    expect((await call(orgId, 'GET', url)).status).toBe(403);
  });

  it('staff reads any account: its balance then, lines of one kind and one time, page by page, and as a file', async () => {
    const orgId = await company(1000);
    const keys: string[] = [];
    for (let n = 1; n <= 60; n += 1) keys.push(await bond(orgId, 1));
    const { body } = await statementOf('staffann', free(orgId));
    expect(body.account).toMatchObject({
      owner: { name: `Company ${orgId}` },
      balance: '940.00',
      held: '0.00',
    });
    expect(body.reasons).toEqual(['bond_given', 'deposit']);
    expect(body.items).toHaveLength(50);
    expect(body.items[0]).toMatchObject({ effectKey: keys.at(-1), balanceAfter: '940.00' });
    const rest = await statementOf('staffann', free(orgId), `&before=${body.next}`);
    expect(rest.body.items.at(-1)).toMatchObject({ reason: 'deposit', balanceAfter: '1000.00' });
    expect([rest.body.items.length, rest.body.next]).toEqual([11, null]);
    const deposits = await statementOf('staffann', free(orgId), '&reason=deposit');
    expect(deposits.body.items.map((one: { entryNo: string }) => one.entryNo)).toEqual(['1']);
    const [line] = await db.sql<
      { at: string }[]
    >`select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
      from ledger_entry where account = ${free(orgId)} and entry_no = 11`;
    const then = await statementOf('staffann', free(orgId), `&at=${line!.at}&to=${line!.at}`);
    expect(then.body.past).toEqual({ balance: '990.00', held: '0.00' });
    expect(then.body.items).toHaveLength(10);
    const after = await statementOf('staffann', free(orgId), `&from=${line!.at}`);
    expect(after.body.items).toHaveLength(50);
    const url = `/v1/staff/ledger/statement/export?account=${encodeURIComponent(free(orgId))}&reason=bond_given`;
    expect((await call('staffann', 'GET', url)).body.split('\r\n')).toHaveLength(62);
    expect((await statementOf('staffann', free('nobody'))).status).toBe(404);
  });

  it('staff finds the accounts of a kind', async () => {
    const orgId = await company(12);
    const { body } = await call('staffann', 'GET', '/v1/staff/ledger/accounts?currency=CNY&kind=free');
    expect(body.items).toContainEqual(expect.objectContaining({ code: free(orgId), balance: '12.00' }));
    const on = await call(
      'staffann',
      'GET',
      `/v1/staff/ledger/accounts?currency=CNY&kind=free&after=${free(orgId)}`,
    );
    expect(on.body.items.map((one: { code: string }) => one.code)).not.toContain(free(orgId));
  });
});

describe('a reversal', () => {
  it('needs two persons and a reason, is made of what is stored, and once', async () => {
    const orgId = await company(100);
    const key = await bond(orgId, 40);
    const before = await statementOf('staffann', free(orgId));
    const made = await propose(key);
    expect(made.status).toBe(201);
    expect((await propose(key, 'staffbob')).body.code).toBe('two_person.open_already');
    expect((await decide(made.body.id, 'staffann')).body.code).toBe('two_person.own');
    const both = await Promise.all([decide(made.body.id), decide(made.body.id, 'staffcy')]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(both.find(({ status }) => status === 409)!.body.code).toBe('two_person.decided');
    expect(await totalsOf(db.sql, free(orgId))).toMatchObject({
      creditsPosted: 14_000n,
      debitsPosted: 4000n,
    });
    expect((await propose(key)).body.code).toBe('ledger.reversed');
    expect((await propose(`reversal.${key}`)).body.code).toBe('ledger.not_reversible');
    const after = await statementOf('staffann', free(orgId));
    expect(after.body.items).toHaveLength(before.body.items.length + 1);
    const effect = await call('staffann', 'GET', `/v1/staff/ledger/effect?key=${key}`);
    expect(effect.body).toMatchObject({
      hindrance: { code: 'ledger.reversed' },
      reversedBy: `reversal.${key}`,
      reversals: [{ outcome: 'reversed', by: { mine: true }, decidedBy: expect.any(String) }],
    });
    expect(await checkLedger(db.sql)).toEqual([]);
  });

  it('is refused while the money is gone, stays open, and is made when it is back', async () => {
    const [orgId, contractId] = [await company(10), fresh('c')];
    const security = { contractId, orgId, currency: CNY, amount: amount(10) };
    await post(db.sql, giveBond({ bondId: contractId, ...security }));
    const spend = {
      effectKey: fresh('spend'),
      reason: 'correction',
      subject: 'test',
      legs: [
        {
          phase: 'posted',
          debit: `${orgId}/CNY/performance_security/${contractId}`,
          credit: partyAccount(orgId, CNY, 'payable'),
          amount: amount(1),
        },
      ],
    } as const;
    await post(db.sql, spend);
    const { id } = (await propose(`bond.${contractId}`)).body;
    const refused = await decide(id);
    expect([refused.status, refused.body.code, refused.body.accepted.available]).toEqual([
      422,
      'ledger.insufficient_funds',
      '9.00',
    ]);
    expect((await decide((await propose(spend.effectKey)).body.id)).body).toEqual({ outcome: 'reversed' });
    expect((await decide(id, 'staffcy')).body).toEqual({ outcome: 'reversed' });
    expect(await totalsOf(db.sql, free(orgId))).toMatchObject({ creditsPosted: 2000n, debitsPosted: 1000n });
  });

  it('ends a hold that still stands, and is refused for one that is resolved, also in between', async () => {
    const orgId = await company(50);
    const held = async () => {
      const holdKey = fresh('hold');
      const security = { holdKey, orgId, currency: CNY, amount: amount(20), auctionId: 'gone' };
      await post(db.sql, holdBidSecurity(security));
      return security;
    };
    const [one, two] = [await held(), await held()];
    const [first, second] = [(await propose(one.holdKey)).body, (await propose(two.holdKey)).body];
    await post(db.sql, releaseBidSecurity(two));
    expect((await decide(second.id)).body.code).toBe('ledger.hold_resolved');
    expect((await decide(first.id)).body).toEqual({ outcome: 'reversed' });
    expect(await totalsOf(db.sql, free(orgId))).toMatchObject({ debitsPending: 0n, debitsPosted: 0n });
    expect((await propose(two.holdKey)).body.code).toBe('ledger.hold_resolved');
    expect((await propose(`bid-security-resolved.${two.holdKey}`)).body.code).toBe('ledger.not_reversible');
  });

  it('is refused for what the market counts on, the bank has said, or a contract stands on', async () => {
    const [orgId, id] = [await company(50), fresh('x')];
    await post(
      db.sql,
      holdBidSecurity({ holdKey: id, orgId, currency: CNY, amount: amount(1), auctionId: `a-${id}` }),
    );
    await db.sql`insert into outbox (effect_key, topic, payload, not_before)
      values (${`auction:a-${id}:security:${orgId}`}, 'auctions.settle_security', '{}', now() + interval '1 day')`;
    expect((await propose(id)).body).toMatchObject({
      code: 'ledger.reversed_elsewhere',
      accepted: { by: 'market' },
    });
    const parties = { contractId: id, buyerId: orgId, sellerId: 'seller', currency: CNY };
    await post(db.sql, provisionalPayment({ ...parties, invoiceId: id, amount: amount(5) }));
    const by = async (key: string) => (await propose(key)).body.accepted?.by;
    expect(await by(`provisional-payment.${id}`)).toBe('settlement');
    const [deposit] = await db.sql<{ key: string }[]>`select t.effect_key as key from ledger_transfer t
      where t.credit_account = ${free(orgId)}`;
    expect(await by(deposit!.key)).toBe('bank');
    expect((await propose('no-such-effect')).status).toBe(404);
  });

  it('declined it changes nothing and may be proposed again; the database keeps who decided', async () => {
    const orgId = await company(10);
    const key = await bond(orgId, 4);
    const { id } = (await propose(key)).body;
    expect((await decide(id, 'staffann', false)).body).toEqual({ outcome: 'rejected' });
    expect(await totalsOf(db.sql, free(orgId))).toMatchObject({ debitsPosted: 400n });
    expect((await propose(key)).status).toBe(201);
    await expect(db.sql`update ledger_reversal set reason = 'another' where id = ${id}`).rejects.toThrow();
    const open = db.sql`update ledger_reversal set outcome = 'reversed', decided_by = proposed_by, decided_at = now()
      where effect_key = ${key} and outcome is null`;
    await expect(open).rejects.toThrow();
    expect((await call('staffann', 'GET', '/v1/staff/ledger/reversals')).body.items[0].outcome).toBeNull();
  });
});
