import { ServerFrame } from '@seam/protocol';
import * as fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { describe, expect, it, vi } from 'vitest';
import { step } from '@seam/engine';
import { instant, ticks } from '@seam/units';
import { AuctionRenderer } from './auction-frames.ts';
import { CLOSE_SLOW_READER, type Connection, Fanout, type Renderer } from './fanout.ts';
import { LiveAuctions, type AuctionView } from './live-view.ts';
import { pseudonyms } from './pseudonyms.ts';
import { marketRules } from './rules.ts';
import { SELLER, auctionTerms, bid } from './testing/market.ts';
import type { SharedFrame } from './shared-frame.ts';
import type { Submission } from './types.ts';

type Number = { seq: number; value: string };
type Frame = { t: 's' | 'u'; seq: number; prev: number; value: string };

const numbers: Renderer<Number> = {
  audience: () => '',
  snapshot: (view) => JSON.stringify({ t: 's', seq: view.seq, prev: 0, value: view.value }),
  update: (view, _viewer, prev) => JSON.stringify({ t: 'u', seq: view.seq, prev, value: view.value }),
};

/** Reads everything at once unless `buffered` says otherwise. */
class Reader implements Connection {
  frames: Frame[] = [];
  buffered = 0;
  closed: number | undefined;
  send(text: string): void {
    this.frames.push(JSON.parse(text) as Frame);
  }
  bufferedBytes(): number {
    return this.buffered;
  }
  close(code: number): void {
    this.closed = code;
  }
  get last(): Frame | undefined {
    return this.frames.at(-1);
  }
}

/** What a client's mirror does: its seq after the frames, or a complaint about a hole. */
function mirror(frames: readonly Frame[], from = -1): number {
  let seq = from;
  for (const frame of frames) {
    if (frame.t === 'u' && frame.prev !== seq)
      throw new Error(`hole: at ${seq}, frame ${frame.prev}→${frame.seq}`);
    seq = frame.seq;
  }
  return seq;
}

const idle: Connection = { send: () => {}, bufferedBytes: () => 0, close: () => {} };

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const view = (seq: number): Number => ({ seq, value: `v${seq}` });

describe('frames of a topic', () => {
  it('begin with a snapshot, then each names the one before it', async () => {
    const fanout = new Fanout(numbers, { tickMs: 0 });
    fanout.publish('n', view(3));
    await turn();
    const reader = new Reader();
    expect(fanout.subscribe('n', { connection: reader, viewer: '' })).toEqual({ seq: 3, resumed: false });
    for (const seq of [5, 9, 10]) {
      fanout.publish('n', view(seq));
      await turn();
    }
    expect(reader.frames.map(({ t, prev, seq }) => [t, prev, seq])).toEqual([
      ['s', 0, 3],
      ['u', 3, 5],
      ['u', 5, 9],
      ['u', 9, 10],
    ]);
    expect(fanout.subscribe('unknown', { connection: reader, viewer: '' })).toBeUndefined();
  });

  it('that hold all that changed since any place come as one to whoever comes back', async () => {
    const cumulative = { ...numbers, cumulative: true };
    const fanout = new Fanout(cumulative, { tickMs: 0 });
    for (const seq of [3, 5, 9]) {
      fanout.publish('n', view(seq));
      await turn();
    }
    const back = async (resumeFrom: number) => {
      const reader = new Reader();
      const subscribed = fanout.subscribe('n', { connection: reader, viewer: '', resumeFrom });
      fanout.publish('n', view((fanout.latestSeq('n') ?? 0) + 1));
      await turn();
      return { subscribed, reader };
    };
    const late = await back(4);
    expect(late.subscribed).toEqual({ seq: 9, resumed: true });
    expect(late.reader.frames.map(({ t, prev, seq }) => [t, prev, seq])).toEqual([
      ['u', 4, 9],
      ['u', 9, 10],
    ]);
    const upToDate = await back(10);
    expect(upToDate.reader.frames.map(({ prev }) => prev)).toEqual([10]);
    const fromTheFuture = await back(99);
    expect(fromTheFuture.subscribed?.resumed).toBe(false);
    expect(fromTheFuture.reader.frames[0]?.t).toBe('s');
  });

  it('leave at once after a quiet time and are merged within a tick', async () => {
    const fanout = new Fanout(numbers, { tickMs: 5 });
    fanout.publish('n', view(1));
    const reader = new Reader();
    fanout.subscribe('n', { connection: reader, viewer: '' });
    await new Promise((resolve) => setTimeout(resolve, 10));
    fanout.publish('n', view(2));
    await turn();
    expect(reader.last?.seq).toBe(2);
    for (let seq = 3; seq <= 50; seq += 1) fanout.publish('n', view(seq));
    await expect.poll(() => reader.last?.seq).toBe(50);
    expect(reader.frames).toHaveLength(3);
  });

  it('are resumed without a hole from the last one seen, else begin anew', async () => {
    const fanout = new Fanout(numbers, { tickMs: 0 });
    fanout.publish('n', view(1));
    await turn();
    const reader = new Reader();
    fanout.subscribe('n', { connection: reader, viewer: '' });
    fanout.publish('n', view(2));
    await turn();
    fanout.drop(reader);
    for (const seq of [4, 7]) {
      fanout.publish('n', view(seq));
      await turn();
    }
    const back = new Reader();
    expect(fanout.subscribe('n', { connection: back, viewer: '', resumeFrom: 2 })).toEqual({
      seq: 7,
      resumed: true,
    });
    expect(mirror([...reader.frames, ...back.frames])).toBe(7);
    const current = new Reader();
    expect(fanout.subscribe('n', { connection: current, viewer: '', resumeFrom: 7 })).toEqual({
      seq: 7,
      resumed: true,
    });
    expect(current.frames).toEqual([]);
    const elsewhere = new Reader();
    expect(fanout.subscribe('n', { connection: elsewhere, viewer: '', resumeFrom: 3 })?.resumed).toBe(false);
    expect(elsewhere.last).toMatchObject({ t: 's', seq: 7 });
  });

  it('join up for every reader, however it comes, goes, falls behind and catches up', async () => {
    const action = fc.oneof(
      { weight: 5, arbitrary: fc.constant('publish' as const) },
      fc.constantFrom('turn' as const, 'leave' as const, 'come' as const, 'slow' as const, 'fast' as const),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 60 }), async (actions) => {
        const fanout = new Fanout(numbers, { tickMs: 0 });
        let seq = 1;
        fanout.publish('n', view(seq));
        let reader = new Reader();
        let at = -1;
        let here = false;
        for (const next of [...actions, 'fast', 'come', 'publish', 'turn'] as const) {
          if (next === 'publish') fanout.publish('n', view((seq += 2)));
          if (next === 'turn') await turn();
          if (next === 'slow') reader.buffered = 300 * 1024;
          if (next === 'fast') reader.buffered = 0;
          if (next === 'leave' && here) {
            at = mirror(reader.frames, at);
            fanout.drop(reader);
            reader = new Reader();
            here = false;
          }
          if (next === 'come' && !here) {
            fanout.subscribe('n', { connection: reader, viewer: '', resumeFrom: at < 0 ? undefined : at });
            here = true;
          }
        }
        expect(mirror(reader.frames, at)).toBe(seq);
        expect(reader.last?.value).toBe(`v${seq}`);
      }),
    );
  });

  it('leave at once after a quiet time, then the less often the more there are to read them', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setImmediate', 'performance'] });
    try {
      for (const [readers, tickMs] of [
        [1, 20],
        [1_000, 20],
        [5_000, 100],
        [20_000, 100],
      ] as const) {
        const fanout = new Fanout(numbers);
        fanout.publish('n', view(1));
        const reader = new Reader();
        fanout.subscribe('n', { connection: reader, viewer: '' });
        for (let i = 1; i < readers; i += 1) fanout.subscribe('n', { connection: { ...idle }, viewer: '' });
        await vi.advanceTimersByTimeAsync(1_000);
        fanout.publish('n', view(2));
        await vi.advanceTimersByTimeAsync(1);
        expect(reader.last?.seq, `${readers}`).toBe(2);
        fanout.publish('n', view(3));
        await vi.advanceTimersByTimeAsync(tickMs - 3);
        expect(reader.last?.seq, `${readers}`).toBe(2);
        fanout.publish('n', view(4));
        await vi.advanceTimersByTimeAsync(3);
        expect(reader.last, `${readers}`).toMatchObject({ seq: 4, prev: 2 });
      }
    } finally {
      vi.useRealTimers();
    }
  });

  it('are made once for all who see the same, also into bytes', async () => {
    let rendered = 0;
    const counted = {
      ...numbers,
      update: (...all: Parameters<typeof numbers.update>) => ((rendered += 1), numbers.update(...all)),
    };
    const fanout = new Fanout(counted, { tickMs: 0 });
    fanout.publish('n', view(1));
    const got: SharedFrame[] = [];
    for (let i = 0; i < 10; i += 1)
      fanout.subscribe('n', {
        connection: { ...idle, sendShared: (frame) => void got.push(frame) },
        viewer: '',
      });
    fanout.publish('n', view(2));
    await turn();
    expect([rendered, got.length, new Set(got).size]).toEqual([1, 10, 1]);
    expect(new Set(got.map(({ bytes }) => bytes)).size).toBe(1);
  });
});

describe('a slow reader', () => {
  it('gets only the newest state once it reads again, also when nothing more happens', async () => {
    const fanout = new Fanout(numbers, { tickMs: 0 });
    fanout.publish('n', view(1));
    const reader = new Reader();
    fanout.subscribe('n', { connection: reader, viewer: '' });
    await turn();
    reader.buffered = 300 * 1024;
    for (let seq = 2; seq < 30; seq += 1) {
      fanout.publish('n', view(seq));
      await turn();
    }
    expect(reader.frames).toHaveLength(1);
    reader.buffered = 0;
    await expect.poll(() => reader.last).toMatchObject({ t: 's', seq: 29 });
    expect(reader.frames).toHaveLength(2);
  });

  it('that stays behind is cut off after a while, also when nothing more happens', async () => {
    const fanout = new Fanout(numbers, { tickMs: 0, behindMs: 50 });
    fanout.publish('n', view(1));
    const reader = new Reader();
    fanout.subscribe('n', { connection: reader, viewer: '' });
    await turn();
    reader.buffered = 300 * 1024;
    fanout.publish('n', view(2));
    await expect.poll(() => reader.closed).toBe(CLOSE_SLOW_READER);
    expect(fanout.subscribers('n')).toBe(0);
  });

  it('is cut off above the limit, and the others get every frame', async () => {
    const fanout = new Fanout(numbers, { tickMs: 0 });
    fanout.publish('n', view(1));
    await turn();
    const [slow, good] = [new Reader(), new Reader()];
    for (const connection of [slow, good]) fanout.subscribe('n', { connection, viewer: '' });
    slow.buffered = 2 * 1024 * 1024;
    fanout.publish('n', view(2));
    await turn();
    expect(slow.closed).toBe(CLOSE_SLOW_READER);
    expect([fanout.evicted, fanout.subscribers('n')]).toEqual([1, 1]);
    expect(good.last?.seq).toBe(2);
  });
});

describe('what a viewer sees of an auction', () => {
  const ACCOUNTS = ['org-alpha', 'org-beta', 'org-gamma'];

  function market(submissions: readonly Submission[]): AuctionView[] {
    const state = marketRules.create();
    const views: AuctionView[] = [];
    const live = new LiveAuctions({ changed: (changed) => views.push(changed), forgotten: () => {} });
    let seq = 0;
    const now = Date.now();
    const run = (body: Submission['body']): void => {
      seq += 1;
      const at = instant('deadline' in body ? Math.max(now, body.deadline) : now);
      const command = { ...body, seq, at };
      const events = step(state, command);
      live.apply({ shard: 0, seq, epoch: 1, at, actor: null, cmdId: null, command, events });
    };
    for (const { body } of submissions) run(body);
    return views;
  }

  const terms = auctionTerms('a', { reservePrice: ticks(4242) });
  const open = { type: 'open_auction', auctionId: 'a', deadline: terms.opensAt } as const;
  const secure = (accountId: string): Submission['body'] => ({
    type: 'allocate_bid_security',
    auctionId: 'a',
    accountId,
    amount: '77777700',
  });
  const commands: Submission[] = [
    ...[{ type: 'schedule_auction', terms } as const, open, ...ACCOUNTS.map(secure)].map((body) => ({
      actor: 'x',
      cmdId: 'x',
      body,
    })),
    ...ACCOUNTS.map((by, i) => bid({ auctionId: 'a', by, price: 900 + i, quantity: 60 })),
  ];
  const renderer = new AuctionRenderer('secret');

  it('never reveals an account id, a seller, the reserve price, or the money of others', () => {
    const views = market(commands);
    expect(views).toHaveLength(8);
    for (const shown of views) {
      for (const viewer of ['', SELLER, 'org-nobody', ...ACCOUNTS]) {
        for (const text of [renderer.snapshot(shown, viewer), renderer.update(shown, viewer, 1)]) {
          for (const secret of [...ACCOUNTS, SELLER, '4242']) expect(text).not.toContain(secret);
          const mine = Object.hasOwn(shown.security, viewer);
          expect(text.includes('777777.00')).toBe(mine);
        }
      }
    }
  });

  it('is the same bytes for everybody without a part in it, and one own view for each bidder', () => {
    const shown = market(commands).at(-1) as AuctionView;
    const [publicView, nobody] = ['', 'org-nobody'].map((viewer) => renderer.update(shown, viewer, 1));
    expect(publicView).toBe(nobody);
    expect(renderer.audience(shown, 'org-nobody')).toBe(renderer.audience(shown, ''));
    const audiences = ACCOUNTS.map((viewer) => renderer.audience(shown, viewer));
    expect(new Set([...audiences, '']).size).toBe(4);
    const beta = JSON.parse(renderer.update(shown, 'org-beta', 1)) as {
      standing: { mine: boolean; bidder: string }[];
      my: { bidder: string; rank: number };
    };
    const mine = beta.standing.filter((line) => line.mine);
    expect(mine.map((line) => line.bidder)).toEqual([beta.my.bidder]);
    expect(beta.my.rank).toBe(2);
  });

  it('keeps to the frame schema from the schedule to the award', () => {
    const check = Compile(ServerFrame);
    const close = { type: 'close_auction', auctionId: 'a', deadline: terms.closesAt } as const;
    const views = market([...commands, { actor: 'x', cmdId: 'x', body: close }]);
    expect(views.at(-1)?.state).toBe('unsold');
    for (const shown of views) {
      for (const viewer of ['', 'org-alpha']) {
        for (const text of [renderer.snapshot(shown, viewer), renderer.update(shown, viewer, 1)]) {
          const frame: unknown = JSON.parse(text);
          expect([...check.Errors(frame)]).toEqual([]);
        }
      }
    }
  });

  it('survives a snapshot of the live view', () => {
    const views = new Map<string, AuctionView>();
    const last = market(commands).at(-1) as AuctionView;
    const live = new LiveAuctions({ changed: (shown) => views.set('a', shown), forgotten: () => {} });
    live.restore(JSON.stringify({ auctions: [last], ended: [] }));
    const copy = new LiveAuctions();
    copy.restore(live.snapshot());
    expect(copy.get('a')).toEqual(last);
    expect(views.get('a')).toEqual(last);
  });
});

describe('pseudonyms', () => {
  it('are distinct, stay when others join, and differ from auction to auction', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 60 }),
        fc.nat(60),
        (accounts, n) => {
          const all = pseudonyms('s', 'a', accounts);
          expect(new Set(all.values()).size).toBe(accounts.length);
          const some = pseudonyms('s', 'a', accounts.slice(0, n));
          for (const [account, name] of some) expect(all.get(account)).toBe(name);
        },
      ),
    );
    const accounts = Array.from({ length: 1_500 }, (_, i) => `org-${i}`);
    expect(new Set(pseudonyms('s', 'a', accounts).values()).size).toBe(1_500);
    const name = (secret: string, auction: string): unknown =>
      pseudonyms(secret, auction, ['org-1']).get('org-1');
    expect(new Set([name('s', 'a'), name('s', 'b'), name('t', 'a')]).size).toBe(3);
  });
});
