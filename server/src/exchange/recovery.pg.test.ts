import { testDatabase, type TestDatabase } from '@seam/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JournalCorrupt, commandTextOf, encodeEntry } from './chain.ts';
import { fingerprint } from './command-index.ts';
import { readJournal } from './journal-reader.ts';
import { openJournal } from './journal.ts';
import { marketRules } from './rules.ts';
import { type TestHost, bid, schedule, testHost } from './testing/market.ts';
import type { JournalEntry } from './types.ts';
import { verifyShard } from './verify.ts';

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

function makeHost(options: Partial<Parameters<typeof testHost>[0]> = {}): TestHost {
  const made = testHost({ url: db.url, sql: db.sql, ...options });
  hosts.push(made);
  made.host.start();
  return made;
}

/** A journal of `bids` bids on one auction, its host stopped. */
async function write(bids: number, options: Partial<Parameters<typeof testHost>[0]> = {}): Promise<void> {
  const { host } = makeHost(options);
  await host.leading();
  await host.submit(schedule('a'));
  for (let i = 0; i < bids; i += 1) {
    await host.submit(bid({ auctionId: 'a', by: `b${i % 7}`, price: 800 + i, quantity: 10, cmdId: `c${i}` }));
  }
  await host.stop();
}

async function tamper(statement: string): Promise<void> {
  await db.sql.unsafe(
    `set session_replication_role = replica; ${statement}; set session_replication_role = origin`,
  );
}

describe('the journal cannot be changed', () => {
  it('by update, delete or truncate', async () => {
    await write(1);
    for (const statement of [
      `update journal_batch set bodies = '{}'`,
      'delete from journal_batch',
      'truncate journal_batch',
    ]) {
      await expect(db.sql.unsafe(statement)).rejects.toMatchObject({ code: 'CX002' });
    }
  });

  it('a flipped bit, a changed column, a lost or swapped row halts the shard on replay', async () => {
    await write(4);
    // Every bid was an append of its own: seq 1 and 2 share a row, the others have one each.
    const attacks = [
      `update journal_batch set bodies = replace(bodies, '"price":801', '"price":811') where last_seq = 4`,
      `update journal_batch set bodies = bodies || ' ' where last_seq = 4`,
      `update journal_batch set bodies = replace(bodies, E'\n', ' ') where last_seq = 2`,
      `update journal_batch set epoch = epoch + 1 where last_seq = 4`,
      `update journal_batch set hashes = set_byte(hashes, 31, get_byte(hashes, 31) # 1) where last_seq = 4`,
      `delete from journal_batch where last_seq = 4`,
      `delete from journal_batch where last_seq = 6`,
      `update journal_batch set first_seq = 109 - first_seq, last_seq = 109 - last_seq where last_seq in (4, 5);
       update journal_batch set first_seq = first_seq - 100, last_seq = last_seq - 100 where last_seq > 90`,
      `update journal_batch set shard_id = 1 where last_seq = 6`,
    ];
    await db.sql`create table kept as table journal_batch`;
    for (const attack of attacks) {
      await tamper(attack);
      const { host, halted } = makeHost();
      expect(await halted, attack).toBeInstanceOf(JournalCorrupt);
      await expect(host.leading()).rejects.toThrow('halted');
      await expect(verifyShard(db.sql, { shard: 0, rules: marketRules }), attack).rejects.toThrow(
        JournalCorrupt,
      );
      await tamper('delete from journal_batch; insert into journal_batch table kept');
    }
    await makeHost().host.leading();
  });

  it('a decision that the rules would not make is found by re-execution, even with a good chain', async () => {
    await write(2);
    const rules = {
      ...marketRules,
      step: (...args: Parameters<typeof marketRules.step>) =>
        args[1].type === 'place_bid' ? marketRules.step(...args).slice(0, 0) : marketRules.step(...args),
    };
    await expect(verifyShard(db.sql, { shard: 0, rules })).rejects.toThrow(/decides otherwise/);
    expect(await verifyShard(db.sql, { shard: 0, rules: marketRules })).toMatchObject({
      entries: 4,
      lastSeq: 4,
    });
  });
});

describe('command ids in the journal', () => {
  it('are found when two entries have the same, even with a good chain', async () => {
    await write(2);
    const entries: JournalEntry[] = [];
    for await (const { entry } of readJournal(db.sql, 0, 0)) entries.push(entry);
    const [head] = await db.sql<{ epoch: number; hash: string; at: number }[]>`
      select epoch::int, encode(last_hash, 'hex') as hash, last_ts_ms::float8 as at from shard where shard_id = 0`;
    // What a leader never does: the third entry's command once more.
    const again = { ...entries[2]!, seq: 5, epoch: head!.epoch, at: head!.at };
    const row = encodeEntry(again, {
      previous: head!.hash,
      command: commandTextOf(again),
      engineVersion: 'v',
      fingerprint: fingerprint(again.actor!, again.cmdId!),
    });
    const journal = openJournal({ url: db.url, shard: 0, owner: 'rogue' });
    await journal.append([row], head!.hash);
    journal.destroy();
    const recorded = [...entries, again];
    const rules: typeof marketRules = { ...marketRules, step: (_, { seq }) => recorded[seq - 1]!.events };
    await expect(verifyShard(db.sql, { shard: 0, rules })).rejects.toThrow(/command id of seq 3/);
  });
});

describe('snapshots', () => {
  const every = { snapshotEvery: 10 };
  const snapshots = async (): Promise<number[]> =>
    (await db.sql<{ seq: string }[]>`select seq from snapshot order by seq`).map((row) => Number(row.seq));

  it('are written while leading, three are kept, and shorten recovery to the same state', async () => {
    await write(60, every);
    await expect.poll(snapshots).toEqual([40, 50, 60]);
    let applied = 0;
    const rules = {
      ...marketRules,
      apply(...args: Parameters<typeof marketRules.apply>) {
        applied += 1;
        marketRules.apply(...args);
      },
    };
    const { host } = makeHost({ rules });
    await host.leading();
    expect(applied).toBe(2);
    const whole = await verifyShard(db.sql, { shard: 0, rules: marketRules });
    expect(whole.entries).toBe(62);
    // Ids from before the snapshot are still known.
    expect(
      await host.submit(bid({ auctionId: 'a', by: 'b0', price: 800, quantity: 10, cmdId: 'c0' })),
    ).toMatchObject({
      status: 'accepted',
      seq: 3,
    });
    expect(
      await host.submit(bid({ auctionId: 'a', by: 'b0', price: 999, quantity: 10, cmdId: 'c0' })),
    ).toMatchObject({
      code: 'cmd_id_reused',
    });
  });

  it('a broken one is never used: the one before it, or the whole journal, is', async () => {
    await write(40, every);
    await expect.poll(snapshots).toEqual([20, 30, 40]);
    await db.sql`update snapshot set state = set_byte(state, 100, get_byte(state, 100) # 1) where seq = 40`;
    await db.sql`update snapshot set journal_hash = sha256('other') where seq = 30`;
    await db.sql`update snapshot set state_hash = 'other' where seq = 20`;
    const refused: unknown[] = [];
    const log = { info() {}, warn() {}, error: (fields: object) => void refused.push({ ...fields }) };
    const { host } = makeHost({ log });
    await host.leading();
    expect(refused).toMatchObject([
      { reason: 'bytes differ from their hash' },
      { reason: 'belongs to another journal' },
      { reason: 'restores to another state' },
    ]);
    expect((await host.submit(bid({ auctionId: 'a', by: 'z', price: 999 }))).status).toBe('accepted');
  });
});

describe('reading', () => {
  it('gives the entries as they were decided', async () => {
    await write(3);
    const types: string[] = [];
    for await (const { entry } of readJournal(db.sql, 0, 1)) types.push(entry.command.type);
    expect(types).toEqual(['open_auction', 'place_bid', 'place_bid', 'place_bid']);
  });
});

describe('a database that may forget', () => {
  it('is not led on', async () => {
    await db.sql.unsafe(`alter database ${new URL(db.url).pathname.slice(1)} set synchronous_commit = off`);
    const { halted } = makeHost();
    expect((await halted).message).toContain('synchronous_commit is off');
  });
});
