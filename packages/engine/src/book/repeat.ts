/**
 * Recovery: does again what events say was done, without deciding anything. A book to which the recorded events
 * of every call are repeated equals the book that recorded them, whatever the rules are by then.
 */
import { assert } from '../assert.ts';
import type { Book } from './book.ts';
import type { BookEvent } from './read-events.ts';
import { FLAG, type RestingOrder, type Side } from './types.ts';

/** Puts an order at the end of its queue. @throws InvariantError when the id rests or the account is unknown. */
export function rest(book: Book, order: RestingOrder): void {
  const { id, account, side, price, quantity, credit } = order;
  assert(book.accounts.has(account) && !book.has(id), `order ${id} of account ${account} cannot rest`);
  assert(book.memory.reach(side, price), `no room for a price of ${price}`);
  const kind = side | (credit ? FLAG.CREDIT : 0);
  book.memory.enter(id, account, book.accounts.groups[account]!, kind, price, quantity);
  book.accounts.expose(account, price * quantity);
}

/** Executes some or all of what is left of a resting order. */
export function execute(book: Book, id: number, quantity: number): void {
  const slot = book.slot(id);
  assert(quantity <= book.order(id)!.quantity, `order ${id} has less than ${quantity} left`);
  book.executeResting(slot, quantity);
}

/** Takes a resting order out. */
export function remove(book: Book, id: number): void {
  book.withdraw(book.slot(id));
}

/** Leaves `quantity` of a resting order, in its place. */
export function reduceTo(book: Book, id: number, quantity: number): void {
  const slot = book.slot(id);
  assert(
    quantity >= 1 && quantity <= book.order(id)!.quantity,
    `order ${id} cannot be reduced to ${quantity}`,
  );
  book.reduce(slot, quantity);
}

/** What an order's own events do not say again: as it was placed. */
export type Placed = { readonly account: number; readonly side: Side; readonly credit: boolean };

/** Repeats the events of one call. `placed`: of the order, when the call placed one. */
export function repeat(book: Book, events: readonly BookEvent[], placed?: Placed): void {
  const [lead] = events;
  if (!lead || lead.type === 'refused') return;
  const entering = enters(book, lead, placed);
  for (const event of events) {
    if (event.type === 'trade') {
      execute(book, event.maker, event.quantity);
      if (event.taker !== entering?.id) execute(book, event.taker, event.quantity);
      else book.accounts.expose(entering.account, entering.price * event.quantity);
    } else if (event.type === 'auction_trade') {
      execute(book, event.buy, event.quantity);
      execute(book, event.sell, event.quantity);
    } else if (event.type === 'cancelled' && event.id !== entering?.id) remove(book, event.id);
  }
  if (entering && entering.quantity > 0) rest(book, entering);
}

/** The order that enters with this call and what rests of it in the end; an amended one leaves its place. */
function enters(book: Book, lead: BookEvent, placed: Placed | undefined): RestingOrder | undefined {
  if (lead.type === 'accepted') {
    assert(placed !== undefined, `order ${lead.id} was placed by nobody`);
    return { ...placed, id: lead.id, price: lead.price, quantity: lead.resting };
  }
  if (lead.type !== 'amended') return undefined;
  if (lead.kept) {
    reduceTo(book, lead.id, lead.quantity);
    return undefined;
  }
  const before = book.order(lead.id);
  assert(before !== undefined, `order ${lead.id} does not rest`);
  remove(book, lead.id);
  return { ...before, price: lead.price, quantity: lead.resting };
}
