/** What was recorded stays, can be read as of any instant, and proves itself. */
import { type Posting, partyAccount, reversal } from '@seam/ledger';
import { OracleLedger } from '@seam/ledger/oracle';
import { fundedWorkload } from '@seam/ledger/workload';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import { minor } from '@seam/units';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hold, releaseHold, resolve } from './bid-security.ts';
import { LEDGER_STATES, post } from './ledger.ts';
import { balancesAt, checkLedger, statement, trialBalance } from './read.ts';
import {
  bank,
  free,
  freeOf,
  fresh,
  inNamespace,
  organisationWith,
  security,
  sqlState,
  totalsOf,
  transfer,
} from './testing.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(async () => db.close());

describe('history', () => {
  it('S2 refuses update, delete and truncate of what was recorded, and balances without entries', async () => {
    const orgId = await organisationWith(db.sql, 10n);
    const statements = ['ledger_effect', 'ledger_transfer', 'ledger_entry'].flatMap((table) => [
      `update ${table} set at = now()`,
      `delete from ${table}`,
      `truncate ${table} cascade`,
    ]);
    statements.push(
      'delete from ledger_account',
      'truncate ledger_account cascade',
      `update ledger_account set credits_posted = 999 where code = '${free(orgId)}'`,
      `update ledger_account set entries = entries + 1, credits_posted = credits_posted + 1 where code = '${free(orgId)}'`,
      `update ledger_account set must_be_funded = false where code = '${free(orgId)}'`,
      `insert into ledger_account (code, owner, currency, kind, must_be_funded, credits_posted)
         values ('x/CNY/free', 'x', 'CNY', 'free', true, 5)`,
    );
    for (const text of statements) {
      expect([text, await sqlState(db.sql.unsafe(text))]).toEqual([text, LEDGER_STATES.immutable]);
    }
  });

  it('L3, L5 holds at the table too: rows written around the functions cannot overdraw or resolve twice', async () => {
    const orgId = await organisationWith(db.sql, 10n);
    const bidSecurity = partyAccount(orgId, 'CNY', 'bid_security');
    const held = security(orgId, 5n, fresh('auction'));
    await hold(db.sql, held);
    const byHand = async (key: string, phase: string, amount: number, holdKey: string | null) =>
      db.sql.begin(async (tx) => {
        await tx`insert into ledger_effect values (${key}, 'correction', 's', 1, '\\x00', now())`;
        await tx`insert into ledger_transfer values (${key}, ${key}, 1, ${phase}, ${free(orgId)}, ${bidSecurity},
          'CNY', ${amount}, ${holdKey}, now())`;
        await tx`insert into ledger_entry select code, entries + 1, ${key}, 'debit', ${amount}::int, 0, debits_posted + ${amount}::int,
          credits_posted, debits_pending, credits_pending, now() from ledger_account where code = ${free(orgId)}`;
        await tx`update ledger_account set entries = entries + 1, debits_posted = debits_posted + ${amount}::int
          where code = ${free(orgId)}`;
      });
    expect(await sqlState(byHand(fresh('hand'), 'posted', 6, null))).toBe('23514');
    await releaseHold(db.sql, held);
    expect(await sqlState(byHand(fresh('hand'), 'void_pending', 5, held.holdKey))).toBe('23505');
  });

  it('L9 a reversal restores the balances and adds exactly its legs', async () => {
    const [a, b] = [await organisationWith(db.sql, 100n), fresh('org')];
    const done = transfer(fresh('k'), [free(a), free(b), 30n], [free(b), bank, 10n]);
    const before = await freeOf(db.sql, a);
    await post(db.sql, done);
    await post(db.sql, reversal(done, { effectKey: `undo.${done.effectKey}`, subject: 'test:1' }));
    expect(await freeOf(db.sql, a)).toEqual(before);
    expect((await statement(db.sql, free(b))).map((line) => [line.side, line.posted])).toEqual([
      ['debit', 30n],
      ['credit', 10n],
      ['debit', 10n],
      ['credit', 30n],
    ]);
  });

  it('answers what a balance was at a past instant', async () => {
    const orgId = await organisationWith(db.sql, 10n);
    const [{ at } = { at: new Date() }] = await db.sql<{ at: Date }[]>`select clock_timestamp() as at`;
    await post(db.sql, transfer(fresh('k'), [free(orgId), bank, 4n]));
    expect(
      (await balancesAt(db.sql, orgId, at)).map((account) => [
        account.kind,
        account.creditsPosted,
        account.debitsPosted,
      ]),
    ).toEqual([['free', 10n, 0n]]);
    expect(
      (await balancesAt(db.sql, orgId, new Date(at.getTime() + 60_000))).map(
        (account) => account.debitsPosted,
      ),
    ).toEqual([4n]);
    expect(await balancesAt(db.sql, orgId, new Date(0))).toEqual([]);
  });

  it('reads as a statement with the balance after each line, in pages', async () => {
    const orgId = await organisationWith(db.sql, 10n);
    const auctionId = fresh('auction');
    await hold(db.sql, security(orgId, 4n, auctionId));
    await resolve(db.sql, { auctionId, orgId, retained: minor(3n) });
    const lines = await statement(db.sql, free(orgId));
    expect(
      lines.map((line) => [
        line.entryNo,
        line.side,
        line.posted,
        line.pending,
        line.balanceAfter,
        line.heldAfter,
      ]),
    ).toEqual([
      [3, 'debit', 3n, -4n, 7n, 0n],
      [2, 'debit', 0n, 4n, 10n, 4n],
      [1, 'credit', 10n, 0n, 10n, 0n],
    ]);
    expect(await statement(db.sql, free(orgId), { before: 3, limit: 1 })).toEqual([lines[1]]);
  });
});

describe('the proof', () => {
  it('finds a balance, a transfer and an entry that were changed behind the back of the triggers', async () => {
    const own = await testDatabase();
    const forge = async (text: string): Promise<string[]> =>
      own.sql
        .begin(async (tx) => {
          await tx.unsafe(`set local session_replication_role = replica; ${text}`);
          throw new Error(JSON.stringify((await checkLedger(tx)).map((found) => found.broken)));
        })
        .catch((error: Error) => JSON.parse(error.message) as string[]);
    await post(own.sql, transfer('fund', [bank, free('o'), 100n]));
    await hold(own.sql, security('o', 40n, 'a', 'h1'));
    expect(await checkLedger(own.sql)).toEqual([]);
    expect(await forge(`update ledger_account set credits_posted = 101 where code = 'o/CNY/free'`)).toEqual(
      expect.arrayContaining(['debits_equal_credits', 'balance_equals_transfers']),
    );
    expect(await forge(`update ledger_transfer set amount = 101 where key = 'fund'`)).toContain(
      'effect_content',
    );
    expect(await forge(`delete from ledger_transfer where key = 'h1'`)).toContain('effect_content');
    expect(await forge(`delete from ledger_entry where transfer_key = 'h1' and side = 'debit'`)).toContain(
      'two_entries',
    );
    expect(
      await forge(
        `update ledger_entry set credits_posted = 7 where transfer_key = 'fund' and side = 'credit'`,
      ),
    ).toContain('entries');
    expect(await forge(`update ledger_effect set subject = 'other' where effect_key = 'fund'`)).toContain(
      'effect_content',
    );
    expect(
      await forge(`update ledger_account set must_be_funded = false where code = 'o/CNY/free'`),
    ).toContain('account_rule');
    await own.close();
  });

  it('L1-L5, L12 any sequence of business effects gives what the naive ledger gives', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fundedWorkload(40), async (postings) => {
        run += 1;
        const oracle = new OracleLedger();
        for (const posting of postings.map((value) => inNamespace(value, `r${run}`))) {
          expect([posting, await answerOf(posting)]).toEqual([posting, oracle.apply(posting)]);
        }
        for (const account of new Set(
          oracle.history.flatMap((value) => value.legs.flatMap((leg) => [leg.debit, leg.credit])),
        )) {
          if (!account.startsWith('platform'))
            expect(await totalsOf(db.sql, account)).toEqual(oracle.balance(account));
        }
      }),
      { numRuns: 60 },
    );
    expect(await checkLedger(db.sql)).toEqual([]);
    const sums = new Map<string, bigint>();
    for (const line of await trialBalance(db.sql)) {
      const posted = line.debitsPosted - line.creditsPosted;
      sums.set(line.currency, (sums.get(line.currency) ?? 0n) + posted);
      sums.set(
        `${line.currency} pending`,
        (sums.get(`${line.currency} pending`) ?? 0n) + line.debitsPending - line.creditsPending,
      );
    }
    expect([...sums.values()].every((sum) => sum === 0n)).toBe(true);
  });
});

async function answerOf(posting: Posting): Promise<string> {
  try {
    const outcome = await post(db.sql, posting);
    return outcome.ok ? outcome.outcomes[0]! : outcome.code.replace('ledger.', '');
  } catch (error) {
    const { code } = error as { code: string };
    if (code === LEDGER_STATES.effectKeyReused) return 'effect_key_reused';
    if (code !== LEDGER_STATES.holdMismatch) throw error;
    const [known] =
      await db.sql`select from ledger_transfer where key = ${(posting.legs[0] as { holdKey: string }).holdKey}`;
    return known ? 'hold_mismatch' : 'hold_unknown';
  }
}
