/**
 * Replays the orders of another exchange through the book and writes what it would have traded and shown.
 *
 * Trades: `seq,resting_order_id,price_1e4,qty`, every fill of an incoming order. Best prices:
 * `seq,ask_1e4,ask_qty,bid_1e4,bid_qty` after each command that changed them, counted from the state after the first
 * command that is no SEED; an empty side is empty fields. EXECs of one time and side are one execution: only the
 * state after the last is shown.
 */
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import {
  ANY_ACCOUNT,
  BUY,
  Book,
  EVENT,
  EVENT_STRIDE,
  FLAG,
  NO_GROUP,
  OTHER,
  PRICE,
  QTY,
  SELL,
  TYPE,
} from '@seam/engine/book';
import { type Recorded, parseCommands } from './commands.ts';
import { ReplayError } from './error.ts';
import { readInput } from './input.ts';
import { type PriceScale, priceScale } from './price-scale.ts';

export const USAGE = 'orders COMMANDS.csv.gz --trades OUT.csv --bbo OUT.csv';

export async function replayOrders(args: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { trades: { type: 'string' }, bbo: { type: 'string' } },
  });
  const [file, ...rest] = positionals;
  if (!file || rest.length > 0 || !values.trades || !values.bbo) return 2;
  const commands = parseCommands(readInput(file).toString('utf8'));
  const result = replayCommands(commands);
  fs.writeFileSync(values.trades, `${['seq,resting_order_id,price_1e4,qty', ...result.trades].join('\n')}\n`);
  fs.writeFileSync(values.bbo, `${['seq,ask_1e4,ask_qty,bid_1e4,bid_qty', ...result.states].join('\n')}\n`);
  process.stderr.write(
    `${commands.length} commands: ${result.trades.length} fills of ${result.takes} incoming orders, ` +
      `${result.states.length} states of the best prices, ${result.resting} orders rest; ` +
      `${result.unknown} commands named an order that did not rest\n`,
  );
  return 0;
}

export type OrdersReplayed = {
  readonly trades: string[];
  readonly states: string[];
  /** Incoming orders that executed. */
  readonly takes: number;
  readonly resting: number;
  /** Commands for orders that do not rest: nothing was done. */
  readonly unknown: number;
};

/** @throws ReplayError when an order is added that still rests. */
export function replayCommands(commands: readonly Recorded[]): OrdersReplayed {
  const replay = new Replay(priceScale(new Set(commands.map(({ price }) => price))));
  let shown: string | undefined;
  const states: string[] = [];
  for (const [index, command] of commands.entries()) {
    replay.run(command);
    if (command.command === 'SEED' || goesOn(command, commands[index + 1])) continue;
    const state = replay.best();
    if (shown !== undefined && state !== shown) states.push(`${command.seq},${state}`);
    shown = state;
  }
  const { trades, takes, unknown, book } = replay;
  return { trades, states, takes, unknown, resting: book.size };
}

function goesOn(command: Recorded, next: Recorded | undefined): boolean {
  if (command.command !== 'EXEC' || next?.command !== 'EXEC') return false;
  return command.time === next.time && command.side === next.side;
}

class Replay {
  readonly book: Book;
  readonly trades: string[] = [];
  takes = 0;
  unknown = 0;
  readonly #scale: PriceScale;
  readonly #account: number;
  /** Recorded id → our id, and back. */
  readonly #ids = new Map<string, number>();
  readonly #names = [''];

  constructor(scale: PriceScale) {
    this.#scale = scale;
    this.book = new Book({ band: { low: 1, high: scale.high }, exposure: false });
    this.#account = this.book.accounts.open(NO_GROUP);
  }

  run(recorded: Recorded): void {
    const { command, quantity } = recorded;
    if (command === 'SEED') return this.#place(recorded, FLAG.COLLECT);
    if (command === 'ADD') return this.#place(recorded, 0);
    if (command === 'TAKE') return this.#place(recorded, FLAG.IMMEDIATE_OR_CANCEL);
    const order = this.book.order(this.#ids.get(recorded.orderId) ?? 0);
    if (!order) this.unknown++;
    else if (command === 'DELETE' || command === 'PURGE' || quantity >= order.quantity) {
      this.book.cancel(order.id, ANY_ACCOUNT);
    } else this.book.amend(order.id, ANY_ACCOUNT, order.price, order.quantity - quantity);
  }

  #place({ seq, command, orderId, side, quantity, price }: Recorded, flags: number): void {
    const id = this.#names.push(orderId) - 1;
    if (command !== 'TAKE') {
      if (this.book.has(this.#ids.get(orderId) ?? 0)) {
        throw new ReplayError('replay.order_duplicate', `seq ${seq}: order ${orderId} still rests`);
      }
      this.#ids.set(orderId, id);
    }
    const events = this.book.place(id, this.#account, side, this.#scale.tick(price), quantity, flags);
    const { data } = this.book.events;
    const before = this.trades.length;
    for (let at = 0; at < events * EVENT_STRIDE; at += EVENT_STRIDE) {
      if (data[at + TYPE] !== EVENT.TRADE) continue;
      const tradePrice = this.#scale.price(data[at + PRICE]!);
      this.trades.push(`${seq},${this.#names[data[at + OTHER]!]},${tradePrice},${data[at + QTY]}`);
    }
    if (this.trades.length > before) this.takes++;
  }

  /** Best ask and bid with their lots. */
  best(): string {
    return `${this.#side(SELL)},${this.#side(BUY)}`;
  }

  #side(side: typeof BUY | typeof SELL): string {
    const tick = this.book.best(side);
    return tick === 0 ? ',' : `${this.#scale.price(tick)},${this.book.depth(side, tick).quantity}`;
  }
}
