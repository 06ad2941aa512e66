import {
  type Posting,
  holdBidSecurity,
  partyAccount,
  platformAccount,
  releaseBidSecurity,
} from '@seam/ledger';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import { minor } from '@seam/units';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Principal } from '../../platform/principal.ts';
import { isRefusal } from '../../platform/refusal.ts';
import { auditLedger, lookAtLedger } from './audit.ts';
import { auditState, confirmResumption, payoutsHalted, proposeResumption } from './halt.ts';
import { post } from './ledger.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(async () => db.close());

const bank = platformAccount('CNY', 'bank_clearing');
const free = partyAccount('o', 'CNY', 'free');
const transfer = (effectKey: string, debit: string, credit: string, amount: bigint): Posting => ({
  effectKey,
  reason: 'correction',
  subject: 'test:1',
  legs: [{ phase: 'posted', debit, credit, amount: minor(amount) }],
});
const hold = { holdKey: 'h1', orgId: 'o', currency: 'CNY', amount: minor(40n), auctionId: 'a' } as const;
const person = (personId: string): Principal => ({ personId }) as Principal;

/** A ledger with a transfer, a hold and its release. */
async function small(): Promise<TestDatabase> {
  const own = await testDatabase();
  await post(own.sql, transfer('fund', bank, free, 100n));
  await post(own.sql, transfer('more', bank, free, 50n));
  await post(own.sql, holdBidSecurity(hold));
  await post(own.sql, releaseBidSecurity(hold));
  return own;
}

class Undo extends Error {}

async function damage(of: TestDatabase, text: string): Promise<void> {
  await of.sql.begin(async (tx) => tx.unsafe(`set local session_replication_role = replica; ${text}`));
}

/** Every way to damage a ledger behind its triggers, and what finds it. */
const DAMAGE: readonly (readonly [name: string, sql: string, broken: string])[] = [
  [
    'a balance',
    `update ledger_account set credits_posted = 151 where code = '${free}'`,
    'balance_equals_entries',
  ],
  [
    'money made from nothing',
    `update ledger_account set credits_posted = 151 where code = '${free}'`,
    'debits_equal_credits',
  ],
  [
    'an account that is not held to its funds',
    `update ledger_account set must_be_funded = false where code = '${free}'`,
    'account_rule',
  ],
  [
    'an overdrawn account',
    `alter table ledger_account drop constraint ledger_account_funded;
     update ledger_account set debits_posted = 151 where code = '${free}'`,
    'funded',
  ],
  ['an account removed', `delete from ledger_account where code = '${free}'`, 'account_lost'],
  [
    'an entry removed',
    `delete from ledger_entry where account = '${free}' and entry_no = 2`,
    'entries_missing',
  ],
  [
    'the newest entry removed and the account set back',
    `delete from ledger_entry where account = '${free}' and entry_no = 4;
     update ledger_account a set entries = 3, debits_pending = e.debits_pending from ledger_entry e
      where a.code = '${free}' and e.account = a.code and e.entry_no = 3`,
    'account_lost',
  ],
  [
    'totals of an entry',
    `update ledger_entry set credits_posted = 7 where account = '${free}' and entry_no = 1`,
    'entries',
  ],
  [
    'the time of an entry',
    `update ledger_entry set at = now() + interval '1 day' where account = '${free}' and entry_no = 2`,
    'entries',
  ],
  [
    'the amount of an entry',
    `update ledger_entry set posted = 99 where account = '${free}' and entry_no = 1`,
    'entry_of_transfer',
  ],
  [
    'the amount of a transfer',
    `update ledger_transfer set amount = 101 where key = 'fund'`,
    'effect_content',
  ],
  ['a transfer removed', `delete from ledger_transfer where key = 'fund'`, 'entry_of_transfer'],
  ['an effect removed', `delete from ledger_effect where effect_key = 'fund'`, 'effect_lost'],
  [
    'the reason of an effect',
    `update ledger_effect set reason = 'deposit' where effect_key = 'fund'`,
    'effect_content',
  ],
  [
    'a transfer added without entries',
    `insert into ledger_effect select 'ghost', reason, subject, 1, content_sha256, at from ledger_effect where effect_key = 'fund';
     insert into ledger_transfer select 'ghost', 'ghost', 1, phase, debit_account, credit_account, currency, amount, null, at from ledger_transfer where key = 'fund'`,
    'two_entries',
  ],
  [
    'a transfer added without an effect',
    `insert into ledger_transfer select 'stray', 'stray', 1, phase, debit_account, credit_account, currency, amount, null, at from ledger_transfer where key = 'fund'`,
    'effect_lost',
  ],
  [
    'the currency of a transfer',
    `update ledger_transfer set currency = 'USD' where key = 'fund'`,
    'currency',
  ],
  ['a hold made another kind', `update ledger_transfer set phase = 'posted' where key = 'h1'`, 'hold'],
  [
    'a hold resolved twice',
    `drop index ledger_transfer_resolves_once;
     insert into ledger_effect select 'twice', reason, subject, 1, content_sha256, at from ledger_effect where effect_key = 'bid-security-resolved.h1';
     insert into ledger_transfer select 'twice', 'twice', 1, phase, debit_account, credit_account, currency, amount, pending_key, at
       from ledger_transfer where pending_key = 'h1'`,
    'hold_resolved_once',
  ],
];

describe('a look at the ledger', () => {
  it('finds every kind of damage done behind the triggers, and only then halts payouts', async () => {
    const own = await small();
    expect(await auditLedger(own.sql)).toMatchObject({ findings: [], unaccepted: 0 });
    expect(await payoutsHalted(own.sql)).toBe(false);
    for (const [name, text, broken] of DAMAGE) {
      await own.sql
        .begin(async (tx) => {
          await tx.unsafe(`set local session_replication_role = replica; ${text}`);
          const found = await lookAtLedger(tx);
          expect([name, found?.findings.map((one) => one.broken)]).toEqual([
            name,
            expect.arrayContaining([broken]),
          ]);
          expect([name, await payoutsHalted(tx)]).toEqual([name, true]);
          throw new Undo();
        })
        .catch((error: unknown) => {
          if (!(error instanceof Undo)) throw error;
        });
    }
    expect(await auditLedger(own.sql)).toMatchObject({ findings: [], unaccepted: 0 });
    await own.close();
  });

  it('proves what is new in parts, goes through what is old in laps, and says when a lap has ended', async () => {
    const own = await small();
    for (let n = 0; n < 20; n += 1)
      await post(own.sql, transfer(`t${n}`, n % 2 ? free : bank, n % 2 ? bank : free, 1n));
    const limits = { fresh: 7, lap: 5 };
    const proved = async () => {
      const [row] = await own.sql<{ left: number }[]>`select (select sum(entries) from ledger_account)::int
        - coalesce((select sum(entry_no) from ledger_checkpoint), 0)::int as left`;
      return row!.left;
    };
    let looks = 0;
    while ((await auditState(own.sql)).lapEndedAt === null || (await proved()) > 0) {
      expect(await auditLedger(own.sql, limits)).toMatchObject({ findings: [] });
      looks += 1;
      expect(looks).toBeLessThan(60);
    }
    expect(looks).toBeGreaterThan(3);
    // Old history, proved long ago: the lap comes by.
    await damage(
      own,
      `update ledger_entry set transfer_key = 'gone' where account = '${free}' and entry_no = 2`,
    );
    for (let n = 0; n < 2 * looks && !(await payoutsHalted(own.sql)); n += 1)
      await auditLedger(own.sql, limits);
    expect((await auditState(own.sql)).findings.map((one) => one.broken)).toContain('entry_of_transfer');
    await own.close();
  });

  it('two at once: one looks', async () => {
    const both = await Promise.all([auditLedger(db.sql), auditLedger(db.sql)]);
    expect(both.filter(Boolean).length).toBeGreaterThan(0);
  });

  it('payouts go on when two persons have accepted what was found; anything else halts them again', async () => {
    const own = await small();
    await auditLedger(own.sql);
    const by = async (work: (tx: Parameters<typeof confirmResumption>[0]) => Promise<unknown>) =>
      own.sql.begin(async (tx) => {
        const answer = await work(tx);
        return isRefusal(answer) ? answer.refused : 'done';
      });
    expect(await by(async (tx) => proposeResumption(tx, person('ann'), 'a drill'))).toBe('ledger.not_halted');
    await damage(own, `update ledger_effect set reason = 'deposit' where effect_key = 'fund'`);
    await auditLedger(own.sql);
    expect(await by(async (tx) => confirmResumption(tx, person('bob')))).toBe(
      'ledger.resumption_not_proposed',
    );
    expect(await by(async (tx) => proposeResumption(tx, person('ann'), 'a drill'))).toBe('done');
    expect(await by(async (tx) => confirmResumption(tx, person('ann')))).toBe('two_person.own');
    // Found between the two: whoever proposed has not seen it.
    await damage(own, `update ledger_effect set reason = 'deposit' where effect_key = 'more'`);
    await auditLedger(own.sql);
    expect(await by(async (tx) => confirmResumption(tx, person('bob')))).toBe('ledger.found_since');
    expect(await payoutsHalted(own.sql)).toBe(true);
    expect(await by(async (tx) => proposeResumption(tx, person('ann'), 'a drill'))).toBe('done');
    expect(await by(async (tx) => confirmResumption(tx, person('bob')))).toBe('done');
    expect(await payoutsHalted(own.sql)).toBe(false);
    expect(await auditLedger(own.sql)).toMatchObject({ unaccepted: 0 });
    expect(await payoutsHalted(own.sql)).toBe(false);
    await damage(own, `update ledger_effect set reason = 'deposit' where effect_key = 'h1'`);
    await auditLedger(own.sql);
    expect(await payoutsHalted(own.sql)).toBe(true);
    await own.close();
  });
});
