import { BUY, SELL } from '@seam/engine/book';
import { BookMirror, MineMirror, OrdersMirror, StatusMirror, TradesMirror } from '@seam/client';
import { ServerFrame } from '@seam/protocol';
import { lots, ticks } from '@seam/units';
import * as fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import type { Connection } from '../fanout.ts';
import { massText, priceText } from '../grid.ts';
import { Topics } from '../topics.ts';
import type { LiveMarket } from './live-market.ts';
import { LiveMarkets } from './live-markets.ts';
import { INSTRUMENT, TestBook } from './testing/book.ts';

const ACCOUNTS = ['ann', 'ben', 'cyd'] as const;
const frameCheck = Compile(ServerFrame);

type Action = { readonly kind: number; readonly who: number; readonly x: number; readonly y: number };
const action: fc.Arbitrary<Action> = fc.record({
  kind: fc.nat(99),
  who: fc.nat(ACCOUNTS.length - 1),
  x: fc.nat(999),
  y: fc.nat(999),
});

let unique = 0;
function act(book: TestBook, { kind, who, x, y }: Action): void {
  const accountId = ACCOUNTS[who] ?? 'ann';
  const to = { instrumentId: INSTRUMENT, accountId };
  unique += 1;
  const from = { actor: `org:${accountId}`, cmdId: `command-${unique}` };
  const order = {
    side: x % 2 ? ('buy' as const) : ('sell' as const),
    price: ticks(780 + (y % 40)),
    quantity: lots(1 + (x % 7)),
    timeInForce:
      (['good_till_cancel', 'day', 'immediate_or_cancel', 'fill_or_kill'] as const)[x % 4] ?? 'day',
    confirm: true,
  };
  const orderId = 1 + (y % 60);
  if (kind < 55) book.send({ type: 'place_order', ...to, ...order }, from);
  else if (kind < 62)
    book.send(
      { type: 'place_orders', ...to, orders: [order, { ...order, price: ticks(790 + (x % 20)) }] },
      from,
    );
  else if (kind < 75) book.send({ type: 'cancel_order', ...to, orderId }, from);
  else if (kind < 88)
    book.send(
      { type: 'amend_order', ...to, orderId, price: order.price, quantity: order.quantity, confirm: true },
      from,
    );
  else if (kind < 91) book.send({ type: 'cancel_orders', ...to }, from);
  else if (kind < 93)
    book.send({ type: 'halt_market', instrumentId: INSTRUMENT, staffId: 'sam', reason: 'x' });
  else if (kind < 97)
    book.send({ type: 'resume_market', instrumentId: INSTRUMENT, approvals: ['sam', 'tia'] });
  else book.pass(61_000);
}

/** What the engine's own book says, in the words of the wire. */
function bookOf(book: TestBook): { buys: unknown[]; sells: unknown[] } {
  const market = book.state.markets.get(INSTRUMENT)!;
  const side = (of: typeof BUY | typeof SELL) =>
    [...market.book.levels(of)].map(({ price, quantity, orders }) => [
      priceText(market.terms, price),
      massText(market.terms, quantity),
      orders,
    ]);
  return { buys: side(BUY), sells: side(SELL) };
}

class Watcher implements Connection {
  readonly mirrors = {
    book: new BookMirror(),
    orders: new OrdersMirror(),
    trades: new TradesMirror(),
    market: new StatusMirror(),
    mine: new MineMirror(),
  };
  gaps = 0;
  snapshots = 0;

  send(text: string): void {
    const frame = JSON.parse(text) as { t: string; topic: string };
    if (!frameCheck.Check(frame)) throw new Error(`no frame of the protocol: ${text}`);
    const kind = frame.t.split('.')[0] as keyof Watcher['mirrors'];
    if (frame.t.endsWith('snapshot')) this.snapshots += 1;
    if (this.mirrors[kind].apply(frame as never) === 'gap') this.gaps += 1;
  }
  bufferedBytes(): number {
    return 0;
  }
  close(): void {}

  watch(topics: Topics, viewer: string, resume = false): void {
    for (const kind of Object.keys(this.mirrors) as (keyof Watcher['mirrors'])[]) {
      const resumeFrom = resume ? this.mirrors[kind].seq : undefined;
      const found = topics.subscribe(
        `${kind}:${INSTRUMENT}`,
        { connection: this, viewer, resumeFrom },
        () => {},
      );
      expect(found).toBe(true);
    }
  }
}

function live(): { markets: LiveMarkets; topics: Topics } {
  const markets: LiveMarkets = new LiveMarkets({ changed: (market) => topics.marketChanged(market) });
  const topics = new Topics({ pseudonymSecret: 'x', marketOf: (id) => markets.get(id) });
  return { markets, topics };
}

const idle = async (): Promise<void> => {
  for (let i = 0; i < 4; i += 1) await new Promise((resolve) => setTimeout(resolve, 8));
};

describe('the live view of an order book', () => {
  it('has the engine’s levels, orders and remaining quantities after every entry', () => {
    fc.assert(
      fc.property(fc.array(action, { minLength: 1, maxLength: 120, size: 'max' }), (actions) => {
        const markets = new LiveMarkets();
        const book = new TestBook(ACCOUNTS, { onEntry: (entry) => markets.apply(entry) });
        for (const one of actions) {
          act(book, one);
          const view = markets.get(INSTRUMENT)!;
          const engine = book.state.markets.get(INSTRUMENT)!;
          expect([...view.orders.keys()].sort(numeric)).toEqual([...engine.orders.keys()].sort(numeric));
          for (const order of engine.orders.values()) {
            expect(view.orders.get(order.orderId)).toMatchObject({
              accountId: order.account.accountId,
              price: order.price,
              quantity: order.quantity,
              remaining: order.quantity - order.filled,
            });
          }
          expect(levels(view)).toEqual(bookOf(book));
          expect(view.mode).toBe(engine.mode);
          expect([view.priceMinimum, view.priceMaximum]).toEqual([
            engine.book.band.low,
            engine.book.band.high,
          ]);
        }
        const copy = new LiveMarkets();
        copy.restore(markets.snapshot());
        expect(copy.snapshot()).toBe(markets.snapshot());
        expect(levels(copy.get(INSTRUMENT)!)).toEqual(levels(markets.get(INSTRUMENT)!));
      }),
      { numRuns: 60 },
    );
  });
});

describe('the topics of an order book', () => {
  it('keep every mirror equal to the book, with and without conflation, and after coming back', async () => {
    const { markets, topics } = live();
    const book = new TestBook(ACCOUNTS, { onEntry: (entry) => markets.apply(entry) });
    const [steady, late] = [new Watcher(), new Watcher()];
    await idle();
    steady.watch(topics, 'ann');
    late.watch(topics, 'ben');
    const plans = fc.sample(fc.array(action, { minLength: 30, maxLength: 30 }), { numRuns: 12, seed: 5 });
    for (const [round, actions] of plans.entries()) {
      if (round % 3 === 1) topics.drop(late);
      for (const one of actions) act(book, one);
      await idle();
      if (round % 3 === 2) late.watch(topics, 'ben', true);
      await idle();
      expect(steady.mirrors.book.state).toMatchObject(bookOf(book));
      if (round % 3 !== 1) expect(late.mirrors.book.state).toMatchObject(bookOf(book));
      const view = markets.get(INSTRUMENT)!;
      expect(mineOf(steady)).toEqual(own(view, 'ann'));
      expect(restingOf(steady)).toEqual(resting(view));
      expect(steady.mirrors.trades.state?.trades[0]?.tradeNumber ?? 0).toBe(
        book.state.markets.get(INSTRUMENT)!.lastTradeNumber,
      );
    }
    expect([steady.gaps, late.gaps]).toEqual([0, 0]);
    // Five topics, from the beginning; whoever comes back gets what it missed and no snapshot.
    expect([steady.snapshots, late.snapshots]).toEqual([5, 5]);
  });

  it('of one’s own show a company its orders and nobody else’s', async () => {
    const { markets, topics } = live();
    const book = new TestBook(ACCOUNTS, { onEntry: (entry) => markets.apply(entry) });
    const ann = new Watcher();
    ann.watch(topics, 'ann');
    const order = { side: 'buy', price: ticks(800), quantity: lots(2), timeInForce: 'day' } as const;
    for (const accountId of ['ann', 'ben'])
      book.send(
        { type: 'place_order', instrumentId: INSTRUMENT, accountId, ...order },
        { actor: 'x', cmdId: `o-${accountId}` },
      );
    await idle();
    expect(ann.mirrors.mine.state?.open).toMatchObject([
      { commandId: 'o-ann', remaining: '100.000', state: 'resting' },
    ]);
    expect(ann.mirrors.orders.state?.buys).toHaveLength(2);
    expect(JSON.stringify(ann.mirrors)).not.toContain('ben');
    expect(topics.subscribe('mine:no-such', { connection: ann, viewer: 'ann' }, () => {})).toBe(false);
  });
});

const numeric = (a: number, b: number): number => a - b;

function levels(view: LiveMarket): { buys: unknown[]; sells: unknown[] } {
  const side = (of: LiveMarket['buys']) =>
    of
      .all()
      .map(([price, total]) => [
        priceText(view.terms, price),
        massText(view.terms, total.quantity),
        total.orders,
      ]);
  return { buys: side(view.buys), sells: side(view.sells) };
}

function own(view: LiveMarket, accountId: string): unknown {
  return [...view.orders.values()]
    .filter((order) => order.accountId === accountId)
    .map(({ orderId, remaining }) => [orderId, massText(view.terms, remaining)])
    .sort((a, b) => Number(a[0]) - Number(b[0]));
}

function mineOf(watcher: Watcher): unknown {
  return watcher.mirrors.mine.state?.open.map(({ orderId, remaining }) => [orderId, remaining]);
}

function resting(view: LiveMarket): unknown {
  return [...view.orders.keys()].sort(numeric);
}

function restingOf(watcher: Watcher): unknown {
  const { buys = [], sells = [] } = watcher.mirrors.orders.state ?? {};
  return [...buys, ...sells].map(({ orderId }) => orderId).sort(numeric);
}
