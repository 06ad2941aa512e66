/** The numbers the book leaves behind, in the words of the market. */
import { lots, ticks, type Ticks } from '@seam/units';
import { assert } from '../assert.ts';
import {
  BUY,
  CANCEL,
  EVENT,
  EVENT_STRIDE,
  INFO,
  ORDER,
  OTHER,
  PRICE,
  QTY,
  REFUSE,
  SELL,
  type Side,
  TYPE,
} from '../book/index.ts';
import { ORDER_LOTS_MAX } from './limits.ts';
import { type Act, tell } from './act.ts';
import type { Market } from './state.ts';
import type { CancelReason, MarketRejection, OrderSide } from './types.ts';

export const sideOf = (side: OrderSide): Side => (side === 'buy' ? BUY : SELL);

/** A price from which a trade was too far away, and that trade's. */
export type Move = { readonly price: Ticks; readonly comparedWith: Ticks };

/**
 * Tells everything the last call of the book did after its first event, which the caller tells itself, or from
 * `start` on. Gives the first trade that moved the price too far, or null.
 */
export function tellBook(act: Act, start = 1): Move | null {
  const { market, command } = act;
  const { events } = market.book;
  let move: Move | null = null;
  for (let index = start; index < events.count; index++) {
    const at = index * EVENT_STRIDE;
    const orderId = events.data[at + ORDER] ?? 0;
    const other = events.data[at + OTHER] ?? 0;
    const price = ticks(events.data[at + PRICE] ?? 0);
    const quantity = lots(events.data[at + QTY] ?? 0);
    switch (events.data[at + TYPE]) {
      case EVENT.TRADE: {
        const comparedWith = market.prices.moved(price, command.at, market.terms.volatility.basisPoints);
        if (comparedWith !== null) move ??= { price, comparedWith };
        const tradeNumber = market.lastTradeNumber + 1;
        const [takerOrderId, makerOrderId] = [orderId, other];
        tell(act, { type: 'trade_executed', tradeNumber, takerOrderId, makerOrderId, price, quantity });
        break;
      }
      case EVENT.CANCELLED: {
        const reason = cancelReason(events.data[at + INFO]);
        tell(act, { type: 'order_cancelled', orderId, quantity, reason });
        break;
      }
      case EVENT.SELF_TRADE_SKIPPED:
        tell(act, { type: 'self_trade_prevented', orderId, restingOrderId: other, price, quantity });
        break;
      default:
        assert(events.data[at + TYPE] === EVENT.AUCTION_TRADE, 'the book told something unexpected');
    }
  }
  return move;
}

function cancelReason(reason: number | undefined): CancelReason {
  switch (reason) {
    case CANCEL.IMMEDIATE_OR_CANCEL:
      return 'immediate_or_cancel';
    case CANCEL.FILL_OR_KILL:
      return 'fill_or_kill';
    case CANCEL.MINIMUM_QUANTITY:
      return 'minimum_quantity';
    default:
      assert(reason === CANCEL.SELF_TRADE, 'the book cancelled for an unknown reason');
      return 'self_trade';
  }
}

/** The refusal of the last call of the book, or undefined when it took the order. */
export function refusalOf({ book }: Market): MarketRejection | undefined {
  const { data } = book.events;
  if (data[TYPE] !== EVENT.REFUSED) return undefined;
  const least = data[OTHER] ?? 0;
  const most = data[QTY] ?? 0;
  const quantityMaximum = (): ReturnType<typeof lots> => lots(Math.min(most, ORDER_LOTS_MAX));
  switch (data[INFO]) {
    case REFUSE.PRICE_BAND:
      return {
        code: 'order_price_outside_collar',
        priceMinimum: ticks(least),
        priceMaximum: ticks(most),
      };
    case REFUSE.NOTIONAL:
      return { code: 'order_notional_exceeded', quantityMaximum: quantityMaximum() };
    case REFUSE.EXPOSURE:
      return { code: 'order_exposure_exceeded', quantityMaximum: quantityMaximum() };
    case REFUSE.POST_ONLY:
      return { code: 'order_would_take', priceTaken: ticks(least), priceAccepted: ticks(Math.max(0, most)) };
    default:
      assert(data[INFO] === REFUSE.MINIMUM_QUANTITY, 'the book refused for an unknown reason');
      return { code: 'order_minimum_quantity_invalid', quantityMaximum: quantityMaximum() };
  }
}
