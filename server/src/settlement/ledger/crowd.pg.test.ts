/** Many callers at once, connections that die, locks that hold. */
import { type Posting } from '@seam/ledger';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockAccounts, post } from './ledger.ts';
import { checkLedger } from './read.ts';
import { bank, free, freeOf, fresh, organisationWith, transfer } from './testing.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(async () => db.close());

describe('many at once', () => {
  it('the same effect from 20 callers is applied once', async () => {
    const orgId = await organisationWith(db.sql, 100n);
    const once = transfer(fresh('k'), [free(orgId), bank, 7n]);
    const answers = await Promise.all(Array.from({ length: 20 }, async () => post(db.sql, once)));
    expect(
      answers.flatMap((answer) => (answer.ok ? answer.outcomes : [])).filter((word) => word === 'applied'),
    ).toHaveLength(1);
    expect(await freeOf(db.sql, orgId)).toMatchObject({ balance: 93n });
  });

  it('transfers in both directions and effects listed in opposite order do not deadlock', async () => {
    const [a, b] = [await organisationWith(db.sql, 1000n), await organisationWith(db.sql, 1000n)];
    const answers = await Promise.all(
      Array.from({ length: 60 }, async (_, n) => {
        if (n % 3 === 0) return post(db.sql, transfer(fresh('k'), [free(a), free(b), 3n]));
        if (n % 3 === 1) return post(db.sql, transfer(fresh('k'), [free(b), free(a), 3n]));
        const pair = [a, b].map((orgId) => transfer(fresh('k'), [free(orgId), bank, 1n]));
        return post(db.sql, n % 2 ? pair : pair.toReversed());
      }),
    );
    expect(answers.every((answer) => answer.ok)).toBe(true);
    expect([(await freeOf(db.sql, a)).balance, (await freeOf(db.sql, b)).balance]).toEqual([980n, 980n]);
  });

  it('connections killed in the middle leave every effect applied once or not at all, and a retry settles which', async () => {
    const [from, to] = [await organisationWith(db.sql, 10_000n), await organisationWith(db.sql, 1n)];
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
    expect((await freeOf(db.sql, from)).balance).toBe(10_000n - 360n);
    expect((await freeOf(db.sql, to)).balance).toBe(1n + 240n);
    expect(await checkLedger(db.sql)).toEqual([]);
  });

  it('locked accounts stay as read until the transaction ends', async () => {
    const orgId = await organisationWith(db.sql, 10n);
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
