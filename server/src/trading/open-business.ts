/** What of a member is still open in the order books. */
import type { Connection } from '../platform/db.ts';

export async function openTrading(
  connection: Connection,
  organisationId: string,
): Promise<{ orders: number; trades: number }> {
  const [row] = await connection<{ orders: number; trades: number }[]>`
    select (select count(*)::int from market_order where account_id = ${organisationId} and state = 'resting') as orders,
      (select count(*)::int from trade_nomination where state = 'to_nominate'
         and ${organisationId} in (buyer_id, seller_id)) as trades`;
  return row!;
}
