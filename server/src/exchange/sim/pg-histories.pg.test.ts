import { testDatabase, type TestDatabase } from '@seam/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { comparePgHistories } from './pg-histories.ts';

let db: TestDatabase;
beforeEach(async () => {
  db = await testDatabase();
});
afterEach(() => db.close());

it('the simulated PostgreSQL answers and holds what a real one does, in 200 random histories', async () => {
  expect(await comparePgHistories({ url: db.url, histories: 200, seed: 1 })).toEqual([]);
});

it('a real one that behaves differently is seen', async () => {
  await db.sql`create or replace function shard_heartbeat(
      p_shard int, p_epoch bigint, p_ttl interval, p_serving boolean default true) returns void language sql as $$
    update shard set lease_until = clock_timestamp() + p_ttl where shard_id = p_shard $$`;
  const differences = await comparePgHistories({ url: db.url, histories: 40, seed: 2 });
  expect(differences.length).toBeGreaterThan(0);
});
