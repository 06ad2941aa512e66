/**
 * Misfortunes on order, for tests, drills and simulations. Only where the process was started with BANK_FAULTS=on.
 * A kind is armed for a number of times, or strikes at a seeded rate: the same seed and the same questions give the
 * same misfortunes.
 */

/** What goes wrong while a payment is handed over or carried out. */
const REQUEST_FAULTS = [
  /** Debited, answered with pain.002 never: the process dies. */
  'crash_after_debit',
  /** Debited; the connection breaks before the answer. */
  'answer_lost',
  /** Debited; the connection stays open and nothing comes until the caller gives up. */
  'times_out_after_debit',
  /** The connection breaks before the bank has read anything. */
  'not_reached',
  /** Another amount is debited than was ordered. */
  'wrong_amount',
  /** Debited, accepted, and sent back by the receiving bank at once. */
  'returned',
] as const;
/** What goes wrong while the exchange is told. */
const EVENT_FAULTS = [
  /** Held back until it is released, or a minute has passed. */
  'late',
  /** Told twice under one id, and once more under another. */
  'duplicate',
  /** Told after the event that comes next. */
  'reordered',
  /** Never told: only the statement knows. */
  'lost',
  /** Somebody else tells the same with other amounts, signed with keys of their own, before the bank does. */
  'forged',
  /** The notification names another amount than was booked. */
  'wrong_amount_told',
] as const;
export const FAULTS = [...REQUEST_FAULTS, ...EVENT_FAULTS] as const;
export type FaultKind = (typeof FAULTS)[number];

/** Of 10,000 occasions. */
export type FaultRates = Readonly<Partial<Record<FaultKind, number>>>;
const WHOLE = 10_000;

export class Misfortunes {
  readonly allowed: boolean;
  readonly #armed = new Map<FaultKind, number>();
  #rates: FaultRates = {};
  #random: () => number = () => 1;

  constructor(allowed: boolean) {
    this.allowed = allowed;
  }

  /** For the next `count` occasions, beside what was armed before. */
  arm(kind: FaultKind, count = 1): void {
    this.#armed.set(kind, (this.#armed.get(kind) ?? 0) + count);
  }

  /** From now on each occasion is drawn; no rates end it. */
  draw(seed: number, rates: FaultRates): void {
    this.#rates = rates;
    this.#random = randomOf(seed);
  }

  /** Whether `kind` happens now. Uses up one of what was armed, or one draw where the kind has a rate. */
  strikes(kind: FaultKind): boolean {
    const armed = this.#armed.get(kind) ?? 0;
    if (armed > 0) {
      this.#armed.set(kind, armed - 1);
      return true;
    }
    const rate = this.#rates[kind];
    return rate !== undefined && this.#random() * WHOLE < rate;
  }
}

/** mulberry32: small, and enough for deciding what breaks. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
