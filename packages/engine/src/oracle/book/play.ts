/** Plays one stream of commands to the fast book and its naive twin, and says where they first differ. */
import { isDeepStrictEqual } from 'node:util';
import type { Book } from '../../book/book.ts';
import { clearing } from '../../book/clearing.ts';
import { dump, restoreBook } from '../../book/dump.ts';
import { type BookEvent, readEvents } from '../../book/read-events.ts';
import { resolveCrossed, uncross } from '../../book/uncross.ts';
import { naiveClearing, naiveShares } from './naive-auction.ts';
import { NaiveBook } from './naive-book.ts';
import { type BookCommand, type Dice, START, nextCommand } from './workload.ts';

export type Played = { readonly command: BookCommand; readonly events: readonly BookEvent[] };

/** Gives a command to the fast book. */
export function run(book: Book, command: BookCommand): BookEvent[] {
  book.events.count = 0;
  switch (command.type) {
    case 'place': {
      const { id, account, side, price, quantity, flags, minimum } = command;
      book.place(id, account, side, price, quantity, flags, minimum);
      break;
    }
    case 'cancel':
      book.cancel(command.id, command.account, command.reason);
      break;
    case 'amend':
      book.amend(command.id, command.account, command.price, command.quantity, command.flags);
      break;
    case 'band':
      book.setBand(command.low, command.high);
      break;
    case 'limit':
      book.accounts.setLimit(command.account, command.limit);
      break;
    case 'release':
      book.accounts.expose(command.account, -command.amount);
      break;
    case 'line':
      book.accounts.setCreditLine(command.from, command.to, command.granted);
      resolveCrossed(book);
      break;
    default: {
      const found = clearing([...book.levels(0)], [...book.levels(1)], command.reference);
      if (found) uncross(book, found.price, command.margin);
      else resolveCrossed(book);
    }
  }
  return readEvents(book.events);
}

/** Looks after every command. */
export type Watch = (played: Played) => void;

/** Plays `length` commands to the fast book alone. */
export function play(book: Book, dice: Dice, length: number, calls: boolean, watch?: Watch): Played[] {
  return Array.from({ length }, (_, place) => {
    const command = nextCommand(dice, dump(book), place + 1, calls);
    const played = { command, events: run(book, command) };
    watch?.(played);
    return played;
  });
}

/** Plays `length` commands to both. @throws Error naming the first command after which the two differ. */
export function playBoth(dice: Dice, length: number, calls: boolean): Played[] {
  const book = restoreBook(START);
  const twin = new NaiveBook(START);
  const history: Played[] = [];
  for (let id = 1; id <= length; id++) {
    const command = nextCommand(dice, twin.dump(), id, calls);
    const events = run(book, command);
    const wrong =
      command.type === 'uncross' ? judge(twin, command, events) : compare(twin.run(command), events);
    if (wrong) throw new Error(`command ${id} ${JSON.stringify(command)}: ${wrong}`);
    // Dumps are long: compared often enough to name the command, and always at the end.
    if ((id % 8 === 0 || id === length) && !isDeepStrictEqual(dump(book), twin.dump())) {
      throw new Error(`command ${id} ${JSON.stringify(command)}: ${compare(twin.dump(), dump(book))}`);
    }
    history.push({ command, events });
  }
  return history;
}

function compare(expected: unknown, found: unknown): string | undefined {
  if (isDeepStrictEqual(expected, found)) return undefined;
  return `expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`;
}

/** A call auction by its outcome: the price, what each order executes, and that nobody met who must not. */
function judge(
  twin: NaiveBook,
  { reference, margin }: Extract<BookCommand, { type: 'uncross' }>,
  events: readonly BookEvent[],
): string | undefined {
  const found = naiveClearing(twin, reference);
  const trades = events.filter((event) => event.type === 'auction_trade');
  const shares = new Map<number, number>();
  const orders = new Map(twin.orders.map((order) => [order.id, order]));
  const expected = found ? naiveShares(twin, found.price, margin) : new Map<number, number>();
  for (const { buy, sell, price, quantity, sellLeft } of trades) {
    if (price !== found?.price) return `price ${price} instead of ${found?.price}`;
    if (!twin.mayTrade(orders.get(buy)!, orders.get(sell)!)) return `${buy} and ${sell} must not trade`;
    for (const id of [buy, sell]) shares.set(id, (shares.get(id) ?? 0) + quantity);
    twin.execute(buy, quantity);
    if (twin.execute(sell, quantity) !== sellLeft) return `${sell} has ${sellLeft} left`;
  }
  const sorted = (map: Map<number, number>) => [...map].sort(([a], [b]) => a - b);
  return (
    compare(sorted(expected), sorted(shares)) ?? compare(twin.resolveCrossed(), events.slice(trades.length))
  );
}
