import { testDatabase, type TestDatabase } from '@seam/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Exchange, createExchange } from './exchange.ts';
import { bid, schedule } from './testing/market.ts';
import { type Outcome, type Submission, silentLog } from './types.ts';

let db: TestDatabase;
const open: Exchange[] = [];
beforeEach(async () => {
  db = await testDatabase();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((exchange) => exchange.stop()));
  await db.close();
});

async function competitor(onFenced: () => void = () => {}): Promise<Exchange> {
  const options = { url: db.url, sql: db.sql, projections: [], pseudonymSecret: 's', log: silentLog };
  const exchange = await createExchange({ ...options, onFenced, leaseTtlMs: 300 });
  open.push(exchange);
  exchange.compete();
  return exchange;
}

const leads = (exchange: Exchange): number =>
  exchange.health().filter(({ phase }) => phase === 'leading').length;

async function answer(exchange: Exchange, submission: Submission): Promise<Outcome> {
  return exchange.gateway.submit(submission);
}

it('of two exchanges on one database one leads, the other sends away, and takes over with all that was said', async () => {
  const first = await competitor();
  await expect.poll(() => leads(first)).toBe(16);
  const second = await competitor();
  const scheduled = await answer(first, schedule('a'));
  const mine = bid({ auctionId: 'a', by: 'x', price: 900 });
  const accepted = await answer(first, mine);
  expect([scheduled.status, accepted.status]).toEqual(['accepted', 'accepted']);
  await expect.poll(() => second.health().every(({ phase }) => phase === 'waiting')).toBe(true);
  expect(await answer(second, mine)).toMatchObject({ status: 'refused', code: 'not_leading' });

  await first.stop();
  await expect.poll(() => leads(second)).toBe(16);
  expect(await answer(second, mine)).toEqual(accepted);
});

it('an exchange that loses one shard says so, to be ended', async () => {
  const lost = Promise.withResolvers<void>();
  const first = await competitor(lost.resolve);
  await expect.poll(() => leads(first)).toBe(16);
  await db.sql`update shard set epoch = epoch + 1, owner = 'another' where shard_id = 3`;
  await lost.promise;
  expect(first.health().find(({ shard }) => shard === 3)?.phase).toBe('fenced');
});
