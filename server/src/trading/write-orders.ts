/** Orders and trades of one journal entry into their rows, each kind in one statement. Again: no change. */
import type { Tx } from '../platform/db.ts';
import type { FoldedChange, FoldedOrder, FoldedTrade } from './fold.ts';

type Place = { readonly instrumentId: string; readonly seq: number; readonly at: Date };

export async function writePlaced(
  tx: Tx,
  { instrumentId, seq, at, commandId }: Place & { readonly commandId: string | null },
  orders: readonly FoldedOrder[],
): Promise<void> {
  if (orders.length === 0) return;
  const rows = orders.map(({ orderId, accountId, line, request, filled, reason }) => ({
    instrument_id: instrumentId,
    order_id: orderId,
    account_id: accountId,
    command_id: commandId,
    line,
    side: request.side,
    price_ticks: request.price,
    quantity_lots: request.quantity,
    filled_lots: filled,
    time_in_force: request.timeInForce,
    expires_at: request.expiresAt === undefined ? null : new Date(request.expiresAt),
    state: reason !== null ? 'cancelled' : filled === request.quantity ? 'filled' : 'resting',
    reason,
    placed_at: at,
    last_seq: seq,
  }));
  await tx`insert into market_order ${tx(rows)} on conflict do nothing`;
}

export async function writeChanged(
  tx: Tx,
  { instrumentId, seq }: Place,
  changes: readonly FoldedChange[],
): Promise<void> {
  if (changes.length === 0) return;
  const column = <Name extends keyof FoldedChange>(name: Name): FoldedChange[Name][] =>
    changes.map((change) => change[name]);
  await tx`update market_order o set
      price_ticks = coalesce(c.price, o.price_ticks),
      quantity_lots = coalesce(c.quantity, o.quantity_lots),
      filled_lots = o.filled_lots + c.filled,
      reason = c.reason,
      state = case when c.reason is not null then 'cancelled'
        when o.filled_lots + c.filled = coalesce(c.quantity, o.quantity_lots) then 'filled' else 'resting' end,
      last_seq = ${seq}
    from unnest(${column('orderId')}::integer[], ${column('filled')}::integer[], ${column('reason')}::text[],
      ${column('price')}::integer[], ${column('quantity')}::integer[]) as c (order_id, filled, reason, price, quantity)
    where o.instrument_id = ${instrumentId} and o.order_id = c.order_id and o.last_seq < ${seq}`;
}

/** @throws when an order of a trade has no row: its entry was not applied. */
export async function writeTrades(
  tx: Tx,
  { instrumentId, seq, at }: Place,
  trades: readonly FoldedTrade[],
): Promise<void> {
  const column = <Name extends keyof FoldedTrade>(name: Name): FoldedTrade[Name][] =>
    trades.map((trade) => trade[name]);
  const rows =
    await tx`insert into market_trade (instrument_id, trade_number, seq, at, buy_order_id, sell_order_id,
      buyer_id, seller_id, price_ticks, quantity_lots, taker)
    select ${instrumentId}, t.number, ${seq}, ${at}, b.order_id, s.order_id, b.account_id, s.account_id, t.price,
      t.quantity, case when t.call = 1 then 'call' when t.taker_id = b.order_id then 'buy' else 'sell' end
    from unnest(${column('tradeNumber')}::integer[], ${column('takerOrderId')}::integer[],
      ${column('makerOrderId')}::integer[], ${column('price')}::integer[], ${column('quantity')}::integer[],
      ${trades.map(({ call }) => (call ? 1 : 0))}::integer[]) as t (number, taker_id, maker_id, price, quantity, call)
    join market_order b on b.instrument_id = ${instrumentId} and b.side = 'buy' and b.order_id in (t.taker_id, t.maker_id)
    join market_order s on s.instrument_id = ${instrumentId} and s.side = 'sell' and s.order_id in (t.taker_id, t.maker_id)
    on conflict (instrument_id, trade_number) do update set seq = excluded.seq
    returning trade_number`;
  if (rows.length !== trades.length)
    throw new Error(`${instrumentId} seq ${seq}: ${rows.length} of ${trades.length} trades written`);
}
