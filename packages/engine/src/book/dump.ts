/**
 * The whole book as plain values in one order: for snapshots, hashes and comparison. Two books with equal
 * dumps answer every later call alike.
 */
import { assert } from '../assert.ts';
import { Book } from './book.ts';
import { rest } from './repeat.ts';
import { BUY, type BookOptions, type RestingOrder, SELL } from './types.ts';

export type AccountDump = {
  readonly group: number;
  readonly limit: number;
  readonly exposure: number;
  /** Accounts it grants a credit line to, rising. */
  readonly lines: readonly number[];
};

export type BookDump = {
  readonly low: number;
  readonly high: number;
  readonly notionalMax: number;
  readonly accounts: readonly AccountDump[];
  /** Buys, then sells, each in priority order. */
  readonly orders: readonly RestingOrder[];
};

export function dump(book: Book): BookDump {
  const { accounts, band } = book;
  return {
    low: band.low,
    high: band.high,
    notionalMax: book.notionalMax,
    accounts: Array.from({ length: accounts.count }, (_, account) => ({
      group: accounts.groups[account]!,
      limit: accounts.limit(account),
      exposure: accounts.exposure(account),
      lines: accounts.lines(account),
    })),
    orders: [...book.orders(BUY), ...book.orders(SELL)],
  };
}

/** A book that goes on from `dump`. `options`: what a dump does not carry. */
export function restoreBook(dump: BookDump, options: Pick<BookOptions, 'exposure' | 'capacity'> = {}): Book {
  const { low, high, notionalMax } = dump;
  const book = new Book({ ...options, band: { low, high }, notionalMax });
  for (const { group } of dump.accounts) book.accounts.open(group);
  for (const order of dump.orders) rest(book, order);
  for (const [account, { limit, exposure, lines }] of dump.accounts.entries()) {
    book.accounts.setLimit(account, limit);
    for (const other of lines) book.accounts.setCreditLine(account, other, true);
    const open = book.accounts.exposure(account);
    assert(exposure >= open, `account ${account} has ${open} open and an exposure of ${exposure}`);
    book.accounts.expose(account, exposure - open);
  }
  return book;
}
