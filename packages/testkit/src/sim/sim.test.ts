import { describe, expect, it } from 'vitest';
import { SimClock, SimNet, SimPg, calmNet, journalAppend, seededRandom, shardTakeover } from './index.ts';
import type { JournalRowOnDisk } from './index.ts';

const hashOf = (seq: number): string => Buffer.alloc(32, seq).toString('hex');
const row = (seq: number, epoch: number): JournalRowOnDisk => ({
  seq,
  epoch,
  at: seq,
  actor: 'a',
  cmdId: `c${seq}`,
  body: `${seq}`,
  hash: hashOf(seq),
});

function world(): { clock: SimClock; net: SimNet; pg: SimPg } {
  const clock = new SimClock();
  const random = seededRandom(1);
  const net = new SimNet(clock, random.fork('net'));
  return {
    clock,
    net,
    pg: new SimPg({ clock, net, random: random.fork('pg'), shards: 1, startMs: 1_000_000 }),
  };
}

const append = (epoch: number, seq: number) =>
  journalAppend({
    shard: 0,
    epoch,
    previousSeq: seq - 1,
    previousHash: hashOf(seq - 1),
    rows: [row(seq, epoch)],
    ttlMs: 1_000,
  });
const takeover = (owner: string) => shardTakeover({ shard: 0, owner, ttlMs: 1_000 });

describe('dice', () => {
  it('fall the same for the same seed and label, and a fork does not move them', () => {
    const falls = (label: string): number[] => {
      const random = seededRandom(7, label);
      random.fork('x').next();
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(falls('a')).toEqual(falls('a'));
    expect(falls('a')).not.toEqual(falls('b'));
    const all = Array.from({ length: 2_000 }, () => seededRandom(3).between(2, 4));
    expect(Math.min(...all)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...all)).toBeLessThan(4);
  });
});

describe('time', () => {
  it('goes from event to event, in order of time and then of asking, with promises settled between', async () => {
    const clock = new SimClock();
    const seen: string[] = [];
    clock.after(5, () => seen.push('late'));
    clock.after(1, () => {
      void Promise.resolve()
        .then(() => {})
        .then(() => seen.push('then'));
    });
    clock.after(1, () => seen.push('second'));
    const cancel = clock.after(2, () => seen.push('never'));
    cancel();
    await clock.run(10);
    expect(seen).toEqual(['then', 'second', 'late']);
    expect(clock.now).toBe(5);
  });
});

describe('the network', () => {
  it('keeps a stream in order and holds it while its ends are parted; a message is lost meanwhile', async () => {
    const { clock, net } = world();
    net.faults = { ...calmNet, delayMs: [0, 50] };
    const seen: number[] = [];
    const stream = net.stream('a', 'b');
    for (let i = 0; i < 20; i += 1) stream.send(() => seen.push(i));
    net.part('b', 'a');
    net.send('a', 'b', () => seen.push(-1));
    await clock.run(1_000);
    expect(seen).toEqual([]);
    net.heal('a', 'b');
    await clock.run(2_000);
    expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });
});

describe('the database', () => {
  it('goes on with a statement whose client has hung up, and a new epoch waits for it', async () => {
    const { clock, pg } = world();
    const old = pg.connect('old');
    await Promise.all([old.query(takeover('old')), clock.run(10)]);
    pg.delayNextCommit(500);
    const asked = old.query(append(1, 1)).catch((error: Error) => error.name);
    await clock.run(clock.now + 10);
    old.destroy();
    expect(await asked).toBe('PgConnectionLost');
    const next = pg.connect('next').query(takeover('old'));
    await clock.run(clock.now + 2_000);
    expect(await next).toMatchObject({ epoch: 2, lastSeq: 1 });
    expect(pg.tables.shard(0).journal).toHaveLength(1);
  });

  it('undoes what a restart finds uncommitted, and keeps what it finds committed', async () => {
    const { clock, pg } = world();
    const session = pg.connect('a');
    const led = session.query(takeover('a'));
    await clock.run(10);
    await led;
    const kept = session.query(append(1, 1));
    await clock.run(clock.now + 10);
    await kept;
    pg.delayNextCommit(500);
    const lost = session.query(append(1, 2)).catch((error: Error) => error.name);
    await clock.run(clock.now + 100);
    pg.restart(50);
    await clock.run(clock.now + 2_000);
    expect(await lost).toBe('PgConnectionLost');
    expect(pg.tables.shard(0).row.lastSeq).toBe(1);
  });

  it('keeps one lease at a time, and gives it away when its session is gone', async () => {
    const { clock, pg } = world();
    const a = pg.connect('a');
    const first = a.query(takeover('a'));
    await clock.run(10);
    expect(await first).toMatchObject({ epoch: 1 });
    const second = pg.connect('b').query(takeover('b'));
    await clock.run(clock.now + 10);
    expect(await second).toBeUndefined();
    pg.terminate(a);
    const third = pg.connect('b').query(takeover('b'));
    await clock.run(clock.now + 10);
    expect(await third).toMatchObject({ epoch: 2 });
  });
});
