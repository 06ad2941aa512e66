import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BookInvariants } from '../oracle/book/invariants.ts';
import { type Played, play, playBoth, run } from '../oracle/book/play.ts';
import { type Dice, START, dice } from '../oracle/book/workload.ts';
import { BUY, Book, SELL, dump, repeat, restoreBook } from './index.ts';

/** Numbers for dice that fast-check can shrink: thrown over and over. */
const throws = fc.array(fc.nat(1_000_000), { minLength: 40, maxLength: 300, size: 'max' });

function thrown(numbers: readonly number[]): Dice {
  let at = 0;
  return { next: (sides) => numbers[at++ % numbers.length]! % sides };
}

const SEEDS = 6;
const COMMANDS = 10_000;

describe('the fast book and its naive twin', () => {
  it.each([false, true])('say and hold the same for 60,000 seeded commands, call phases: %s', (calls) => {
    const seen = new Map<string, number>();
    for (let seed = 1; seed <= SEEDS; seed++) {
      for (const { events } of playBoth(dice(seed), COMMANDS, calls)) {
        for (const event of events) {
          const kind = 'reason' in event ? `${event.type} ${event.reason}` : event.type;
          seen.set(kind, (seen.get(kind) ?? 0) + 1);
        }
      }
    }
    const kinds = ['accepted', 'amended', 'trade', 'self_trade_skipped'];
    for (let reason = 1; reason <= 7; reason++) kinds.push(`cancelled ${reason}`, `refused ${reason}`);
    if (calls) kinds.push('auction_trade', 'refused 8');
    expect(kinds.filter((kind) => !((seen.get(kind) ?? 0) > 100))).toEqual([]);
  });

  it('agree on whatever fast-check draws', () => {
    fc.assert(
      fc.property(throws, fc.boolean(), (numbers, calls) => void playBoth(thrown(numbers), 60, calls)),
      { numRuns: 500 },
    );
  });
});

describe('invariants O1 to O10, O12, O13', () => {
  it.each([false, true])('hold after every command, call phases: %s', (calls) => {
    for (let seed = 100; seed < 104; seed++) {
      const book = restoreBook(START);
      const invariants = new BookInvariants(book, calls);
      play(book, dice(seed), 3_000, calls, (played) => invariants.check(played, book));
    }
  });

  it('hold for whatever fast-check draws', () => {
    fc.assert(
      fc.property(throws, fc.boolean(), (numbers, calls) => {
        const book = restoreBook(START);
        const invariants = new BookInvariants(book, calls);
        play(book, thrown(numbers), 60, calls, (played) => invariants.check(played, book));
      }),
      { numRuns: 500 },
    );
  });
});

describe('O11: recovery', () => {
  it('goes on from a dump as if nothing had happened', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(400), fc.boolean(), (seed, cut, calls) => {
        const book = restoreBook(START);
        const history = play(book, dice(seed), 400, calls);
        const first = restoreBook(START);
        for (const { command } of history.slice(0, cut)) run(first, command);
        const second = restoreBook(dump(first));
        const tail = history.slice(cut).map(({ command }) => run(second, command));
        expect(tail).toEqual(history.slice(cut).map(({ events }) => events));
        expect(dump(second)).toEqual(dump(book));
      }),
      { numRuns: 60 },
    );
  });

  it('repeats recorded events without deciding anything', () => {
    for (const calls of [false, true]) {
      for (let seed = 1; seed <= 4; seed++) {
        const book = restoreBook(START);
        const again = restoreBook(START);
        play(book, dice(seed), 1_000, calls, (played) => {
          apply(again, played);
          expect(dump(again)).toEqual(dump(book));
        });
      }
    }
  });

  it('refuses to repeat what cannot have happened', () => {
    const book = restoreBook(START);
    book.place(1, 0, BUY, 1_000, 5, 0);
    const trade = { type: 'trade', taker: 1, maker: 2, price: 1_000, quantity: 1, makerLeft: 0 } as const;
    expect(() => repeat(book, [trade])).toThrow('order 2 does not rest');
    expect(() => repeat(book, [{ ...trade, maker: 1, quantity: 6 }])).toThrow('less than 6 left');
    const accepted = { type: 'accepted', id: 1, price: 1_000, quantity: 1, resting: 1 } as const;
    expect(() => repeat(book, [accepted], { account: 0, side: SELL, credit: false })).toThrow('cannot rest');
    expect(() => repeat(book, [accepted])).toThrow('placed by nobody');
  });
});

function apply(book: Book, { command, events }: Played): void {
  if (command.type === 'place') {
    const { account, side, flags } = command;
    return repeat(book, events, { account, side, credit: (flags & 8) !== 0 });
  }
  if (command.type === 'band') return book.setBand(command.low, command.high);
  if (command.type === 'limit') return book.accounts.setLimit(command.account, command.limit);
  if (command.type === 'release') return book.accounts.expose(command.account, -command.amount);
  if (command.type === 'line') book.accounts.setCreditLine(command.from, command.to, command.granted);
  repeat(book, events);
}
