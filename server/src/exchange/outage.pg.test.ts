/** The market was down: what a new leader owes the auctions it finds. */
import { testDatabase, type TestDatabase } from '@seam/testkit';
import { instant } from '@seam/units';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openJournal } from './journal.ts';
import { type TestHost, bid, schedule, testHost } from './testing/market.ts';
import type { JournalEntry } from './types.ts';

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

async function lead(): Promise<TestHost> {
  const made = testHost({ url: db.url, sql: db.sql });
  hosts.push(made);
  made.host.start();
  await made.host.leading();
  return made;
}

/** An auction of an hour that closes in two minutes, and a market that was last served `downMs` ago. */
async function wentDown(downMs: number): Promise<{ closesAt: number; aliveAt: number }> {
  const { host } = await lead();
  const closesAt = instant(Date.now() + 120_000);
  await host.submit(schedule('a', { opensAt: instant(closesAt - 3_600_000), closesAt }));
  await host.stop();
  const [row] = await db.sql`update shard set last_ts_ms = last_ts_ms - ${downMs},
      alive_at = alive_at - ${`${downMs} milliseconds`}::interval where shard_id = 0
    returning floor(extract(epoch from alive_at) * 1000)::float8 as alive`;
  return { closesAt, aliveAt: Number(row?.['alive']) };
}

async function firstNewEntry(): Promise<JournalEntry | undefined> {
  const { host, entries } = await lead();
  await host.submit(bid({ auctionId: 'a', by: 'x', price: 900 }));
  return entries.find(({ epoch }) => epoch === Math.max(...entries.map((entry) => entry.epoch)));
}

it('after an outage the first entry gives the time back, computed from journaled times', async () => {
  const { closesAt, aliveAt } = await wentDown(60_000);
  const entry = await firstNewEntry();
  expect(entry?.command).toMatchObject({ type: 'extend_for_outage', auctionId: 'a', downFrom: aliveAt });
  expect(entry?.events[0]).toMatchObject({
    type: 'auction_extended_for_outage',
    downUntil: expect.any(Number),
    closesAt: closesAt + 15 * 60_000,
  });
});

it('after a short pause nothing is extended', async () => {
  await wentDown(5_000);
  expect((await firstNewEntry())?.command.type).toBe('place_bid');
});

it('a leader that died before it gave the time back does not use the outage up', async () => {
  const { aliveAt } = await wentDown(60_000);
  const doomed = openJournal({ url: db.url, shard: 0, owner: 'doomed' });
  const head = await doomed.takeover();
  expect(head?.aliveAt).toBe(aliveAt);
  await doomed.heartbeat(head?.epoch ?? 0, { serving: false });
  doomed.destroy();
  await db.sql`update shard set lease_until = '-infinity' where shard_id = 0`;
  expect((await firstNewEntry())?.command).toMatchObject({ type: 'extend_for_outage', downFrom: aliveAt });
});

it('a market that is served without a command is alive', async () => {
  await wentDown(60_000);
  const journal = openJournal({ url: db.url, shard: 0, owner: 'idle' });
  const head = await journal.takeover();
  await journal.heartbeat(head?.epoch ?? 0);
  await journal.release(head?.epoch ?? 0);
  journal.destroy();
  expect((await firstNewEntry())?.command.type).toBe('place_bid');
});
