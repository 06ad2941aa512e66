/**
 * Mixed operations for the order book, as columns: a market of a thousand companies around a price that wanders.
 *
 * Half place, the rest cancel and amend what rests at that moment, for which a book of its own is kept while they
 * are made. Among the orders are immediate-or-cancel, fill-or-kill, post-only, minimum quantities and credit; among
 * the accounts affiliates (self-trade prevention) and some at their exposure limit; some prices miss the band.
 */
import { type Book as BookClass, ANY_ACCOUNT, BUY, Book, FLAG, SELL } from '@seam/engine/book';

export const PLACE = 0;
export const CANCEL = 1;
export const AMEND = 2;

/** Eight 32-bit integers an operation: half a cache line, as a queue of commands would be. */
export const FIELD = {
  KIND: 0,
  ID: 1,
  ACCOUNT: 2,
  SIDE: 3,
  PRICE: 4,
  QUANTITY: 5,
  FLAGS: 6,
  MINIMUM: 7,
  STRIDE: 8,
} as const;
const { KIND, ID, ACCOUNT, SIDE, PRICE, QUANTITY, FLAGS, MINIMUM, STRIDE } = FIELD;
/** Constants of this file: imported ones are loaded and checked at every use. */
const [BUYING, SELLING] = [BUY, SELL] as const;
const [CANCELLING, AMENDING] = [CANCEL, AMEND] as const;

export type Operations = { readonly count: number; readonly data: Int32Array };

const ACCOUNTS = 1_000;
const MIDDLE = 8_000;
const BAND = 4_000;
const LIMIT_TIGHT = 20_000_000;

/** The market in which the operations take place, empty. */
export function market(resting: number): BookClass {
  const book = new Book({
    band: { low: MIDDLE - BAND, high: MIDDLE + BAND },
    notionalMax: 2_000_000,
    capacity: resting * 2,
  });
  for (let account = 0; account < ACCOUNTS; account++) book.accounts.open(1 + (account >> 1));
  for (let account = 0; account < ACCOUNTS; account++) {
    if (account % 50 === 0) book.accounts.setLimit(account, LIMIT_TIGHT);
    for (let step = 1; step <= 200; step++) {
      const partner = (account + step * 4) % ACCOUNTS;
      book.accounts.setCreditLine(account, partner, true);
      book.accounts.setCreditLine(partner, account, true);
    }
  }
  return book;
}

/** One operation; gives the number of events. */
export function apply(book: BookClass, { data }: Operations, place: number): number {
  const at = place * STRIDE;
  const id = data[at + ID]!;
  const kind = data[at + KIND]!;
  const account = data[at + ACCOUNT]!;
  if (kind === CANCELLING) return book.cancel(id, account);
  const price = data[at + PRICE]!;
  const quantity = data[at + QUANTITY]!;
  if (kind === AMENDING) return book.amend(id, account, price, quantity);
  const side = data[at + SIDE] === BUYING ? BUYING : SELLING;
  return book.place(id, account, side, price, quantity, data[at + FLAGS]!, data[at + MINIMUM]);
}

/** Makes operations without end, a batch at a time, around `resting` orders in the book. */
export class Generator {
  readonly #book: BookClass;
  readonly #resting: number;
  /** Ids that rested when last looked at; stale ones are dropped as they are met. */
  readonly #living: number[] = [];
  #id = 0;
  #state: number;
  #middle = MIDDLE;

  constructor(seed: number, resting: number) {
    this.#state = seed;
    this.#resting = resting;
    this.#book = market(resting);
  }

  /** Orders that all come to rest: what the book is to hold at first. */
  fill(): Operations {
    return this.#make(this.#resting, true);
  }

  next(count: number): Operations {
    return this.#make(count, false);
  }

  #make(count: number, filling: boolean): Operations {
    const operations = { count, data: new Int32Array(count * STRIDE) };
    for (let place = 0; place < count; place++) {
      const share = this.#book.size > this.#resting ? 30 : 70;
      const fields = operations.data.subarray(place * STRIDE, (place + 1) * STRIDE);
      if (filling) this.#wait(fields);
      else if (this.#roll(100) < share) this.#place(fields);
      else this.#change(fields);
      apply(this.#book, operations, place);
      const id = fields[ID]!;
      if (fields[KIND] === PLACE && this.#book.has(id)) this.#living.push(id);
    }
    return operations;
  }

  #place(fields: Int32Array): void {
    const kind = this.#roll(100);
    const credit = this.#roll(3) === 0 ? FLAG.CREDIT : 0;
    const side = this.#roll(2);
    // Towards the other side for those that want to trade; away from it, thinning out, for those that wait.
    const distance = kind < 20 ? -this.#roll(4) : 1 + Math.min(this.#roll(200), this.#roll(200));
    this.#middle +=
      Math.abs(this.#middle - MIDDLE) > 1_000 ? Math.sign(MIDDLE - this.#middle) : this.#roll(3) - 1;
    fields[KIND] = PLACE;
    fields[ID] = ++this.#id;
    fields[ACCOUNT] = this.#roll(ACCOUNTS);
    fields[SIDE] = side;
    fields[PRICE] = this.#roll(500) === 0 ? 1 : this.#middle + (side === 0 ? -distance : distance);
    fields[QUANTITY] = 1 + this.#roll(50);
    fields[FLAGS] =
      credit |
      (kind < 8 ? FLAG.IMMEDIATE_OR_CANCEL : kind < 10 ? FLAG.FILL_OR_KILL : kind > 95 ? FLAG.POST_ONLY : 0);
    fields[MINIMUM] = kind === 11 ? 1 + this.#roll(fields[QUANTITY]) : 0;
  }

  /** A plain order some way from the middle. */
  #wait(fields: Int32Array): void {
    const side = this.#roll(2);
    const distance = 1 + Math.min(this.#roll(200), this.#roll(200));
    fields[KIND] = PLACE;
    fields[ID] = ++this.#id;
    fields[ACCOUNT] = this.#roll(ACCOUNTS);
    fields[SIDE] = side;
    fields[PRICE] = MIDDLE + (side === 0 ? -distance : distance);
    fields[QUANTITY] = 1 + this.#roll(50);
  }

  #change(fields: Int32Array): void {
    const id = this.#target();
    const order = this.#book.order(id);
    fields[ID] = id;
    fields[ACCOUNT] = order?.account ?? ANY_ACCOUNT;
    fields[SIDE] = order?.side ?? BUY;
    fields[KIND] = this.#roll(5) === 0 ? AMEND : CANCEL;
    const less = this.#roll(2) === 0;
    fields[PRICE] = (order?.price ?? MIDDLE) + (less ? 0 : this.#roll(11) - 5);
    fields[QUANTITY] = less ? Math.max(1, (order?.quantity ?? 1) - 1 - this.#roll(5)) : 1 + this.#roll(50);
  }

  /** A resting order; of a hundred, one that is gone. */
  #target(): number {
    while (this.#living.length > 0) {
      const place = this.#roll(this.#living.length);
      const id = this.#living[place]!;
      if (this.#book.has(id) || this.#roll(100) === 0) return id;
      this.#living[place] = this.#living.at(-1)!;
      this.#living.pop();
    }
    return 1;
  }

  #roll(sides: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % sides;
  }
}
