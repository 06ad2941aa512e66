import { testDatabase, type TestDatabase } from '@seam/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Exchange, createExchange } from './exchange.ts';
import type { Connection } from './fanout.ts';
import { shardIndex } from './gateway.ts';
import type { Projection } from './projector.ts';
import { bid, schedule } from './testing/market.ts';
import { silentLog } from './types.ts';
import { verifyShard } from './verify.ts';
import { marketRules } from './rules.ts';

let db: TestDatabase;
let running: Exchange[];
beforeEach(async () => {
  db = await testDatabase();
  await db.sql`create table seen (shard int, seq int, primary key (shard, seq))`;
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((exchange) => exchange.stop()));
  await db.close();
});

const seen: Projection = {
  name: 'seen',
  apply: async (tx, { shard, seq }) => void (await tx`insert into seen values (${shard}, ${seq})`),
};

async function start(snapshotEvery?: number): Promise<Exchange> {
  const exchange = await createExchange({
    url: db.url,
    sql: db.sql,
    projections: [seen],
    pseudonymSecret: 's',
    log: silentLog,
    ...(snapshotEvery && { snapshotEvery }),
  });
  running.push(exchange);
  await exchange.start();
  return exchange;
}

class Reader implements Connection {
  frames: { t: string; seq: number; prev: number; bidCount: number }[] = [];
  send(text: string): void {
    this.frames.push(JSON.parse(text));
  }
  bufferedBytes(): number {
    return 0;
  }
  close(): void {}
}

it('every shard is led, and auctions spread over them by a hash that never changes', async () => {
  const exchange = await start();
  expect(exchange.health().map(({ phase }) => phase)).toEqual(Array(16).fill('leading'));
  // Frozen: another mapping would lose the command ids of every market there is.
  expect(['a', 'b', 'auction-1'].map((id) => shardIndex(id, 16))).toEqual([2, 6, 12]);
});

it('a bid is in the live view, in the SQL view and on the wire, and all are the same after a restart', async () => {
  const ids = ['a', 'b', 'c', 'd', 'e'];
  const first = await start(5);
  for (const id of ids) await first.gateway.submit(schedule(id));
  const reader = new Reader();
  first.topics.subscribe('auction:a', { connection: reader, viewer: '' }, () => {});
  for (let i = 0; i < 12; i += 1) {
    const id = ids[i % 5] ?? 'a';
    const outcome = await first.gateway.submit(bid({ auctionId: id, by: `org-${i % 3}`, price: 900 + i }));
    if (outcome.status !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(outcome)}`);
    expect(first.auction(id)?.seq).toBe(outcome.seq);
    await first.waitForProjection('seen', outcome);
    expect(
      (await db.sql`select 1 from seen where shard = ${outcome.shard} and seq = ${outcome.seq}`).count,
    ).toBe(1);
  }
  await expect.poll(() => reader.frames.at(-1)?.bidCount).toBe(3);
  const before = ids.map((id) => first.auction(id));
  await first.stop();

  const second = await start();
  expect(ids.map((id) => second.auction(id))).toEqual(before);
  for (const { shard } of second.health()) await verifyShard(db.sql, { shard, rules: marketRules });
  const back = new Reader();
  const resumeFrom = reader.frames.at(-1)?.seq;
  const told: object[] = [];
  second.topics.subscribe('auction:a', { connection: back, viewer: '', resumeFrom }, (at) => told.push(at));
  expect(told).toEqual([{ seq: resumeFrom, resumed: true }]);
  expect(back.frames).toEqual([]);
});
