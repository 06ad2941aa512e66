import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { testDatabase } from '@seam/testkit';
import { expect, it } from 'vitest';
import { migrate } from '../platform/migrate.ts';
import { GENESIS, chainHash } from './chain.ts';
import { readJournal } from './journal-reader.ts';
import { marketRules } from './rules.ts';
import { bid, schedule, testHost } from './testing/market.ts';
import { verifyShard } from './verify.ts';

const MIGRATIONS = path.resolve(import.meta.dirname, '../../../migrations');
const BATCHES = '0012_journal_batches.sql';

it('a journal of one row an entry keeps its entries, its chain and its command ids in batches', async () => {
  const before = fs.mkdtempSync(path.join(os.tmpdir(), 'seam-migrations-'));
  const db = await testDatabase({ migrations: 'none' });
  const modern = await testDatabase();
  try {
    for (const name of fs.readdirSync(MIGRATIONS).filter((file) => file < BATCHES))
      fs.copyFileSync(path.join(MIGRATIONS, name), path.join(before, name));
    await migrate(db.sql, before);

    const writer = testHost({ url: modern.url, sql: modern.sql });
    writer.host.start();
    await writer.host.leading();
    await writer.host.submit(schedule('a'));
    for (let i = 0; i < 5; i += 1)
      await writer.host.submit(bid({ auctionId: 'a', by: 'x', price: 900 + i, cmdId: `c${i}` }));
    await writer.host.stop();
    // As they were written before: the stamp of a command twice, a row an entry.
    let hash = GENESIS;
    for await (const { entry } of readJournal(modern.sql, 0, 0)) {
      const [row] = await modern.sql<{ body: string }[]>`select body from journal_entry(0, ${entry.seq})`;
      const body = JSON.stringify({ ...JSON.parse(row!.body), cmd: entry.command });
      hash = chainHash(hash, body);
      const { seq, epoch, at, actor, cmdId } = entry;
      await db.sql`insert into journal (shard_id, seq, epoch, ts_ms, actor, cmd_id, cmd_hash, body, hash)
        values (0, ${seq}, ${epoch}, ${at}, ${actor}, ${cmdId}, ${cmdId && Buffer.alloc(32)}, ${body}, decode(${hash}, 'hex'))`;
      await db.sql`update shard set epoch = ${epoch}, last_seq = ${seq}, last_ts_ms = ${at},
        last_hash = decode(${hash}, 'hex') where shard_id = 0`;
    }
    const old =
      await db.sql`select shard_id, seq, epoch, ts_ms, actor, cmd_id, body, hash from journal order by seq`;

    await migrate(db.sql);
    expect([...(await db.sql`select * from journal order by seq`)]).toEqual([...old]);
    expect((await db.sql`select * from journal_entry(0, 4)`)[0]).toEqual(old[3]);
    expect(await verifyShard(db.sql, { shard: 0, rules: marketRules })).toMatchObject({ entries: 7 });
    for (const snapshotEvery of [1, 1_000]) {
      const { host } = testHost({ url: db.url, sql: db.sql, snapshotEvery });
      host.start();
      await host.leading();
      const again = bid({ auctionId: 'a', by: 'x', price: 901, cmdId: 'c1' });
      expect(await host.submit(again)).toMatchObject({ status: 'accepted', seq: 4 });
      if (snapshotEvery === 1) {
        await host.submit(bid({ auctionId: 'a', by: 'y', price: 999 }));
        await expect.poll(async () => (await db.sql`select from snapshot`).length).toBeGreaterThan(0);
      }
      await host.stop();
    }
  } finally {
    await Promise.all([db.close(), modern.close()]);
    fs.rmSync(before, { recursive: true, force: true });
  }
});
