/**
 * The promises of an order book (reliability.md section 4), each checked after every command from the events and
 * the books before and after it. Knows nothing of how matching works.
 */
import { type BookDump, dump } from '../../book/dump.ts';
import type { Book } from '../../book/book.ts';
import type { BookEvent } from '../../book/read-events.ts';
import { FLAG, type RestingOrder } from '../../book/types.ts';
import type { Played } from './play.ts';
import type { BookCommand } from './workload.ts';

type Step = Played & { readonly before: BookDump; readonly after: BookDump; readonly book: Book };
type Placed = Extract<BookCommand, { type: 'place' }>;
type Life = { side: number; account: number; limit: number; wanted: number; filled: number; gone: number };
type Trade = { buy: number; sell: number; taker: number; maker: number; price: number; quantity: number };

export class BookInvariants {
  readonly #collects: boolean;
  readonly #lives = new Map<number, Life>();
  #before: BookDump;
  readonly #sold = { 0: 0, 1: 0 } as Record<number, number>;

  /** `collects`: call phases leave a crossed book, so O1 is not asked. */
  constructor(book: Book, collects: boolean) {
    this.#before = dump(book);
    this.#collects = collects;
  }

  /** @throws Error naming the invariant. */
  check(played: Played, book: Book): void {
    const step = { ...played, before: this.#before, after: dump(book), book };
    this.#follow(step);
    const wrong =
      (this.#collects ? undefined : uncrossed(step)) ??
      this.#conserved(step) ??
      this.#fairTrades(step) ??
      priority(step) ??
      untouchedWhenRefused(step) ??
      levels(step) ??
      conditions(step) ??
      limits(step) ??
      places(step);
    if (wrong) throw new Error(wrong);
    this.#before = step.after;
  }

  /** Each order's life, from what was said about it. */
  #follow({ command, events, before }: Step): void {
    for (const event of events) {
      if (event.type === 'accepted') {
        const { side, account } = command as Placed;
        this.#lives.set(event.id, {
          side,
          account,
          limit: event.price,
          wanted: event.quantity,
          filled: 0,
          gone: 0,
        });
      } else if (event.type === 'amended') {
        const life = this.#lives.get(event.id)!;
        life.limit = event.price;
        life.wanted += event.quantity - before.orders.find(({ id }) => id === event.id)!.quantity;
      } else if (event.type === 'cancelled') this.#lives.get(event.id)!.gone += event.quantity;
    }
    for (const { buy, sell, quantity } of trades(events, this.#lives)) {
      for (const id of [buy, sell]) {
        this.#lives.get(id)!.filled += quantity;
        this.#sold[this.#lives.get(id)!.side]! += quantity;
      }
    }
  }

  /** O2: every lot is executed, cancelled or open. O5: as much is bought as is sold. */
  #conserved({ after, events }: Step): string | undefined {
    if (this.#sold[0] !== this.#sold[1]) return `O5: ${this.#sold[0]} bought, ${this.#sold[1]} sold`;
    const open = new Map(after.orders.map(({ id, quantity }) => [id, quantity]));
    const touched = events.flatMap((event) =>
      'id' in event ? [event.id] : 'buy' in event ? [event.buy, event.sell] : [event.maker, event.taker],
    );
    for (const id of [...touched, ...open.keys()]) {
      const life = this.#lives.get(id);
      if (life && life.wanted !== life.filled + life.gone + (open.get(id) ?? 0))
        return `O2: order ${id} ${JSON.stringify(life)}`;
    }
    return undefined;
  }

  /** O4: the maker's price, inside both limits. O7: never inside an owner group. And never on credit without lines. */
  #fairTrades({ events, before, after, command }: Step): string | undefined {
    for (const { buy, sell, maker, price } of trades(events, this.#lives)) {
      const [bought, sold] = [this.#lives.get(buy)!, this.#lives.get(sell)!];
      if (price > bought.limit || price < sold.limit)
        return `O4: ${price} outside ${sold.limit}..${bought.limit}`;
      const made = before.orders.find(({ id }) => id === maker)?.price;
      if (made !== undefined && command.type !== 'uncross' && price !== made)
        return `O4: ${price}, the maker's is ${made}`;
      const groups = [bought, sold].map(({ account }) => after.accounts[account]!.group);
      if (groups[0] === groups[1] && groups[0] !== 0) return `O7: ${buy} and ${sell} of group ${groups[0]}`;
    }
    return undefined;
  }
}

function trades(events: readonly BookEvent[], lives: ReadonlyMap<number, Life>): Trade[] {
  return events.flatMap((event): Trade[] => {
    if (event.type === 'auction_trade') return [{ ...event, taker: event.buy, maker: 0 }];
    if (event.type !== 'trade') return [];
    const { taker, maker } = event;
    const [buy, sell] = lives.get(taker)!.side === 0 ? [taker, maker] : [maker, taker];
    return [{ ...event, buy, sell }];
  });
}

type Credit = Pick<RestingOrder, 'account' | 'credit'>;

function mayTrade({ accounts }: BookDump, a: Credit, b: Credit): boolean {
  const [one, other] = [accounts[a.account]!, accounts[b.account]!];
  if (one.group === other.group && one.group !== 0) return false;
  return !(a.credit && b.credit) || (one.lines.includes(b.account) && other.lines.includes(a.account));
}

/** O1 with credit lines: what crosses are only traders on credit without a line. */
function uncrossed({ after }: Step): string | undefined {
  const sells = after.orders.filter(({ side }) => side === 1);
  for (const buy of after.orders.filter(({ side }) => side === 0)) {
    for (const sell of sells.filter(({ price }) => price <= buy.price)) {
      const { group } = after.accounts[buy.account]!;
      const own = group !== 0 && group === after.accounts[sell.account]!.group;
      if (own || mayTrade(after, buy, sell))
        return `O1: ${buy.id} at ${buy.price} and ${sell.id} at ${sell.price} rest`;
    }
  }
  return undefined;
}

/** O3: before an order is met, everyone ahead of it whom the taker may meet has been met in full. */
function priority({ command, events, before, after }: Step): string | undefined {
  if (command.type !== 'place' && command.type !== 'amend') return undefined;
  const met = events.filter((event) => event.type === 'trade');
  const [first] = met;
  if (!first) return undefined;
  const taker = before.orders.find(({ id }) => id === first.taker) ?? {
    ...(command as Placed),
    credit: ((command as Placed).flags & FLAG.CREDIT) !== 0,
  };
  const queue = before.orders
    .filter(({ side }) => side !== taker.side)
    .filter((maker) => mayTrade(before, taker, maker));
  for (const [place, { maker, quantity }] of met.entries()) {
    if (queue[place]?.id !== maker) return `O3: ${maker} met, ${queue[place]?.id} is ahead`;
    if (place < met.length - 1 && quantity !== queue[place].quantity) return `O3: ${maker} not met in full`;
  }
  const left = after.orders.find(({ id }) => id === first.taker);
  const next = queue[met.length];
  const crosses = left && next && (left.side === 0 ? next.price <= left.price : next.price >= left.price);
  return crosses ? `O3: ${left.id} rests although ${next.id} was next` : undefined;
}

/** O6: a refusal, of an unknown or foreign order too, changes nothing. */
function untouchedWhenRefused({ events, before, after }: Step): string | undefined {
  const [first] = events;
  if (first?.type !== 'refused') return undefined;
  if (events.length > 1) return 'O6: more than a refusal';
  return JSON.stringify(before) === JSON.stringify(after) ? undefined : 'O6: a refusal changed the book';
}

/** O8: a level is the sum of its orders, levels fall in order, and none is empty. */
function levels({ after, book }: Step): string | undefined {
  for (const side of [0, 1] as const) {
    const sums = new Map<number, { price: number; quantity: number; orders: number }>();
    for (const { price, quantity } of after.orders.filter((order) => order.side === side)) {
      const level = sums.get(price) ?? { price, quantity: 0, orders: 0 };
      sums.set(price, { price, quantity: level.quantity + quantity, orders: level.orders + 1 });
    }
    const expected = [...sums.values()].sort((a, b) => (side === 0 ? b.price - a.price : a.price - b.price));
    const found = [...book.levels(side)];
    if (JSON.stringify(expected) !== JSON.stringify(found)) return `O8: levels ${JSON.stringify(found)}`;
    if (book.best(side) !== (expected[0]?.price ?? 0)) return `O8: best ${book.best(side)}`;
    if (expected.some(({ price, quantity }) => book.depth(side, price).quantity !== quantity))
      return 'O8: depth';
  }
  return book.size === after.orders.length ? undefined : `O8: ${book.size} orders`;
}

/** O9: fill-or-kill in full or not at all, immediate-or-cancel never rests, post-only never takes; minimum quantity. */
function conditions({ command, events, after }: Step): string | undefined {
  if (command.type !== 'place' || events[0]?.type !== 'accepted') return undefined;
  const { id, flags, quantity, minimum } = command;
  const filled = events.reduce((sum, event) => sum + (event.type === 'trade' ? event.quantity : 0), 0);
  const rests = after.orders.some((order) => order.id === id);
  if ((flags & FLAG.FILL_OR_KILL) !== 0 && filled !== 0 && filled !== quantity)
    return `O9: fill-or-kill filled ${filled}`;
  if ((flags & (FLAG.IMMEDIATE_OR_CANCEL | FLAG.FILL_OR_KILL)) !== 0 && rests)
    return 'O9: it must execute and rests';
  if ((flags & FLAG.POST_ONLY) !== 0 && filled > 0) return 'O9: post-only took';
  if (filled < minimum && (filled > 0 || rests)) return `O9: ${filled} of at least ${minimum}`;
  return undefined;
}

/** O10: what entered was within band and notional. O12: and within its account's exposure. */
function limits({ command, events, before, after }: Step): string | undefined {
  const [lead] = events;
  if (lead?.type !== 'accepted' && (lead?.type !== 'amended' || lead.kept)) return undefined;
  if (!Number.isInteger(lead.price) || lead.price < before.low || lead.price > before.high)
    return `O10: price ${lead.price}`;
  if (!(lead.quantity >= 1) || lead.price * lead.quantity > before.notionalMax)
    return `O10: quantity ${lead.quantity}`;
  const owner =
    command.type === 'place' ? command.account : before.orders.find(({ id }) => id === lead.id)!.account;
  const { exposure, limit } = after.accounts[owner]!;
  return exposure > limit ? `O12: exposure ${exposure} over ${limit}` : undefined;
}

/** O13: an amend keeps the place for less, and goes to the end for anything else. */
function places({ events, before, after }: Step): string | undefined {
  const [lead] = events;
  if (lead?.type !== 'amended' || lead.resting === 0) return undefined;
  const queue = ({ orders }: BookDump) => {
    const { side } = orders.find(({ id }) => id === lead.id)!;
    return orders.filter((order) => order.side === side && order.price === lead.price).map(({ id }) => id);
  };
  if (!lead.kept) return queue(after).at(-1) === lead.id ? undefined : `O13: ${lead.id} is not last`;
  return queue(before).join() === queue(after).join() ? undefined : `O13: ${lead.id} lost its place`;
}
