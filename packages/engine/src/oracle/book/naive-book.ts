/**
 * The order book as one would explain it: a list of orders, sorted and added up again for every question.
 * Written from the rules, not from the fast book; it shares only the shapes of its questions and answers.
 */
import type { AccountDump, BookDump } from '../../book/dump.ts';
import type { BookEvent } from '../../book/read-events.ts';
import { CANCEL, FLAG, QUANTITY_MAX, REFUSE, type RestingOrder } from '../../book/types.ts';
import type { BookCommand } from './workload.ts';

/** `since`: when it got its place in the queue. */
export type NaiveOrder = { -readonly [Key in keyof RestingOrder]: RestingOrder[Key] } & { since: number };
type Account = { group: number; limit: number; executed: bigint; lines: Set<number> };
type Place = Extract<BookCommand, { type: 'place' }>;

export class NaiveBook {
  orders: NaiveOrder[] = [];
  accounts: Account[] = [];
  low: number;
  high: number;
  notionalMax: number;
  #clock = 0;

  constructor({ low, high, notionalMax, accounts }: BookDump) {
    this.low = low;
    this.high = high;
    this.notionalMax = notionalMax;
    this.accounts = accounts.map(({ group, limit, lines }) => ({
      group,
      limit,
      executed: 0n,
      lines: new Set(lines),
    }));
  }

  /** Does everything but call auctions, which are judged by their outcome. */
  run(command: Exclude<BookCommand, { type: 'uncross' }>): BookEvent[] {
    switch (command.type) {
      case 'place':
        return this.#place(command);
      case 'cancel':
        return this.#cancel(command);
      case 'amend':
        return this.#amend(command);
      case 'band':
        this.low = command.low;
        this.high = command.high;
        return [];
      case 'limit':
        this.accounts[command.account]!.limit = command.limit;
        return [];
      case 'release':
        this.accounts[command.account]!.executed -= BigInt(command.amount);
        return [];
      default:
        if (command.granted) this.accounts[command.from]!.lines.add(command.to);
        else this.accounts[command.from]!.lines.delete(command.to);
        return this.resolveCrossed();
    }
  }

  dump(): BookDump {
    const { low, high, notionalMax } = this;
    const accounts = this.accounts.map(({ group, limit, lines }, account): AccountDump => {
      return {
        group,
        limit,
        exposure: Number(this.#exposure(account)),
        lines: [...lines].sort((a, b) => a - b),
      };
    });
    const orders = [...this.side(0), ...this.side(1)].map(({ since: _since, ...order }) => order);
    return { low, high, notionalMax, accounts, orders };
  }

  /** Orders of a side, best price first, then first in time. */
  side(side: number): NaiveOrder[] {
    const better = side === 0 ? -1 : 1;
    return this.orders
      .filter((order) => order.side === side)
      .sort((a, b) => better * (a.price - b.price) || a.since - b.since);
  }

  mayTrade(
    a: Pick<RestingOrder, 'account' | 'credit'>,
    b: Pick<RestingOrder, 'account' | 'credit'>,
  ): boolean {
    return !this.sameGroup(a, b) && !this.#noLine(a, b);
  }

  sameGroup(a: { account: number }, b: { account: number }): boolean {
    const group = this.accounts[a.account]!.group;
    return group !== 0 && group === this.accounts[b.account]!.group;
  }

  #noLine(a: Pick<RestingOrder, 'account' | 'credit'>, b: Pick<RestingOrder, 'account' | 'credit'>): boolean {
    if (!a.credit || !b.credit) return false;
    return !this.accounts[a.account]!.lines.has(b.account) || !this.accounts[b.account]!.lines.has(a.account);
  }

  #exposure(account: number): bigint {
    return this.orders
      .filter((order) => order.account === account)
      .reduce(
        (sum, { price, quantity }) => sum + BigInt(price) * BigInt(quantity),
        this.accounts[account]!.executed,
      );
  }

  #place(command: Place): BookEvent[] {
    const refused = this.#refusal(command, 0n) ?? this.#minimumRefusal(command);
    return refused ? [refused] : this.#enter(command, { type: 'accepted' });
  }

  #minimumRefusal({ id, price, quantity, flags, minimum }: Place): BookEvent | undefined {
    if (minimum === 0) return undefined;
    const never = (flags & (FLAG.COLLECT | FLAG.POST_ONLY)) !== 0;
    if (!never && Number.isInteger(minimum) && minimum > 0 && minimum <= quantity) return undefined;
    return {
      type: 'refused',
      id,
      price,
      reason: REFUSE.MINIMUM_QUANTITY,
      least: 0,
      most: never ? 0 : quantity,
    };
  }

  #refusal(order: Place, released: bigint): BookEvent | undefined {
    const { id, price, quantity, flags } = order;
    const no = (reason: number, least: number, most: number): BookEvent => ({
      type: 'refused',
      id,
      price: price | 0,
      reason,
      least,
      most,
    });
    if (!Number.isInteger(quantity) || quantity < 1 || quantity > QUANTITY_MAX) {
      return no(REFUSE.QUANTITY, 1, QUANTITY_MAX);
    }
    if (!Number.isInteger(price) || price < this.low || price > this.high) {
      return no(REFUSE.PRICE_BAND, this.low, this.high);
    }
    const amount = BigInt(price) * BigInt(quantity);
    const lotsFor = (room: bigint) => {
      const most = room < 0n ? 0n : room / BigInt(price);
      return Number(most > BigInt(QUANTITY_MAX) ? BigInt(QUANTITY_MAX) : most);
    };
    if (amount > BigInt(this.notionalMax)) return no(REFUSE.NOTIONAL, 0, lotsFor(BigInt(this.notionalMax)));
    const room = BigInt(this.accounts[order.account]!.limit) - this.#exposure(order.account) + released;
    if (amount > room) return no(REFUSE.EXPOSURE, 0, lotsFor(room));
    const atOnce = flags & (FLAG.IMMEDIATE_OR_CANCEL | FLAG.FILL_OR_KILL | FLAG.POST_ONLY);
    if ((flags & FLAG.COLLECT) !== 0 && atOnce !== 0) return no(REFUSE.NOT_IN_CALL, 0, 0);
    const taken = this.#crossed(order).find((maker) => this.mayTrade(asOrder(order), maker));
    if ((flags & FLAG.POST_ONLY) !== 0 && taken) {
      return no(REFUSE.POST_ONLY, taken.price, taken.price + (order.side === 0 ? -1 : 1));
    }
    return undefined;
  }

  /** Resting orders that an incoming one reaches, in the order in which it meets them. */
  #crossed({ side, price }: { side: number; price: number }): NaiveOrder[] {
    return this.side(1 - side).filter((maker) => (side === 0 ? maker.price <= price : maker.price >= price));
  }

  #enter(order: Place, lead: { type: 'accepted' } | { type: 'amended'; kept: false }): BookEvent[] {
    const { id, account, side, price, quantity, flags, minimum } = order;
    const events: BookEvent[] = [];
    const own = asOrder(order);
    const crossed = (flags & FLAG.COLLECT) !== 0 ? [] : this.#crossed(order);
    const makers = crossed.filter((maker) => this.mayTrade(own, maker));
    const needed = (flags & FLAG.FILL_OR_KILL) !== 0 ? quantity : minimum;
    const available = makers.reduce((sum, maker) => sum + maker.quantity, 0);
    let left = quantity;
    let rests = (flags & (FLAG.FILL_OR_KILL | FLAG.IMMEDIATE_OR_CANCEL)) === 0;
    if (available < needed) {
      const kill = (flags & FLAG.FILL_OR_KILL) !== 0;
      const reason = kill ? CANCEL.FILL_OR_KILL : CANCEL.MINIMUM_QUANTITY;
      return [
        { ...lead, id, price, quantity, resting: 0 },
        { type: 'cancelled', id, price, quantity, reason, available },
      ];
    }
    let met = false;
    for (const maker of crossed) {
      if (left === 0) break;
      const size = Math.min(left, maker.quantity);
      if (this.sameGroup(own, maker)) {
        if (!met)
          events.push({ type: 'self_trade_skipped', id, own: maker.id, price: maker.price, quantity: size });
        met = true;
      } else if (makers.includes(maker)) {
        left -= size;
        maker.quantity -= size;
        events.push({
          type: 'trade',
          taker: id,
          maker: maker.id,
          price: maker.price,
          quantity: size,
          makerLeft: maker.quantity,
        });
        this.accounts[maker.account]!.executed += BigInt(maker.price) * BigInt(size);
      }
    }
    this.accounts[account]!.executed += BigInt(price) * BigInt(quantity - left);
    const reason = rests ? CANCEL.SELF_TRADE : CANCEL.IMMEDIATE_OR_CANCEL;
    rests &&= !met;
    if (left > 0 && !rests)
      events.push({ type: 'cancelled', id, price, quantity: left, reason, available: 0 });
    this.orders = this.orders.filter((maker) => maker.quantity > 0);
    if (left > 0 && rests)
      this.orders.push({ ...own, id, side, price, quantity: left, since: this.#clock++ });
    return [{ ...lead, id, price, quantity, resting: rests ? left : 0 }, ...events];
  }

  #cancel({ id, account, reason }: Extract<BookCommand, { type: 'cancel' }>): BookEvent[] {
    const order = this.orders.find((one) => one.id === id && (account === -1 || one.account === account));
    if (!order)
      return [{ type: 'refused', id: id | 0, price: 0, reason: REFUSE.UNKNOWN_ORDER, least: 0, most: 0 }];
    return [this.#remove(order, reason)];
  }

  #remove(order: NaiveOrder, reason: number): BookEvent {
    this.orders = this.orders.filter((one) => one !== order);
    const { id, price, quantity } = order;
    return { type: 'cancelled', id, price, quantity, reason, available: 0 };
  }

  #amend({ id, account, price, quantity, flags }: Extract<BookCommand, { type: 'amend' }>): BookEvent[] {
    const order = this.orders.find((one) => one.id === id && (account === -1 || one.account === account));
    if (!order)
      return [
        { type: 'refused', id: id | 0, price: price | 0, reason: REFUSE.UNKNOWN_ORDER, least: 0, most: 0 },
      ];
    if (
      price === order.price &&
      Number.isInteger(quantity) &&
      quantity >= 1 &&
      quantity <= order.quantity &&
      (flags & FLAG.REQUEUE) === 0
    ) {
      order.quantity = quantity;
      return [{ type: 'amended', id, price, quantity, kept: true, resting: quantity }];
    }
    const kept = (flags & (FLAG.POST_ONLY | FLAG.COLLECT)) | (order.credit ? FLAG.CREDIT : 0);
    const anew: Place = {
      type: 'place',
      id,
      account: order.account,
      side: order.side,
      price,
      quantity,
      flags: kept,
      minimum: 0,
    };
    const refused = this.#refusal(anew, BigInt(order.price) * BigInt(order.quantity));
    if (refused) return [refused];
    this.orders = this.orders.filter((one) => one !== order);
    return this.#enter(anew, { type: 'amended', kept: false });
  }

  /** Takes executed lots off resting orders: what a call auction did, judged elsewhere. */
  execute(id: number, quantity: number): number {
    const order = this.orders.find((one) => one.id === id)!;
    order.quantity -= quantity;
    this.accounts[order.account]!.executed += BigInt(order.price) * BigInt(quantity);
    this.orders = this.orders.filter((one) => one.quantity > 0);
    return order.quantity;
  }

  /** Every buy in priority order against every sell in priority order: first who may trade, then own groups. */
  resolveCrossed(): BookEvent[] {
    const events: BookEvent[] = [];
    const rests = (order: NaiveOrder) => this.orders.includes(order);
    for (const pass of ['trade', 'prevent']) {
      for (const buy of this.side(0)) {
        for (const sell of this.side(1)) {
          if (!rests(buy) || !rests(sell) || buy.price < sell.price) continue;
          const [maker, taker] = buy.id < sell.id ? [buy, sell] : [sell, buy];
          if (pass === 'prevent' && this.sameGroup(buy, sell)) {
            events.push(this.#remove(taker, CANCEL.SELF_TRADE));
          } else if (pass === 'trade' && this.mayTrade(buy, sell)) {
            const quantity = Math.min(buy.quantity, sell.quantity);
            this.execute(taker.id, quantity);
            const makerLeft = this.execute(maker.id, quantity);
            events.push({
              type: 'trade',
              taker: taker.id,
              maker: maker.id,
              price: maker.price,
              quantity,
              makerLeft,
            });
          }
        }
      }
    }
    return events;
  }
}

function asOrder({ id, account, side, price, quantity, flags }: Place): RestingOrder {
  return { id, account, side, price, quantity, credit: (flags & FLAG.CREDIT) !== 0 };
}
