import { type Posting, conversion, partyAccount, platformAccount } from '@seam/ledger';
import { OracleLedger } from '@seam/ledger/oracle';
import { fundedWorkload } from '@seam/ledger/workload';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import { minor } from '@seam/units';
import * as fc from 'fast-check';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LEDGER_STATES, post } from './ledger.ts';
import { LedgerPoster } from './poster.ts';
import { balances, checkLedger } from './read.ts';
import { bank, free, fresh, inNamespace, totalsOf } from './testing.ts';
import { type Answer, encode } from './wire.ts';

let db: TestDatabase;
let poster: LedgerPoster;
beforeAll(async () => {
  db = await testDatabase();
  poster = new LedgerPoster(db.sql);
});
afterAll(async () => {
  await poster.stop();
  await db.close();
});

function transfer(debit: string, credit: string, amount: bigint, effectKey = fresh('k')): Posting {
  return {
    effectKey,
    reason: 'correction',
    subject: 'test:1',
    legs: [{ phase: 'posted', debit, credit, amount: minor(amount) }],
  };
}
async function organisationWith(amount: bigint): Promise<string> {
  const orgId = fresh('org');
  expect(await poster.post(transfer(bank, free(orgId), amount))).toMatchObject({ ok: true });
  return orgId;
}
const freeOf = async (orgId: string) =>
  (await balances(db.sql, orgId)).find((account) => account.kind === 'free')?.balance;
const each = async (groups: readonly (readonly Posting[])[]): Promise<Answer[]> => {
  const [row] = await db.sql<{ answers: Answer[] }[]>`
    select ledger_post_each(${`[${groups.map(encode).join(',')}]`}::text::jsonb) as answers`;
  return row!.answers;
};

describe('many callers in one statement', () => {
  it('each has its own answer, and a refusal, a mistake or nonsense is nobody else’s', async () => {
    const orgId = await organisationWith(100n);
    const other = fresh('org');
    const used = transfer(bank, free(other), 1n);
    await poster.post(used);
    const answers = await Promise.allSettled([
      poster.post(transfer(free(orgId), free(other), 60n)),
      poster.post(transfer(free(orgId), free(other), 41n)),
      poster.post(transfer(free(orgId), free(other), 2n, used.effectKey)),
      poster.post(transfer('nobody', free(other), 2n)),
      poster.post(used),
      poster.post(transfer(bank, free(other), 0n)),
      // Text that PostgreSQL cannot keep: the whole statement fails, and only this caller hears of it.
      poster.post({ ...transfer(bank, free(other), 3n), subject: 'a\u0000b' }),
      poster.post(transfer(free(orgId), free(other), 40n)),
    ]);
    expect(
      answers.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as { code: string }).code)),
    ).toEqual([
      { ok: true, outcomes: ['applied'] },
      { ok: false, code: 'ledger.insufficient_funds', account: free(orgId), required: 41n, available: 40n },
      LEDGER_STATES.effectKeyReused,
      LEDGER_STATES.malformed,
      { ok: true, outcomes: ['exists'] },
      LEDGER_STATES.malformed,
      '22P05',
      { ok: true, outcomes: ['applied'] },
    ]);
    expect([await freeOf(orgId), await freeOf(other)]).toEqual([0n, 101n]);
  });

  it('a group is applied wholly or not at all, holds and keys of its own included', async () => {
    const orgId = await organisationWith(100n);
    const bidSecurity = partyAccount(orgId, 'CNY', 'bid_security');
    const [hold, key] = [fresh('hold'), fresh('k')];
    const pending: Posting = {
      ...transfer(free(orgId), bidSecurity, 30n, hold),
      legs: [{ phase: 'pending', debit: free(orgId), credit: bidSecurity, amount: minor(30n) }],
    };
    const kept = (effectKey: string): Posting => ({
      ...pending,
      effectKey,
      legs: [{ ...pending.legs[0]!, phase: 'post_pending', holdKey: hold }],
    });
    const answers = await each([
      [pending, kept(key), transfer(free(orgId), bank, 71n)],
      [pending, kept(key)],
      [kept(fresh('k'))],
      [transfer(free(orgId), bank, 70n)],
    ]);
    expect(answers).toEqual([
      {
        ok: false,
        code: 'ledger.insufficient_funds',
        account: free(orgId),
        required: '71',
        available: '70',
      },
      { ok: true, outcomes: ['applied', 'applied'] },
      { ok: false, code: 'ledger.hold_resolved' },
      { ok: true, outcomes: ['applied'] },
    ]);
    expect(await freeOf(orgId)).toBe(0n);
  });

  it('the legs before the one that fails are not counted for whoever comes next', async () => {
    const orgId = await organisationWith(100n);
    const [a, b] = [transfer(free(orgId), bank, 60n), transfer(free(orgId), bank, 41n)];
    const both = { ...a, legs: [...a.legs, ...b.legs] };
    const answers = await each([[both], [transfer(free(orgId), bank, 100n)]]);
    expect(answers.map((one) => one.ok)).toEqual([false, true]);
    expect(await freeOf(orgId)).toBe(0n);
  });

  it('refused groups leave no account behind', async () => {
    const [poor, stranger] = [await organisationWith(1n), fresh('org')];
    expect(await poster.post(transfer(free(poor), free(stranger), 2n))).toMatchObject({ ok: false });
    expect(await balances(db.sql, stranger)).toEqual([]);
  });

  it('the same effect from 30 callers in two statements at once is applied once', async () => {
    const second = new LedgerPoster(db.sql);
    const orgId = await organisationWith(100n);
    const once = transfer(free(orgId), bank, 7n);
    const answers = await Promise.all(
      Array.from({ length: 30 }, async (_, n) => (n % 2 ? poster : second).post(once)),
    );
    expect(
      answers.flatMap((one) => (one.ok ? one.outcomes : [])).filter((word) => word === 'applied'),
    ).toEqual(['applied']);
    expect(await freeOf(orgId)).toBe(93n);
    await second.stop();
  });

  it('rivals that open the same accounts or use one key for different things end one after another', async () => {
    const second = new LedgerPoster(db.sql, { batchMax: 7 });
    for (let round = 0; round < 5; round += 1) {
      const strangers = Array.from({ length: 12 }, () => fresh('org'));
      const keys = strangers.map(() => fresh('k'));
      const answers = await Promise.allSettled(
        [poster, second].flatMap((through, side) =>
          (side ? strangers.toReversed() : strangers).map(async (orgId, n) =>
            through.post([
              transfer(bank, free(orgId), 1n),
              transfer(bank, free(fresh('org')), 5n, keys[side ? 11 - n : n]),
            ]),
          ),
        ),
      );
      // One of the two has each key; the other one's whole group is refused.
      expect(answers.filter((one) => one.status === 'fulfilled' && one.value.ok)).toHaveLength(12);
      for (const orgId of strangers) expect(await freeOf(orgId)).toBe(1n);
    }
    await second.stop();
  });

  it('an account that another transaction holds delays only those who need it', async () => {
    const [a, b, c] = [await organisationWith(10n), await organisationWith(10n), await organisationWith(10n)];
    const held = Promise.withResolvers<void>();
    const letGo = Promise.withResolvers<void>();
    const holder = db.sql.begin(async (tx) => {
      await post(tx, transfer(free(a), bank, 1n));
      held.resolve();
      await letGo.promise;
    });
    await held.promise;
    let needed = 'waits';
    const needs = poster.post(transfer(free(a), free(b), 9n)).then((answer) => {
      needed = 'answered';
      return answer;
    });
    for (let n = 0; n < 5; n += 1) {
      expect(await poster.post(transfer(free(b), free(c), 1n))).toMatchObject({ ok: true });
    }
    expect(needed).toBe('waits');
    letGo.resolve();
    await holder;
    expect(await needs).toMatchObject({ ok: true });
    expect([await freeOf(a), await freeOf(b)]).toEqual([0n, 14n]);
  });

  it('a caller whose connection ends while it waits is answered all the same', async () => {
    const orgId = await organisationWith(10n);
    const mortal = postgres(db.url, { max: 2, connection: { application_name: 'mortal-poster' } });
    const own = new LedgerPoster(mortal);
    const held = Promise.withResolvers<void>();
    const letGo = Promise.withResolvers<void>();
    const holder = db.sql.begin(async (tx) => {
      await post(tx, transfer(free(orgId), bank, 1n));
      held.resolve();
      await letGo.promise;
    });
    await held.promise;
    const answer = own.post(transfer(free(orgId), bank, 2n));
    const ended = async (): Promise<number> =>
      (
        await db.sql`select pg_terminate_backend(pid) from pg_stat_activity
          where application_name = 'mortal-poster' and wait_event_type = 'Lock'`
      ).length;
    await expect.poll(ended).toBe(1);
    letGo.resolve();
    await holder;
    expect(await answer).toEqual({ ok: true, outcomes: ['applied'] });
    expect(await freeOf(orgId)).toBe(7n);
    await own.stop();
    await mortal.end();
  });

  it('too many waiting are told to come later, and nothing of theirs is taken', async () => {
    const narrow = new LedgerPoster(db.sql, { waitingMax: 2 });
    const orgId = await organisationWith(10n);
    const answers = await Promise.allSettled(
      Array.from({ length: 5 }, async () => narrow.post(transfer(free(orgId), bank, 1n))),
    );
    expect(
      answers.map((one) => (one.status === 'fulfilled' ? 'ok' : (one.reason as { code: string }).code)),
    ).toEqual(['ok', 'ok', ...Array.from({ length: 3 }, () => 'service.overloaded')]);
    expect(await freeOf(orgId)).toBe(8n);
    await narrow.stop();
    await expect(narrow.post(transfer(free(orgId), bank, 1n))).rejects.toMatchObject({
      code: 'service.overloaded',
    });
  });

  it('stop answers what was taken', async () => {
    const own = new LedgerPoster(db.sql);
    const orgId = await organisationWith(10n);
    const taken = Array.from({ length: 4 }, async () => own.post(transfer(free(orgId), bank, 1n)));
    await own.stop();
    expect((await Promise.all(taken)).every((one) => one.ok)).toBe(true);
  });
});

describe('conversion', () => {
  it('moves both currencies or none, through the exchange’s own account in each', async () => {
    const orgId = await organisationWith(1_000n);
    const of = { orgId, from: 'CNY', to: 'USD', received: minor(140n) } as const;
    const refused = conversion({ ...of, conversionId: fresh('c'), paid: minor(1_001n) });
    expect(await poster.post(refused)).toMatchObject({ ok: false, available: 1_000n });
    const done = conversion({ ...of, conversionId: fresh('c'), paid: minor(1_000n) });
    expect(await poster.post(done)).toMatchObject({ ok: true });
    expect((await balances(db.sql, orgId)).map((one) => [one.currency, one.balance])).toEqual([
      ['CNY', 0n],
      ['USD', 140n],
    ]);
    const without: Posting = {
      ...done,
      effectKey: fresh('k'),
      legs: [
        { phase: 'posted', debit: bank, credit: free(orgId), amount: minor(1n) },
        {
          phase: 'posted',
          debit: platformAccount('USD', 'conversion'),
          credit: partyAccount(orgId, 'USD', 'free'),
          amount: minor(1n),
        },
      ],
    };
    await expect(poster.post(without)).rejects.toMatchObject({ code: LEDGER_STATES.crossesCurrencies });
  });
});

describe('under fire', () => {
  it('any batch of groups gives what they give one by one', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fundedWorkload(40),
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 10, maxLength: 10 }),
        async (postings, sizes) => {
          run += 1;
          const named = postings.map((one) => inNamespace(one, `batch${run}`));
          const groups: Posting[][] = [];
          for (let n = 0; named.length > 0; n += 1) groups.push(named.splice(0, sizes[n % sizes.length]));
          const oracle = new OracleLedger();
          const expected = groups.map((group) => oracle.applyTogether(group));
          expect((await each(groups)).map(wordsOf)).toEqual(expected);
          for (const account of accountsOf(oracle)) {
            if (account.startsWith('platform/')) continue;
            expect([account, await totalsOf(db.sql, account)]).toEqual([account, oracle.balance(account)]);
          }
        },
      ),
      { numRuns: 40 },
    );
    expect(await checkLedger(db.sql)).toEqual([]);
  });

  it('ten clients whose connections are killed in the middle: sums 0, every effect key exactly once', async () => {
    const own = await testDatabase();
    const killer = await testDatabase({ migrations: 'none' });
    const sql = postgres(own.url, { max: 4, onnotice: () => {} });
    const [left, right] = [new LedgerPoster(sql), new LedgerPoster(sql)];
    const orgs = Array.from({ length: 4 }, (_, n) => `org-${n}`);
    for (const orgId of orgs) await left.post(transfer(bank, free(orgId), 1_000_000n));
    const name = new URL(own.url).pathname.slice(1);
    const keys: string[] = [];
    let killed = 0;
    const client = async (n: number): Promise<void> => {
      for (let i = 0; i < 12; i += 1) {
        const key = `chaos.${n}.${i}`;
        keys.push(key);
        const one = transfer(free(orgs[(n + i) % 4]!), i % 3 ? free(orgs[(n + i + 1) % 4]!) : bank, 3n, key);
        // Twice, through either: what was answered stays answered.
        const [first, second] = await Promise.all(
          [left, right].map(async (through) => untilAnswered(through, one)),
        );
        expect([first, second].every((answer) => answer?.ok)).toBe(true);
        if (i % 2 === 0) {
          const rows = await killer.sql`select pg_terminate_backend(pid) from pg_stat_activity
            where datname = ${name} and query like '%ledger_post_each%'
            order by state = 'active' desc limit 1`;
          killed += rows.length;
        }
      }
    };
    await Promise.all(Array.from({ length: 10 }, async (_, n) => client(n)));
    expect(killed).toBeGreaterThan(0);
    const rows = await own.sql<{ key: string; n: number }[]>`
      select effect_key as key, count(*)::int as n from ledger_transfer where effect_key like 'chaos.%' group by 1`;
    expect(new Map(rows.map(({ key, n }) => [key, n]))).toEqual(new Map(keys.map((key) => [key, 1])));
    expect(await checkLedger(own.sql)).toEqual([]);
    await Promise.all([left.stop(), right.stop()]);
    await Promise.all([sql.end({ timeout: 2 }), killer.close()]);
    await own.close();
  });
});

/** A poster gives up on a database that stays away; a caller may ask again. */
async function untilAnswered(through: LedgerPoster, one: Posting) {
  for (let tried = 0; tried < 50; tried += 1) {
    const answer = await through.post(one).catch(() => undefined);
    if (answer) return answer;
  }
  throw new Error('the ledger does not answer any more');
}

function accountsOf(oracle: OracleLedger): Set<string> {
  return new Set(oracle.history.flatMap((one) => one.legs.flatMap((leg) => [leg.debit, leg.credit])));
}

function wordsOf(answer: Answer): readonly string[] {
  if (answer.ok) return answer.outcomes ?? [];
  if (answer.state === LEDGER_STATES.effectKeyReused) return ['effect_key_reused'];
  if (answer.state === LEDGER_STATES.holdMismatch) return ['hold_wrong'];
  return [answer.code?.replace('ledger.', '') ?? JSON.stringify(answer)];
}
