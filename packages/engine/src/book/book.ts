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
import { LEVEL_FIELD, ORDER_FIELD } from './layout.ts';
import { Memory } from './memory.ts';
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

const { NEXT, LEFT, AT, ID, KIND, ACCOUNT } = ORDER_FIELD;
const { BITS: LEVEL_BITS, COUNT, TOTAL_BITS, TOTAL } = LEVEL_FIELD;
const { ACCEPTED, AMENDED, CANCELLED, REFUSED } = EVENT;
const { IMMEDIATE_OR_CANCEL, FILL_OR_KILL, POST_ONLY, CREDIT, COLLECT, REQUEUE } = FLAG;
const ANYBODY = ANY_ACCOUNT;
const MUST_EXECUTE = IMMEDIATE_OR_CANCEL | FILL_OR_KILL;
/** What a plain limit order does not ask for. */
const CONDITIONS = MUST_EXECUTE | POST_ONLY | COLLECT;

export class Book {
  /** What the last call did. */
  readonly events = new EventBuffer();
  readonly accounts: Accounts;
  /** For the files of this folder; others go through the methods. */
  readonly memory: Memory;
  /** A second answer of `obtainable`, so that it need not be an object. */
  firstPrice = 0;
  #low = 1;
  #high = 16_384;
  #notionalMax = AMOUNT_MAX;

  constructor(options: BookOptions = {}) {
    this.memory = new Memory(options.capacity ?? 1_024);
    this.accounts = new Accounts(options.exposure === false ? Infinity : AMOUNT_MAX);
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
    const { accounts, memory } = this;
    // Messages are built only for a failure: this is the hot path.
    if (!accounts.has(account)) assert(false, `account ${account} is not registered`);
    if ((id | 0) !== id || id < 1) assert(false, `order id ${id}`);
    if (memory.find(id) !== 0) assert(false, `order id ${id} is in use`);
    if (!this.#fits(account, price, quantity, 0)) return this.#refuseSize(id, account, price, quantity, 0);
    if ((flags & CONDITIONS) !== 0 || minimum !== 0) {
      return this.#placeOnCondition(id, account, side, price, quantity, flags, minimum);
    }
    if (!memory.reach(side, price)) return this.#refuseReach(id, side, price);
    this.events.first(ACCEPTED, id, 0, price, quantity, 0);
    return this.#enter(id, account, side, price, quantity, flags);
  }

  /**
   * Takes a resting order out. `account`: its owner, or ANY_ACCOUNT for whoever controls the market.
   * `reason`: a CANCEL, or a number of the caller's own.
   */
  cancel(id: number, account: number, reason: number = CANCEL.BY_OWNER): number {
    const slot = this.#find(id, account);
    if (slot === 0) return this.#refuse(id, 0, 0, 0, REFUSE.UNKNOWN_ORDER);
    const { orders } = this.memory;
    this.events.first(CANCELLED, id, 0, orders[slot + AT]!, orders[slot + LEFT]!, reason);
    this.withdraw(slot);
    return 1;
  }

  /**
   * Changes price and remaining quantity of a resting order. Less at the same price keeps the place;
   * everything else goes to the end of its queue, matching first where it crosses. `flags`: POST_ONLY
   * refuses rather than take, COLLECT and REQUEUE as described there; others mean nothing here.
   */
  amend(id: number, account: number, price: number, quantity: number, flags = 0): number {
    const slot = this.#find(id, account);
    if (slot === 0) return this.#refuse(id, 0, price, 0, REFUSE.UNKNOWN_ORDER);
    const { orders } = this.memory;
    const left = orders[slot + LEFT]!;
    const at = orders[slot + AT]!;
    const less = (quantity | 0) === quantity && quantity >= 1 && quantity <= left;
    if (price === at && less && (flags & REQUEUE) === 0) {
      this.reduce(slot, quantity);
      this.events.first(AMENDED, id, 1, price, quantity, quantity);
      return 1;
    }
    const owner = orders[slot + ACCOUNT]!;
    const side: Side = sideOf(orders[slot + KIND]!);
    const kept = (orders[slot + KIND]! & CREDIT) | (flags & (POST_ONLY | COLLECT));
    if (!this.#fits(owner, price, quantity, at * left)) {
      return this.#refuseSize(id, owner, price, quantity, at * left);
    }
    if (kept !== 0 && this.#refusedFlags(id, owner, side, price, kept)) return 1;
    if (!this.memory.reach(side, price)) return this.#refuseReach(id, side, price);
    this.withdraw(slot);
    this.events.first(AMENDED, id, 0, price, quantity, 0);
    return this.#enter(id, owner, side, price, quantity, kept);
  }

  /** Matches an order that may enter, and rests it or cancels what is left. Event 0 announces it. */
  #enter(id: number, account: number, side: Side, price: number, quantity: number, flags: number): number {
    const { accounts, events, memory } = this;
    const other = (side ^ 1) as Side;
    let left = quantity;
    if (memory.best[other]! <= memory.level(other, price) && (flags & COLLECT) === 0) {
      left = match(this, id, account, side, price, quantity, flags);
    }
    if (left > 0 && (flags & MUST_EXECUTE) === 0) {
      accounts.exposures[account]! += price * quantity;
      memory.enter(id, account, accounts.groups[account]!, side | (flags & CREDIT), price, left);
      events.inform(0, left);
      return events.count;
    }
    const gone = left < 0 ? 0 - left : left;
    accounts.exposures[account]! += price * (quantity - gone);
    if (gone > 0) {
      const reason = (flags & MUST_EXECUTE) !== 0 ? CANCEL.IMMEDIATE_OR_CANCEL : CANCEL.SELF_TRADE;
      events.push(CANCELLED, id, 0, price, gone, reason);
    }
    return events.count;
  }

  /** An order of the right size that asks for more than a plain limit order does. */
  #placeOnCondition(
    id: number,
    account: number,
    side: Side,
    price: number,
    quantity: number,
    flags: number,
    minimum: number,
  ): number {
    if (this.#refusedFlags(id, account, side, price, flags)) return 1;
    const rests = (flags & MUST_EXECUTE) === 0;
    if (rests && !this.memory.reach(side, price)) return this.#refuseReach(id, side, price);
    if (minimum !== 0 && this.#refusedMinimum(id, price, quantity, flags, minimum)) return 1;
    this.events.first(ACCEPTED, id, 0, price, quantity, 0);
    const needed = (flags & FILL_OR_KILL) !== 0 ? quantity : minimum;
    const available = needed === 0 ? 0 : obtainable(this, account, side, price, flags, needed);
    if (available >= needed) return this.#enter(id, account, side, price, quantity, flags);
    const reason = (flags & FILL_OR_KILL) !== 0 ? CANCEL.FILL_OR_KILL : CANCEL.MINIMUM_QUANTITY;
    this.events.push(CANCELLED, id, available, price, quantity, reason);
    return 2;
  }

  #find(id: number, account: number): number {
    const slot = (id | 0) === id && id > 0 ? this.memory.find(id) : 0;
    return slot !== 0 && (account === ANYBODY || this.memory.orders[slot + ACCOUNT] === account) ? slot : 0;
  }

  /** Whether price and quantity are within every bound. `released`: exposure that entering gives back first. */
  #fits(account: number, price: number, quantity: number, released: number): boolean {
    const amount = price * quantity;
    return (
      (quantity | 0) === quantity &&
      quantity >= 1 &&
      (price | 0) === price &&
      price >= this.#low &&
      price <= this.#high &&
      amount <= this.#notionalMax &&
      amount <= this.accounts.limits[account]! - this.accounts.exposures[account]! + released
    );
  }

  /** Says which bound it is that an order does not fit, and what would. */
  #refuseSize(id: number, account: number, price: number, quantity: number, released: number): number {
    if ((quantity | 0) !== quantity || quantity < 1) {
      return this.#refuse(id, 1, price, QUANTITY_MAX, REFUSE.QUANTITY);
    }
    if ((price | 0) !== price || price < this.#low || price > this.#high) {
      return this.#refuse(id, this.#low, price, this.#high, REFUSE.PRICE_BAND);
    }
    if (price * quantity > this.#notionalMax) {
      return this.#refuse(id, 0, price, affordable(this.#notionalMax, price), REFUSE.NOTIONAL);
    }
    const room = this.accounts.limits[account]! - this.accounts.exposures[account]! + released;
    return this.#refuse(id, 0, price, affordable(room, price), REFUSE.EXPOSURE);
  }

  /** Says no to flags that do not go together, and to post-only where it would take. */
  #refusedFlags(id: number, account: number, side: Side, price: number, flags: number): boolean {
    if ((flags & COLLECT) !== 0 && (flags & (MUST_EXECUTE | POST_ONLY)) !== 0) {
      return this.#refuse(id, 0, price, 0, REFUSE.NOT_IN_CALL) > 0;
    }
    if ((flags & POST_ONLY) === 0 || obtainable(this, account, side, price, flags, 1) === 0) return false;
    const taken = this.firstPrice;
    return this.#refuse(id, taken, price, side === BUY ? taken - 1 : taken + 1, REFUSE.POST_ONLY) > 0;
  }

  #refusedMinimum(id: number, price: number, quantity: number, flags: number, minimum: number): boolean {
    const possible = (minimum | 0) === minimum && minimum > 0 && minimum <= quantity;
    if (possible && (flags & (COLLECT | POST_ONLY)) === 0) return false;
    const most = (flags & (COLLECT | POST_ONLY)) === 0 ? quantity : 0;
    return this.#refuse(id, 0, price, most, REFUSE.MINIMUM_QUANTITY) > 0;
  }

  /** There is no room for a price to rest at: says for which there is. */
  #refuseReach(id: number, side: Side, price: number): number {
    const { low, high } = reachable(this.memory, side);
    const least = Math.max(low, this.#low);
    return this.#refuse(id, least, price, Math.min(high, this.#high), REFUSE.PRICE_BAND);
  }

  #refuse(id: number, least: number, price: number, most: number, reason: number): number {
    this.events.first(REFUSED, id, least, price, most, reason);
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
    this.accounts.exposures[orders[slot + ACCOUNT]!]! -= orders[slot + AT]! * orders[slot + LEFT]!;
    this.memory.leave(slot);
  }

  /** Sets what is left of a resting order to less, in its place, and its exposure. No event. */
  reduce(slot: number, quantity: number): void {
    const { orders } = this.memory;
    const gone = orders[slot + LEFT]! - quantity;
    this.accounts.exposures[orders[slot + ACCOUNT]!]! -= orders[slot + AT]! * gone;
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
