/**
 * What an event does to the market's own records: names, money, phases, what is unsettled. Decides nothing and does
 * not touch the resting orders of the book; `step` calls it with what it has just decided, recovery with
 * what the journal says (`replay.ts` then moves the book as well).
 */
import { lots } from '@seam/units';
import { assert } from '../assert.ts';
import { recordAccount } from './record-accounts.ts';
import { endOrder, insertOrder, recordUncross, trade } from './record-trades.ts';
import { blockKey } from './scope.ts';
import { type Market, type Order, accountOf, orderOf } from './state.ts';
import type { MarketEvent, OrderRequest, StampedMarketCommand } from './types.ts';

export function record(market: Market, command: StampedMarketCommand, event: MarketEvent): void {
  switch (event.type) {
    case 'order_accepted':
      return addOrder(market, command, event);
    case 'trade_executed': {
      const taker = orderOf(market, event.takerOrderId);
      const maker = orderOf(market, event.makerOrderId);
      const [buy, sell] = taker.side === 'buy' ? [taker, maker] : [maker, taker];
      trade(market, { buy, sell, quantity: event.quantity, price: event.price, at: command.at });
      return;
    }
    case 'order_cancelled':
      return endOrder(market, orderOf(market, event.orderId));
    case 'orders_cancelled':
      for (const orderId of event.orderIds) endOrder(market, orderOf(market, orderId));
      return;
    case 'order_amended': {
      assert(command.type === 'amend_order', 'an order is amended by its own command');
      const order = orderOf(market, event.orderId);
      order.price = command.price;
      order.quantity = command.quantity;
      return;
    }
    case 'uncrossed':
      return recordUncross(market, command.at, event);
    case 'order_rejected':
    case 'self_trade_prevented':
    case 'instrument_listed':
    case 'volatility_paused':
      return;
    default:
      return recordControl(market, event);
  }
}

type Quiet =
  | 'order_accepted'
  | 'trade_executed'
  | 'order_cancelled'
  | 'orders_cancelled'
  | 'order_amended'
  | 'uncrossed'
  | 'order_rejected'
  | 'self_trade_prevented'
  | 'instrument_listed'
  | 'volatility_paused';

function recordControl(market: Market, event: Exclude<MarketEvent, { type: Quiet }>): void {
  const { session } = market;
  switch (event.type) {
    case 'session_scheduled':
      session.upcoming = [...session.upcoming, ...event.session];
      return;
    case 'phase_changed':
      return changePhase(market, event);
    case 'random_end_drawn':
      session.drawnEndAt = event.endsAt;
      return;
    case 'collar_changed':
      market.referencePrice = event.referencePrice;
      market.book.setBand(event.priceMinimum, event.priceMaximum);
      return;
    case 'market_halted':
    case 'market_cancel_only':
      market.mode = event.type === 'market_halted' ? 'halted' : 'cancel_only';
      return;
    case 'market_resumed':
      market.mode = 'online';
      return;
    case 'trading_blocked':
      market.blocks.set(blockKey(event.scope), { scope: event.scope, reason: event.reason });
      return;
    case 'trading_unblocked':
      market.blocks.delete(blockKey(event.scope));
      return;
    default:
      recordAccount(market, event);
  }
}

function addOrder(
  market: Market,
  command: StampedMarketCommand,
  { orderId, line }: { readonly orderId: number; readonly line?: number },
): void {
  const request = requestOf(command, line);
  assert('accountId' in command, 'an order has an account');
  const account = accountOf(market, command.accountId);
  const order: Order = {
    orderId,
    account,
    side: request.side,
    price: request.price,
    quantity: request.quantity,
    filled: lots(0),
    timeInForce: request.timeInForce,
    expiresAt: request.expiresAt ?? null,
    postOnly: request.postOnly ?? false,
  };
  market.lastOrderId = orderId;
  insertOrder(market, order);
}

function requestOf(command: StampedMarketCommand, line: number | undefined): OrderRequest {
  if (command.type === 'place_order') return command;
  assert(command.type === 'place_orders' && line !== undefined, 'an order is placed by its own command');
  const request = command.orders[line];
  assert(request !== undefined, 'a line of a batch is one of its orders');
  return request;
}

function changePhase(market: Market, event: Extract<MarketEvent, { type: 'phase_changed' }>): void {
  const { session } = market;
  switch (event.cause) {
    case 'schedule': {
      const [next, ...later] = session.upcoming;
      assert(next?.phase === event.phase, 'the schedule has the phase that begins');
      session.current = next;
      session.upcoming = later;
      session.drawnEndAt = null;
      return;
    }
    case 'volatility':
    case 'reopening':
      session.reopensAt = event.until;
      return;
    case 'call_over':
      session.reopensAt = null;
      return;
  }
}
