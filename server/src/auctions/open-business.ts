/** What of a company is still open in auctions: its own, its security, its awards. */
import type { Connection } from '../platform/db.ts';

export async function openAuctions(
  connection: Connection,
  organisationId: string,
): Promise<{ auctions: number; securities: number }> {
  const [row] = await connection<{ auctions: number; securities: number }[]>`
    select (select count(*)::int from auction where owner_id = ${organisationId}
         and state in ('requested', 'scheduled', 'open', 'suspended', 'standstill')) as auctions,
      (select count(distinct s.auction_id)::int from auction_security s join auction a on a.id = s.auction_id
        where s.account_id = ${organisationId} and s.state <> 'returned'
          and a.state in ('requested', 'scheduled', 'open', 'suspended', 'standstill')) as securities`;
  return row!;
}
