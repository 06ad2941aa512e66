import { type TestDatabase, testDatabase } from '@seam/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { transaction } from './db.ts';
import { Fault } from './fault.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase({ migrations: 'none' });
  await db.sql`create table pot (name text primary key, n int not null)`;
  await db.sql`insert into pot values ('a', 0), ('b', 0)`;
});
afterAll(async () => db.close());

it('begins again what PostgreSQL ended because two waited for each other, and writes it once', async () => {
  const both = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  let tries = 0;
  const work = async (mine: 0 | 1, names: readonly [string, string]) =>
    transaction(db.sql, async (tx) => {
      tries += 1;
      await tx`update pot set n = n + 1 where name = ${names[0]}`;
      both[mine].resolve();
      await both[1 - mine]!.promise;
      await tx`update pot set n = n + 1 where name = ${names[1]}`;
    });
  await Promise.all([work(0, ['a', 'b']), work(1, ['b', 'a'])]);
  expect(await db.sql`select name, n from pot order by name`).toEqual([
    { name: 'a', n: 2 },
    { name: 'b', n: 2 },
  ]);
  expect(tries).toBeGreaterThan(2);
});

it('gives every other error as it is, after one try', async () => {
  let tries = 0;
  const broken = transaction(db.sql, async (tx) => {
    tries += 1;
    await tx`select 1 / 0`;
  });
  await expect(broken).rejects.toMatchObject({ code: '22012' });
  expect(tries).toBe(1);
});

it('gives a fault of ours as it is, whether it has a cause or none', async () => {
  const without = new Fault('ledger.insufficient_funds', 'contract c1');
  const withText = new Error('outer', { cause: 'a word' });
  for (const fault of [without, withText]) {
    const broken = transaction(db.sql, async () => {
      throw fault;
    });
    await expect(broken).rejects.toBe(fault);
  }
});
