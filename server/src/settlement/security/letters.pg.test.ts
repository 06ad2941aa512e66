/** What people of a company are told of its security, in their list and by letter, and when they need not be. */
import { minor } from '@seam/units';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Desk, type Trade } from '../trade/testing.ts';
import { onPaymentFact } from '../trade/work.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterAll(async () => desk.close());

/** Somebody who answers for the money of this company, and somebody who does not. */
async function people(orgId: string): Promise<void> {
  const { sql } = desk.db;
  const legalId = desk.fresh('9114').padEnd(18, '0');
  await sql`insert into organisation (id, name, kind, sells, buys, legal_id_kind, legal_id, country, address,
      contact_name, contact_email, contact_phone, status, status_since, created_at)
    values (${orgId}, ${orgId}, 'trader', true, true, 'uscc', ${legalId}, 'CN', 'x', 'x', 'x@x.example', '1',
      'registered', now(), now())`;
  for (const role of ['finance', 'trader']) {
    await sql`insert into person (id, organisation_id, name, email, roles, password_hash, created_at)
      values (${`${role}-${orgId}`}, ${orgId}, ${role}, ${`${role}-${orgId}@x.example`.toLowerCase()}, ${[role]}, '$argon2id$x', now())`;
  }
}
const told = async (orgId: string) =>
  desk.db.sql<
    { person: string; kind: string; day: string | null; subject: string; open: boolean; mail: string }[]
  >`
    select n.person_id as person, n.kind, n.detail ->> 'day' as day, n.detail ->> 'subject' as subject, n.mail,
           n.seen_at is null as open
      from person_notice n join person p on p.id = n.person_id where p.organisation_id = ${orgId}
     order by n.created_at, n.id`;

async function overdue(): Promise<Trade> {
  const trade = await desk.trade(0);
  await people(trade.buyer);
  await desk.db
    .sql`update settlement set provisional_due_at = now() - interval '1 day' where contract_id = ${trade.id}`;
  return trade;
}
const staff = async (path: string, body: object) => desk.call('staff', 'POST', `/v1/staff/${path}`, body);

// First: the desk of these tests has no post office for the letters of the others.
it('security that is free again is told to the side it belongs to', async () => {
  const trade = await desk.trade(60_000);
  await people(trade.buyer);
  await desk.deliver(trade, '100');
  await desk.accept(trade);
  await desk.work();
  expect(await told(trade.buyer)).toMatchObject([{ kind: 'security_returned', open: true }]);
});

it('a notice of default is told at once, its end a day before, and to nobody who need not know any more', async () => {
  const trade = await overdue();
  const reason = 'The invoice was not paid';
  const { body } = await staff(`settlements/${trade.id}/default-notice`, { side: 'buyer', reason });
  const [{ until } = { until: '' }] = await desk.db.sql<{ until: string }[]>`
    select to_char(cure_until at time zone 'UTC', 'YYYY-MM-DD') as until from forfeiture where id = ${body.id}`;
  const finance = { person: `finance-${trade.buyer}`, day: until, open: true, mail: 'waiting' };
  expect(await told(trade.buyer)).toMatchObject([{ kind: 'security_notice', ...finance }]);
  await desk.work();
  expect(await told(trade.buyer)).toHaveLength(1);
  await desk.db
    .sql`update outbox set not_before = now() where topic = 'security.cure_ends' and done_at is null`;
  await desk.work();
  expect(await told(trade.buyer)).toMatchObject([
    { kind: 'security_notice' },
    { kind: 'cure_ends', ...finance },
  ]);
  await staff(`forfeitures/${body.id}/decision`, { forfeit: false, reason });
  expect((await told(trade.buyer)).map(({ open }) => open)).toEqual([false, false]);
});

it('a case that is decided before its last day is not told of on it', async () => {
  const trade = await overdue();
  const reason = 'The invoice was not paid';
  const { body } = await staff(`settlements/${trade.id}/default-notice`, { side: 'buyer', reason });
  await staff(`forfeitures/${body.id}/decision`, { forfeit: false, reason });
  await desk.db
    .sql`update outbox set not_before = now() where topic = 'security.cure_ends' and done_at is null`;
  await desk.work();
  expect((await told(trade.buyer)).map(({ kind }) => kind)).toEqual(['security_notice']);
});

it('what the bank took back is told with its amount until it is paid', async () => {
  const orgId = desk.fresh('owing');
  await people(orgId);
  const base = { orgId, currency: 'CNY', lineRef: 'x' } as const;
  const fact = { ...base, type: 'deposit_returned', amount: minor(9000n), owed: minor(123_45n) } as const;
  const tell = async (one: Parameters<typeof onPaymentFact>[1]) =>
    desk.db.sql.begin(async (tx) => onPaymentFact(tx, one, new Date()));
  await tell(fact);
  expect(await told(orgId)).toMatchObject([{ kind: 'top_up_required', subject: 'CNY 123.45', open: true }]);
  await tell({ ...base, type: 'deposit_credited', amount: minor(123_45n), obligationKey: null });
  expect((await told(orgId)).map(({ open }) => open)).toEqual([false]);
});
