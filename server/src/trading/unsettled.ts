/** Trades that wait for their contract, as one company of one market sees them. */
import type { MarketPosition } from '@seam/protocol';
import { KILOGRAMS_PER_TONNE, formatMoney } from '@seam/units';
import { type GridTerms, gridOf, massText } from '../exchange/grid.ts';
import type { Connection } from '../platform/db.ts';

type Terms = GridTerms & { readonly instrumentId: string };

/**
 * What they bind is counted at the limit of one's own order, as the engine counts it; of an order that was
 * amended after it had traded in part, at its last limit.
 */
export async function unsettledOf(
  connection: Connection,
  terms: Terms,
  organisationId: string,
): Promise<MarketPosition['unsettled']> {
  const [sum] = await connection<{ weight: string; bought: number; sold: number }[]>`
    select coalesce(sum(own.price_ticks::numeric * trade.quantity_lots), 0)::text as weight,
           coalesce(sum(trade.quantity_lots) filter (where own.side = 'buy'), 0)::float8 as bought,
           coalesce(sum(trade.quantity_lots) filter (where own.side = 'sell'), 0)::float8 as sold
      from market_trade trade
      join market_order own on own.instrument_id = trade.instrument_id and own.order_id =
           case when trade.buyer_id = ${organisationId} then trade.buy_order_id else trade.sell_order_id end
     where trade.instrument_id = ${terms.instrumentId} and trade.settled_seq is null
       and ${organisationId} in (trade.buyer_id, trade.seller_id)`;
  const { tickSize, lotSize } = gridOf(terms);
  const thousandths = BigInt(sum?.weight ?? 0) * tickSize * lotSize;
  return {
    exposure: formatMoney((thousandths + KILOGRAMS_PER_TONNE - 1n) / KILOGRAMS_PER_TONNE),
    bought: massText(terms, sum?.bought ?? 0),
    sold: massText(terms, sum?.sold ?? 0),
  };
}
