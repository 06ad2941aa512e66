/** A member that may not trade, or belongs to the owner's group, is out of running auctions; what it has bid stays. */
import { inArray } from 'drizzle-orm';
import type { Sql } from 'postgres';
import { type Connection, orm } from '../platform/db.ts';
import { Fault } from '../platform/fault.ts';
import { type Market, STAFF_ACTOR } from './market.ts';
import { auction } from './tables.ts';

type Deps = { readonly sql: Sql; readonly market: Market };
const RUNNING = ['scheduled', 'open', 'suspended'] as const;
/** What the engine takes. */
const REASON_LENGTH_MAX = 200;

/** Out of every running auction in which it has set money aside. */
export async function barMember(
  deps: Deps,
  { organisationId, reason }: { organisationId: string; reason: string },
): Promise<void> {
  for (const auctionId of await seatsOf(deps.sql, organisationId))
    await bar(deps, { auctionId, accountId: organisationId, reason });
}

/** Companies of one group do not bid for each other's coal. */
export async function barRelated(deps: Deps, members: readonly string[]): Promise<void> {
  const running = await orm(deps.sql)
    .select({ id: auction.id, ownerId: auction.ownerId })
    .from(auction)
    .where(inArray(auction.state, RUNNING));
  for (const accountId of members) {
    const seats = await seatsOf(deps.sql, accountId);
    for (const { id, ownerId } of running)
      if (ownerId !== accountId && members.includes(ownerId) && seats.includes(id))
        await bar(deps, { auctionId: id, accountId, reason: 'Of the group of the owner' });
  }
}

async function seatsOf(connection: Connection, organisationId: string): Promise<string[]> {
  const rows = await connection<{ id: string }[]>`select distinct a.id from auction a
    join auction_security s on s.auction_id = a.id
   where s.account_id = ${organisationId} and s.state <> 'returned' and a.state in ${connection(RUNNING)} order by a.id`;
  return rows.map(({ id }) => id);
}

/** One that is out already, or an auction that is over, says no: that is enough. */
async function bar(
  { market }: Deps,
  { auctionId, accountId, reason }: { auctionId: string; accountId: string; reason: string },
): Promise<void> {
  const outcome = await market.submit({
    actor: STAFF_ACTOR,
    cmdId: `bar.${auctionId}.${accountId}`.slice(0, 100),
    body: { type: 'exclude_bidder', auctionId, accountId, reason: reason.slice(0, REASON_LENGTH_MAX) },
  });
  if (outcome.status === 'refused' && outcome.code !== 'cmd_id_reused')
    throw new Fault('service.unavailable', `market: ${outcome.code}`);
}
