import { testDatabase, type TestDatabase } from '@seam/testkit';
import { instant } from '@seam/units';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprint, packFingerprints } from './command-index.ts';
import { machineTimers } from './clock.ts';
import { QUEUE_COMMANDS_MAX } from './limits.ts';
import { marketRules } from './rules.ts';
import { type Bid, type TestHost, auctionTerms, bid, schedule, testHost } from './testing/market.ts';
import { type Proxy, startProxy } from './testing/proxy.ts';
import { type Outcome, silentLog } from './types.ts';
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

async function lead(options: Partial<Parameters<typeof testHost>[0]> = {}): Promise<TestHost> {
  const made = testHost({ url: db.url, sql: db.sql, ...options });
  hosts.push(made);
  made.host.start();
  await made.host.leading();
  return made;
}

async function journalLength(): Promise<number> {
  const [row] = await db.sql<{ n: number }[]>`select count(*)::int as n from journal where shard_id = 0`;
  return row?.n ?? -1;
}

/** Holds the shard's row, as a stuck session would, while `during` runs. */
async function whileRowIsHeld(during: () => Promise<void>): Promise<void> {
  await db.sql.begin(async (tx) => {
    await tx`select 1 from shard where shard_id = 0 for update`;
    await during();
  });
}

async function appendIsBlocked(): Promise<void> {
  await expect
    .poll(async () => {
      const [row] = await db.sql`select count(*)::int as n from pg_stat_activity
        where wait_event_type = 'Lock' and query like '%journal_append%' and datname = current_database()`;
      return row?.['n'];
    })
    .toBe(1);
}

function seqOf(outcome: Outcome): number {
  if (outcome.status === 'refused') throw new Error(`refused: ${outcome.code}`);
  return outcome.seq;
}

describe('acknowledged means durable', () => {
  it('nothing is released before the journal has it, neither an accept nor a reject', async () => {
    const { host, entries } = await lead();
    await host.submit(schedule('a'));
    expect(entries.map((entry) => entry.command.type)).toEqual(['schedule_auction', 'open_auction']);
    const answers: Outcome[] = [];
    let settled: Promise<unknown> = Promise.resolve();
    await whileRowIsHeld(async () => {
      settled = Promise.all(
        [bid({ auctionId: 'a', by: 'x', price: 900 }), bid({ auctionId: 'a', by: 'y', price: 900 })].map(
          async (b) => answers.push(await host.submit(b)),
        ),
      );
      await appendIsBlocked();
      expect(answers).toEqual([]);
      expect(entries).toHaveLength(2);
      expect(await journalLength()).toBe(2);
    });
    await settled;
    expect(answers.map((answer) => answer.status)).toEqual(['accepted', 'rejected']);
    expect(await journalLength()).toBe(4);
  });

  it('outcomes come in seq order and name their place in the journal', async () => {
    const { host } = await lead();
    await host.submit(schedule('a'));
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 50 }, async (_, i) => {
        const outcome = await host.submit(
          bid({ auctionId: 'a', by: `b${i}`, price: 900 + i, quantity: 100 }),
        );
        order.push(seqOf(outcome));
      }),
    );
    expect(order).toEqual(Array.from({ length: 50 }, (_, i) => i + 3));
  });

  it('a full queue refuses at once with a time to come back, and loses nobody who waits', async () => {
    const { host } = await lead({ queueLimit: 10 });
    await host.submit(schedule('a'));
    const all = await Promise.all(
      Array.from({ length: 30 }, (_, i) => host.submit(bid({ auctionId: 'a', by: `b${i}`, price: 900 + i }))),
    );
    const refused = all.filter((outcome) => outcome.status === 'refused');
    expect(refused).toHaveLength(20);
    expect(refused[0]).toMatchObject({ code: 'overloaded', retryAfterMs: expect.any(Number) });
    expect(await journalLength()).toBe(12);
    expect(QUEUE_COMMANDS_MAX).toBeGreaterThan(10);
  });
});

describe('command ids', () => {
  it('a retry gets the recorded outcome and writes nothing: at once, under way, and after a restart', async () => {
    const first = await lead();
    await first.host.submit(schedule('a'));
    const good = bid({ auctionId: 'a', by: 'x', price: 900 });
    const bad = bid({ auctionId: 'a', by: 'x', price: 1 });
    const [one, two, no] = await Promise.all([good, good, bad].map((b) => first.host.submit(b)));
    expect(one).toMatchObject({ status: 'accepted' });
    expect(two).toEqual(one);
    expect(no).toMatchObject({ status: 'rejected' });
    expect(await first.host.submit(good)).toEqual(one);
    await first.host.stop();

    const { host } = await lead();
    expect(await host.submit(good)).toEqual(one);
    expect(await host.submit(bad)).toEqual(no);
    expect(await journalLength()).toBe(4);
  });

  it('the same id with another body is refused, under way and for ever', async () => {
    const { host } = await lead();
    await host.submit(schedule('a'));
    const mine = bid({ auctionId: 'a', by: 'x', price: 900, cmdId: 'k' });
    const other = bid({ auctionId: 'a', by: 'x', price: 901, cmdId: 'k' });
    const [kept, reused] = await Promise.all([host.submit(mine), host.submit(other)]);
    expect(kept?.status).toBe('accepted');
    expect(reused).toEqual({ status: 'refused', code: 'cmd_id_reused' });
    expect(await host.submit(other)).toEqual({ status: 'refused', code: 'cmd_id_reused' });
    expect((await host.submit({ ...other, actor: 'y' })).status).not.toBe('refused');
  });

  /** A bid whose id has the fingerprint of one in the journal. Such twins are too rare to wait for. */
  async function lookalike(): Promise<Bid> {
    const first = await lead({ snapshotEvery: 1 });
    await first.host.submit(schedule('a'));
    const known = bid({ auctionId: 'a', by: 'x', price: 900, cmdId: 'k' });
    const seq = seqOf(await first.host.submit(known));
    await expect
      .poll(async () => (await db.sql`select max(seq)::int as seq from snapshot`)[0])
      .toEqual({ seq });
    await first.host.stop();
    const twin = { auctionId: 'a', by: 'y', price: 901, cmdId: 'l' };
    const looks = packFingerprints([fingerprint(twin.by, twin.cmdId)]);
    await db.sql.begin(async (tx) => {
      await tx`set local session_replication_role = replica`;
      await tx`update journal_batch set commands = ${looks} where last_seq = ${seq}`;
    });
    return twin;
  }

  it('an id that only looks like a known one is decided like any other, once', async () => {
    const twin = bid(await lookalike());
    const { host } = await lead();
    const outcome = await host.submit(twin);
    expect(outcome).toMatchObject({ status: 'accepted', seq: 4 });
    expect(await host.submit(twin)).toEqual(outcome);
    await expect(verifyShard(db.sql, { shard: 0, rules: marketRules })).rejects.toThrow(/fingerprint/);
  });

  it('and is refused when the host has ended before the journal told', async () => {
    const twin = bid(await lookalike());
    const { host } = await lead();
    let outcome: Promise<Outcome> | undefined;
    await db.sql.begin(async (tx) => {
      await tx`lock table journal_batch, journal in access exclusive mode`;
      outcome = host.submit(twin);
      await expect.poll(() => host.queued).toBe(0);
      await host.stop();
    });
    expect(await outcome).toMatchObject({ status: 'refused', code: 'not_leading' });
  });
});

describe('deciding while the disk works', () => {
  /** Three bids: the first in an append that is stuck, the others decided meanwhile and waiting. */
  async function stuck(host: TestHost['host'], then: () => Promise<void>): Promise<Outcome[]> {
    const told: Outcome[] = [];
    const send = async (by: string, price: number): Promise<Outcome> => {
      const outcome = await host.submit(bid({ auctionId: 'a', by, price }));
      told.push(outcome);
      return outcome;
    };
    const all: Promise<Outcome>[] = [];
    await whileRowIsHeld(async () => {
      all.push(send('x', 900));
      await appendIsBlocked();
      all.push(send('y', 901), send('z', 1));
      await expect.poll(() => host.queued).toBe(0);
      expect(told).toEqual([]);
      await then();
    });
    return Promise.all(all);
  }

  it('tells nothing of either batch before its own is committed, and then in order', async () => {
    const { host, entries } = await lead();
    await host.submit(schedule('a'));
    const outcomes = await stuck(host, async () => expect(await journalLength()).toBe(2));
    expect(outcomes.map(seqOf)).toEqual([3, 4, 5]);
    expect(outcomes.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'rejected']);
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    const batches = await db.sql`select first_seq::int as seq from journal_batch order by 1`;
    expect(batches.map(({ seq }) => seq)).toEqual([1, 3, 4]);
  });

  it('decides both batches anew when the first one is lost', async () => {
    const { host, entries } = await lead();
    await host.submit(schedule('a'));
    const outcomes = await stuck(host, async () => {
      await db.sql`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'seam journal 0' and datname = current_database()`;
      await expect.poll(() => host.phase).toBe('recovering');
    });
    expect(new Set(outcomes.map(seqOf))).toEqual(new Set([3, 4, 5]));
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    await verifyShard(db.sql, { shard: 0, rules: marketRules });
  });

  it('a stop lets both batches out first', async () => {
    const { host } = await lead();
    await host.submit(schedule('a'));
    let stopped: Promise<void> | undefined;
    const outcomes = await stuck(host, async () => {
      stopped = host.stop();
    });
    await stopped;
    expect(outcomes.map(seqOf)).toEqual([3, 4, 5]);
  });

  it('a stop tells also a batch that lands while the loop takes its breath', async () => {
    // Breaths longer than an append: a busy machine makes them now and then.
    const timers = { ...machineTimers, soon: (run: () => void) => void setTimeout(run, 100) };
    const { host } = await lead({ timers });
    await host.submit(schedule('a'));
    let stopped: Promise<void> | undefined;
    const outcomes = await stuck(host, async () => {
      stopped = host.stop();
    });
    await stopped;
    expect(outcomes.map(seqOf)).toEqual([3, 4, 5]);
  });

  it('a command that breaks the engine takes neither batch with it', async () => {
    const rules = {
      ...marketRules,
      step: (...args: Parameters<typeof marketRules.step>) => {
        if (args[1].type === 'place_bid' && args[1].price === 1) throw new Error('boom');
        return marketRules.step(...args);
      },
    };
    const { host } = await lead({ rules });
    await host.submit(schedule('a'));
    const [x, y, z] = await stuck(host, async () => {});
    expect([x, y].map((outcome) => seqOf(outcome!))).toEqual([3, 4]);
    expect(z).toMatchObject({ code: 'quarantined' });
  });

  it('a snapshot shows only what is committed, also when it is due with every entry', async () => {
    const first = await lead({ snapshotEvery: 1 });
    await first.host.submit(schedule('a'));
    for (let round = 0; round < 20; round += 1) {
      const prices = Array.from({ length: 10 }, (_, i) => 900 + round * 10 + i);
      await Promise.all(
        prices.map((price) => first.host.submit(bid({ auctionId: 'a', by: `b${price}`, price }))),
      );
    }
    await first.host.stop();
    const refused: object[] = [];
    const log = { ...silentLog, error: (fields: object) => void refused.push(fields) };
    await lead({ log });
    expect(refused).toEqual([]);
    const within =
      await db.sql`select seq from snapshot where seq not in (select last_seq from journal_batch)`;
    expect(within).toEqual([]);
    expect((await db.sql`select from snapshot`).length).toBeGreaterThanOrEqual(3);
  });
});

describe('one writer', () => {
  it('a takeover fences the old leader: its append changes nothing and it is told to end', async () => {
    const old = await lead();
    await old.host.submit(schedule('a'));
    await db.sql`update shard set lease_until = '-infinity' where shard_id = 0`;
    const { host } = await lead();
    const late = await old.host.submit(bid({ auctionId: 'a', by: 'x', price: 900 }));
    expect(late).toMatchObject({ status: 'refused', code: 'unknown' });
    expect((await old.fenced).name).toBe('Fenced');
    expect(old.host.phase).toBe('fenced');
    expect(await journalLength()).toBe(2);
    expect((await host.submit(bid({ auctionId: 'a', by: 'x', price: 900 }))).status).toBe('accepted');
  });

  it('an idle leader that was replaced notices by its heartbeat', async () => {
    const old = await lead({ leaseTtlMs: 150 });
    await db.sql`update shard set epoch = epoch + 1, owner = 'somebody else' where shard_id = 0`;
    expect((await old.fenced).name).toBe('Fenced');
  });

  it('a second host waits while the lease runs, and leads as soon as the first is gone', async () => {
    const first = await lead();
    const second = testHost({ url: db.url, sql: db.sql, leaseTtlMs: 90 });
    hosts.push(second);
    second.host.start();
    expect(await second.host.submit(schedule('b'))).toMatchObject({ code: 'not_leading' });
    const scheduled = schedule('a');
    await first.host.submit(scheduled);
    expect(second.host.phase).toBe('waiting');
    await first.host.stop();
    await second.host.leading();
    expect((await second.host.submit(scheduled)).status).toBe('accepted');
    expect(await journalLength()).toBe(2);
  });

  it('a leader whose database session has died is replaced before its lease ends', async () => {
    const first = await lead();
    await db.sql`update shard set owner_pid = 1, lease_until = now() + interval '1 hour' where shard_id = 0`;
    const second = await lead();
    expect(second.host.phase).toBe('leading');
    await first.host.submit(schedule('a'));
    expect((await first.fenced).name).toBe('Fenced');
  });
});

describe('unknown outcomes', () => {
  let proxy: Proxy;
  beforeEach(async () => {
    proxy = await startProxy(db.url);
  });
  afterEach(() => proxy.close());

  it('a commit whose answer was lost is found, answered as recorded, and published once', async () => {
    const { host, entries } = await lead({ url: proxy.url, appendStallMs: 400 });
    await host.submit(schedule('a'));
    proxy.deaf = true;
    const outcome = host.submit(bid({ auctionId: 'a', by: 'x', price: 900 }));
    await expect.poll(journalLength).toBe(3);
    proxy.deaf = false;
    expect(await outcome).toMatchObject({ status: 'accepted', seq: 3 });
    expect(entries.map((entry) => entry.seq)).toEqual([1, 2, 3]);
    expect(await journalLength()).toBe(3);
  });

  it('an append that was killed before it committed is decided anew, once', async () => {
    const { host, entries } = await lead();
    await host.submit(schedule('a'));
    let outcome: Promise<Outcome> | undefined;
    await whileRowIsHeld(async () => {
      outcome = host.submit(bid({ auctionId: 'a', by: 'x', price: 900 }));
      await appendIsBlocked();
      await db.sql`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'seam journal 0' and datname = current_database()`;
    });
    expect(await outcome).toMatchObject({ status: 'accepted', seq: 3 });
    expect(entries.map((entry) => entry.seq)).toEqual([1, 2, 3]);
  });

  it('a commit that PostgreSQL warns about is not acknowledged before a new epoch has confirmed it', async () => {
    const { host, entries } = await lead();
    await host.submit(schedule('a'));
    await db.sql.unsafe(`
      create function warn() returns trigger language plpgsql as
        $$ begin raise warning 'committed locally, but not on the standby'; return null; end $$;
      create trigger warn after insert on journal_batch for each statement execute function warn()`);
    const [before] = await db.sql`select epoch::int from shard where shard_id = 0`;
    const outcome = await host.submit(bid({ auctionId: 'a', by: 'x', price: 900 }));
    expect(outcome).toMatchObject({ status: 'accepted', seq: 3 });
    const [after] = await db.sql`select epoch::int from shard where shard_id = 0`;
    expect(after?.['epoch']).toBe(before?.['epoch'] + 1);
    expect(entries.map((entry) => entry.seq)).toEqual([1, 2, 3]);
  });

  it('nobody waits for ever: while the database is away, what was tried is unknown, the rest refused', async () => {
    let skew = 0;
    const clock = { wallMs: () => Date.now() + skew, monotonicMs: () => performance.now() + skew };
    const { host } = await lead({ url: proxy.url, clock, appendStallMs: 200 });
    await host.submit(schedule('a'));
    proxy.deaf = true;
    const tried = host.submit(bid({ auctionId: 'a', by: 'x', price: 900 }));
    await expect.poll(() => host.phase).toBe('recovering');
    const waiting = host.submit(bid({ auctionId: 'a', by: 'y', price: 901 }));
    skew = 6_000;
    proxy.cut();
    expect(await tried).toMatchObject({ status: 'refused', code: 'unknown' });
    expect(await waiting).toMatchObject({ status: 'refused', code: 'not_leading' });
  });

  it('lines cut again and again lose nothing and double nothing', async () => {
    const { host, entries } = await lead({ url: proxy.url, appendStallMs: 400 });
    await host.submit(schedule('a'));
    const outcomes: Promise<Outcome>[] = [];
    for (let i = 0; i < 40; i += 1) {
      outcomes.push(host.submit(bid({ auctionId: 'a', by: `b${i}`, price: 900 + i, cmdId: 'once' })));
      if (i % 8 === 5) proxy.cut();
      if (i % 4 === 0) await Promise.race([outcomes.at(-1), new Promise((resolve) => setImmediate(resolve))]);
    }
    const seqs = (await Promise.all(outcomes)).map(seqOf);
    expect(new Set(seqs).size).toBe(40);
    expect(entries.map((entry) => entry.seq)).toEqual(Array.from({ length: 42 }, (_, i) => i + 1));
    expect(await journalLength()).toBe(42);
  });
});

describe('the clock', () => {
  it('a deadline is an entry at its own time, before any command at or after it', async () => {
    let skew = 0;
    const clock = { wallMs: () => Date.now() + skew, monotonicMs: () => performance.now() + skew };
    const { host, entries } = await lead({ clock });
    const terms = auctionTerms('a');
    await host.submit({ actor: 'exchange', cmdId: 's', body: { type: 'schedule_auction', terms } });
    skew = terms.closesAt - Date.now() + 5_000;
    const late = await host.submit(bid({ auctionId: 'a', by: 'x', price: 900 }));
    expect(late).toMatchObject({
      status: 'rejected',
      rejection: { code: 'auction_closed', closedAt: terms.closesAt },
    });
    expect(entries.map(({ command, at }) => [command.type, at])).toEqual([
      ['schedule_auction', expect.any(Number)],
      ['open_auction', expect.any(Number)],
      ['close_auction', terms.closesAt],
      ['place_bid', expect.any(Number)],
    ]);
  });

  it('a deadline that passed while nobody led fires first, once', async () => {
    const now = Date.now();
    const first = await lead();
    const softClose = { ...auctionTerms('a').softClose, windowMs: 0 };
    const terms = auctionTerms('a', { opensAt: instant(now), closesAt: instant(now + 1_000), softClose });
    await first.host.submit({ actor: 'exchange', cmdId: 's', body: { type: 'schedule_auction', terms } });
    await first.host.submit(bid({ auctionId: 'a', by: 'x', price: 900 }));
    await first.host.stop();
    let skew = 0;
    const clock = { wallMs: () => Date.now() + skew, monotonicMs: () => performance.now() + skew };
    const { host, entries } = await lead({ clock });
    skew = 60_000;
    host.wake();
    await expect.poll(() => entries.at(-1)?.events.map((event) => event.type)).toContain('auction_awarded');
    const closes = entries.filter((entry) => entry.command.type === 'close_auction');
    expect(closes).toHaveLength(1);
    expect(closes[0]?.at).toBe(terms.closesAt);
  });

  it('hundreds of deadlines at one instant all fire before a bid that came with them, each once', async () => {
    let skew = 0;
    const clock = { wallMs: () => Date.now() + skew, monotonicMs: () => performance.now() + skew };
    const { host, entries } = await lead({ clock });
    const { closesAt } = auctionTerms('x');
    const ids = Array.from({ length: 450 }, (_, i) => `a${i}`);
    await Promise.all(ids.map((id) => host.submit(schedule(id, { closesAt }))));
    skew = 3_700_000;
    const late = await Promise.all(
      ids.slice(0, 50).map((id) => host.submit(bid({ auctionId: id, by: 'x', price: 900 }))),
    );
    for (const outcome of late) expect(outcome).toMatchObject({ rejection: { code: 'auction_closed' } });
    const closes = entries.filter((entry) => entry.command.type === 'close_auction');
    expect(closes.map(({ command }) => 'auctionId' in command && command.auctionId)).toEqual(ids.toSorted());
  });

  it('a host whose clock is two seconds off never leads, however often it tries', async () => {
    const clock = { wallMs: () => Date.now() + 2_000, monotonicMs: () => performance.now() };
    const refused: unknown[] = [];
    const log = {
      ...silentLog,
      warn: (fields: object) => void refused.push((fields as { err: Error }).err.name),
    };
    const made = testHost({ url: db.url, sql: db.sql, clock, log });
    hosts.push(made);
    made.host.start();
    await expect.poll(() => refused.length).toBeGreaterThan(2);
    expect(new Set(refused)).toEqual(new Set(['ClockUnfit']));
    expect((await db.sql`select epoch::int from shard where shard_id = 0`)[0]).toEqual({ epoch: 0 });
  });

  it('a wall clock that jumps stops the leading until it is right again', async () => {
    let jump = 0;
    const clock = { wallMs: () => Date.now() + jump, monotonicMs: () => performance.now() };
    const { host } = await lead({ clock });
    jump = 3_600_000;
    host.wake();
    await expect.poll(() => host.phase).toBe('recovering');
    const [before] = await db.sql`select epoch from shard where shard_id = 0`;
    jump = 0;
    await host.leading();
    const [after] = await db.sql`select epoch from shard where shard_id = 0`;
    expect(Number(after?.['epoch'])).toBe(Number(before?.['epoch']) + 1);
  });
});

describe('the engine breaks', () => {
  const broken = {
    ...marketRules,
    step(state: Parameters<typeof marketRules.step>[0], command: Parameters<typeof marketRules.step>[1]) {
      if (command.type === 'place_bid' && command.price === 666) throw new Error('poison');
      if (command.type === 'close_auction') throw new Error('poisoned close');
      return marketRules.step(state, command);
    },
  };

  it('a command that breaks the engine is refused for ever; its neighbours are decided', async () => {
    const { host } = await lead({ rules: broken });
    await host.submit(schedule('a'));
    const poison = bid({ auctionId: 'a', by: 'x', price: 666 });
    const [before, killed, after] = await Promise.all([
      host.submit(bid({ auctionId: 'a', by: 'b', price: 900 })),
      host.submit(poison),
      host.submit(bid({ auctionId: 'a', by: 'c', price: 901 })),
    ]);
    expect([before?.status, after?.status]).toEqual(['accepted', 'accepted']);
    expect(killed).toEqual({ status: 'refused', code: 'quarantined' });
    await host.stop();
    const again = await lead();
    expect(await again.host.submit(poison)).toEqual({ status: 'refused', code: 'quarantined' });
  });

  it('a deadline that breaks the engine halts the shard and publishes nothing', async () => {
    let skew = 0;
    const clock = { wallMs: () => Date.now() + skew, monotonicMs: () => performance.now() + skew };
    const { host, entries, halted } = await lead({ rules: broken, clock });
    await host.submit(schedule('a'));
    skew = 3_700_000;
    host.wake();
    expect((await halted).message).toContain('poisoned close');
    expect(await host.submit(bid({ auctionId: 'a', by: 'x', price: 900 }))).toMatchObject({
      code: 'not_leading',
    });
    expect(entries).toHaveLength(2);
  });
});
