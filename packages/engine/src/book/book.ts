/**
 * The order book of one product and delivery period: price, then time.
 *
 * A call changes the book at once and leaves what happened in `events`, which the next call overwrites.
 * It takes and gives 32-bit integers only, allocates nothing while its arrays are large enough, and is
 * deterministic: the same calls give the same events and the same book.
 *
 * Who meets whom. An incoming order walks the opposite side by price, then time, and trades at the resting
 * order's price. It skips an order of its own owner group, and, when both settle on credit, one of an account
 * without a line in both directions. Skipping for want of a line lets the book rest locked or crossed; an order
 * that would rest against its own group is cancelled instead (CANCEL.SELF_TRADE), the resting one stays.
 *
 * Minimum quantity (FIX 110) speaks of entry alone: when fewer than that many lots can be had at once within
 * the limit, the order executes nothing and is cancelled; otherwise it goes on like any other, and what
 * rests of it may later execute in any quantity. Fill-or-kill is the same with the whole quantity.
 *
 * Phases, instruments and permissions are the market layer's. A caller's mistake that no member can cause (an id
 * in use, an account never registered) is an InvariantError; everything else asked for is answered by REFUSED.
 */
import { assert } from '../assert.ts';
import { Accounts } from './accounts.ts';
import { EventBuffer } from './events.ts';
import { match, obtainable } from './match.ts';
import { ACCOUNT, AT, COUNT, ID, KIND, LEFT, LEVEL_BITS, Memory, NEXT, TOTAL, TOTAL_BITS } from './memory.ts';
import { reachable } from './window.ts';
import {
  AMOUNT_MAX,
  ANY_ACCOUNT,
  BUY,
  type BookOptions,
  CANCEL,
  EVENT,
  FLAG,
  type Level,
  PRICE_MAX,
  QUANTITY_MAX,
  REFUSE,
  type RestingOrder,
  type Side,
} from './types.ts';

const { IMMEDIATE_OR_CANCEL, FILL_OR_KILL, POST_ONLY, CREDIT, COLLECT, REQUEUE } = FLAG;
const MUST_EXECUTE = IMMEDIATE_OR_CANCEL | FILL_OR_KILL;

export class Book {
  /** What the last call did. */
  readonly events = new EventBuffer();
  readonly accounts = new Accounts();
  /** For the files of this folder; others go through the methods. */
  readonly memory: Memory;
  readonly counting: boolean;
  /** A second answer of `obtainable`, so that it need not be an object. */
  firstPrice = 0;
  #low = 1;
  #high = 16_384;
  #notionalMax = AMOUNT_MAX;

  constructor(options: BookOptions = {}) {
    this.memory = new Memory(options.capacity ?? 1_024);
    this.counting = options.exposure ?? true;
    if (options.band) this.setBand(options.band.low, options.band.high);
    if (options.notionalMax !== undefined) this.setNotionalMax(options.notionalMax);
  }

  /** Prices accepted from now on, ticks, both included. What rests outside stays. */
  setBand(low: number, high: number): void {
    const whole = Number.isInteger(low) && Number.isInteger(high);
    assert(whole && low >= 1 && low <= high && high <= PRICE_MAX, `price band ${low}..${high}`);
    this.#low = low;
    this.#high = high;
  }

  /** Largest price times quantity accepted from now on, tick-lots. */
  setNotionalMax(most: number): void {
    assert(Number.isInteger(most) && most >= 1 && most <= AMOUNT_MAX, `largest notional ${most}`);
    this.#notionalMax = most;
  }

  get band(): { readonly low: number; readonly high: number } {
    return { low: this.#low, high: this.#high };
  }

  get notionalMax(): number {
    return this.#notionalMax;
  }

  /**
   * Takes in an order. `id`: issued by the caller, rising, 1..2^31-1. `account`: registered. `flags`: FLAG.
   * `minimum`: lots that must execute on entry, 0 for none. Gives the number of events: REFUSED alone, or
   * ACCEPTED with the trades and cancellation that followed.
   */
  place(
    id: number,
    account: number,
    side: Side,
    price: number,
    quantity: number,
    flags: number,
    minimum = 0,
  ): number {
    const { events, accounts, memory } = this;
    events.count = 0;
    // Messages are built only for a failure: this is the hot path.
    if (!accounts.has(account)) assert(false, `account ${account} is not registered`);
    if ((id | 0) !== id || id < 1) assert(false, `order id ${id}`);
    if (memory.find(id) !== 0) assert(false, `order id ${id} is in use`);
    if (this.#refused(id, account, side, price, quantity, flags, 0)) return 1;
    if (minimum !== 0 && this.#refusedMinimum(id, price, quantity, flags, minimum)) return 1;
    events.push(EVENT.ACCEPTED, id, 0, price, quantity, 0);
    this.#enter(id, account, side, price, quantity, flags, minimum);
    return events.count;
  }

  /**
   * Takes a resting order out. `account`: its owner, or ANY_ACCOUNT for whoever controls the market.
   * `reason`: a CANCEL, or a number of the caller's own.
   */
  cancel(id: number, account: number, reason: number = CANCEL.BY_OWNER): number {
    this.events.count = 0;
    const slot = this.#find(id, account);
    if (slot === 0) return this.#refuse(id, 0, 0, 0, REFUSE.UNKNOWN_ORDER);
    const { orders } = this.memory;
    this.events.push(EVENT.CANCELLED, id, 0, orders[slot + AT]!, orders[slot + LEFT]!, reason);
    this.withdraw(slot);
    return 1;
  }

  /**
   * Changes price and remaining quantity of a resting order. Less at the same price keeps the place;
   * everything else goes to the end of its queue, matching first where it crosses. `flags`: POST_ONLY
   * refuses rather than take, COLLECT and REQUEUE as described there; others mean nothing here.
   */
  amend(id: number, account: number, price: number, quantity: number, flags = 0): number {
    this.events.count = 0;
    const slot = this.#find(id, account);
    if (slot === 0) return this.#refuse(id, 0, price, 0, REFUSE.UNKNOWN_ORDER);
    const { orders } = this.memory;
    const left = orders[slot + LEFT]!;
    const at = orders[slot + AT]!;
    const less = (quantity | 0) === quantity && quantity >= 1 && quantity <= left;
    if (price === at && less && (flags & REQUEUE) === 0) {
      this.reduce(slot, quantity);
      this.events.push(EVENT.AMENDED, id, 1, price, quantity, quantity);
      return 1;
    }
    const owner = orders[slot + ACCOUNT]!;
    const side: Side = sideOf(orders[slot + KIND]!);
    const kept = (orders[slot + KIND]! & CREDIT) | (flags & (POST_ONLY | COLLECT));
    if (this.#refused(id, owner, side, price, quantity, kept, at * left)) return 1;
    this.withdraw(slot);
    this.events.push(EVENT.AMENDED, id, 0, price, quantity, 0);
    this.#enter(id, owner, side, price, quantity, kept, 0);
    return this.events.count;
  }

  /** Matches and rests or cancels an order that has passed every check. Event 0 announces it. */
  #enter(
    id: number,
    account: number,
    side: Side,
    price: number,
    quantity: number,
    flags: number,
    minimum: number,
  ): void {
    const { events } = this;
    const needed = (flags & FILL_OR_KILL) !== 0 ? quantity : minimum;
    if (needed > 0) {
      const available = obtainable(this, account, side, price, flags, needed);
      if (available < needed) {
        const reason = (flags & FILL_OR_KILL) !== 0 ? CANCEL.FILL_OR_KILL : CANCEL.MINIMUM_QUANTITY;
        events.push(EVENT.CANCELLED, id, available, price, quantity, reason);
        return;
      }
    }
    const left = (flags & COLLECT) !== 0 ? quantity : match(this, id, account, side, price, quantity, flags);
    const own = left < 0;
    const remaining = own ? 0 - left : left;
    const rests = remaining > 0 && !own && (flags & MUST_EXECUTE) === 0;
    if (this.counting) this.accounts.exposures[account]! += price * (rests ? quantity : quantity - remaining);
    if (rests) {
      this.memory.enter(
        id,
        account,
        this.accounts.groups[account]!,
        side | (flags & CREDIT),
        price,
        remaining,
      );
      events.inform(0, remaining);
    } else if (remaining > 0) {
      const reason = (flags & MUST_EXECUTE) !== 0 ? CANCEL.IMMEDIATE_OR_CANCEL : CANCEL.SELF_TRADE;
      events.push(EVENT.CANCELLED, id, 0, price, remaining, reason);
    }
  }

  #find(id: number, account: number): number {
    const slot = (id | 0) === id && id > 0 ? this.memory.find(id) : 0;
    return slot !== 0 && (account === ANY_ACCOUNT || this.memory.orders[slot + ACCOUNT] === account)
      ? slot
      : 0;
  }

  /** Says no when the order may not enter. `released`: exposure that entering it would give back first. */
  #refused(
    id: number,
    account: number,
    side: Side,
    price: number,
    quantity: number,
    flags: number,
    released: number,
  ): boolean {
    if ((quantity | 0) !== quantity || quantity < 1) {
      return this.#refuse(id, 1, price, QUANTITY_MAX, REFUSE.QUANTITY) > 0;
    }
    if ((price | 0) !== price || price < this.#low || price > this.#high) {
      return this.#refuse(id, this.#low, price, this.#high, REFUSE.PRICE_BAND) > 0;
    }
    const amount = price * quantity;
    if (amount > this.#notionalMax) {
      return this.#refuse(id, 0, price, affordable(this.#notionalMax, price), REFUSE.NOTIONAL) > 0;
    }
    if (this.counting) {
      const room = this.accounts.limits[account]! - this.accounts.exposures[account]! + released;
      if (amount > room) return this.#refuse(id, 0, price, affordable(room, price), REFUSE.EXPOSURE) > 0;
    }
    if ((flags & (MUST_EXECUTE | POST_ONLY | COLLECT)) === 0) return !this.#reaches(id, side, price);
    return this.#refusedFlags(id, account, side, price, flags);
  }

  #refusedFlags(id: number, account: number, side: Side, price: number, flags: number): boolean {
    if ((flags & COLLECT) !== 0 && (flags & (MUST_EXECUTE | POST_ONLY)) !== 0) {
      return this.#refuse(id, 0, price, 0, REFUSE.NOT_IN_CALL) > 0;
    }
    if ((flags & POST_ONLY) !== 0) {
      if (obtainable(this, account, side, price, flags, 1) > 0) {
        const taken = this.firstPrice;
        const free = side === BUY ? taken - 1 : taken + 1;
        return this.#refuse(id, taken, price, free, REFUSE.POST_ONLY) > 0;
      }
    }
    return (flags & MUST_EXECUTE) === 0 && !this.#reaches(id, side, price);
  }

  #refusedMinimum(id: number, price: number, quantity: number, flags: number, minimum: number): boolean {
    const possible = (minimum | 0) === minimum && minimum > 0 && minimum <= quantity;
    if (possible && (flags & (COLLECT | POST_ONLY)) === 0) return false;
    const most = (flags & (COLLECT | POST_ONLY)) === 0 ? quantity : 0;
    return this.#refuse(id, 0, price, most, REFUSE.MINIMUM_QUANTITY) > 0;
  }

  /** Makes room for a price to rest at, or says which prices there is room for. */
  #reaches(id: number, side: Side, price: number): boolean {
    if (this.memory.reach(side, price)) return true;
    const { low, high } = reachable(this.memory, side);
    this.#refuse(id, Math.max(low, this.#low), price, Math.min(high, this.#high), REFUSE.PRICE_BAND);
    return false;
  }

  #refuse(id: number, least: number, price: number, most: number, reason: number): number {
    this.events.push(EVENT.REFUSED, id, least, price, most, reason);
    return 1;
  }

  /** Where an order rests, for the files of this folder. @throws InvariantError when it does not. */
  slot(id: number): number {
    const slot = this.#find(id, ANY_ACCOUNT);
    assert(slot !== 0, `order ${id} does not rest`);
    return slot;
  }

  /** How many orders rest. */
  get size(): number {
    return this.memory.live;
  }

  has(id: number): boolean {
    return this.#find(id, ANY_ACCOUNT) !== 0;
  }

  /** The resting order with this id. */
  order(id: number): RestingOrder | undefined {
    const slot = this.#find(id, ANY_ACCOUNT);
    return slot === 0 ? undefined : this.#read(slot);
  }

  /** Side of a resting order, without reading the rest of it; BUY when there is none. */
  sideOf(id: number): Side {
    return sideOf(this.memory.orders[this.#find(id, ANY_ACCOUNT) + KIND]!);
  }

  /** Best price of a side, 0 when it is empty. */
  best(side: Side): number {
    const best = this.memory.best[side]!;
    return best < this.memory.end(side) ? this.memory.price(side, best) : 0;
  }

  /** Total lots at a price: what a feed publishes after a change. */
  depth(side: Side, price: number): Level {
    const level = this.#level(side, price);
    return level < 0 ? { price, quantity: 0, orders: 0 } : this.#total(side, level);
  }

  /** Levels of a side, best first. */
  *levels(side: Side): Generator<Level> {
    const { memory } = this;
    for (let level = memory.best[side]!; level < memory.end(side); level = memory.next(level)) {
      yield this.#total(side, level);
    }
  }

  /** Orders of a side in priority order; `price`: of this level only. */
  *orders(side: Side, price?: number): Generator<RestingOrder> {
    const { memory } = this;
    const only = price === undefined ? undefined : this.#level(side, price);
    if (only === -1) return;
    let level = only ?? memory.best[side]!;
    for (; level < memory.end(side); level = only === undefined ? memory.next(level) : memory.end(side)) {
      for (let slot = memory.levels[level << LEVEL_BITS]!; slot !== 0; slot = memory.orders[slot + NEXT]!) {
        yield this.#read(slot);
      }
    }
  }

  /** The level of a price where orders rest, -1 when none do. */
  #level(side: Side, price: number): number {
    const { memory } = this;
    const level = memory.level(side, price);
    const known = level >= side * memory.width && level < memory.end(side);
    return known && memory.levels[level << LEVEL_BITS] !== 0 ? level : -1;
  }

  #total(side: Side, level: number): Level {
    const { memory } = this;
    const orders = memory.levels[(level << LEVEL_BITS) + COUNT]!;
    return {
      price: memory.price(side, level),
      quantity: memory.totals[(level << TOTAL_BITS) + TOTAL]!,
      orders,
    };
  }

  #read(slot: number): RestingOrder {
    const { orders } = this.memory;
    return {
      id: orders[slot + ID]!,
      account: orders[slot + ACCOUNT]!,
      side: sideOf(orders[slot + KIND]!),
      price: orders[slot + AT]!,
      quantity: orders[slot + LEFT]!,
      credit: (orders[slot + KIND]! & CREDIT) !== 0,
    };
  }

  /** Takes a resting order out with what is left of it, and its exposure. No event. */
  withdraw(slot: number): void {
    const { orders } = this.memory;
    if (this.counting) {
      this.accounts.exposures[orders[slot + ACCOUNT]!]! -= orders[slot + AT]! * orders[slot + LEFT]!;
    }
    this.memory.leave(slot);
  }

  /** Sets what is left of a resting order to less, in its place, and its exposure. No event. */
  reduce(slot: number, quantity: number): void {
    const { orders } = this.memory;
    const gone = orders[slot + LEFT]! - quantity;
    if (this.counting) this.accounts.exposures[orders[slot + ACCOUNT]!]! -= orders[slot + AT]! * gone;
    if (gone > 0) this.memory.lower(slot, gone);
  }

  /** Executes some or all of what is left of a resting order. Exposure stays. No event. */
  executeResting(slot: number, quantity: number): void {
    if (quantity < this.memory.orders[slot + LEFT]!) this.memory.lower(slot, quantity);
    else this.memory.leave(slot);
  }
}

/** The side an order's KIND says. */
function sideOf(kind: number): Side {
  return (kind & 1) as Side;
}

function affordable(amount: number, price: number): number {
  return amount < price ? 0 : Math.min(QUANTITY_MAX, Math.floor(amount / price));
}
