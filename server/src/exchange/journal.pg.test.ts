import { testDatabase, type TestDatabase } from '@seam/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GENESIS, type JournalRow, commandText, encodeEntry } from './chain.ts';
import { type Head, type Journal, openJournal } from './journal.ts';
import type { JournalEntry } from './types.ts';

let db: TestDatabase;
let journal: Journal;
let head: Head;
beforeAll(async () => {
  db = await testDatabase();
  journal = openJournal({ url: db.url, shard: 5, owner: 'me' });
  head = (await journal.takeover()) as Head;
});
afterAll(async () => {
  journal.destroy();
  await db.close();
});

function row(seq: number, previous: string, more: { epoch?: number; at?: number } = {}): JournalRow {
  const { epoch = head.epoch, at = 1_000 } = more;
  const command = { type: 'resume_auction', auctionId: 'ü"\\\0{}', seq, at: at as never } as const;
  const entry = { shard: 5, seq, epoch, at, actor: null, cmdId: null, command, events: [] };
  return encode(entry, previous);
}

function encode(entry: JournalEntry, previous: string): JournalRow {
  const { seq: _seq, at: _at, ...body } = entry.command;
  const command = commandText(body);
  return encodeEntry(entry, { previous, command, engineVersion: 'v', fingerprint: undefined });
}

async function journalLength(): Promise<number> {
  const [found] = await db.sql<{ n: number }[]>`select count(*)::int as n from journal where shard_id = 5`;
  return found?.n ?? -1;
}

describe('the lead', () => {
  const open = (owner: string, leaseTtlMs = 60_000): Journal =>
    openJournal({ url: db.url, shard: 9, owner, leaseTtlMs });

  it('is taken only when nobody holds it, and each time with a new epoch', async () => {
    const first = open('first');
    expect(await first.takeover()).toMatchObject({ epoch: 1 });
    const second = open('second');
    expect(await second.takeover()).toBeUndefined();
    expect(await first.takeover()).toMatchObject({ epoch: 2 });
    // The same process on a new connection need not wait for its own lease.
    const again = open('first');
    expect(await again.takeover()).toMatchObject({ epoch: 3 });
    expect(await second.takeover()).toBeUndefined();
    await expect(first.heartbeat(2)).rejects.toMatchObject({ name: 'Fenced' });
    await again.heartbeat(3);

    await again.release(3);
    expect(await second.takeover()).toMatchObject({ epoch: 4 });
    expect(await first.takeover()).toBeUndefined();
    await db.sql`select pg_terminate_backend(owner_pid) from shard where shard_id = 9`;
    await expect.poll(async () => (await first.takeover())?.epoch).toBe(5);
    await db.sql`update shard set lease_until = now() - interval '1 ms' where shard_id = 9`;
    expect(await again.takeover()).toMatchObject({ epoch: 6 });
    for (const journal of [first, second, again]) journal.destroy();
  });
});

describe('the append', () => {
  it('moves the head and the entries together, bytes as they were', async () => {
    expect(head).toEqual({ epoch: 1, lastSeq: 0, lastAt: 0, lastHash: GENESIS, aliveAt: 0 });
    const one = row(1, GENESIS);
    const two = row(2, one.hash);
    await journal.append([one, two], GENESIS);
    const found = await db.sql`select body, encode(hash, 'hex') as hash,
      encode(sha256(decode(${one.hash}, 'hex') || convert_to(body, 'UTF8')), 'hex') as chained
      from journal where shard_id = 5 and seq = 2`;
    expect(found[0]).toEqual({ body: two.body, hash: two.hash, chained: two.hash });
    const [shard] =
      await db.sql`select last_seq::int, encode(last_hash, 'hex') as last_hash, last_ts_ms::int from shard where shard_id = 5`;
    expect(shard).toEqual({ last_seq: 2, last_hash: two.hash, last_ts_ms: 1_000 });
    head = { ...head, lastSeq: 2, lastHash: two.hash };
  });

  it.each([
    ['another epoch', () => [row(3, head.lastHash, { epoch: 0 }), head.lastHash]],
    ['a seq that leaves a gap', () => [row(4, head.lastHash), head.lastHash]],
    ['a seq that is taken', () => [row(2, GENESIS), GENESIS]],
    ['another history', () => [row(3, '09'.repeat(32)), '09'.repeat(32)]],
    ['time that runs backwards', () => [row(3, head.lastHash, { at: 999 }), head.lastHash]],
  ] as [string, () => [JournalRow, string]][])(
    'with %s changes nothing and says that it is fenced',
    async (_, make) => {
      const other = openJournal({ url: db.url, shard: 5, owner: 'other' });
      await other.databaseMs();
      const [wrong, previous] = make();
      await expect(other.append([wrong], previous)).rejects.toMatchObject({ name: 'Fenced' });
      // A connection on which an append failed is never used again.
      await expect(other.append([row(3, head.lastHash)], head.lastHash)).rejects.toMatchObject({
        name: 'ConnectionLost',
      });
      expect(await journalLength()).toBe(2);
    },
  );

  it('never reconnects by itself: a lost connection is the end of it', async () => {
    const lost = openJournal({ url: db.url, shard: 6, owner: 'me' });
    expect(await lost.takeover()).toBeDefined();
    await db.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'seam journal 6'`;
    await expect.poll(() => lost.databaseMs().catch((error: Error) => error.name)).toBe('ConnectionLost');
    await expect(lost.takeover()).rejects.toMatchObject({ name: 'ConnectionLost' });
  });

  it('is durable whatever the session is set to', async () => {
    const url = new URL(db.url);
    url.searchParams.set('synchronous_commit', 'off');
    const lax = openJournal({ url: url.toString(), shard: 7, owner: 'me' });
    await db.sql.unsafe(`create function note() returns trigger language plpgsql as
        $$ begin insert into noted values (current_setting('synchronous_commit')); return null; end $$;
      create table noted (setting text);
      create trigger note after insert on journal_batch for each statement execute function note()`);
    const taken = (await lax.takeover()) as Head;
    expect((await lax.sql`show synchronous_commit`)[0]).toEqual({ synchronous_commit: 'off' });
    const command = { type: 'resume_auction', auctionId: 'a', seq: 1, at: 5 as never } as const;
    const entry = {
      shard: 7,
      seq: 1,
      epoch: taken.epoch,
      at: 5,
      actor: null,
      cmdId: null,
      command,
      events: [],
    };
    await lax.append([encode(entry, GENESIS)], GENESIS);
    expect(await db.sql`select setting from noted`).toEqual([{ setting: 'on' }]);
    lax.destroy();
  });
});
