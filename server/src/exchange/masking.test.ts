import { type Command, type CommandBody, type Visibility, createState, step } from '@seam/engine';
import { ServerFrame } from '@seam/protocol';
import { instant, lots, ticks } from '@seam/units';
import * as fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { AuctionRenderer } from './auction-frames.ts';
import { Fanout } from './fanout.ts';
import { LiveAuctions } from './live-view.ts';
import { SELLER, auctionTerms } from './testing/market.ts';

type Body = Record<string, unknown> & { t: string; seq: number; prev: number; at: string };
const NOW = 1_700_000_000_000;
const VIEWERS = ['a', 'b', 'c', 'watcher', ''];
const isFrame = Compile(ServerFrame);
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A market of one auction, and everybody's frames of it. */
class Room {
  readonly frames = new Map<string, Body[]>(VIEWERS.map((viewer) => [viewer, []]));
  #state = createState();
  #fanout: Fanout<Parameters<AuctionRenderer['update']>[0]>;
  #live: LiveAuctions;
  #at = NOW;

  constructor(visibility: Visibility, change: Parameters<typeof auctionTerms>[1] = {}) {
    this.#fanout = new Fanout(new AuctionRenderer('of this test'), { tickMs: 0 });
    this.#live = new LiveAuctions({
      changed: (view) => this.#fanout.publish('auction', view),
      forgotten: () => {},
    });
    const times = { opensAt: instant(NOW), closesAt: instant(NOW + 600_000) };
    const softClose = { mode: 'window', windowMs: 60_000, extensionMs: 60_000 } as const;
    const limits = { hardEndAt: instant(NOW + 6_000_000), extensionsMax: 100 };
    const terms = auctionTerms('x', {
      ...times,
      softClose: { ...softClose, ...limits },
      visibility,
      ...change,
    });
    this.#run({ type: 'schedule_auction', terms });
    this.#run({ type: 'open_auction', auctionId: 'x', deadline: instant(NOW) });
    for (const viewer of VIEWERS) this.come(viewer);
  }

  come(viewer: string, resumeFrom?: number) {
    const frames: Body[] = [];
    this.frames.set(viewer, [...(this.frames.get(viewer) ?? []), ...frames]);
    const connection = {
      send: (text: string) => void this.frames.get(viewer)?.push(JSON.parse(text) as Body),
      bufferedBytes: () => 0,
      close: () => {},
    };
    const subscribed = this.#fanout.subscribe('auction', { connection, viewer, resumeFrom });
    return { subscribed, leave: () => this.#fanout.drop(connection) };
  }

  #run(body: CommandBody): readonly { type: string }[] {
    const command = { ...body, seq: this.#state.seq + 1, at: instant(this.#at) } as Command;
    const events = step(this.#state, command);
    const place = { shard: 0, epoch: 1, actor: null, cmdId: null };
    this.#live.apply({ ...place, seq: command.seq, at: command.at, command, events });
    return events;
  }

  async send(body: CommandBody, laterMs = 1): Promise<readonly { type: string }[]> {
    this.#at += laterMs;
    const events = this.#run(body);
    await turn();
    return events;
  }

  async bid(by: string, price: number, quantity = 10, laterMs = 1) {
    const amounts = { price: ticks(price), quantity: lots(quantity), minimumAcceptable: lots(0) };
    return this.send({ type: 'place_bid', auctionId: 'x', accountId: by, ...amounts }, laterMs);
  }

  async end(type: 'close_auction' | 'void_auction') {
    const { closesAt } = this.#live.get('x')!;
    if (type === 'void_auction') return this.send({ type, auctionId: 'x', reason: 'collusion' });
    return this.send({ type, auctionId: 'x', deadline: instant(closesAt) }, Math.max(0, closesAt - this.#at));
  }

  last(viewer: string): Body {
    return this.frames.get(viewer)!.at(-1)!;
  }

  /** What a viewer saw, without numbers and names of frames. */
  seen(viewer: string): string[] {
    return this.frames
      .get(viewer)!
      .map(({ t: _t, seq: _s, prev: _p, terms: _m, ...shown }) => JSON.stringify(shown));
  }
}

function joined(frames: readonly Body[]): boolean {
  return frames.every(
    (frame, index) => frame.t === 'auction.snapshot' || frame.prev === frames[index - 1]?.seq,
  );
}

describe('an open auction', () => {
  it('shows everybody every bid, under pseudonyms', async () => {
    const room = new Room('open');
    await room.bid('a', 800, 60);
    await room.bid('b', 810, 100);
    expect(room.last('')).toMatchObject({ bidCount: 2, bidderCount: 2, marginalPrice: '810.00', my: null });
    expect(room.last('a')['standing']).toHaveLength(2);
    expect(room.frames.get('watcher')).toHaveLength(3);
  });
});

describe('rank only', () => {
  it('shows one’s own bid, its rank and the next price, and of the others nothing', async () => {
    const room = new Room('rank_only');
    await room.bid('a', 800, 60);
    await room.bid('b', 811, 100);
    for (const viewer of VIEWERS)
      expect(room.last(viewer)).toMatchObject({ standing: [], marginalPrice: null, result: null });
    expect(room.last('a')).toMatchObject({
      bidCount: 1,
      nextPrice: '812.00',
      my: { rank: 2, price: '800.00', allocated: null, priceToWinNext: null },
    });
    expect(room.last('b')).toMatchObject({ bidderCount: 1, my: { rank: 1, price: '811.00' } });
    expect(room.last('')).toMatchObject({ bidCount: 0, bidderCount: 0, nextPrice: '800.00', my: null });
    expect(JSON.stringify(room.frames.get('a'))).not.toContain('811');
  });

  it('sends nothing when a rival’s bid changes neither rank nor next price', async () => {
    const room = new Room('rank_only');
    await room.bid('a', 820, 60);
    await room.bid('b', 800, 10);
    const before = room.frames.get('a')!.length;
    await room.bid('b', 801, 10);
    expect(room.frames.get('a')).toHaveLength(before);
  });
});

describe('blind', () => {
  it('shows one’s own bid and nothing else', async () => {
    const room = new Room('blind');
    await room.bid('a', 800, 60);
    await room.bid('b', 811, 100);
    expect(room.last('a')).toMatchObject({
      bidCount: 1,
      nextPrice: '800.00',
      my: { rank: null, price: '800.00', quantity: '3000.000', allocated: null, priceToWinNext: null },
    });
    expect(room.frames.get('')).toHaveLength(1);
    expect(room.frames.get('watcher')).toHaveLength(1);
    expect(room.frames.get('a')).toHaveLength(2);
  });

  it('shows all when bidding is over, and keeps its mask when it was voided', async () => {
    const room = new Room('blind');
    await room.bid('a', 800, 60);
    await room.bid('b', 811, 100);
    await room.end('close_auction');
    expect(room.last('')).toMatchObject({ state: 'awarded', bidCount: 2, marginalPrice: '811.00' });
    expect(room.last('a')['standing']).toHaveLength(2);
    const voided = new Room('blind');
    await voided.bid('a', 800, 60);
    await voided.bid('b', 811, 100);
    await voided.end('void_auction');
    expect(voided.last('')).toMatchObject({ state: 'voided', bidCount: 0, standing: [] });
    expect(voided.last('a')).toMatchObject({ state: 'voided', my: { price: '800.00' } });
  });

  it('gives whoever comes back no frame for what it may not see, and no new number', async () => {
    const room = new Room('blind');
    await room.bid('a', 800, 60);
    const { seq } = room.last('a');
    await room.bid('b', 811, 100);
    expect(room.come('a', seq).subscribed).toEqual({ seq, resumed: true });
    expect(room.come('c').subscribed).toMatchObject({ seq: 2, resumed: false });
    expect(room.last('c')).toMatchObject({ seq: 2, at: new Date(NOW).toISOString(), bidCount: 0 });
    expect(room.come('', 999).subscribed).toMatchObject({ seq: 2, resumed: false });
  });
});

describe('the reserve', () => {
  const terms = (frame: Body) => frame['terms'] as { reservePrice: string | null; visibility: string };

  it('is in the terms only where it is open', () => {
    const shown = (change: object) =>
      terms(new Room('open', { reservePrice: ticks(900), ...change }).frames.get('')![0]!).reservePrice;
    expect(shown({})).toBeNull();
    expect(shown({ reserveVisibility: 'hidden' })).toBeNull();
    expect(shown({ reserveVisibility: 'open' })).toBe('900.00');
  });

  it('hidden gives the same answers and the same frames below and above it', async () => {
    const told = async (reservePrice: number) => {
      const room = new Room('open', { reservePrice: ticks(reservePrice) });
      const answers = [
        await room.bid('a', 800, 60),
        await room.bid('b', 850, 50),
        await room.bid('a', 861, 60),
      ];
      return [answers, VIEWERS.map((viewer) => room.seen(viewer))];
    };
    expect(await told(800)).toEqual(await told(5_000));
  });
});

describe('behind a mask, whatever happens', () => {
  const action = fc.record({
    by: fc.constantFrom('a', 'b', 'c'),
    raise: fc.integer({ min: 0, max: 30 }),
    quantity: fc.integer({ min: 1, max: 100 }),
    laterMs: fc.constantFrom(1, 1, 1000, 100_000),
    kind: fc.constantFrom('bid', 'bid', 'bid', 'bid', 'deposit', 'pause'),
  });
  const plans = fc.array(action, { minLength: 1, maxLength: 25 });

  async function play(
    visibility: Visibility,
    plan: readonly (typeof action extends fc.Arbitrary<infer A> ? A : never)[],
  ) {
    const room = new Room(visibility);
    let price = 800;
    for (const { by, raise, quantity, laterMs, kind } of plan) {
      price += raise;
      if (kind === 'bid') await room.bid(by, price, quantity, laterMs);
      if (kind === 'deposit')
        await room.send(
          { type: 'allocate_bid_security', auctionId: 'x', accountId: by, amount: '5' },
          laterMs,
        );
      if (kind === 'pause') {
        await room.send({ type: 'suspend_auction', auctionId: 'x', reason: 'fault' }, laterMs);
        await room.send({ type: 'resume_auction', auctionId: 'x' });
      }
    }
    return room;
  }

  it('frames are of the protocol, join up without a gap, rise by one, and none is empty', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('rank_only', 'blind'), plans, async (visibility, plan) => {
        const room = await play(visibility, plan);
        for (const viewer of VIEWERS) {
          const frames = room.frames.get(viewer)!;
          expect(frames.filter((frame) => !isFrame.Check(frame))).toEqual([]);
          expect(joined(frames)).toBe(true);
          expect(frames.map(({ seq }) => seq)).toEqual(frames.map((_, index) => index + 2));
          const seen = frames.map(({ t: _t, seq: _s, prev: _p, at: _a, terms: _m, ...rest }) =>
            JSON.stringify(rest),
          );
          for (const [index, text] of seen.entries()) expect(text).not.toBe(seen[index - 1]);
          const text = JSON.stringify(frames);
          for (const account of ['"a"', '"b"', '"c"', SELLER]) expect(text).not.toContain(account);
        }
        await room.end('close_auction');
        for (const viewer of VIEWERS) expect(joined(room.frames.get(viewer)!)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('blind, a stranger and a bidder who stays away see the same, whatever the others bid', async () => {
    const early = fc.array(fc.record({ raise: fc.nat(30), quantity: fc.integer({ min: 1, max: 100 }) }), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(early, early, async (these, those) => {
        const told = async (bids: typeof these) => {
          const room = new Room('blind');
          await room.bid('c', 800, 10, 1);
          let price = 800;
          for (const { raise, quantity } of bids) await room.bid('a', (price += raise), quantity, 1);
          await room.send({ type: 'suspend_auction', auctionId: 'x', reason: 'fault' }, 1000 - bids.length);
          return VIEWERS.filter((viewer) => viewer !== 'a').map((viewer) => room.frames.get(viewer));
        };
        expect(await told(these)).toEqual(await told(those));
      }),
      { numRuns: 40 },
    );
  });
});
