import { fundedWorkload } from '@seam/ledger/workload';
import { testDatabase } from '@seam/testkit';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { post } from './ledger.ts';
import { balancesAt, statement, trialBalance } from './read.ts';

it('at every past instant balances are the sum of the entries until then, and each currency sums to zero', async () => {
  const db = await testDatabase();
  const [workload] = fc.sample(fundedWorkload(120), { numRuns: 1, seed: 7 });
  for (const one of workload!) await post(db.sql, one).catch(() => undefined);
  const instants = await db.sql<{ at: Date; text: string }[]>`
    select distinct at, at::text as text from ledger_effect order by at`;
  expect(instants.length).toBeGreaterThan(20);
  for (const { at, text } of instants.filter((_, n) => n % 5 === 0)) {
    // A Date has milliseconds: what happened within the same one, but later, is not in it.
    const asked = new Date(at.getTime() + 1);
    const sums = await db.sql<{ account: string; posted: string; pending: string }[]>`
      select account, sum(case side when 'credit' then posted else -posted end)::text as posted,
             sum(case side when 'debit' then pending else 0 end)::text as pending
        from ledger_entry where at <= ${asked.toISOString()}::text::timestamptz group by account`;
    const then = (
      await Promise.all(['buyer', 'seller', 'platform'].map(async (org) => balancesAt(db.sql, org, asked)))
    ).flat();
    expect([text, new Map(then.map((one) => [one.code, one.creditsPosted - one.debitsPosted]))]).toEqual([
      text,
      new Map(sums.map((one) => [one.account, BigInt(one.posted)])),
    ]);
    expect(new Map(then.map((one) => [one.code, one.debitsPending as bigint]))).toEqual(
      new Map(sums.map((one) => [one.account, BigInt(one.pending)])),
    );
    const totals = new Map<string, bigint>();
    for (const row of await trialBalance(db.sql, asked)) {
      const sum = (totals.get(row.currency) ?? 0n) + row.debitsPosted - row.creditsPosted;
      totals.set(row.currency, sum);
    }
    expect([...totals.values()].filter((sum) => sum !== 0n)).toEqual([]);
  }
  expect(await trialBalance(db.sql, new Date(0))).toEqual([]);
  // Page by page a statement is the account's whole history.
  const [all] = await db.sql<{ n: number }[]>`
    select entries::int as n from ledger_account where code = 'buyer/CNY/free'`;
  const seen: number[] = [];
  for (let before: number | undefined; ;) {
    const page = await statement(db.sql, 'buyer/CNY/free', { limit: 7, ...(before && { before }) });
    if (page.length === 0) break;
    seen.push(...page.map((one) => one.entryNo));
    before = seen.at(-1)!;
  }
  expect(seen).toEqual(Array.from({ length: all!.n }, (_, n) => all!.n - n));
  await db.close();
});
