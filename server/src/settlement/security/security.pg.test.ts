import { partyAccount, platformAccount } from '@seam/ledger';
import { minor } from '@seam/units';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cancelSettlement } from '../trade/cancel.ts';
import { hold, resolve } from '../ledger/bid-security.ts';
import { post } from '../ledger/ledger.ts';
import { balances } from '../ledger/read.ts';
import { Desk, type Trade } from '../trade/testing.ts';
import { decide } from './forfeit.ts';
import { releaseTime } from './release-time.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterAll(async () => desk.close());

const REASON = { reason: 'The invoice was not paid' };
const DAY_MS = 24 * 3600_000;
const first = { personId: 'first' };
const second = { personId: 'second' };

/** A contract whose provisional invoice of 60,000.00 is overdue; the buyer has 1,000.00 of security behind it. */
async function overdue(buyerYuan = 0): Promise<Trade> {
  const trade = await desk.trade(buyerYuan);
  await desk.db
    .sql`update settlement set provisional_due_at = now() - interval '1 day' where contract_id = ${trade.id}`;
  return trade;
}

async function noticed(trade: Trade): Promise<string> {
  const answer = await desk.call('staff', 'POST', `/v1/staff/settlements/${trade.id}/default-notice`, {
    side: 'buyer',
    ...REASON,
  });
  expect(answer.status).toBe(201);
  return answer.body.id;
}

const decision = async (id: string, at: Date, person = second, forfeit = true) =>
  desk.db.sql.begin(async (tx) => decide(tx, person, { id, forfeit, ...REASON }, at));
const caseOf = async (id: string) => (await desk.db.sql`select * from forfeiture where id = ${id}`)[0]!;
const afterCure = async (id: string): Promise<Date> =>
  new Date((await caseOf(id))['cure_until'].getTime() + 1);
const total = async (orgId: string) =>
  (await balances(desk.db.sql, orgId)).reduce((sum, one) => sum + one.balance, 0n);

/** Money of this value date, booked now: of a company, or of nobody known. */
async function credited(yuan: number, valueDay: Date, orgId: string | null): Promise<void> {
  const { sql } = desk.db;
  const ref = desk.fresh('LINE');
  const amount = minor(BigInt(yuan) * 100n);
  const day = valueDay.toISOString().slice(0, 10);
  const debit = platformAccount('CNY', 'bank_clearing');
  const credit = orgId === null ? platformAccount('CNY', 'suspense') : partyAccount(orgId, 'CNY', 'free');
  const legs = [{ phase: 'posted', debit, credit, amount }] as const;
  await post(sql, { effectKey: ref, reason: 'deposit', subject: 'test', legs });
  await sql`insert into bank_message (source, event_id, kind, body_sha256, raw, got_at, next_attempt_at)
    values ('test', ${ref}, 'camt', sha256('x'), 'x', now(), now())`;
  await sql`insert into bank_line (account, ref, currency, direction, amount, booking_day, value_day,
      reference_text, outcome, org_id, effect_key, source, event_id, booked_at)
    select number, ${ref}, 'CNY', 'credit', ${String(amount)}, ${day}, ${day}, '',
      ${orgId === null ? 'suspense' : 'deposit'}, ${orgId}, ${ref}, 'test', ${ref}, now()
      from bank_own_account where currency = 'CNY'`;
}

describe('forfeiture of security', () => {
  it('409: none without a default, none where there is no security, one notice at a time', async () => {
    const trade = await desk.trade(0);
    const url = `/v1/staff/settlements/${trade.id}/default-notice`;
    const notice = async (side: string) => desk.call('staff', 'POST', url, { side, ...REASON });
    expect((await notice('buyer')).body.code).toBe('security.not_in_default');
    expect((await notice('seller')).body.code).toBe('security.not_in_default');
    await desk.db
      .sql`update settlement set provisional_due_at = now() - interval '1 day' where contract_id = ${trade.id}`;
    expect((await notice('buyer')).status).toBe(201);
    expect((await notice('buyer')).body.code).toBe('two_person.open_already');
    expect((await desk.call(trade.seller, 'POST', url, { side: 'buyer', ...REASON })).status).toBe(403);
  });

  it('needs the end of the cure period and a second person, and is made once', async () => {
    const trade = await overdue();
    const id = await noticed(trade);
    const staff = { personId: 'person-of-staff' };
    const early = new Date(Date.now() + DAY_MS);
    const late = await afterCure(id);
    expect(await decision(id, late, staff)).toMatchObject({ refused: 'two_person.own' });
    expect(await decision(id, early)).toMatchObject({ refused: 'security.cure_period' });
    expect((await caseOf(id))['state']).toBe('noticed');
    const [ours, theirs] = await Promise.all([decision(id, late), decision(id, late, first)]);
    expect([ours, theirs].filter((one) => one === undefined)).toHaveLength(1);
    expect([ours, theirs]).toContainEqual(expect.objectContaining({ refused: 'security.decided' }));
    expect(await desk.money(trade.buyer)).toEqual({});
    expect(await desk.money(trade.seller)).toEqual({ free: 1000 });
    expect((await desk.view(trade)).state).toBe('cancelled');
  });

  it('cannot happen in the database before the period has ended, nor by the person who gave notice', async () => {
    const id = await noticed(await overdue());
    const { sql } = desk.db;
    await expect(
      sql`update forfeiture set state = 'forfeited', decided_by = 'x', decided_at = now() where id = ${id}`,
    ).rejects.toThrow();
    await expect(
      sql`update forfeiture set state = 'forfeited', decided_by = noticed_by, decided_at = cure_until + interval '1 second'
        where id = ${id}`,
    ).rejects.toThrow();
    await expect(sql`update forfeiture set cure_until = now() where id = ${id}`).rejects.toThrow();
  });

  it('is saved by money whose value date lies in the period, however late it is booked: it pays the invoice', async () => {
    const trade = await overdue();
    const id = await noticed(trade);
    await credited(60_000, (await caseOf(id))['cure_until'], trade.buyer);
    expect(await decision(id, await afterCure(id))).toBeUndefined();
    expect((await caseOf(id))['state']).toBe('cured');
    expect((await desk.view(trade)).state).toBe('funded');
    expect(await desk.money(trade.buyer)).toEqual({ escrow: 60_000, performance_security: 1000 });
  });

  it('is not saved by money of a later value date', async () => {
    const trade = await overdue();
    const id = await noticed(trade);
    await credited(60_000, new Date((await caseOf(id))['cure_until'].getTime() + DAY_MS), trade.buyer);
    expect(await decision(id, await afterCure(id))).toBeUndefined();
    expect((await caseOf(id))['state']).toBe('forfeited');
    expect(await desk.money(trade.buyer)).toEqual({ free: 60_000 });
  });

  it('waits while a credit of that size and time has no known owner', async () => {
    const trade = await overdue();
    const id = await noticed(trade);
    await credited(60_000, (await caseOf(id))['noticed_at'], null);
    expect(await decision(id, await afterCure(id))).toMatchObject({
      refused: 'security.unidentified_credit',
    });
    // Whoever it belonged to, it was somebody else's.
    await desk.db
      .sql`insert into suspense_decision (account, ref, org_id, decided_by, confirmed_by, at, effect_key)
      select account, ref, 'somebody', 'a', 'b', now(), effect_key from bank_line where outcome = 'suspense'`;
    expect(await decision(id, await afterCure(id))).toBeUndefined();
    expect((await caseOf(id))['state']).toBe('forfeited');
  });

  it('ends by itself when the invoice was paid meanwhile, and by withdrawal', async () => {
    const paid = await overdue(60_000);
    const [a, b] = [await noticed(paid), await noticed(await overdue())];
    expect((await desk.pay(paid)).status).toBe(200);
    expect(await decision(a, await afterCure(a))).toBeUndefined();
    expect((await caseOf(a))['state']).toBe('cured');
    expect(await decision(b, new Date(), first, false)).toBeUndefined();
    expect((await caseOf(b))['state']).toBe('withdrawn');
  });

  it('is undone only by two persons, as a new opposite transfer', async () => {
    const trade = await overdue();
    const id = await noticed(trade);
    const before = await total(trade.buyer);
    await decision(id, await afterCure(id));
    const reverse = async (as: string) =>
      desk.call(as, 'POST', `/v1/staff/forfeitures/${id}/reversal`, REASON);
    expect((await reverse('staff')).status).toBe(200);
    expect(await desk.money(trade.buyer)).toEqual({});
    expect((await reverse('staff')).body.code).toBe('two_person.own');
    expect((await reverse('staffother')).body.state).toBe('reversed');
    expect((await reverse('staffother')).body.code).toBe('security.not_forfeited');
    expect(await total(trade.buyer)).toBe(before);
    expect(await desk.money(trade.seller)).toEqual({});
    const effects = await desk.db.sql<{ reason: string }[]>`
      select reason from ledger_effect where subject = ${`contract:${trade.id}`} order by at, effect_key`;
    expect(effects.map(({ reason }) => reason)).toEqual([
      'bid_security_applied',
      'security_forfeited',
      'security_restored',
    ]);
  });

  it('of a delivery of which nothing was lifted goes to the side that is not at fault', async () => {
    const trade = await desk.trade(60_000);
    await desk.fund(trade.seller, 700);
    await desk.call(trade.seller, 'POST', `/v1/settlements/${trade.id}/bond`, { amount: '700' });
    await desk.pay(trade);
    await desk.db.sql.begin(async (tx) => cancelSettlement(tx, trade.id, 'nothing was lifted'));
    const url = `/v1/staff/settlements/${trade.id}/default-notice`;
    const { body } = await desk.call('staff', 'POST', url, { side: 'seller', reason: 'It loaded no truck' });
    expect(await decision(body.id, await afterCure(body.id))).toBeUndefined();
    expect(await desk.money(trade.seller)).toEqual({});
    expect(await desk.money(trade.buyer)).toEqual({ free: 60_700, performance_security: 1000 });
  });

  it('404: only the two sides and staff hear of it, and only the debtor says it was read', async () => {
    const trade = await overdue();
    const id = await noticed(trade);
    const seen = async (as: string): Promise<string[]> =>
      (await desk.call(as, 'GET', '/v1/forfeitures')).body.items.map((one: { id: string }) => one.id);
    expect(await seen(trade.buyer)).toEqual([id]);
    expect(await seen(trade.seller)).toEqual([id]);
    expect(await seen(desk.fresh('stranger'))).toEqual([]);
    const read = async (as: string) => desk.call(as, 'POST', `/v1/forfeitures/${id}/acknowledgement`);
    expect((await read(trade.seller)).status).toBe(404);
    expect((await read(trade.buyer)).status).toBe(200);
    expect((await caseOf(id))['acknowledged_by']).toBe(`person-of-${trade.buyer}`);
  });
});

describe('a bond', () => {
  it('of the seller stands behind its contract and comes back when that is settled', async () => {
    const trade = await desk.trade(60_000);
    await desk.fund(trade.seller, 800);
    const give = async (as: string, amount: string) =>
      desk.call(as, 'POST', `/v1/settlements/${trade.id}/bond`, { amount });
    expect((await desk.call(trade.seller, 'GET', '/v1/securities')).body.items).toMatchObject([
      { id: trade.id, amount: '0.00', open: true },
    ]);
    expect((await give(trade.seller, '800.01')).body.code).toBe('ledger.insufficient_funds');
    expect((await give(desk.fresh('stranger'), '1')).status).toBe(404);
    expect((await give(trade.seller, '500')).status).toBe(200);
    expect((await give(trade.seller, '300')).status).toBe(200);
    expect(await desk.money(trade.seller)).toEqual({ performance_security: 800 });
    const { items } = (await desk.call(trade.seller, 'GET', '/v1/securities')).body;
    expect(items).toMatchObject([{ kind: 'contract', id: trade.id, amount: '800.00', open: true }]);
    await desk.deliver(trade, '100');
    await desk.accept(trade);
    expect(await desk.money(trade.seller)).toMatchObject({ free: 800 });
    expect((await give(trade.seller, '1')).body.code).toBe('settlement.not_due');
  });
});

describe('the time to release', () => {
  it('is measured from the close to the ledger, of losers only, and anybody may read it', async () => {
    const { sql } = desk.db;
    const closesAt = new Date(Date.now() - 60_000);
    const auctionId = desk.fresh('auction');
    for (const [n, retained] of [
      [0, 0n],
      [1, 0n],
      [2, 100_00n],
    ] as const) {
      const orgId = `${auctionId}-${n}`;
      await desk.fund(orgId, 100);
      const security = {
        holdKey: `${auctionId}.${n}`,
        orgId,
        currency: 'CNY',
        amount: minor(100_00n),
        auctionId,
      } as const;
      expect(await hold(sql, security)).toMatchObject({ ok: true });
      expect(await resolve(sql, { auctionId, orgId, retained: minor(retained) })).toMatchObject({ ok: true });
    }
    await sql`insert into auction ${sql(auctionRow(auctionId, closesAt))}`;
    const found = await releaseTime(sql, new Date(Date.now() + 1000));
    expect(found.releases).toBe(2);
    expect(found.medianMs).toBeGreaterThanOrEqual(60_000);
    expect(found.p95Ms).toBeGreaterThanOrEqual(found.medianMs!);
    expect(await releaseTime(sql, new Date(Date.now() + 100 * DAY_MS))).toMatchObject({
      releases: 0,
      medianMs: null,
    });
    expect((await desk.call('', 'GET', '/v1/security/release-time')).status).toBe(200);
  });
});

/** An auction that is over, with whatever its table asks for besides. */
function auctionRow(id: string, closesAt: Date) {
  return {
    id,
    listing_id: 'listing',
    owner_id: 'owner',
    title: 'Datong',
    state: 'awarded',
    terms: desk.db.sql.json({}),
    currency: 'CNY',
    requested_by: 'somebody',
    opens_at: new Date(closesAt.getTime() - DAY_MS),
    closes_at: closesAt,
  };
}
