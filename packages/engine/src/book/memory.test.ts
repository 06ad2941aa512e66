import { describe, expect, it } from 'vitest';
import { BUY, Book, SELL, VWAP_SCALE, readEvents, vwap } from './index.ts';

function market(capacity = 1): Book {
  const book = new Book({ capacity, band: { low: 1, high: 1_000_000 } });
  book.accounts.open(1);
  return book;
}

const bytes = ({ memory: m }: Book) =>
  [m.orders, m.levels, m.bits, m.words, m.blocks, m.directory, m.entries, m.living, m.spare].reduce(
    (sum, { byteLength }) => sum + byteLength,
    0,
  );

describe('the memory of a book', () => {
  it('grows without losing an order, and is not taken again for the next', () => {
    const book = market();
    for (let id = 1; id <= 5_000; id++) book.place(id, 0, BUY, 1 + (id % 100), id, 0);
    expect(book.size).toBe(5_000);
    for (let id = 1; id <= 5_000; id++)
      expect(book.order(id)).toMatchObject({ price: 1 + (id % 100), quantity: id });
    const full = bytes(book);
    for (let id = 1; id <= 5_000; id++) book.cancel(id, 0);
    for (let id = 5_001; id <= 10_000; id++) book.place(id, 0, SELL, 1 + (id % 100), 1, 0);
    expect(book.size).toBe(5_000);
    expect(bytes(book) - full).toBeLessThan(1_000);
  });

  it('follows the orders that live: two million ids, a hundred alive, some of them from the first day', () => {
    const book = market();
    for (let id = 1; id <= 50; id++) book.place(id * 20, 0, BUY, 1, 1, 0);
    for (let id = 1_001; id <= 2_000_000; id++) {
      book.place(id, 0, BUY, 2, 1, 0);
      if (id > 1_050) book.cancel(id - 50, 0);
    }
    expect([book.size, book.has(20), book.has(21), book.has(1_999_999)]).toEqual([100, true, false, true]);
    // The directory: 4 bytes for 256 ids, doubled at most. Everything else is what it was on the first day.
    expect(book.memory.directory.byteLength).toBeLessThanOrEqual(((2_000_000 / 256) * 4 + 4) * 2);
    expect(bytes(book) - book.memory.directory.byteLength).toBeLessThan(200_000);
  });

  it('follows prices that wander, near and far, and forgets those that nobody holds', () => {
    const book = market();
    for (let id = 1; id <= 20_000; id++) {
      book.place(id, 0, id % 2 === 0 ? BUY : SELL, id % 2 === 0 ? id : id + 100, 1, 0);
      if (id > 20) book.cancel(id - 20, 0);
      if (id > 1) expect(book.best(id % 2 === 0 ? BUY : SELL)).toBeGreaterThan(0);
    }
    expect(book.memory.width).toBe(1_024);
    book.place(30_000, 0, BUY, 1, 1, 0);
    expect([...book.levels(BUY)].at(-1)).toEqual({ price: 1, quantity: 1, orders: 1 });
    expect([...book.levels(BUY)].length).toBe(11);
    expect([...book.levels(SELL)].length).toBe(10);
  });

  it('tells every trade of an order that sweeps a thousand', () => {
    const book = market();
    const taker = book.accounts.open(2);
    for (let id = 1; id <= 1_000; id++) book.place(id, 0, SELL, id, 1, 0);
    expect(book.place(1_001, taker, BUY, 1_000, 1_000, 0)).toBe(1_001);
    const makers = readEvents(book.events).flatMap((event) => (event.type === 'trade' ? [event.maker] : []));
    expect(makers).toEqual(Array.from({ length: 1_000 }, (_, place) => place + 1));
  });

  it('holds exact totals beyond 32 bits', () => {
    const book = market();
    for (let id = 1; id <= 10; id++) book.place(id, 0, BUY, 1, 2_147_483_647, 0);
    expect(book.depth(BUY, 1)).toEqual({ price: 1, quantity: 21_474_836_470, orders: 10 });
    expect(book.depth(BUY, 2)).toEqual({ price: 2, quantity: 0, orders: 0 });
    expect([...book.orders(BUY, 1)].length).toBe(10);
    expect([...book.orders(BUY, 2)]).toEqual([]);
  });
});

describe('vector A14: the volume-weighted average price', () => {
  it('is exact to a ten-thousandth of a tick, half to even', () => {
    const trades = [
      [8050, 50],
      [8060, 25],
      [8045, 25],
    ].map(([price, quantity]) => ({ price: price!, quantity: quantity! }));
    expect(vwap(trades)).toBe(80_512_500n);
    expect(vwap([])).toBeUndefined();
    expect(
      vwap([
        { price: 1, quantity: 19_999 },
        { price: 2, quantity: 1 },
      ]),
    ).toBe(VWAP_SCALE);
    expect(
      vwap([
        { price: 1, quantity: 19_997 },
        { price: 2, quantity: 3 },
      ]),
    ).toBe(VWAP_SCALE + 2n);
    expect(vwap([{ price: 1_073_741_824, quantity: 2_147_483_647 }])).toBe(10_737_418_240_000n);
  });
});
