import { ACCOUNT_KINDS, type Leg, type Posting, partyAccount, reversal } from '@seam/ledger';
import { OracleLedger } from '@seam/ledger/oracle';
import { fundedWorkload } from '@seam/ledger/workload';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import { minor } from '@seam/units';
import * as fc from 'fast-check';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hold, releaseHold, resolve } from './bid-security.ts';
import { LEDGER_STATES, holdsOf, lockAccounts, post } from './ledger.ts';
import { balances, balancesAt, checkLedger, statement, trialBalance } from './read.ts';
import { bank, free, fresh, inNamespace, totalsOf } from './testing.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(async () => db.close());

function transfer(effectKey: string, ...legs: [debit: string, credit: string, amount: bigint][]): Posting {
  return {
    effectKey,
    reason: 'correction',
    subject: 'test:1',
    legs: legs.map(([debit, credit, amount]): Leg => ({
      phase: 'posted',
      debit,
      credit,
      amount: minor(amount),
    })),
  };
}
async function organisationWith(amount: bigint): Promise<string> {
  const orgId = fresh('org');
  expect(await post(db.sql, transfer(`fund.${orgId}`, [bank, free(orgId), amount]))).toEqual({
    ok: true,
    outcomes: ['applied'],
  });
  return orgId;
}
const security = (orgId: string, amount: bigint, auctionId: string, holdKey = fresh('hold')) =>
  ({ holdKey, orgId, currency: 'CNY', amount: minor(amount), auctionId }) as const;
async function sqlState(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'no error';
}
async function freeOf(orgId: string) {
  const found = (await balances(db.sql, orgId)).find((account) => account.kind === 'free');
  return { balance: found?.balance, held: found?.held, available: found?.available };
}

describe('accounts', () => {
  it('have the same kinds and rules in SQL as in the package', async () => {
    const rows =
      await db.sql`select kind, owner_class as owner, normal_side as normal, must_be_funded as funded,
      per_contract as "perContract" from ledger_account_kind`;
    expect(Object.fromEntries(rows.map(({ kind, ...rule }) => [kind, rule]))).toEqual(ACCOUNT_KINDS);
  });
  it('are opened only under a code that parses', async () => {
    const good = free(fresh('org'));
    for (const code of [
      '',
      'o',
      'o/CNY',
      'o/CNY/free/c',
      'o/CNY/escrow',
      'o/CNY/fees',
      'platform/CNY/free',
      'a b/CNY/free',
      '/CNY/free',
    ]) {
      expect(await sqlState(post(db.sql, transfer(fresh('k'), [bank, code, 1n])))).toBe(
        LEDGER_STATES.malformed,
      );
    }
    expect(
      await sqlState(post(db.sql, transfer(fresh('k'), ['platform/XXX/suspense', 'o/XXX/free', 1n]))),
    ).toBe(LEDGER_STATES.malformed);
    expect(await sqlState(post(db.sql, transfer(fresh('k'), [bank, good, 1n])))).toBe('no error');
  });
});

describe('an effect', () => {
  it('L6 happens once, and the same key with other content fails and changes nothing', async () => {
    const orgId = await organisationWith(100n);
    const other = fresh('org');
    const once = transfer(fresh('k'), [free(orgId), free(other), 60n]);
    expect(await post(db.sql, once)).toEqual({ ok: true, outcomes: ['applied'] });
    expect(await post(db.sql, once)).toEqual({ ok: true, outcomes: ['exists'] });
    const before = await balances(db.sql, orgId);
    const changed: Posting[] = [
      transfer(once.effectKey, [free(orgId), free(other), 61n]),
      transfer(once.effectKey, [free(orgId), free(other), 60n], [free(other), free(orgId), 1n]),
      transfer(once.effectKey, [free(other), free(orgId), 60n]),
      { ...once, subject: 'test:2' },
      { ...once, reason: 'deposit' },
    ];
    for (const posting of changed) {
      expect(await sqlState(post(db.sql, posting))).toBe(LEDGER_STATES.effectKeyReused);
    }
    expect(await balances(db.sql, orgId)).toEqual(before);
  });

  it('L7 applies wholly or not at all, also with others in one call', async () => {
    const orgId = await organisationWith(100n);
    const [a, b] = [fresh('org'), fresh('org')];
    const legs = transfer(fresh('k'), [free(orgId), free(a), 60n], [free(orgId), free(b), 41n]);
    const refusal = {
      ok: false,
      code: 'ledger.insufficient_funds',
      account: free(orgId),
      required: 41n,
      available: 40n,
    };
    expect(await post(db.sql, legs)).toEqual(refusal);
    const first = transfer(fresh('k'), [free(orgId), free(a), 60n]);
    const second = transfer(fresh('k'), [free(orgId), free(b), 41n]);
    expect(await post(db.sql, [first, second])).toEqual(refusal);
    expect(await balances(db.sql, a)).toEqual([]);
    expect(await freeOf(orgId)).toEqual({ balance: 100n, held: 0n, available: 100n });
    expect(await post(db.sql, second)).toEqual({ ok: true, outcomes: ['applied'] });
  });

  it('refused for lack of funds lets the transaction of the caller go on', async () => {
    const orgId = await organisationWith(10n);
    await db.sql.begin(async (tx) => {
      expect(await post(tx, transfer(fresh('k'), [free(orgId), free(fresh('org')), 11n]))).toMatchObject({
        ok: false,
      });
      await post(tx, transfer(fresh('k'), [free(orgId), free(fresh('org')), 10n]));
    });
    expect(await freeOf(orgId)).toMatchObject({ available: 0n });
  });

  it('L8 never crosses currencies and has whole amounts in 1..10^15', async () => {
    const orgId = await organisationWith(100n);
    const usd = partyAccount(orgId, 'USD', 'free');
    expect(await sqlState(post(db.sql, transfer(fresh('k'), [free(orgId), usd, 1n])))).toBe(
      LEDGER_STATES.crossesCurrencies,
    );
    for (const amount of [0n, -1n, 10n ** 15n + 1n]) {
      expect(await sqlState(post(db.sql, transfer(fresh('k'), [bank, free(orgId), amount])))).toBe(
        LEDGER_STATES.malformed,
      );
    }
    expect(
      await sqlState(db.sql`select ledger_post('[{"effectKey":"half","reason":"deposit","subject":"s","legs":
      [{"phase":"posted","debit":"platform/CNY/bank_clearing","credit":"o/CNY/free","amount":"0.5"}]}]')`),
    ).toBe(LEDGER_STATES.malformed);
    expect(await sqlState(post(db.sql, transfer(fresh('k'), [free(orgId), free(orgId), 1n])))).toBe(
      LEDGER_STATES.malformed,
    );
  });

  it('without legs is malformed', async () => {
    expect(await sqlState(post(db.sql, { ...transfer(fresh('k')), legs: [] }))).toBe(LEDGER_STATES.malformed);
  });
});

describe('a hold', () => {
  it('L3 reserves money that nothing else can use, and returns what is not kept', async () => {
    const orgId = await organisationWith(1000n);
    const auctionId = fresh('auction');
    expect(await hold(db.sql, security(orgId, 600n, auctionId))).toMatchObject({ ok: true });
    expect(await freeOf(orgId)).toEqual({ balance: 1000n, held: 600n, available: 400n });
    expect(await hold(db.sql, security(orgId, 401n, auctionId))).toMatchObject({
      ok: false,
      available: 400n,
    });
    expect(await post(db.sql, transfer(fresh('k'), [free(orgId), bank, 401n]))).toMatchObject({ ok: false });
    expect(await hold(db.sql, security(orgId, 400n, auctionId))).toMatchObject({ ok: true });
    expect(await resolve(db.sql, { auctionId, orgId, retained: minor(700n) })).toMatchObject({ ok: true });
    expect(await freeOf(orgId)).toEqual({ balance: 300n, held: 0n, available: 300n });
    expect((await balances(db.sql, orgId)).find((account) => account.kind === 'bid_security')?.balance).toBe(
      700n,
    );
    const states = (await holdsOf(db.sql, { subject: `auction:${auctionId}` })).map((found) => [
      found.state,
      found.postedAmount,
    ]);
    expect(states).toEqual([
      ['posted', 600n],
      ['posted', 100n],
    ]);
  });

  it('of a loser returns whole, and resolving again by a repeated journal entry changes nothing', async () => {
    const orgId = await organisationWith(50n);
    const auctionId = fresh('auction');
    await hold(db.sql, security(orgId, 50n, auctionId));
    expect(await resolve(db.sql, { auctionId, orgId, retained: minor(0n) })).toEqual({
      ok: true,
      outcomes: ['applied'],
    });
    expect(await resolve(db.sql, { auctionId, orgId, retained: minor(0n) })).toEqual({
      ok: true,
      outcomes: ['exists'],
    });
    expect(await resolve(db.sql, { auctionId, orgId, retained: minor(1n) })).toEqual({
      ok: false,
      code: 'ledger.hold_resolved',
    });
    expect(await freeOf(orgId)).toEqual({ balance: 50n, held: 0n, available: 50n });
  });

  it('that was never made, or for more than was held, cannot be resolved', async () => {
    const orgId = await organisationWith(50n);
    const stranger = security(orgId, 10n, fresh('auction'));
    expect(await sqlState(releaseHold(db.sql, stranger))).toBe(LEDGER_STATES.holdMismatch);
    await hold(db.sql, stranger);
    expect(await sqlState(releaseHold(db.sql, { ...stranger, amount: minor(9n) }))).toBe(
      LEDGER_STATES.holdMismatch,
    );
    const more = {
      effectKey: fresh('k'),
      reason: 'bid_security_retained',
      subject: 'test:1',
      legs: [
        {
          phase: 'post_pending',
          holdKey: stranger.holdKey,
          debit: free(orgId),
          credit: partyAccount(orgId, 'CNY', 'bid_security'),
          amount: minor(11n),
        },
      ],
    } as const;
    expect(await sqlState(post(db.sql, more))).toBe(LEDGER_STATES.holdMismatch);
    expect(await releaseHold(db.sql, stranger)).toMatchObject({ ok: true });
  });

  it('B2 50 holds at once on the last money: exactly floor(limit) pass', async () => {
    const orgId = await organisationWith(1049n);
    const auctionId = fresh('auction');
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () => hold(db.sql, security(orgId, 100n, auctionId))),
    );
    expect(answers.filter((answer) => answer.ok)).toHaveLength(10);
    expect(await freeOf(orgId)).toEqual({ balance: 1049n, held: 1000n, available: 49n });
  });

  it('P9 has one winner when posting and voiding race for it', async () => {
    for (let round = 0; round < 10; round += 1) {
      const orgId = await organisationWith(100n);
      const subject = security(orgId, 100n, fresh('auction'));
      await hold(db.sql, subject);
      const leg = {
        holdKey: subject.holdKey,
        debit: free(orgId),
        credit: partyAccount(orgId, 'CNY', 'bid_security'),
      };
      const answers = await Promise.all(
        Array.from({ length: 8 }, async (_, n) =>
          post(db.sql, {
            effectKey: `race.${subject.holdKey}.${n}`,
            reason: 'bid_security_released',
            subject: `auction:${subject.auctionId}`,
            legs: [{ ...leg, phase: n % 2 ? 'post_pending' : 'void_pending', amount: minor(100n) }],
          }),
        ),
      );
      expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
      expect(new Set(answers.flatMap((answer) => (answer.ok ? [] : [answer.code])))).toEqual(
        new Set(['ledger.hold_resolved']),
      );
    }
  });
});

describe('many at once', () => {
  it('the same effect from 20 callers is applied once', async () => {
    const orgId = await organisationWith(100n);
    const once = transfer(fresh('k'), [free(orgId), bank, 7n]);
    const answers = await Promise.all(Array.from({ length: 20 }, async () => post(db.sql, once)));
    expect(
      answers.flatMap((answer) => (answer.ok ? answer.outcomes : [])).filter((word) => word === 'applied'),
    ).toHaveLength(1);
    expect(await freeOf(orgId)).toMatchObject({ balance: 93n });
  });

  it('transfers in both directions and effects listed in opposite order do not deadlock', async () => {
    const [a, b] = [await organisationWith(1000n), await organisationWith(1000n)];
    const answers = await Promise.all(
      Array.from({ length: 60 }, async (_, n) => {
        if (n % 3 === 0) return post(db.sql, transfer(fresh('k'), [free(a), free(b), 3n]));
        if (n % 3 === 1) return post(db.sql, transfer(fresh('k'), [free(b), free(a), 3n]));
        const pair = [a, b].map((orgId) => transfer(fresh('k'), [free(orgId), bank, 1n]));
        return post(db.sql, n % 2 ? pair : pair.toReversed());
      }),
    );
    expect(answers.every((answer) => answer.ok)).toBe(true);
    expect([(await freeOf(a)).balance, (await freeOf(b)).balance]).toEqual([980n, 980n]);
  });

  it('connections killed in the middle leave every effect applied once or not at all, and a retry settles which', async () => {
    const [from, to] = [await organisationWith(10_000n), await organisationWith(1n)];
    const killer = await testDatabase({ migrations: 'none' });
    // Connections of their own: a backend ends some time after it was told to, and others need theirs.
    const mortal = postgres(db.url, { max: 6, connection: { application_name: 'mortal' } });
    const postings = Array.from({ length: 120 }, () =>
      transfer(fresh('k'), [free(from), free(to), 3n], [free(to), bank, 1n]),
    );
    let killed = 0;
    const kill = async (): Promise<void> => {
      const rows = await killer.sql`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'mortal' and state = 'active' limit 1`;
      killed += rows.length;
    };
    let lost = 0;
    const until = async (posting: Posting): Promise<void> => {
      for (;;) {
        const answer = await post(mortal, posting).catch(() => undefined);
        if (answer?.ok) return;
        lost += 1;
        if (lost > 5000) throw new Error('the ledger does not answer any more');
      }
    };
    for (let n = 0; n < postings.length; n += 6) {
      await Promise.all([...postings.slice(n, n + 6).map(until), kill(), kill()]);
    }
    await Promise.all([killer.close(), mortal.end()]);
    expect(killed).toBeGreaterThan(0);
    expect(lost).toBeGreaterThan(0);
    expect((await freeOf(from)).balance).toBe(10_000n - 360n);
    expect((await freeOf(to)).balance).toBe(1n + 240n);
    expect(await checkLedger(db.sql)).toEqual([]);
  });

  it('locked accounts stay as read until the transaction ends', async () => {
    const orgId = await organisationWith(10n);
    await db.sql
      .begin(async (tx) => {
        const locked = await lockAccounts(tx, [free(orgId), bank]);
        const rival = post(db.sql, transfer(fresh('k'), [free(orgId), bank, 10n]));
        expect(
          await post(tx, transfer(fresh('k'), [free(orgId), bank, locked.get(free(orgId))!.available])),
        ).toMatchObject({ ok: true });
        return { rival };
      })
      .then(async ({ rival }) => expect(await rival).toMatchObject({ ok: false, available: 0n }));
  });
});

describe('history', () => {
  it('S2 refuses update, delete and truncate of what was recorded, and balances without entries', async () => {
    const orgId = await organisationWith(10n);
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
    const orgId = await organisationWith(10n);
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
    const [a, b] = [await organisationWith(100n), fresh('org')];
    const done = transfer(fresh('k'), [free(a), free(b), 30n], [free(b), bank, 10n]);
    const before = await freeOf(a);
    await post(db.sql, done);
    await post(db.sql, reversal(done, { effectKey: `undo.${done.effectKey}`, subject: 'test:1' }));
    expect(await freeOf(a)).toEqual(before);
    expect((await statement(db.sql, free(b))).map((line) => [line.side, line.posted])).toEqual([
      ['debit', 30n],
      ['credit', 10n],
      ['debit', 10n],
      ['credit', 30n],
    ]);
  });

  it('answers what a balance was at a past instant', async () => {
    const orgId = await organisationWith(10n);
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
    const orgId = await organisationWith(10n);
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
