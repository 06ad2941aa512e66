import { type BookLevel, bookChecksum } from '@seam/protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BookMirror, MineMirror, OrdersMirror, TradesMirror } from './index.ts';

const AT = '2026-11-23T08:00:00.000Z';
const place = (kind: string, seq: number, prev: number) =>
  ({ topic: `${kind}:i1`, seq, prev, at: AT, instrumentId: 'i1' }) as const;

type Change = { readonly side: 'buys' | 'sells'; readonly price: number; readonly lots: number };
const change: fc.Arbitrary<Change> = fc.record({
  side: fc.constantFrom('buys', 'sells'),
  price: fc.integer({ min: 1, max: 12 }),
  lots: fc.nat(3),
});

/** A book as a server keeps it, frames of which are cut now and then. */
class Source {
  seq = 1;
  readonly buys = new Map<number, number>();
  readonly sells = new Map<number, number>();
  #cutSeq = 1;
  #changed: Change[] = [];

  change(one: Change): void {
    this.seq += 1;
    this[one.side].set(one.price, one.lots);
    this.#changed.push(one);
  }

  levels(side: 'buys' | 'sells'): BookLevel[] {
    const sorted = [...this[side]].filter(([, lots]) => lots > 0).sort(([a], [b]) => a - b);
    return (side === 'buys' ? sorted.toReversed() : sorted).map(levelOf);
  }

  snapshot(): Parameters<BookMirror['apply']>[0] {
    const [buys, sells] = [this.levels('buys'), this.levels('sells')];
    return {
      t: 'book.snapshot',
      ...place('book', this.seq, 0),
      buys,
      sells,
      checksum: bookChecksum(buys, sells),
    };
  }

  update({ checksum }: { checksum: boolean }): Parameters<BookMirror['apply']>[0] {
    const of = (side: 'buys' | 'sells'): BookLevel[] =>
      [...new Set(this.#changed.filter((one) => one.side === side).map(({ price }) => price))].map((price) =>
        levelOf([price, this[side].get(price) ?? 0]),
      );
    const frame = {
      t: 'book.update',
      ...place('book', this.seq, this.#cutSeq),
      buys: of('buys'),
      sells: of('sells'),
    } as const;
    this.#cutSeq = this.seq;
    this.#changed = [];
    return checksum ? { ...frame, checksum: bookChecksum(this.levels('buys'), this.levels('sells')) } : frame;
  }
}

function levelOf([price, lots]: readonly [number, number]): BookLevel {
  return [`${price * 100}.00`, `${lots * 50}.000`, lots];
}

describe('a mirror of a book', () => {
  it('ends as the server’s, whatever frames are lost, doubled or late, and never shows another', () => {
    const step = fc.record({ changes: fc.array(change, { minLength: 1, maxLength: 4 }), copies: fc.nat(2) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
        const source = new Source();
        const mirror = new BookMirror();
        expect(mirror.apply(source.snapshot())).toBe('applied');
        const old = source.snapshot();
        for (const { changes, copies } of steps) {
          for (const one of changes) source.change(one);
          const frame = source.update({ checksum: false });
          for (let i = 0; i < copies; i += 1) {
            if (mirror.apply(frame) === 'gap') expect(mirror.apply(source.snapshot())).toBe('applied');
            expect(mirror.state).toMatchObject({
              buys: source.levels('buys'),
              sells: source.levels('sells'),
            });
          }
          expect(mirror.apply(old)).toBe(mirror.seq === old.seq ? 'applied' : 'stale');
        }
      }),
    );
  });

  it('that lost a level without a gap notices at the next checksum, and begins anew', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 20 }), fc.nat(30), (changes, which) => {
        const source = new Source();
        const mirror = new BookMirror();
        mirror.apply(source.snapshot());
        for (const one of changes) source.change(one);
        const frame = source.update({ checksum: true }) as Extract<
          Parameters<BookMirror['apply']>[0],
          { t: 'book.update' }
        >;
        const without = (levels: BookLevel[], index: number) => levels.filter((_, at) => at !== index);
        const index = which % (frame.buys.length + frame.sells.length);
        const robbed = {
          ...frame,
          buys: without(frame.buys, index),
          sells: without(frame.sells, index - frame.buys.length),
        };
        const lost = [...frame.buys, ...frame.sells][index];
        // A level that was nothing before and is nothing now cannot be missed.
        if (lost?.[1] === '0.000') return;
        expect(mirror.apply(robbed)).toBe('gap');
        expect(mirror.apply(source.snapshot())).toBe('applied');
        expect(mirror.state).toMatchObject({ buys: source.levels('buys'), sells: source.levels('sells') });
      }),
    );
  });
});

describe('a mirror of orders', () => {
  const order = (orderId: number, side: 'buy' | 'sell', price: string, remaining: string, priority: number) =>
    ({ orderId, side, price, remaining, priority }) as const;

  it('shows them in the order in which they would trade', () => {
    const mirror = new OrdersMirror();
    mirror.apply({
      t: 'orders.snapshot',
      ...place('orders', 5, 0),
      orders: [
        order(1, 'buy', '999.00', '50.000', 1),
        order(2, 'buy', '1000.00', '50.000', 4),
        order(3, 'buy', '1000.00', '50.000', 3),
        order(4, 'sell', '1010.00', '50.000', 2),
        order(5, 'sell', '1005.00', '50.000', 5),
      ],
    });
    const ids = () =>
      [mirror.state?.buys, mirror.state?.sells].map((side) => side?.map((one) => one.orderId));
    expect(ids()).toEqual([
      [3, 2, 1],
      [5, 4],
    ]);
    const gone = order(3, 'buy', '0.00', '0.000', 0);
    expect(mirror.apply({ t: 'orders.update', ...place('orders', 7, 5), orders: [gone] })).toBe('applied');
    expect(ids()).toEqual([
      [2, 1],
      [5, 4],
    ]);
    expect(mirror.apply({ t: 'orders.update', ...place('orders', 9, 8), orders: [] })).toBe('gap');
  });
});

describe('a mirror of the tape', () => {
  it('adds what is new to what it knows, newest first', () => {
    const trade = (tradeNumber: number) =>
      ({ tradeNumber, at: AT, price: '800.00', quantity: '50.000', taker: 'buy' }) as const;
    const mirror = new TradesMirror();
    mirror.apply({ t: 'trades.snapshot', ...place('trades', 2, 0), trades: [trade(1), trade(2)] });
    mirror.apply({ t: 'trades.update', ...place('trades', 4, 2), trades: [trade(3), trade(4)] });
    expect(mirror.state?.trades.map(({ tradeNumber }) => tradeNumber)).toEqual([4, 3, 2, 1]);
  });
});

describe('a mirror of one’s own', () => {
  const limits = { admitted: true, exposureLimit: '1000.00', cancelOnDisconnectAt: null };
  const mine = (orderId: number, state: 'resting' | 'filled', remaining: string) => ({
    orderId,
    state,
    remaining,
    commandId: 'order-0001',
    line: null,
    side: 'buy' as const,
    price: '800.00',
    quantity: '50.000',
    filled: '0.000',
    timeInForce: 'day' as const,
    expiresAt: null,
    reason: null,
    at: AT,
  });

  it('moves an order from the open ones to the ended ones with its end', () => {
    const mirror = new MineMirror();
    const orders = [mine(1, 'resting', '50.000'), mine(2, 'resting', '50.000')];
    mirror.apply({ t: 'mine.snapshot', ...place('mine', 3, 0), orders, fills: [], limits });
    const fills = [
      { tradeNumber: 1, orderId: 1, side: 'buy' as const, price: '800.00', quantity: '50.000', at: AT },
    ];
    const ended = [mine(1, 'filled', '0.000')];
    mirror.apply({ t: 'mine.update', ...place('mine', 4, 3), orders: ended, fills, limits });
    expect(mirror.state?.open.map(({ orderId }) => orderId)).toEqual([2]);
    expect(mirror.state?.ended.map(({ orderId }) => orderId)).toEqual([1]);
    expect(mirror.state?.fills).toEqual(fills);
  });
});
