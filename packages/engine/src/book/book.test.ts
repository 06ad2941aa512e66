import { describe, expect, it } from 'vitest';
import { ANY_ACCOUNT, BUY, Book, CANCEL, FLAG, QUANTITY_MAX, REFUSE, SELL, readEvents } from './index.ts';
import type { BookOptions } from './index.ts';

/** A book with accounts 0, 1, 2 in owner groups 1, 2, 3 and account 3 in group 1 again. */
function market(options: BookOptions = {}): Book {
  const book = new Book(options);
  for (const group of [1, 2, 3, 1]) book.accounts.open(group);
  return book;
}

const levels = (book: Book) =>
  [BUY, SELL].map((side) => [...book.levels(side as 0 | 1)].map((l) => [l.price, l.quantity]));
const ids = (book: Book, side: 0 | 1) => [...book.orders(side)].map((order) => order.id);

describe('vector A10: price, time and the credit filter', () => {
  it('gives the trades and the book of the vector', () => {
    const book = new Book();
    const [x, y, z, a, b] = [1, 2, 3, 4, 5].map((group) => book.accounts.open(group)) as [
      number,
      number,
      number,
      number,
      number,
    ];
    for (const other of [y, z]) {
      book.accounts.setCreditLine(b, other, true);
      book.accounts.setCreditLine(other, b, true);
    }
    book.accounts.setCreditLine(b, x, true);
    book.place(1, x, SELL, 8050, 25, FLAG.CREDIT);
    book.place(2, y, SELL, 8050, 50, FLAG.CREDIT);
    book.place(3, z, SELL, 8060, 25, FLAG.CREDIT);
    book.place(4, b, BUY, 8060, 75, FLAG.CREDIT);
    expect(readEvents(book.events)).toEqual([
      { type: 'accepted', id: 4, price: 8060, quantity: 75, resting: 0 },
      { type: 'trade', taker: 4, maker: 2, price: 8050, quantity: 50, makerLeft: 0 },
      { type: 'trade', taker: 4, maker: 3, price: 8060, quantity: 25, makerLeft: 0 },
    ]);
    book.place(5, a, BUY, 8055, 50, 0);
    expect(readEvents(book.events)[1]).toEqual({
      type: 'trade',
      taker: 5,
      maker: 1,
      price: 8050,
      quantity: 25,
      makerLeft: 0,
    });
    book.place(6, z, SELL, 8060, 25, FLAG.IMMEDIATE_OR_CANCEL);
    expect(readEvents(book.events)[1]).toMatchObject({
      type: 'cancelled',
      reason: CANCEL.IMMEDIATE_OR_CANCEL,
    });
    expect(levels(book)).toEqual([[[8055, 25]], []]);
  });
});

describe('self-trade prevention', () => {
  it('skips the own group, takes what lies behind, and cancels what would rest against it', () => {
    const book = market();
    book.place(1, 0, SELL, 100, 10, 0);
    book.place(2, 1, SELL, 101, 4, 0);
    book.place(3, 3, BUY, 101, 7, 0);
    expect(readEvents(book.events)).toEqual([
      { type: 'accepted', id: 3, price: 101, quantity: 7, resting: 0 },
      { type: 'self_trade_skipped', id: 3, own: 1, price: 100, quantity: 7 },
      { type: 'trade', taker: 3, maker: 2, price: 101, quantity: 4, makerLeft: 0 },
      { type: 'cancelled', id: 3, price: 101, quantity: 3, reason: CANCEL.SELF_TRADE, available: 0 },
    ]);
    expect(levels(book)).toEqual([[], [[100, 10]]]);
  });

  it('lets an order rest that does not cross its own group', () => {
    const book = market();
    book.place(1, 0, SELL, 100, 10, 0);
    book.place(2, 3, BUY, 99, 7, 0);
    expect(levels(book)).toEqual([[[99, 7]], [[100, 10]]]);
  });
});

describe('entry conditions', () => {
  it('fills or kills by what it may reach, and says how much that was', () => {
    const book = market();
    book.place(1, 0, SELL, 100, 10, 0);
    book.place(2, 1, SELL, 101, 5, 0);
    book.place(3, 3, BUY, 101, 6, FLAG.FILL_OR_KILL);
    expect(readEvents(book.events)[1]).toEqual({
      type: 'cancelled',
      id: 3,
      price: 101,
      quantity: 6,
      reason: CANCEL.FILL_OR_KILL,
      available: 5,
    });
    book.place(4, 3, BUY, 101, 5, FLAG.FILL_OR_KILL);
    expect(levels(book)).toEqual([[], [[100, 10]]]);
    book.place(5, 2, BUY, 100, 10, FLAG.FILL_OR_KILL);
    expect(book.size).toBe(0);
  });

  it('executes the minimum quantity on entry or nothing', () => {
    const book = market();
    book.place(1, 0, SELL, 100, 4, 0);
    book.place(2, 1, BUY, 100, 10, 0, 5);
    expect(readEvents(book.events)[1]).toMatchObject({
      reason: CANCEL.MINIMUM_QUANTITY,
      quantity: 10,
      available: 4,
    });
    book.place(3, 1, BUY, 100, 10, 0, 4);
    expect(levels(book)).toEqual([[[100, 6]], []]);
    book.place(4, 1, BUY, 100, 10, 0, 11);
    expect(readEvents(book.events)).toMatchObject([{ reason: REFUSE.MINIMUM_QUANTITY, most: 10 }]);
  });

  it('refuses a post-only order that would take, with the price it may have', () => {
    const book = market();
    book.place(1, 0, SELL, 100, 4, 0);
    book.place(2, 1, BUY, 102, 4, FLAG.POST_ONLY);
    expect(readEvents(book.events)).toEqual([
      { type: 'refused', id: 2, price: 102, reason: REFUSE.POST_ONLY, least: 100, most: 99 },
    ]);
    book.place(3, 1, BUY, 99, 4, FLAG.POST_ONLY);
    book.place(4, 2, SELL, 98, 4, FLAG.POST_ONLY);
    expect(readEvents(book.events)).toMatchObject([{ least: 99, most: 100 }]);
    expect(levels(book)).toEqual([[[99, 4]], [[100, 4]]]);
  });

  it('collects without matching in a call phase, and takes nothing there that must execute', () => {
    const book = market();
    book.place(1, 0, SELL, 100, 4, FLAG.COLLECT);
    book.place(2, 1, BUY, 105, 4, FLAG.COLLECT);
    expect(levels(book)).toEqual([[[105, 4]], [[100, 4]]]);
    for (const flag of [FLAG.IMMEDIATE_OR_CANCEL, FLAG.FILL_OR_KILL, FLAG.POST_ONLY]) {
      book.place(3, 1, BUY, 105, 4, FLAG.COLLECT | flag);
      expect(readEvents(book.events)).toMatchObject([{ type: 'refused', reason: REFUSE.NOT_IN_CALL }]);
    }
    book.place(3, 1, BUY, 105, 4, FLAG.COLLECT, 2);
    expect(readEvents(book.events)).toMatchObject([{ reason: REFUSE.MINIMUM_QUANTITY, most: 0 }]);
  });
});

describe('limits, on the spot and one beside it', () => {
  it.each([
    ['price below the band', 9, 1, REFUSE.PRICE_BAND, 10, 20],
    ['price above the band', 21, 1, REFUSE.PRICE_BAND, 10, 20],
    ['a broken price', 10.5, 1, REFUSE.PRICE_BAND, 10, 20],
    ['no quantity', 10, 0, REFUSE.QUANTITY, 1, QUANTITY_MAX],
    ['a broken quantity', 10, 1.5, REFUSE.QUANTITY, 1, QUANTITY_MAX],
    ['too much at once', 20, 51, REFUSE.NOTIONAL, 0, 50],
    ['not a number', NaN, 1, REFUSE.PRICE_BAND, 10, 20],
    ['beyond 32 bits', 2 ** 31, 1, REFUSE.PRICE_BAND, 10, 20],
  ])('refuses %s', (_name, price, quantity, reason, least, most) => {
    const book = market({ band: { low: 10, high: 20 }, notionalMax: 1_000 });
    expect(book.place(1, 0, BUY, price, quantity, 0)).toBe(1);
    expect(readEvents(book.events)).toMatchObject([{ type: 'refused', reason, least, most }]);
    expect(book.size).toBe(0);
    for (const [edge, size] of [
      [10, 100],
      [20, 50],
    ] as const) {
      expect(readEventsOf(market({ band: { low: 10, high: 20 }, notionalMax: 1_000 }), edge, size)).toBe(
        'accepted',
      );
    }
  });

  it('counts exposure at the own limit, open or executed, until it is released', () => {
    const book = market();
    book.accounts.setLimit(1, 1_000);
    book.place(1, 0, SELL, 90, 5, 0);
    book.place(2, 1, BUY, 100, 10, 0);
    expect(book.accounts.exposure(1)).toBe(1_000);
    // One tick-lot more is one too many.
    book.place(3, 1, BUY, 1, 1, 0);
    expect(readEvents(book.events)).toMatchObject([{ reason: REFUSE.EXPOSURE, most: 0 }]);
    book.amend(2, 1, 100, 4);
    expect(book.accounts.exposure(1)).toBe(900);
    book.place(4, 1, BUY, 30, 4, 0);
    expect(readEvents(book.events)).toMatchObject([{ reason: REFUSE.EXPOSURE, most: 3 }]);
    book.cancel(2, 1);
    expect(book.accounts.exposure(1)).toBe(500);
    book.accounts.expose(1, -500);
    expect(() => book.accounts.expose(1, -1)).toThrow('exposure -1');
  });

  it('has room for far prices up to its span, and says which', () => {
    const book = market({ band: { low: 1, high: 100_000_000 } });
    book.place(1, 0, BUY, 1_000, 1, 0);
    book.place(2, 0, BUY, 1_000 + 4_194_303, 1, 0);
    expect(levels(book)[0]).toEqual([
      [4_195_303, 1],
      [1_000, 1],
    ]);
    book.place(3, 0, BUY, 1_000 + 4_194_304, 1, 0);
    expect(readEvents(book.events)).toMatchObject([
      { reason: REFUSE.PRICE_BAND, least: 1_000, most: 4_195_303 },
    ]);
    book.cancel(1, 0);
    book.place(3, 0, BUY, 1_000 + 4_194_304, 1, 0);
    expect(ids(book, BUY)).toEqual([3, 2]);
  });
});

function readEventsOf(book: Book, price: number, quantity: number): string | undefined {
  book.place(1, 0, BUY, price, quantity, 0);
  return readEvents(book.events)[0]?.type;
}

describe('cancel and amend', () => {
  it('answers an unknown and a foreign order alike', () => {
    const book = market();
    book.place(1, 0, BUY, 100, 10, 0);
    for (const [id, account] of [
      [1, 1],
      [2, 0],
      [0, 0],
      [-1, 0],
      [2 ** 31, 0],
      [1.5, 0],
    ] as const) {
      expect(book.cancel(id, account)).toBe(1);
      expect(readEvents(book.events)).toMatchObject([{ reason: REFUSE.UNKNOWN_ORDER }]);
      book.amend(id, account, 101, 1);
      expect(readEvents(book.events)).toMatchObject([{ reason: REFUSE.UNKNOWN_ORDER }]);
    }
    book.cancel(1, ANY_ACCOUNT, CANCEL.CONTROLLED);
    expect(readEvents(book.events)).toMatchObject([
      { type: 'cancelled', quantity: 10, reason: CANCEL.CONTROLLED },
    ]);
  });

  it('keeps the place for less and loses it for more or another price', () => {
    const book = market();
    for (const id of [1, 2, 3]) book.place(id, 0, BUY, 100, 10, 0);
    book.amend(1, 0, 100, 9);
    book.amend(1, 0, 100, 9);
    expect(ids(book, BUY)).toEqual([1, 2, 3]);
    for (const broken of [0, -1, 1.5, NaN]) {
      book.amend(1, 0, 100, broken);
      expect(readEvents(book.events)).toMatchObject([{ reason: REFUSE.QUANTITY, least: 1 }]);
    }
    expect(ids(book, BUY)).toEqual([1, 2, 3]);
    book.amend(1, 0, 100, 10);
    expect(ids(book, BUY)).toEqual([2, 3, 1]);
    book.amend(2, 0, 99, 10);
    expect(ids(book, BUY)).toEqual([3, 1, 2]);
    book.amend(3, 0, 100, 5, FLAG.REQUEUE);
    expect(ids(book, BUY)).toEqual([1, 3, 2]);
  });

  it('matches an amended order where it crosses, and refuses it whole where it may not enter', () => {
    const book = market({ band: { low: 1, high: 200 } });
    book.place(1, 0, SELL, 100, 4, 0);
    book.place(2, 1, BUY, 99, 10, 0);
    book.amend(2, 1, 100, 6);
    expect(readEvents(book.events)).toEqual([
      { type: 'amended', id: 2, price: 100, quantity: 6, kept: false, resting: 2 },
      { type: 'trade', taker: 2, maker: 1, price: 100, quantity: 4, makerLeft: 0 },
    ]);
    book.amend(2, 1, 201, 6);
    expect(readEvents(book.events)).toMatchObject([{ reason: REFUSE.PRICE_BAND }]);
    book.place(3, 0, SELL, 101, 4, 0);
    book.amend(2, 1, 101, 6, FLAG.POST_ONLY);
    expect(readEvents(book.events)).toMatchObject([{ reason: REFUSE.POST_ONLY, least: 101, most: 100 }]);
    expect(levels(book)).toEqual([[[100, 2]], [[101, 4]]]);
  });

  it('may always be reduced, outside the band or over the limit', () => {
    const book = market({ band: { low: 1, high: 200 } });
    book.place(1, 0, BUY, 100, 10, 0);
    book.setBand(150, 200);
    book.accounts.setLimit(0, 0);
    book.amend(1, 0, 100, 9);
    expect(readEvents(book.events)).toMatchObject([{ type: 'amended', kept: true }]);
  });
});
