/** What the ledger takes and refuses: accounts, effects, holds. */
import { ACCOUNT_KINDS, type Posting, partyAccount } from '@seam/ledger';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import { minor } from '@seam/units';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hold, releaseHold, resolve } from './bid-security.ts';
import { LEDGER_STATES, holdsOf, post } from './ledger.ts';
import { balances } from './read.ts';
import { bank, free, freeOf, fresh, organisationWith, security, sqlState, transfer } from './testing.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(async () => db.close());

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
    const orgId = await organisationWith(db.sql, 100n);
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
    const orgId = await organisationWith(db.sql, 100n);
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
    expect(await freeOf(db.sql, orgId)).toEqual({ balance: 100n, held: 0n, available: 100n });
    expect(await post(db.sql, second)).toEqual({ ok: true, outcomes: ['applied'] });
  });

  it('refused for lack of funds lets the transaction of the caller go on', async () => {
    const orgId = await organisationWith(db.sql, 10n);
    await db.sql.begin(async (tx) => {
      expect(await post(tx, transfer(fresh('k'), [free(orgId), free(fresh('org')), 11n]))).toMatchObject({
        ok: false,
      });
      await post(tx, transfer(fresh('k'), [free(orgId), free(fresh('org')), 10n]));
    });
    expect(await freeOf(db.sql, orgId)).toMatchObject({ available: 0n });
  });

  it('L8 never crosses currencies and has whole amounts in 1..10^15', async () => {
    const orgId = await organisationWith(db.sql, 100n);
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
    const orgId = await organisationWith(db.sql, 1000n);
    const auctionId = fresh('auction');
    expect(await hold(db.sql, security(orgId, 600n, auctionId))).toMatchObject({ ok: true });
    expect(await freeOf(db.sql, orgId)).toEqual({ balance: 1000n, held: 600n, available: 400n });
    expect(await hold(db.sql, security(orgId, 401n, auctionId))).toMatchObject({
      ok: false,
      available: 400n,
    });
    expect(await post(db.sql, transfer(fresh('k'), [free(orgId), bank, 401n]))).toMatchObject({ ok: false });
    expect(await hold(db.sql, security(orgId, 400n, auctionId))).toMatchObject({ ok: true });
    expect(await resolve(db.sql, { auctionId, orgId, retained: minor(700n) })).toMatchObject({ ok: true });
    expect(await freeOf(db.sql, orgId)).toEqual({ balance: 300n, held: 0n, available: 300n });
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
    const orgId = await organisationWith(db.sql, 50n);
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
    expect(await freeOf(db.sql, orgId)).toEqual({ balance: 50n, held: 0n, available: 50n });
  });

  it('that was never made, or for more than was held, cannot be resolved', async () => {
    const orgId = await organisationWith(db.sql, 50n);
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
    const orgId = await organisationWith(db.sql, 1049n);
    const auctionId = fresh('auction');
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () => hold(db.sql, security(orgId, 100n, auctionId))),
    );
    expect(answers.filter((answer) => answer.ok)).toHaveLength(10);
    expect(await freeOf(db.sql, orgId)).toEqual({ balance: 1049n, held: 1000n, available: 49n });
  });

  it('P9 has one winner when posting and voiding race for it', async () => {
    for (let round = 0; round < 10; round += 1) {
      const orgId = await organisationWith(db.sql, 100n);
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
