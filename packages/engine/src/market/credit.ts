/**
 * Who settles with whom on trust. Two accounts of class `credit` trade only while each has given the other a line,
 * and only as far as both lines can bear what is not settled between them, whichever of the two bought.
 *
 * An open line bears anything: the book knows such pairs by a bit. A line with an amount serves an order only if it
 * can bear the whole of it, so the bit is set anew before each order (`admit`) and before each uncross
 * (`admitPairs`) by the most that could be traded: a line is never overdrawn, at the price of being passed over
 * when it could have borne a part.
 */
import type { Book } from '../book/index.ts';
import { tickLotsWithin } from './money.ts';

type Line = { readonly amount: string; readonly limit: number };

const NONE: Line = { amount: '0', limit: 0 };

export class CreditLines {
  readonly #accounts: Book['accounts'];
  readonly #value: bigint;
  /** By giver, then by receiver. */
  readonly #lines = new Map<number, Map<number, Line>>();
  /** Tick-lots not settled between two accounts, in both directions alike. */
  readonly #used = new Map<number, Map<number, number>>();
  /** Pairs with lines both ways of which at least one has an amount, in both directions. */
  readonly #limited = new Map<number, Set<number>>();

  constructor(accounts: Book['accounts'], value: bigint) {
    this.#accounts = accounts;
    this.#value = value;
  }

  /** `amount`: minor units, or `open`. */
  set(from: number, to: number, amount: string): void {
    const limit = amount === 'open' ? Infinity : tickLotsWithin(BigInt(amount), this.#value);
    row(this.#lines, from, () => new Map<number, Line>()).set(to, { amount, limit });
    const both = Math.min(limit, this.#line(to, from).limit);
    this.#limit(from, to, both > 0 && both !== Infinity);
    this.#grant(from, to, both === Infinity);
  }

  amount(from: number, to: number): string {
    return this.#line(from, to).amount;
  }

  /** Books what is traded between two accounts; negative: what is settled. */
  use(a: number, b: number, tickLots: number): void {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const used = row(this.#used, from, () => new Map<number, number>());
      used.set(to, (used.get(to) ?? 0) + tickLots);
    }
  }

  /** Tick-lots not settled between two accounts. */
  used(a: number, b: number): number {
    return this.#used.get(a)?.get(b) ?? 0;
  }

  /** Lets `account` meet those whose lines can bear `tickLots`, and nobody else. */
  admit(account: number, tickLots: number): void {
    const partners = this.#limited.get(account);
    if (partners === undefined) return;
    for (const partner of partners) this.#grant(account, partner, this.#room(account, partner) >= tickLots);
  }

  /** Lets those pairs meet whose lines can bear `most(a, b)` tick-lots, a fresh look at each. */
  admitPairs(most: (a: number, b: number) => number): void {
    for (const [account, partners] of this.#limited) {
      for (const partner of partners) {
        if (account < partner)
          this.#grant(account, partner, this.#room(account, partner) >= most(account, partner));
      }
    }
  }

  /** Every line ever set: [from, to, amount]. */
  *entries(): Generator<readonly [from: number, to: number, amount: string]> {
    for (const [from, row] of this.#lines) for (const [to, { amount }] of row) yield [from, to, amount];
  }

  #line(from: number, to: number): Line {
    return this.#lines.get(from)?.get(to) ?? NONE;
  }

  #room(a: number, b: number): number {
    return Math.min(this.#line(a, b).limit, this.#line(b, a).limit) - this.used(a, b);
  }

  #limit(a: number, b: number, limited: boolean): void {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const partners = row(this.#limited, from, () => new Set<number>());
      if (limited) partners.add(to);
      else partners.delete(to);
    }
  }

  #grant(a: number, b: number, granted: boolean): void {
    this.#accounts.setCreditLine(a, b, granted);
    this.#accounts.setCreditLine(b, a, granted);
  }
}

function row<Value>(rows: Map<number, Value>, key: number, fresh: () => Value): Value {
  const known = rows.get(key);
  if (known !== undefined) return known;
  const made = fresh();
  rows.set(key, made);
  return made;
}
