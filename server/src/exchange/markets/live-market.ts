/**
 * One order book as it is now, folded from committed entries: levels, resting orders, tape, status, and
 * what each company has in it. Knows account ids: only the frames beside it may show it to somebody.
 *
 * Unlike an auction's view it is changed in place, because copying a book for every order would cost more
 * than matching it. What changed is logged with its seq, so that a frame can be cut for any `prev` that the
 * log still reaches.
 */
import { rangeAround } from '@seam/engine';
import type { Command, InstrumentTerms, MarketEvent, MarketMode, Phase } from '@seam/engine';
import type { JournalEntry } from '../types.ts';
import { ChangeLog } from './change-log.ts';
import { type Levels, createLevels } from './levels.ts';
import type { LiveOrder } from './live-order.ts';
import { OwnBook } from './own-book.ts';
import { Tape } from './tape.ts';

type Place = { readonly seq: number; readonly at: number };
type OrderFields = Pick<LiveOrder, 'side' | 'price' | 'quantity' | 'timeInForce'> & { expiresAt?: number };

export class LiveMarket {
  readonly terms: InstrumentTerms;
  readonly orders = new Map<number, LiveOrder>();
  readonly buys: Levels = createLevels('buy');
  readonly sells: Levels = createLevels('sell');
  readonly changedOrders = new ChangeLog<number>();
  readonly tape = new Tape();
  readonly own = new Map<string, OwnBook>();
  phase: Phase = 'closed';
  until: number | null = null;
  mode: MarketMode = 'online';
  reason: string | null = null;
  referencePrice: number;
  priceMinimum: number;
  priceMaximum: number;
  /** Place of the last entry that changed anything, and of each topic's last change. */
  seq = 0;
  at = 0;
  bookSeq = 0;
  tradesSeq = 0;
  statusSeq = 0;
  readonly #touchedAccounts = new Set<string>();

  constructor(terms: InstrumentTerms, place: Place) {
    this.terms = terms;
    const { referencePrice, collar } = terms;
    const { low, high } = rangeAround(referencePrice, collar.hardBasisPoints);
    this.referencePrice = referencePrice;
    this.priceMinimum = low;
    this.priceMaximum = high;
    this.#moved(place);
    this.bookSeq = this.tradesSeq = this.statusSeq = place.seq;
  }

  /** Applies the events of an entry that concern this market. */
  apply(entry: JournalEntry): void {
    const { command, events } = entry;
    for (const event of events) this.#apply(event as MarketEvent, { command, entry });
    this.#moved(entry);
  }

  /** The accounts whose own part has changed since the last call. */
  takeTouchedAccounts(): readonly string[] {
    const accounts = [...this.#touchedAccounts];
    this.#touchedAccounts.clear();
    return accounts;
  }

  /** To change it: whoever only reads looks into `own`. */
  ownOf(accountId: string): OwnBook {
    let own = this.own.get(accountId);
    if (!own) this.own.set(accountId, (own = new OwnBook()));
    this.#touchedAccounts.add(accountId);
    return own;
  }

  #apply(event: MarketEvent, from: { command: Command; entry: JournalEntry }): void {
    const { entry } = from;
    switch (event.type) {
      case 'order_accepted':
        return this.#accept(event, from);
      case 'trade_executed':
        return this.#trade(event, entry);
      case 'uncrossed':
        return this.#uncross(event, entry);
      case 'order_cancelled':
        return this.#end(event.orderId, event.reason, entry);
      case 'orders_cancelled':
        for (const orderId of event.orderIds) this.#end(orderId, event.reason, entry);
        return undefined;
      case 'order_amended':
        return this.#amend(event, from);
      case 'account_admitted':
        this.ownOf(event.accountId).admit(entry.seq);
        return undefined;
      case 'exposure_allocated':
      case 'exposure_released':
        this.ownOf(event.accountId).limit(event.total, entry.seq);
        return undefined;
      case 'cancel_on_disconnect_armed':
        this.ownOf(event.accountId).arm(event.cancelAt, entry.seq);
        return undefined;
      case 'cancel_on_disconnect_disarmed':
      case 'cancel_on_disconnect_fired':
        this.ownOf(event.accountId).arm(null, entry.seq);
        return undefined;
      default:
        return this.#status(event, entry);
    }
  }

  #status(event: MarketEvent, entry: Place): void {
    switch (event.type) {
      case 'phase_changed':
        // A new day begins when orders are collected for it, or it opens at once.
        if (this.phase === 'closed' && event.phase !== 'closed') this.tape.beginSession();
        this.phase = event.phase;
        this.until = event.until;
        break;
      case 'random_end_drawn':
        this.until = event.endsAt;
        break;
      case 'collar_changed':
        this.referencePrice = event.referencePrice;
        this.priceMinimum = event.priceMinimum;
        this.priceMaximum = event.priceMaximum;
        break;
      case 'market_halted':
      case 'market_cancel_only':
        this.mode = event.type === 'market_halted' ? 'halted' : 'cancel_only';
        this.reason = event.reason;
        break;
      case 'market_resumed':
        this.mode = 'online';
        this.reason = null;
        break;
      default:
        return;
    }
    this.statusSeq = entry.seq;
  }

  #accept(
    event: Extract<MarketEvent, { type: 'order_accepted' }>,
    { command, entry }: { command: Command; entry: JournalEntry },
  ): void {
    const { accountId, fields } = orderOf(command, event.line);
    const { side, price, quantity, timeInForce, expiresAt } = fields;
    const order: LiveOrder = {
      orderId: event.orderId,
      accountId,
      commandId: entry.cmdId,
      line: event.line ?? null,
      side,
      price,
      quantity,
      remaining: quantity,
      timeInForce,
      expiresAt: expiresAt ?? null,
      priority: entry.seq,
      at: entry.at,
    };
    this.rest(order, entry.seq);
  }

  /** Takes an order in as it stands: a new one, or one read back. */
  rest(order: LiveOrder, seq: number): void {
    this.orders.set(order.orderId, order);
    this.#levelsOf(order).add(order.price, { quantity: order.remaining, orders: 1 }, seq);
    this.#touched(order, seq);
  }

  #trade(event: Extract<MarketEvent, { type: 'trade_executed' }>, place: Place): void {
    const { tradeNumber, price, quantity } = event;
    const taker = this.#order(event.takerOrderId);
    this.tape.add({ tradeNumber, at: place.at, price, quantity, taker: taker.side }, place.seq);
    for (const orderId of [event.makerOrderId, event.takerOrderId]) {
      this.#fill({ orderId, tradeNumber, price, quantity }, place);
    }
    this.#traded(place);
  }

  #uncross(event: Extract<MarketEvent, { type: 'uncrossed' }>, place: Place): void {
    if (event.price === null) return;
    const { price } = event;
    event.trades.forEach(({ buyOrderId, sellOrderId, quantity }, index) => {
      const tradeNumber = event.firstTradeNumber + index;
      this.tape.add({ tradeNumber, at: place.at, price, quantity, taker: 'call' }, place.seq);
      for (const orderId of [buyOrderId, sellOrderId])
        this.#fill({ orderId, tradeNumber, price, quantity }, place);
    });
    this.#traded(place);
  }

  #fill(
    fill: { orderId: number; tradeNumber: number; price: number; quantity: number },
    { seq, at }: Place,
  ): void {
    const order = this.#order(fill.orderId);
    const { quantity } = fill;
    order.remaining -= quantity;
    const orders = order.remaining === 0 ? -1 : 0;
    this.#levelsOf(order).add(order.price, { quantity: -quantity, orders }, seq);
    this.ownOf(order.accountId).filled({ ...fill, side: order.side, at }, seq);
    this.#touched(order, seq);
    if (order.remaining === 0) this.#remove(order, null, seq);
  }

  #end(orderId: number, reason: string, place: Place): void {
    const order = this.#order(orderId);
    this.#levelsOf(order).add(order.price, { quantity: -order.remaining, orders: -1 }, place.seq);
    this.#touched(order, place.seq);
    this.#remove(order, reason, place.seq);
  }

  #amend(
    event: Extract<MarketEvent, { type: 'order_amended' }>,
    { command, entry }: { command: Command; entry: JournalEntry },
  ): void {
    if (command.type !== 'amend_order') throw new Error(`seq ${entry.seq}: amended by ${command.type}`);
    const order = this.#order(event.orderId);
    const levels = this.#levelsOf(order);
    levels.add(order.price, { quantity: -order.remaining, orders: -1 }, entry.seq);
    order.remaining += command.quantity - order.quantity;
    order.quantity = command.quantity;
    order.price = command.price;
    if (!event.keepsPriority) order.priority = entry.seq;
    levels.add(order.price, { quantity: order.remaining, orders: 1 }, entry.seq);
    this.#touched(order, entry.seq);
  }

  #remove(order: LiveOrder, reason: string | null, seq: number): void {
    this.orders.delete(order.orderId);
    this.ownOf(order.accountId).ended(order, reason, seq);
  }

  #touched(order: LiveOrder, seq: number): void {
    this.changedOrders.note(order.orderId, seq);
    this.ownOf(order.accountId).changed(order, seq);
    // Best prices and the indicative call are part of the status.
    this.bookSeq = this.statusSeq = seq;
  }

  #traded({ seq }: Place): void {
    this.tradesSeq = this.statusSeq = seq;
  }

  #moved({ seq, at }: Place): void {
    this.seq = seq;
    this.at = at;
  }

  #levelsOf(order: LiveOrder): Levels {
    return order.side === 'buy' ? this.buys : this.sells;
  }

  #order(orderId: number): LiveOrder {
    const order = this.orders.get(orderId);
    if (!order) throw new Error(`event of order ${orderId}, which does not rest`);
    return order;
  }
}

function orderOf(command: Command, line: number | undefined): { accountId: string; fields: OrderFields } {
  if (command.type === 'place_order') return { accountId: command.accountId, fields: command };
  const fields = command.type === 'place_orders' ? command.orders[line ?? -1] : undefined;
  if (command.type !== 'place_orders' || !fields) throw new Error(`an order accepted from ${command.type}`);
  return { accountId: command.accountId, fields };
}
