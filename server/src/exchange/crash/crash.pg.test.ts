import { testDatabase, type TestDatabase } from '@seam/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runBiddingChaos } from './bidding-chaos.ts';

let db: TestDatabase;
beforeEach(async () => {
  db = await testDatabase();
});
afterEach(() => db.close());

const small = { kills: 5, bidders: 20, seed: 7 };

it('kill -9 during bidding loses no acknowledged bid, doubles none, and closes by the rules', async () => {
  const report = await runBiddingChaos({ ...small, databaseUrl: db.url });
  expect(report).toMatchObject({
    lost: 0,
    changed: 0,
    doubled: 0,
    wrongAwards: 0,
    wrongCloses: 0,
    chain: 'intact',
    passed: true,
  });
  expect(report.acknowledged).toBeGreaterThan(100);
  expect(report.retried).toBeGreaterThan(0);
});

it('the same test finds a market that answers before it has committed', async () => {
  const report = await runBiddingChaos({ ...small, databaseUrl: db.url, acknowledge: 'before_commit' });
  expect(report.passed).toBe(false);
  expect(report.lost).toBeGreaterThan(0);
});
