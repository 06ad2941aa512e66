import { testDatabase, type TestDatabase } from '@seam/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bid, schedule, testHost } from '../../testing/market.ts';
import { type RawAudit, rawAudit } from './raw-audit.ts';
import type { Told } from './trader.ts';

let db: TestDatabase;
beforeEach(async () => {
  db = await testDatabase();
});
afterEach(() => db.close());

async function trade(): Promise<Told[]> {
  const { host } = testHost({ url: db.url, sql: db.sql });
  host.start();
  await host.leading();
  const told: Told[] = [];
  const commands = [
    schedule('a'),
    ...[1, 2, 3].map((n) => bid({ auctionId: 'a', by: `b${n}`, price: 900 + n })),
  ];
  for (const command of commands) {
    const outcome = await host.submit(command);
    if (outcome.status === 'refused') throw new Error(outcome.code);
    const { shard, seq, at, status } = outcome;
    told.push({ actor: command.actor, cmdId: command.cmdId, shard, seq, at, status });
  }
  const { actor, cmdId } = schedule('a');
  const end = { type: 'void_auction', auctionId: 'a', reason: 'over' } as const;
  await host.submit({ actor, cmdId: `${cmdId}.end`, body: end });
  await host.stop();
  return told;
}

const again = (last: number, into: string, bodies = 'bodies'): string =>
  `insert into journal_batch select shard_id, n, n, epoch, ${bodies}, hashes, commands
     from journal_batch, generate_series(${into}) n where last_seq = ${last}`;

const damages: readonly (readonly [what: keyof RawAudit, statement: string])[] = [
  ['lost', 'delete from journal_batch where last_seq = 4'],
  ['gaps', 'delete from journal_batch where last_seq = 4'],
  [
    'changed',
    `update journal_batch a set bodies = b.bodies from journal_batch b
      where a.last_seq in (4, 5) and b.last_seq = 9 - a.last_seq`,
  ],
  [
    'hashBreaks',
    `update journal_batch set bodies = replace(bodies, '"price":902', '"price":903') where last_seq = 4`,
  ],
  ['epochsBack', 'update journal_batch set epoch = epoch + 1 where last_seq = 4'],
  ['timesBack', `update journal_batch set bodies = replace(bodies, '"ts":', '"ts":9') where last_seq = 4`],
  ['doubledCommands', again(4, '7, 7')],
  [
    'soldTwice',
    again(
      6,
      '7, 8',
      `regexp_replace(bodies, '"events":.*,"seq"', '"events":[{"type":"auction_unsold","auctionId":"a"}],"seq"')`,
    ),
  ],
];

it('an honest journal is counted clean', async () => {
  const told = await trade();
  const found = await rawAudit(db.sql, told);
  const { entries, auctions, acceptedBids, reexecution, ...wrong } = found;
  expect({ entries, auctions, acceptedBids, reexecution }).toMatchObject({
    entries: 6,
    reexecution: 'equal',
  });
  expect(Object.values(wrong).every((count) => count === 0)).toBe(true);
});

it.each(damages)('%s is counted', async (what, statement) => {
  const told = await trade();
  await db.sql.unsafe(
    `set session_replication_role = replica; ${statement}; set session_replication_role = origin`,
  );
  const found = await rawAudit(db.sql, told);
  expect(found[what]).toBeGreaterThan(0);
});
