/** The events of the last call as objects, for everything that is not on the hot path. */
import { assert } from '../assert.ts';
import type { EventBuffer } from './events.ts';
import { EVENT, EVENT_STRIDE, INFO, ORDER, OTHER, PRICE, QTY, TYPE } from './types.ts';

export type BookEvent =
  | {
      readonly type: 'accepted';
      readonly id: number;
      readonly price: number;
      readonly quantity: number;
      readonly resting: number;
    }
  | {
      readonly type: 'amended';
      readonly id: number;
      readonly price: number;
      readonly quantity: number;
      readonly kept: boolean;
      readonly resting: number;
    }
  | {
      readonly type: 'trade';
      readonly taker: number;
      readonly maker: number;
      readonly price: number;
      readonly quantity: number;
      readonly makerLeft: number;
    }
  | {
      readonly type: 'auction_trade';
      readonly buy: number;
      readonly sell: number;
      readonly price: number;
      readonly quantity: number;
      readonly sellLeft: number;
    }
  | {
      readonly type: 'cancelled';
      readonly id: number;
      readonly price: number;
      readonly quantity: number;
      /** A CANCEL, or the caller's own. */
      readonly reason: number;
      /** Lots that fill-or-kill or minimum quantity would have found. */
      readonly available: number;
    }
  | {
      readonly type: 'self_trade_skipped';
      readonly id: number;
      readonly own: number;
      readonly price: number;
      readonly quantity: number;
    }
  | {
      readonly type: 'refused';
      readonly id: number;
      readonly price: number;
      /** A REFUSE: says what `least` and `most` are. */
      readonly reason: number;
      readonly least: number;
      readonly most: number;
    };

export function readEvents(events: EventBuffer): BookEvent[] {
  return Array.from({ length: events.count }, (_, index) =>
    readEvent(events.data.subarray(index * EVENT_STRIDE, (index + 1) * EVENT_STRIDE)),
  );
}

function readEvent(fields: Int32Array): BookEvent {
  const id = fields[ORDER]!;
  const other = fields[OTHER]!;
  const price = fields[PRICE]!;
  const quantity = fields[QTY]!;
  const info = fields[INFO]!;
  switch (fields[TYPE]) {
    case EVENT.ACCEPTED:
      return { type: 'accepted', id, price, quantity, resting: info };
    case EVENT.AMENDED:
      return { type: 'amended', id, price, quantity, kept: other === 1, resting: info };
    case EVENT.TRADE:
      return { type: 'trade', taker: id, maker: other, price, quantity, makerLeft: info };
    case EVENT.AUCTION_TRADE:
      return { type: 'auction_trade', buy: id, sell: other, price, quantity, sellLeft: info };
    case EVENT.CANCELLED:
      return { type: 'cancelled', id, price, quantity, reason: info, available: other };
    case EVENT.SELF_TRADE_SKIPPED:
      return { type: 'self_trade_skipped', id, own: other, price, quantity };
    default:
      assert(fields[TYPE] === EVENT.REFUSED, `event type ${fields[TYPE]}`);
      return { type: 'refused', id, price, reason: info, least: other, most: quantity };
  }
}
