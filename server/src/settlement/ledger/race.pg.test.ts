/** Two transactions that meet over something neither can see yet: a new account, an unused effect key. */
import type { Posting } from '@seam/ledger';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import { minor } from '@seam/units';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Tx } from '../../platform/db.ts';
import { LEDGER_STATES, post } from './ledger.ts';
import { checkLedger } from './read.ts';
import { bank, free, fresh, totalsOf } from './testing.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(async () => db.close());

function transfer(debit: string, credit: string, amount: bigint, effectKey = fresh('k')): Posting {
  const legs = [{ phase: 'posted', debit, credit, amount: minor(amount) }] as const;
  return { effectKey, reason: 'correction', subject: 'test:1', legs: [...legs] };
}

/** Lets `second` run into the locks of `first`, and commits `first` only when it stands there. */
async function meet<T>(first: (tx: Tx) => Promise<unknown>, second: () => Promise<T>): Promise<T> {
  const name = new URL(db.url).pathname.slice(1);
  let answer: Promise<T> | undefined;
  await db.sql.begin(async (tx) => {
    await first(tx);
    answer = second();
    // Looked at below; a failure before that is not "unhandled".
    answer.catch(() => {});
    await expect
      .poll(async () => {
        const rows =
          await db.sql`select from pg_stat_activity where datname = ${name} and wait_event_type = 'Lock'`;
        return rows.length;
      })
      .toBe(1);
  });
  return answer!;
}

it('an account that a rival opens meanwhile is found and moved on from where the rival left it', async () => {
  const stranger = free(fresh('org'));
  const answer = await meet(
    async (tx) => post(tx, transfer(bank, stranger, 5n)),
    async () => post(db.sql, transfer(bank, stranger, 2n)),
  );
  expect(answer).toEqual({ ok: true, outcomes: ['applied'] });
  expect(await totalsOf(db.sql, stranger)).toMatchObject({ creditsPosted: 7n });
  expect(await checkLedger(db.sql)).toEqual([]);
});

it('a key that a rival uses meanwhile for other accounts is used, for whoever comes second', async () => {
  const [a, b, c, d] = [free(fresh('org')), free(fresh('org')), free(fresh('org')), free(fresh('org'))];
  for (const account of [a, b, c, d]) await post(db.sql, transfer(bank, account, 10n));
  const key = fresh('k');
  const second = meet(
    async (tx) => post(tx, transfer(a, b, 3n, key)),
    async () => post(db.sql, transfer(c, d, 4n, key)),
  );
  await expect(second).rejects.toMatchObject({ code: LEDGER_STATES.effectKeyReused });
  expect(await totalsOf(db.sql, c)).toMatchObject({ debitsPosted: 0n });
  expect(await totalsOf(db.sql, b)).toMatchObject({ creditsPosted: 13n });
  expect(await checkLedger(db.sql)).toEqual([]);
});

it('what a rival took is not there any more for whoever waited for it', async () => {
  const owner = free(fresh('org'));
  await post(db.sql, transfer(bank, owner, 10n));
  const answer = await meet(
    async (tx) => post(tx, transfer(owner, bank, 7n)),
    async () => post(db.sql, transfer(owner, bank, 4n)),
  );
  expect(answer).toMatchObject({ ok: false, code: 'ledger.insufficient_funds', available: 3n });
});
