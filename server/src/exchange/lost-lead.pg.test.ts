/** What a host does when the database is not the one it left: found by the simulator. */
import { testDatabase, type TestDatabase } from '@seam/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { GENESIS, JournalCorrupt } from './chain.ts';
import { CommandMemory } from './command-memory.ts';
import { Fenced, type Head } from './journal.ts';
import { recover } from './recovery.ts';
import { marketRules } from './rules.ts';
import { type TestHost, bid, schedule, testHost } from './testing/market.ts';
import { silentLog } from './types.ts';

let db: TestDatabase;
let hosts: TestHost[];
beforeEach(async () => {
  db = await testDatabase();
  hosts = [];
});
afterEach(async () => {
  await Promise.all(hosts.map(({ host }) => host.stop()));
  await db.close();
});

async function write(options: Partial<Parameters<typeof testHost>[0]> = {}): Promise<TestHost> {
  const made = testHost({ url: db.url, sql: db.sql, ...options });
  hosts.push(made);
  made.host.start();
  await made.host.leading();
  await made.host.submit(schedule('a'));
  for (let i = 0; i < 4; i += 1) await made.host.submit(bid({ auctionId: 'a', by: `b${i}`, price: 900 + i }));
  return made;
}

async function headNow(): Promise<Head> {
  const [row] =
    await db.sql`select epoch, last_seq, last_ts_ms, encode(last_hash, 'hex') as last_hash from shard where shard_id = 0`;
  return {
    epoch: Number(row?.['epoch']),
    lastSeq: Number(row?.['last_seq']),
    lastAt: Number(row?.['last_ts_ms']),
    lastHash: row?.['last_hash'] as string,
    aliveAt: 0,
  };
}

function recoverWith(head: Head, shown: { published: number; publishedHash: string }): Promise<unknown> {
  return recover(db.sql, {
    rules: marketRules,
    shard: 0,
    head,
    commands: new CommandMemory(),
    view: { apply: () => {}, snapshot: () => '', restore: () => {} },
    publish: () => {},
    renew: async () => {},
    log: silentLog,
    ...shown,
  });
}

it('a leader that was replaced while it read the journal has lost the shard, and nothing is broken', async () => {
  await write();
  const head = await headNow();
  const fresh = { published: 0, publishedHash: GENESIS };
  await expect(recoverWith({ ...head, epoch: head.epoch - 1 }, fresh)).rejects.toThrow(Fenced);
  await expect(recoverWith(head, fresh)).resolves.toBeDefined();
});

it('a database that lacks entries this process has shown is not led, with and without a snapshot', async () => {
  for (const snapshotEvery of [1_000, 2]) {
    const { host } = await write({ snapshotEvery });
    await host.stop();
    const head = await headNow();
    const other = '07'.repeat(32);
    const { lastSeq, lastHash } = head;
    await expect(recoverWith(head, { published: lastSeq, publishedHash: lastHash })).resolves.toBeDefined();
    for (const shown of [
      { published: lastSeq + 1, publishedHash: lastHash },
      { published: lastSeq, publishedHash: other },
      { published: 2, publishedHash: other },
    ]) {
      await expect(recoverWith(head, shown), JSON.stringify(shown)).rejects.toThrow(JournalCorrupt);
    }
    await db.sql.unsafe(
      `set session_replication_role = replica; delete from snapshot; delete from journal_batch;
       update shard set last_seq = 0, last_hash = decode(repeat('00', 32), 'hex') where shard_id = 0;
       set session_replication_role = origin`,
    );
  }
});

it('a host whose database went back in time halts instead of answering from what is gone', async () => {
  const { host, halted } = await write();
  await db.sql.unsafe(
    `set session_replication_role = replica;
     delete from journal_batch where shard_id = 0 and last_seq = 6;
     update shard set last_seq = 5, last_hash = (select hash from journal where shard_id = 0 and seq = 5)
      where shard_id = 0;
     select pg_terminate_backend(owner_pid) from shard where shard_id = 0;
     set session_replication_role = origin`,
  );
  expect(await halted).toBeInstanceOf(JournalCorrupt);
  expect(host.phase).toBe('halted');
});

it('an honest retry is not refused because somebody uses its id for another command meanwhile', async () => {
  const { host } = await write();
  const mine = bid({ auctionId: 'a', by: 'x', price: 950, cmdId: 'k' });
  const first = await host.submit(mine);
  const [reused, again] = await Promise.all([
    host.submit({ ...mine, body: bid({ auctionId: 'a', by: 'x', price: 951 }).body }),
    host.submit(mine),
  ]);
  expect(reused).toEqual({ status: 'refused', code: 'cmd_id_reused' });
  expect(again).toEqual(first);
});
