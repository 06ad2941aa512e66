/**
 * The order books that npm offers, given the same operations in the form they ask for. What they do not have
 * (bands, exposure, credit, minimum quantity; one of them self-trade prevention) is not asked of them. Their arguments are made
 * before the clock starts.
 */
import * as hft from 'hft-limit-order-book';
import * as nodejs from 'nodejs-order-book';
import { FLAG } from '@seam/engine/book';
import type { Messages } from '../../src/cli/replay/messages.ts';
import { AMEND, CANCEL, FIELD, type Operations } from './operations.ts';

/** What both understand. */
type Limit = {
  type: 'limit';
  id: string;
  side: 'buy' | 'sell';
  size: number;
  price: number;
  timeInForce: 'GTC' | 'IOC' | 'FOK';
  postOnly: boolean;
  /** Self-trade prevention by whoever owns the account, which nodejs-order-book has: the arriving order ends. */
  accountId: string;
  stpMode: nodejs.SelfTradePreventionMode;
};
type Call =
  | Limit
  | { type: 'cancel'; id: string }
  | { type: 'modify'; id: string; update: { side: 'buy' | 'sell'; size: number; price: number } };

type PeerBook = {
  createOrder: (order: never) => unknown;
  cancel: (id: string) => unknown;
  modify: (id: string, update: never) => unknown;
};

const books = {
  'nodejs-order-book': (): PeerBook => new nodejs.OrderBook(),
  'hft-limit-order-book': (): PeerBook => new hft.OrderBook(),
};
export type PeerName = keyof typeof books;

/** Operations a second of CPU time over `calls`, after `before` has been given to a new book. */
export function peerRate(name: PeerName, before: readonly Call[], calls: readonly Call[]): number {
  const book = books[name]();
  for (const call of before) give(book, call);
  const start = process.threadCpuUsage();
  for (const call of calls) give(book, call);
  const { user, system } = process.threadCpuUsage(start);
  return (calls.length * 1e6) / (user + system);
}

function give(book: PeerBook, call: Call): void {
  if (call.type === 'limit') book.createOrder(call as never);
  else if (call.type === 'cancel') book.cancel(call.id);
  else book.modify(call.id, call.update as never);
}

const side = (number: number | undefined) => (number === 0 ? 'buy' : 'sell');

const stpMode = nodejs.SelfTradePreventionMode.EXPIRE_TAKER;

export function operationCalls({ data, count }: Operations, most: number): Call[] {
  return Array.from({ length: Math.min(most, count) }, (_, place): Call => {
    const field = (name: keyof typeof FIELD) => data[place * FIELD.STRIDE + FIELD[name]]!;
    const id = String(field('ID'));
    const size = field('QUANTITY');
    const price = field('PRICE');
    if (field('KIND') === CANCEL) return { type: 'cancel', id };
    if (field('KIND') === AMEND)
      return { type: 'modify', id, update: { side: side(field('SIDE')), size, price } };
    const flags = field('FLAGS');
    const timeInForce =
      (flags & FLAG.IMMEDIATE_OR_CANCEL) !== 0 ? 'IOC' : (flags & FLAG.FILL_OR_KILL) !== 0 ? 'FOK' : 'GTC';
    const postOnly = (flags & FLAG.POST_ONLY) !== 0;
    const accountId = `group-${field('ACCOUNT') >> 1}`;
    return {
      type: 'limit',
      id,
      side: side(field('SIDE')),
      size,
      price,
      timeInForce,
      postOnly,
      accountId,
      stpMode,
    };
  });
}

export function messageCalls(messages: Messages, count: number): Call[] {
  return Array.from({ length: Math.min(count, messages.count) }, (_, message): Call => {
    const id = String(messages.ids[message]);
    const kind = messages.types[message]!;
    const size = messages.quantities[message]!;
    const price = messages.ticks[message]!;
    if (kind === CANCEL) return { type: 'cancel', id };
    if (kind === AMEND)
      return { type: 'modify', id, update: { side: side(messages.sides[message]), size, price } };
    const timeInForce = messages.immediates[message] === 1 ? 'IOC' : 'GTC';
    const none = { postOnly: false, accountId: '', stpMode: nodejs.SelfTradePreventionMode.NONE };
    return { type: 'limit', id, side: side(messages.sides[message]), size, price, timeInForce, ...none };
  });
}
