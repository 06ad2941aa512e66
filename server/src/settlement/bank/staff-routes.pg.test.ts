/** The centre's desk for the bank over HTTP, with three persons of the office and one of another. */
import { partyAccount } from '@seam/ledger';
import { minor } from '@seam/units';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildCore } from '../../core.ts';
import type { Principal } from '../../platform/principal.ts';
import { post } from '../ledger/ledger.ts';
import { addBusinessDays, bankCalendar, businessDayFrom } from './calendar.ts';
import { lineKey } from './cases.ts';
import { stepOf } from './deps.ts';
import { sendDuePayments } from './sending.ts';
import { bankDeskRoutes } from './staff-routes.ts';
import { ExchangeSide, OWN_ACCOUNTS } from './testing/exchange-side.ts';
import { reportAgedSuspense, reportMismatches } from './watch.ts';

let side: ExchangeSide;
let app: FastifyInstance;
const COMPANY = '0198a000-0000-7000-8000-00000000c0a1';

const person = (personId: string, centreRoles: Principal['centreRoles']): Principal => ({
  personId,
  personName: `Person ${personId}`,
  organisationId: '',
  organisationStatus: 'active',
  roles: [],
  staff: true,
  centreRoles,
  robot: false,
  loginSessionId: personId,
});

beforeAll(async () => {
  side = await ExchangeSide.open();
  app = await buildCore({
    sql: side.db.sql,
    authenticate: async (token) => {
      const who = token.replaceAll('_', '');
      return person(who, who === 'clerk' ? ['support'] : ['risk_officer']);
    },
    publicUrl: 'http://127.0.0.1:1',
  });
  bankDeskRoutes(app, {
    sql: side.db.sql,
    wake: () => {},
    clock: side.deps.clock,
    stepOf: (tx) => stepOf(side.deps, tx),
    namesOf: async (_connection, ids) =>
      new Map(ids.filter((id) => id !== 'nobody').map((id) => [id, { name: `Company ${id}`, nameZh: null }])),
    personNamesOf: async (_connection, ids) => new Map(ids.map((id) => [id, `Person ${id}`])),
  });
});
afterAll(async () => {
  await app.close();
  await side.db.close();
});

async function call(who: string, method: 'GET' | 'POST', path: string, payload?: object) {
  const answer = await app.inject({
    method,
    url: `/v1/staff/bank/${path}`,
    headers: { authorization: `Bearer ${who.padEnd(43, '_')}` },
    ...(payload && { payload }),
  });
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
}
const items = async (path: string, who = 'ann') =>
  (await call(who, 'GET', path)).body['items'] as Record<string, unknown>[];
const proposal = async (who: string, body: object) =>
  call(who, 'POST', 'proposals', { reason: 'letter of today', ...body });
const decision = async (who: string, id: unknown, confirm = true) =>
  call(who, 'POST', `proposals/${String(id)}/decision`, { confirm });

async function largePayment(): Promise<string> {
  const { orgId } = await side.richMember(6_000_000_000n);
  const debit = partyAccount(orgId, 'CNY', 'free');
  const credit = partyAccount(orgId, 'CNY', 'payable');
  const amount = minor(6_000_000_000n);
  await post(side.db.sql, {
    effectKey: side.fresh('earn'),
    reason: 'correction',
    subject: 'test',
    legs: [{ phase: 'posted', debit, credit, amount }],
  });
  return (await side.payment(orgId, amount, { createdBy: 'ann' })).paymentId;
}

it('a large payment is approved by two who did not make it, and only then sent', async () => {
  const id = await largePayment();
  const row = async (who: string) => (await items('payments', who)).find((one) => one['id'] === id);
  expect(await row('ann')).toMatchObject({ state: 'created', approvalsRequired: 2, mayApprove: false });
  const approve = async (who: string) => call(who, 'POST', `payments/${id}/approval`);
  expect(await approve('clerk')).toMatchObject({ status: 403 });
  expect(await approve('ann')).toMatchObject({ status: 409, body: { code: 'two_person.own' } });
  expect(await approve('bob')).toMatchObject({ status: 200, body: { state: 'created', mayApprove: false } });
  // Once more by the same person is not a second person.
  expect(await approve('bob')).toMatchObject({ status: 200, body: { state: 'created' } });
  await sendDuePayments(side.deps);
  expect(await row('cy')).toMatchObject({ state: 'created', mayApprove: true });
  expect(await approve('cy')).toMatchObject({ status: 200, body: { state: 'approved' } });
  expect(await approve('cy')).toMatchObject({ status: 409, body: { code: 'bank.not_awaiting_approval' } });
  const unknown = await call('bob', 'POST', `payments/${COMPANY}/approval`);
  expect(unknown).toMatchObject({ status: 404 });
});

it('a limit is changed by two, and holds for the next payment', async () => {
  const body = { kind: 'change_limit', subject: 'CNY', above: '70000000.00', approvals: 3 };
  for (const wrong of [{ subject: 'XXX' }, { above: undefined }, { approvals: undefined }])
    expect(await proposal('ann', { ...body, ...wrong })).toMatchObject({ status: 400 });
  const made = await proposal('ann', body);
  expect(made).toMatchObject({ status: 201, body: { by: { mine: true }, above: '70000000.00' } });
  expect(await proposal('bob', body)).toMatchObject({
    status: 409,
    body: { code: 'two_person.open_already' },
  });
  expect(await decision('ann', made.body['id'])).toMatchObject({
    status: 409,
    body: { code: 'two_person.own' },
  });
  const before = (await items('limits')).find((one) => one['currency'] === 'CNY');
  expect(before).toMatchObject({ above: '50000000.00', proposal: { id: made.body['id'] } });
  expect(await decision('bob', made.body['id'])).toMatchObject({
    status: 200,
    body: { outcome: 'confirmed' },
  });
  expect(await decision('bob', made.body['id'])).toMatchObject({
    status: 409,
    body: { code: 'two_person.decided' },
  });
  const after = (await items('limits')).find((one) => one['currency'] === 'CNY');
  expect(after).toMatchObject({ above: '70000000.00', approvals: 3, proposal: null });
});

it('a credit in suspense ages by business days, and becomes a company’s by two, once', async () => {
  const entry = side.entry({ amount: minor(77n), remittance: 'for coal' });
  await side.take(side.notification([entry]));
  const key = lineKey(OWN_ACCOUNTS.CNY, entry.ref);
  const line = async () => (await items('suspense')).find((one) => one['key'] === key);
  expect(await line()).toMatchObject({ amount: '0.77', aged: false, proposal: null });
  expect(await reportAgedSuspense(side.deps)).toBe(0);
  side.shiftMs += 4 * 24 * 3_600_000;
  expect(await line()).toMatchObject({ aged: true });
  expect(await reportAgedSuspense(side.deps)).toBe(1);
  expect(await side.cases()).toContain('suspense_aged');

  const body = { kind: 'identify_deposit', subject: key, companyId: COMPANY };
  expect(await proposal('ann', { ...body, companyId: 'nobody' })).toMatchObject({
    status: 422,
    body: { code: 'bank.company_unknown' },
  });
  expect(await proposal('ann', { ...body, subject: 'x.y' })).toMatchObject({
    status: 409,
    body: { code: 'bank.not_open' },
  });
  const first = await proposal('ann', body);
  expect(await decision('ann', first.body['id'], false)).toMatchObject({ body: { outcome: 'rejected' } });
  const second = await proposal('bob', body);
  const both = await Promise.all([decision('ann', second.body['id']), decision('cy', second.body['id'])]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  expect(await line()).toBeUndefined();
  expect(await side.money(COMPANY)).toMatchObject({ free: 77n });
});

it('a contradiction halts payouts until two have closed its case', async () => {
  const { orgId } = await side.richMember(500n);
  const leg = {
    phase: 'posted',
    debit: partyAccount(orgId, 'CNY', 'free'),
    credit: partyAccount(orgId, 'CNY', 'payable'),
    amount: minor(500n),
  } as const;
  await post(side.db.sql, {
    effectKey: side.fresh('earn'),
    reason: 'correction',
    subject: 'test',
    legs: [leg],
  });
  // Somebody writes to our bank account in the ledger, and no line of the bank says so.
  await post(side.db.sql, {
    effectKey: side.fresh('planted'),
    reason: 'correction',
    subject: 'test',
    legs: [
      {
        phase: 'posted',
        debit: 'platform/CNY/bank_clearing',
        credit: 'platform/CNY/fees',
        amount: minor(1n),
      },
    ],
  });
  expect(await reportMismatches(side.deps)).toBe(1);
  const payment = await side.payment(orgId, 500n);
  await sendDuePayments(side.deps);
  const state = async () =>
    (await items('payments?show=all')).find((one) => one['id'] === payment.paymentId)?.['state'];
  expect(await state()).toBe('approved');
  const [found] = (await items('cases')).filter((one) => one['haltsPayouts']);
  expect(found).toMatchObject({ kind: 'mismatch', subject: `proof_difference:${OWN_ACCOUNTS.CNY}` });
  const made = await proposal('ann', { kind: 'close_case', subject: found!['id'] });
  expect(await decision('bob', made.body['id'])).toMatchObject({ body: { outcome: 'confirmed' } });
  // What has been closed since is not closed once more.
  await side.take(side.notification([side.entry({ amount: minor(3n) })]));
  const [aged] = (await items('cases')).filter(
    (one) => one['kind'] === 'deposit_unmatched' && one['closedAt'] === null,
  );
  const late = await proposal('ann', { kind: 'close_case', subject: aged!['id'] });
  await side.db
    .sql`update bank_case set closed_at = now(), closed_by = array['system'] where id = ${aged!['id'] as string}`;
  expect(await decision('bob', late.body['id'])).toMatchObject({
    status: 409,
    body: { code: 'bank.not_open' },
  });
  expect((await items('cases')).find((one) => one['id'] === found!['id'])).toMatchObject({
    haltsPayouts: false,
    closedBy: ['Person ann', 'Person bob'],
  });
  await sendDuePayments(side.deps);
  expect(await state()).toBe('unknown');
});

it('a payment in doubt is given up only after the bank’s window and a clean statement', async () => {
  const [payment] = (await items('payments')).filter((one) => one['state'] === 'unknown');
  const body = { kind: 'fail_payment', subject: payment!['id'] };
  expect(await proposal('ann', body)).toMatchObject({ status: 409, body: { code: 'bank.window_open' } });
  side.shiftMs += 7 * 24 * 3_600_000;
  expect(await proposal('ann', body)).toMatchObject({
    status: 409,
    body: { code: 'bank.statement_missing' },
  });
  expect(await proposal('ann', { ...body, subject: COMPANY })).toMatchObject({ status: 404 });
});

it('statements show our accounts now, what is held, and the days that were proved', async () => {
  const statements = async () =>
    (await call('clerk', 'GET', 'statements')).body as Record<'accounts' | 'held' | 'days', object[]>;
  await side.take(side.statement(1, 0n, [], { account: 'USD' }));
  await side.take(side.statement(3, 0n, [], { account: 'USD' }));
  const shown = await statements();
  expect(shown.accounts.find((one) => 'currency' in one && one.currency === 'USD')).toMatchObject({
    sequence: 1,
    statement: '0.00',
    difference: '0.00',
  });
  const note = { code: 'statement_missing', params: { sequence: '2' } };
  expect(shown.held).toMatchObject([{ currency: 'USD', sequence: 3, note }]);
  expect(shown.days).toMatchObject([{ currency: 'USD', sequence: 1, day: '2026-11-20', difference: '0.00' }]);
  await expect(side.db.sql`update bank_day_proof set statement = 1`).rejects.toMatchObject({ code: 'CX002' });
});

it('the days on which the bank works are kept by staff, with a source, and written down', async () => {
  const year = async (of: number) => (await call('clerk', 'GET', `calendar?currency=CNY&year=${of}`)).body;
  const known = await year(2026);
  expect(known['source']).toContain('2026');
  expect(known['days']).toContainEqual(expect.objectContaining({ day: '2026-02-14', kind: 'open' }));
  expect(await year(2030)).toMatchObject({ source: null, days: [] });
  const set = async (who: string, change: object) =>
    call(who, 'POST', 'calendar/days', {
      currency: 'CNY',
      day: '2030-01-01',
      kind: 'closed',
      name: 'New Year',
      source: 'notice of 2029',
      ...change,
    });
  expect(await set('clerk', {})).toMatchObject({ status: 403 });
  expect(await set('ann', { day: '2030-02-30' })).toMatchObject({ status: 400 });
  expect(await set('ann', {})).toMatchObject({ status: 200, body: { source: 'notice of 2029' } });
  expect((await year(2030))['days']).toEqual([{ day: '2030-01-01', kind: 'closed', name: 'New Year' }]);
  expect(await set('ann', { kind: 'as_weekday' })).toMatchObject({ status: 200, body: { days: [] } });
  const written = await side.db
    .sql`select detail from audit_entry where action = 'bank.calendar_day' order by id`;
  expect(written.map(({ detail }) => (detail as { before: unknown }).before)).toEqual([
    null,
    { kind: 'closed', name: 'New Year' },
  ]);
});

it('business days follow the calendar: money of the day before a long holiday ages after it', async () => {
  const calendar = await bankCalendar(side.db.sql, 'CNY');
  const after = addBusinessDays(calendar, new Date('2026-09-30T03:00:00Z'), 1);
  expect(after).toEqual(new Date('2026-10-08T03:00:00Z'));
  expect(businessDayFrom(calendar, '2026-10-10')).toBe('2026-10-10');
});
