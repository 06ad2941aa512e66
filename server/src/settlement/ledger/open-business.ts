/** Payments of a company under way, and money that is still promised to somebody. */
import type { Connection } from '../../platform/db.ts';

/** `holds`: securities and escrow; `funds`: its own free money, which it takes back before it leaves. */
export async function openMoney(
  connection: Connection,
  organisationId: string,
): Promise<{ payouts: number; holds: number; funds: number }> {
  const [row] = await connection<{ payouts: number; holds: number; funds: number }[]>`
    select (select count(*)::int from payment where org_id = ${organisationId}
         and status in ('created', 'approved', 'sending', 'unknown', 'accepted')) as payouts,
      (select count(*)::int from ledger_balance where owner = ${organisationId}
         and (held <> 0 or (kind <> 'free' and balance <> 0))) as holds,
      (select count(*)::int from ledger_balance where owner = ${organisationId} and kind = 'free'
         and balance <> 0) as funds`;
  return row!;
}
