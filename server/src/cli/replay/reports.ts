/**
 * Replays the messages of the public matching benchmark and gives the SHA-256 of the reports, which every right
 * engine shares. A modify is a cancel and a new order of the same id; there is no self-trade prevention.
 */
import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { ANY_ACCOUNT, BUY, Book, FLAG, NO_GROUP, SELL } from '@seam/engine/book';
import { ReplayError } from './error.ts';
import { readInput } from './input.ts';
import { MODIFY, type Messages, NEW, decodeMessages } from './messages.ts';
import { ReportWriter } from './report-writer.ts';

export const USAGE = 'reports FILE.bin[.xz]';

export async function replayReports(args: string[]): Promise<number> {
  const { positionals } = parseArgs({ args, allowPositionals: true, options: {} });
  const [file, ...rest] = positionals;
  if (!file || rest.length > 0) return 2;
  const messages = decodeMessages(readInput(file));
  const { hash, lines } = reportHash(messages);
  process.stderr.write(`${messages.count} messages, ${lines} reports\n`);
  process.stdout.write(`${hash}\n`);
  return 0;
}

/** Constants of this file: imported ones are loaded and checked at every use. */
const { IMMEDIATE_OR_CANCEL, REQUEUE } = FLAG;
const [BUYING, SELLING, ANYBODY] = [BUY, SELL, ANY_ACCOUNT] as const;
const [NEWLY, MODIFYING] = [NEW, MODIFY] as const;

/** A book for these messages: one account that may trade with itself, and no rule but price and time. */
export function bookFor({ scale }: Messages): Book {
  const book = new Book({ band: { low: 1, high: scale.high }, exposure: false });
  book.accounts.open(NO_GROUP);
  return book;
}

/** One message; gives the number of events. */
export function send(
  book: Book,
  { types, sides, immediates, quantities, ids, ticks }: Messages,
  message: number,
): number {
  const type = types[message]!;
  const id = ids[message]!;
  if (type === NEWLY) {
    const side = sides[message] === 0 ? BUYING : SELLING;
    const flags = immediates[message] === 0 ? 0 : IMMEDIATE_OR_CANCEL;
    return book.place(id, 0, side, ticks[message]!, quantities[message]!, flags);
  }
  if (type === MODIFYING) return book.amend(id, ANYBODY, ticks[message]!, quantities[message]!, REQUEUE);
  return book.cancel(id, ANYBODY);
}

/** @throws ReplayError when an order is new whose id still rests. */
export function reportHash(messages: Messages): { hash: string; lines: number } {
  const book = bookFor(messages);
  const hash = createHash('sha256');
  const writer = new ReportWriter(messages, (bytes) => hash.update(bytes));
  for (let message = 0; message < messages.count; message++) {
    if (messages.types[message] === NEW && book.has(messages.ids[message]!)) {
      const name = messages.name(messages.ids[message]!);
      throw new ReplayError('replay.order_duplicate', `record ${message}: order ${name} still rests`);
    }
    // An amend does not say the side it keeps; the report does.
    const side = book.sideOf(messages.ids[message]!);
    send(book, messages, message);
    writer.write(message, book.events, side);
  }
  writer.end();
  return { hash: hash.digest('hex'), lines: writer.lines };
}
