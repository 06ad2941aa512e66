/** Writes reports as text, a line each, into chunks that are handed on when full. */
import {
  EVENT,
  EVENT_STRIDE,
  INFO,
  OTHER,
  PRICE,
  QTY,
  TYPE,
  CANCEL as REASON,
  type EventBuffer,
} from '@seam/engine/book';
import { CANCEL, MODIFY, type Messages } from './messages.ts';

/** Kinds of report; within a message they come in this order. */
const ACCEPTED = 0;
const TRADED = 1;
const CANCELLED = 2;
const MODIFIED = 3;
const CANCEL_UNKNOWN = 4;
const MODIFY_UNKNOWN = 5;

const CHUNK = 1 << 20;
/** Six fields of at most 20 digits with their signs and separators. */
const LINE_MAX = 160;
const COMMA = 44;
const NEWLINE = 10;
const ZERO = 48;

export class ReportWriter {
  lines = 0;
  readonly #messages: Messages;
  readonly #give: (bytes: Buffer) => void;
  #chunk = Buffer.allocUnsafe(CHUNK);
  #at = 0;

  constructor(messages: Messages, give: (bytes: Buffer) => void) {
    this.#messages = messages;
    this.#give = give;
  }

  /** The reports of one message from the events of the call. `side`: of the order it names, before the call. */
  write(message: number, { data, count }: EventBuffer, side: number): void {
    const { types, ids, quantities, scale, name } = this.#messages;
    const id = ids[message]!;
    let modified = false;
    for (let at = 0; at < count * EVENT_STRIDE; at += EVENT_STRIDE) {
      const price = scale.price(data[at + PRICE]!);
      switch (data[at + TYPE]) {
        case EVENT.ACCEPTED:
          this.#line(ACCEPTED, message, [
            this.#messages.sides[message]!,
            name(id),
            price,
            quantities[message]!,
          ]);
          break;
        case EVENT.TRADE:
          this.#line(TRADED, message, [price, data[at + QTY]!, name(data[at + OTHER]!), name(id)]);
          break;
        case EVENT.CANCELLED: {
          const remainder = data[at + INFO] === REASON.IMMEDIATE_OR_CANCEL;
          this.#line(CANCELLED, message, [
            remainder ? this.#messages.sides[message]! : side,
            name(id),
            price,
          ]);
          break;
        }
        case EVENT.AMENDED:
          modified = true;
          break;
        default:
          this.#line(types[message] === CANCEL ? CANCEL_UNKNOWN : MODIFY_UNKNOWN, message, [name(id)]);
      }
    }
    if (!modified || types[message] !== MODIFY) return;
    this.#line(MODIFIED, message, [
      side,
      name(id),
      scale.price(this.#messages.ticks[message]!),
      quantities[message]!,
    ]);
  }

  end(): void {
    this.#give(this.#chunk.subarray(0, this.#at));
    this.#at = 0;
  }

  #line(kind: number, message: number, fields: readonly (number | bigint)[]): void {
    if (this.#at + LINE_MAX > CHUNK) this.end();
    if (this.lines++ > 0) this.#chunk[this.#at++] = NEWLINE;
    this.#number(kind);
    this.#chunk[this.#at++] = COMMA;
    this.#number(this.#messages.sequence(message));
    for (const field of fields) {
      this.#chunk[this.#at++] = COMMA;
      this.#number(field);
    }
  }

  #number(value: number | bigint): void {
    const chunk = this.#chunk;
    if (typeof value === 'bigint' || value < 0 || value > 0x7fff_ffff) {
      this.#at += chunk.write(String(value), this.#at, 'latin1');
      return;
    }
    let width = 1;
    for (let bound = 10; value >= bound; bound *= 10) width++;
    let rest = value;
    for (let place = this.#at + width - 1; place >= this.#at; place--) {
      const tenth = (rest / 10) | 0;
      chunk[place] = ZERO + rest - tenth * 10;
      rest = tenth;
    }
    this.#at += width;
  }
}
