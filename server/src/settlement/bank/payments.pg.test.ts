import { partyAccount } from '@seam/ledger';
import { minor } from '@seam/units';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post } from '../ledger/ledger.ts';
import {
  BANK_WINDOW_DAYS,
  type NewPayment,
  PAYMENT_RANKS,
  approvePayment,
  createPayment,
  failPayment,
  paymentById,
} from './payments.ts';
import { bankIdOf } from './identifier.ts';
import { inquireDuePayments, sendDuePayments } from './sending.ts';
import { ExchangeSide } from './testing/exchange-side.ts';

let side: ExchangeSide;
beforeAll(async () => {
  side = await ExchangeSide.open();
});
afterAll(async () => side.db.close());

async function earner(amount: bigint): Promise<string> {
  const orgId = side.fresh('org');
  const leg = {
    phase: 'posted',
    debit: 'platform/CNY/bank_clearing',
    credit: partyAccount(orgId, 'CNY', 'payable'),
    amount: minor(amount),
  } as const;
  await post(side.db.sql, {
    effectKey: side.fresh('earn'),
    reason: 'correction',
    subject: 'test',
    legs: [leg],
  });
  return orgId;
}

const wanted = (orgId: string, obligationKey: string): NewPayment => ({
  obligationKey,
  orgId,
  source: 'payable',
  amount: minor(50n),
  currency: 'CNY',
  creditor: { name: 'P', account: '6222', bank: { kind: 'bic', code: 'X' } },
  remittance: '',
  createdBy: 'system',
  approvalsRequired: 0,
});

describe('a payment', () => {
  it('has the ranks that the database has', async () => {
    const rows = await side.db.sql`select status, rank from payment_status`;
    expect(Object.fromEntries(rows.map((row) => [row['status'], row['rank']]))).toEqual(PAYMENT_RANKS);
  });

  it('keeps its 128 bits in the EndToEndId', () => {
    expect(bankIdOf('00000000-0000-0000-0000-000000000000')).toBe('0'.repeat(26));
    expect(bankIdOf('ffffffff-ffff-ffff-ffff-ffffffffffff')).toBe(`7${'Z'.repeat(25)}`);
  });

  it('reserves its money before it exists', async () => {
    const orgId = await earner(100n);
    await side.payment(orgId, 60n);
    await expect(side.payment(orgId, 41n)).rejects.toThrow('ledger.insufficient_funds');
    await side.payment(orgId, 40n);
  });

  it('S2 is one per obligation, also when two ask at the same moment', async () => {
    const orgId = await earner(1000n);
    const obligationKey = side.fresh('obligation');
    const { rival } = await side.step(async (step) => {
      await createPayment(step, wanted(orgId, obligationKey));
      const rival = side
        .payment(orgId, 50n, { obligationKey })
        .catch((error: { code: string }) => error.code);
      // The rival has seen no payment and now waits for the account.
      await expect
        .poll(async () => (await side.db.sql`select from pg_locks where not granted`).length)
        .toBeGreaterThan(0);
      return { rival };
    });
    expect(await rival).toBe('23505');
    await expect(side.payment(orgId, 50n, { obligationKey })).rejects.toThrow('payment.already_live');
    const [row] = await side.db
      .sql`select held::int from ledger_balance where code = ${partyAccount(orgId, 'CNY', 'payable')}`;
    expect(row).toEqual({ held: 50 });
  });

  it('S9 above the threshold needs two people, none of them who made it', async () => {
    const orgId = await earner(100n);
    const payment = await side.payment(orgId, 60n, { createdBy: 'maker', approvalsRequired: 2 });
    const approve = async (personId: string) =>
      side.step(async (step) => approvePayment(step, { paymentId: payment.paymentId, personId }));
    expect(payment.status).toBe('created');
    expect(await approve('maker')).toEqual({ ok: false, code: 'payment.self_approval' });
    expect(await approve('a')).toEqual({ ok: true, status: 'created' });
    expect(await approve('a')).toEqual({ ok: true, status: 'created' });
    expect(await approve('b')).toEqual({ ok: true, status: 'approved' });
    expect(await approve('c')).toEqual({ ok: false, code: 'payment.not_awaiting_approval' });
    const unknown = await side.step(async (step) =>
      approvePayment(step, { paymentId: '00000000-0000-0000-0000-000000000000', personId: 'a' }),
    );
    expect(unknown).toEqual({ ok: false, code: 'payment.unknown' });
  });

  it('S9 above the limit of its currency needs two approvals whoever makes it, and the database says so too', async () => {
    const [row] = await side.db.sql`select above::text from payment_limit where currency = 'CNY'`;
    const limit = BigInt(row!['above'] as string);
    const small = await side.payment(await earner(limit), limit - 1n);
    expect(small).toMatchObject({ status: 'approved', approvalsRequired: 0 });
    const large = await side.payment(await earner(limit), limit);
    expect(large).toMatchObject({ status: 'created', approvalsRequired: 2 });
    const raise = async () =>
      side.db.sql`update payment set status = 'approved', rank = 10 where id = ${large.paymentId}`;
    await expect(raise()).rejects.toMatchObject({ code: 'SL010' });
    await side.step(async (step) => approvePayment(step, { paymentId: large.paymentId, personId: 'a' }));
    await expect(raise()).rejects.toMatchObject({ code: 'SL010' });
    await sendDuePayments(side.deps);
    expect((await paymentById(side.db.sql, large.paymentId))?.status).toBe('created');
    await side.step(async (step) => approvePayment(step, { paymentId: large.paymentId, personId: 'b' }));
    await expect(
      side.db.sql`update payment_approval set person_id = 'c' where payment_id = ${large.paymentId}`,
    ).rejects.toMatchObject({ code: 'CX002' });
  });

  it('is not sent before it is approved', async () => {
    const waiting = await side.payment(await earner(100n), 60n, { createdBy: 'maker', approvalsRequired: 1 });
    await sendDuePayments(side.deps);
    expect((await paymentById(side.db.sql, waiting.paymentId))?.status).toBe('created');
  });

  it('is neither sent nor sent again while the ledger is halted', async () => {
    const payment = await side.payment(await earner(100n), 60n);
    const asked: string[] = [];
    const port = {
      ...side.deps.port,
      sendPayment: async (pain001: string) => {
        asked.push(pain001);
        return side.deps.port.sendPayment(pain001);
      },
      paymentStatus: async () => null,
    };
    const deps = { ...side.deps, port };
    const halted = async (change: string) => side.db.sql.unsafe(change);
    await halted('insert into ledger_halt default values');
    await sendDuePayments(deps);
    expect((await paymentById(side.db.sql, payment.paymentId))?.status).toBe('approved');
    await side.db
      .sql`update payment set status = 'unknown', rank = 30, next_inquiry_at = now() - interval '1 day'
      where id = ${payment.paymentId}`;
    await inquireDuePayments(deps);
    expect(asked.filter((text) => text.includes(payment.endToEndId))).toEqual([]);
    await halted(
      "update ledger_halt set proposed_by = 'a', proposed_at = now(), reason = 'seen', resumed_by = 'b', resumed_at = now()",
    );
    await side.db
      .sql`update payment set next_inquiry_at = now() - interval '1 day' where id = ${payment.paymentId}`;
    await inquireDuePayments(deps);
    expect(asked.filter((text) => text.includes(payment.endToEndId))).toHaveLength(1);
  });

  it('F42 left behind by a process that died while sending is in doubt after a minute, and is asked for again', async () => {
    const payment = await side.payment(await earner(100n), 100n);
    const port = { ...side.deps.port, sendPayment: async () => new Promise<never>(() => {}) };
    void sendDuePayments({ ...side.deps, port }, 1);
    await expect
      .poll(async () => (await paymentById(side.db.sql, payment.paymentId))?.status)
      .toBe('sending');
    await inquireDuePayments(side.deps);
    expect((await paymentById(side.db.sql, payment.paymentId))?.status).toBe('sending');
    side.shiftMs += 61_000;
    expect(await inquireDuePayments(side.deps)).toBeGreaterThan(0);
    expect((await paymentById(side.db.sql, payment.paymentId))?.status).toBe('unknown');
    const minutes = async () => {
      const [row] = await side.db.sql<
        { at: Date }[]
      >`select next_inquiry_at as at from payment where id = ${payment.paymentId}`;
      return Math.round((row!.at.getTime() - side.deps.clock.now().getTime()) / 60_000);
    };
    expect(await minutes()).toBe(4);
    side.shiftMs += 59 * 60_000;
    await inquireDuePayments(side.deps);
    expect(await minutes()).toBe(60);
  });

  it('in doubt ends by two people who have the bank’s word, and the money is there again', async () => {
    const orgId = await earner(100n);
    const payment = await side.payment(orgId, 100n);
    const fail = async (people: [string, string]) =>
      side.step(async (step) =>
        failPayment(step, { paymentId: payment.paymentId, people, reason: 'not found, letter of 20 Nov' }),
      );
    expect(await fail(['a', 'b'])).toEqual({ ok: false, code: 'payment.not_in_doubt' });
    await sendDuePayments(side.deps);
    expect(await fail(['a', 'a'])).toEqual({ ok: false, code: 'payment.needs_two_people' });
    expect(await fail(['a', 'b'])).toEqual({ ok: false, code: 'payment.window_open' });
    side.shiftMs += BANK_WINDOW_DAYS * 24 * 3_600_000;
    expect(await fail(['a', 'b'])).toEqual({ ok: false, code: 'payment.statement_missing' });
    const day = (ahead: number) =>
      new Date(side.deps.clock.now().getTime() + ahead).toISOString().slice(0, 10);
    await side.take(side.statement(1, 0n, [], { day: day(-BANK_WINDOW_DAYS * 24 * 3_600_000) }));
    expect(await fail(['a', 'b'])).toEqual({ ok: false, code: 'payment.statement_missing' });
    await side.take(side.statement(2, 0n, [], { day: day(0) }));
    expect(await fail(['a', 'b'])).toEqual({ ok: true });
    expect((await paymentById(side.db.sql, payment.paymentId))?.status).toBe('failed');
    // Its money may have been away: who instructs it again asks two people, whatever the amount.
    const again = await side.payment(orgId, 100n, { obligationKey: payment.obligationKey });
    expect(again).toMatchObject({ status: 'created', approvalsRequired: 2 });
    const [row] = await side.db.sql`select replaces from payment where id = ${again.paymentId}`;
    expect(row).toEqual({ replaces: payment.paymentId });
  });

  it('that stands in for another can do so once', async () => {
    const orgId = await earner(200n);
    const payment = await side.payment(orgId, 100n);
    await side.take(side.status(payment, 'RJCT', 'AC03'));
    await side.payment(orgId, 100n, { replaces: payment.paymentId });
    await expect(side.payment(orgId, 100n, { replaces: payment.paymentId })).rejects.toMatchObject({
      code: '23505',
    });
  });

  it('refused leaves the transaction of the caller alive', async () => {
    const orgId = await earner(10n);
    const outcome = await side.step(async (step) => {
      const made = await createPayment(step, {
        ...wanted(orgId, side.fresh('obligation')),
        amount: minor(11n),
      });
      return [made.ok, (await step.tx`select 1 as alive`)[0]];
    });
    expect(outcome).toEqual([false, { alive: 1 }]);
  });
});
