import { testDatabase, type TestDatabase } from '@seam/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProjectionLate, Projector, type Projection } from './projector.ts';
import { bid, schedule, testHost, type TestHost } from './testing/market.ts';
import { silentLog } from './types.ts';

let db: TestDatabase;
let market: TestHost;
let projectors: Projector[];
beforeEach(async () => {
  db = await testDatabase();
  projectors = [];
  await db.sql`create table view_a (seq bigint primary key, type text not null)`;
  await db.sql`create table view_b (seq bigint primary key, type text not null)`;
  market = testHost({
    url: db.url,
    sql: db.sql,
    onEntry: (entry) => projectors.forEach((p) => p.push(entry)),
  });
  market.host.start();
  await market.host.leading();
});
afterEach(async () => {
  await Promise.all(projectors.map((projector) => projector.stop()));
  await market.host.stop();
  await db.close();
});

function view(table: string): Projection {
  return {
    name: table,
    apply: async (tx, { seq, command }) => {
      await tx`insert into ${tx(table)} (seq, type) values (${seq}, ${command.type})`;
    },
  };
}

function project(...projections: Projection[]): Projector {
  const projector = new Projector({ sql: db.sql, shard: 0, projections, log: silentLog });
  projectors.push(projector);
  projector.start();
  return projector;
}

const rows = async (table: string): Promise<readonly unknown[]> =>
  db.sql`select * from ${db.sql(table)} order by seq`;

async function bids(count: number, by: string): Promise<number> {
  let seq = 0;
  for (let i = 0; i < count; i += 1) {
    const outcome = await market.host.submit(bid({ auctionId: 'a', by, price: 900 + i, quantity: 1 }));
    if (outcome.status !== 'refused') seq = outcome.seq;
  }
  return seq;
}

describe('SQL views', () => {
  it('show a write to whoever waits for its seq', async () => {
    const projector = project(view('view_a'));
    await market.host.submit(schedule('a'));
    const seq = await bids(3, 'x');
    await projector.waitFor('view_a', seq);
    expect(await rows('view_a')).toHaveLength(5);
    await expect(projector.waitFor('view_a', seq + 1, 20)).rejects.toThrow(ProjectionLate);
    await expect(projector.waitFor('other', 1)).rejects.toThrow(RangeError);
  });

  it('catch up with what was written before they started, then go on live', async () => {
    await market.host.submit(schedule('a'));
    await bids(3, 'x');
    const projector = project(view('view_a'));
    const seq = await bids(3, 'y');
    await projector.waitFor('view_a', seq);
    expect(await rows('view_a')).toHaveLength(8);
  });

  it('and their checkpoints commit together: a failure leaves none of the batch, in any of them', async () => {
    let broken = true;
    const failing: Projection = {
      name: 'view_b',
      apply: async (tx, entry) => {
        if (broken && entry.seq === 3) throw new Error('disk on fire');
        await view('view_b').apply(tx, entry);
      },
    };
    await market.host.submit(schedule('a'));
    const seq = await bids(2, 'x');
    const projector = project(view('view_a'), failing);
    await expect.poll(() => projector.failure?.message).toBe('disk on fire');
    expect([await rows('view_a'), await rows('view_b')]).toEqual([[], []]);
    broken = false;
    await projector.waitFor('view_b', seq);
    expect(await rows('view_a')).toEqual(await rows('view_b'));
    expect(await rows('view_a')).toHaveLength(4);
  });

  it('have each entry once, also when two projectors of one shard race', async () => {
    await db.sql`create table counter as select 0 as n`;
    const count: Projection = {
      name: 'count',
      apply: async (tx) => void (await tx`update counter set n = n + 1`),
    };
    const twins = [project(count), project(count)];
    await market.host.submit(schedule('a'));
    const seq = await bids(20, 'x');
    await Promise.all(twins.map((twin) => twin.waitFor('count', seq)));
    await Promise.all(twins.map((twin) => twin.stop()));
    expect(await db.sql`select n from counter`).toEqual([{ n: 22 }]);
  });

  it('rebuilt from the journal are equal', async () => {
    const first = project(view('view_a'));
    await market.host.submit(schedule('a'));
    const seq = await bids(20, 'x');
    await first.waitFor('view_a', seq);
    const before = await rows('view_a');
    expect(before).toHaveLength(22);
    await first.stop();
    await db.sql`truncate view_a`;
    await db.sql`update projection_checkpoint set seq = 0 where name = 'view_a'`;
    await project(view('view_a')).waitFor('view_a', seq);
    expect(await rows('view_a')).toEqual(before);
  });

  it('of a projection that came later start at the beginning, beside the older ones', async () => {
    await project(view('view_a')).waitFor('view_a', 0);
    await market.host.submit(schedule('a'));
    const seq = await bids(2, 'x');
    await projectors[0]?.waitFor('view_a', seq);
    await projectors[0]?.stop();
    await project(view('view_a'), view('view_b')).waitFor('view_b', seq);
    expect(await rows('view_b')).toEqual(await rows('view_a'));
  });
});
