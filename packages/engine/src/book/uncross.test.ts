import { describe, expect, it } from 'vitest';
import {
  BUY,
  Book,
  CANCEL,
  FLAG,
  NO_GROUP,
  SELL,
  type Side,
  clearing,
  readEvents,
  resolveCrossed,
  uncross,
} from './index.ts';

const { COLLECT, CREDIT } = FLAG;
type Line = readonly [account: number, side: Side, price: number, quantity: number, flags?: number];

/** Orders with ids from 1, collected; accounts 0.. in the owner groups given. */
function collected(groups: readonly number[], lines: readonly Line[]): Book {
  const book = new Book();
  for (const group of groups) book.accounts.open(group);
  for (const [place, [account, side, price, quantity, flags = 0]] of lines.entries()) {
    book.place(place + 1, account, side, price, quantity, COLLECT | flags);
  }
  return book;
}

const done = (book: Book) =>
  readEvents(book.events).map((event) =>
    event.type === 'auction_trade'
      ? [event.buy, event.sell, event.price, event.quantity]
      : event.type === 'trade'
        ? ['taker', event.taker, event.maker, event.price, event.quantity]
        : event.type === 'cancelled'
          ? ['cancelled', event.id, event.quantity, event.reason]
          : [event.type],
  );
const resting = (book: Book) =>
  [BUY, SELL].map((side) => [...book.orders(side as Side)].map(({ id, quantity }) => [id, quantity]));

describe('a call auction where everyone may trade', () => {
  it('serves better prices first and the margin by time', () => {
    const book = collected(
      [1, 2, 3, 4],
      [
        [0, BUY, 102, 5],
        [1, BUY, 100, 10],
        [2, BUY, 100, 10],
        [3, SELL, 99, 12],
      ],
    );
    expect(uncross(book, 100)).toBe(12);
    expect(done(book)).toEqual([
      [1, 4, 100, 5],
      [2, 4, 100, 7],
    ]);
    expect(resting(book)).toEqual([
      [
        [2, 3],
        [3, 10],
      ],
      [],
    ]);
  });

  it('serves the margin pro rata with the largest remainders', () => {
    const book = collected(
      [1, 2, 3, 4],
      [
        [0, BUY, 102, 5],
        [1, BUY, 100, 10],
        [2, BUY, 100, 20],
        [3, SELL, 99, 12],
      ],
    );
    expect(uncross(book, 100, 'pro_rata')).toBe(12);
    // 7 lots over 10 and 20: exactly 2.33 and 4.67.
    expect(done(book)).toEqual([
      [1, 4, 100, 5],
      [2, 4, 100, 2],
      [3, 4, 100, 5],
    ]);
  });

  it('leaves exposure as it was: every lot counts at its own limit', () => {
    const book = collected(
      [1, 2],
      [
        [0, BUY, 110, 5],
        [1, SELL, 90, 5],
      ],
    );
    uncross(book, 100);
    expect([book.accounts.exposure(0), book.accounts.exposure(1)]).toEqual([550, 450]);
  });

  it('does nothing where nothing crosses', () => {
    const book = collected(
      [1, 2],
      [
        [0, BUY, 99, 5],
        [1, SELL, 100, 5],
      ],
    );
    expect(uncross(book, 99)).toBe(0);
    expect([done(book), book.size]).toEqual([[], 2]);
  });
});

describe('a call auction where not everyone may trade', () => {
  it('gives what cannot be paired to the next in line', () => {
    const book = collected(
      [1, 1, 2],
      [
        [0, SELL, 100, 10],
        [1, BUY, 100, 10],
        [2, BUY, 100, 10],
      ],
    );
    expect(uncross(book, 100)).toBe(10);
    expect(done(book)).toEqual([[3, 1, 100, 10]]);
    expect(resting(book)).toEqual([[[2, 10]], []]);
  });

  it('moves earlier pairs to other counterparties so that all find one', () => {
    // The sell of group 1 may only meet group 2, whom the first sell would otherwise have taken.
    const book = collected(
      [3, 1, 2, 1],
      [
        [0, SELL, 100, 5],
        [1, SELL, 100, 5],
        [2, BUY, 100, 5],
        [3, BUY, 100, 5],
      ],
    );
    expect(uncross(book, 100)).toBe(10);
    expect(done(book)).toEqual([
      [3, 2, 100, 5],
      [4, 1, 100, 5],
    ]);
  });

  it('pairs on credit only along lines granted by both, and leaves the rest crossed', () => {
    const book = collected(
      [1, 2, 3],
      [
        [0, SELL, 100, 5, CREDIT],
        [1, BUY, 100, 5, CREDIT],
        [2, BUY, 100, 5, CREDIT],
      ],
    );
    book.accounts.setCreditLine(0, 1, true);
    book.accounts.setCreditLine(0, 2, true);
    book.accounts.setCreditLine(2, 0, true);
    expect(uncross(book, 100)).toBe(5);
    expect(done(book)).toEqual([[3, 1, 100, 5]]);
    const alone = collected(
      [1, 2],
      [
        [0, SELL, 100, 5, CREDIT],
        [1, BUY, 101, 5, CREDIT],
      ],
    );
    expect(uncross(alone, 100)).toBe(0);
    expect([done(alone), resting(alone)]).toEqual([[], [[[2, 5]], [[1, 5]]]]);
  });

  it('cancels the later of two orders of one group left crossing', () => {
    const book = collected(
      [1, 1],
      [
        [0, SELL, 100, 10],
        [1, BUY, 101, 4],
      ],
    );
    expect(uncross(book, 100)).toBe(0);
    expect(done(book)).toEqual([['cancelled', 2, 4, CANCEL.SELF_TRADE]]);
    expect(resting(book)).toEqual([[], [[1, 10]]]);
  });

  it('lets what is left crossing and may trade do so at the earlier order’s price', () => {
    // At 100 the only sell may not meet the only buy; the sell at 105 may.
    const book = collected(
      [1, 1, 2],
      [
        [0, SELL, 100, 5],
        [1, BUY, 110, 5],
        [2, SELL, 105, 3],
      ],
    );
    expect(uncross(book, 100)).toBe(0);
    expect(done(book)).toEqual([
      ['taker', 3, 2, 110, 3],
      ['cancelled', 2, 2, CANCEL.SELF_TRADE],
    ]);
  });

  it('lets resting orders meet when their line is granted', () => {
    const book = collected(
      [1, 2],
      [
        [0, SELL, 100, 5, CREDIT],
        [1, BUY, 101, 7, CREDIT],
      ],
    );
    expect(resolveCrossed(book)).toBe(0);
    book.accounts.setCreditLine(0, 1, true);
    book.accounts.setCreditLine(1, 0, true);
    expect(resolveCrossed(book)).toBe(1);
    expect(done(book)).toEqual([['taker', 2, 1, 100, 5]]);
  });

  it('knows no own group where none is given', () => {
    const book = collected(
      [NO_GROUP, NO_GROUP],
      [
        [0, SELL, 100, 5],
        [1, BUY, 101, 5],
      ],
    );
    expect(uncross(book, 100)).toBe(5);
  });
});

it('pairs a thousand orders of traders on both sides to the last lot', () => {
  // Sixty traders in owner groups, each on both sides: a thousand orders that may not all be paired freely.
  const groups = Array.from({ length: 60 }, (_, account) => 1 + (account >> 1));
  const lines = Array.from({ length: 1_000 }, (_, place): Line => {
    const side = place % 2 === 0 ? BUY : SELL;
    return [(place * 7) % 60, side, 1_000 + ((place * 13) % 21) - 10, 1 + ((place * 31) % 50)];
  });
  const book = collected(groups, lines);
  const found = clearing([...book.levels(BUY)], [...book.levels(SELL)])!;
  expect(uncross(book, found.price)).toBe(found.volume);
});
