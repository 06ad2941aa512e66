/** Complaints as people read them: that there is one, and what came of it, everybody; what it says, few. */
import type { AuctionComplaints, Ok, auctionComplaintRoutes } from '@seam/protocol';
import { asc, eq } from 'drizzle-orm';
import { type Connection, orm } from '../platform/db.ts';
import type { Principal } from '../platform/principal.ts';
import { partOf } from './award-queries.ts';
import type { NamesOf } from './queries.ts';
import { type AuctionRow, auctionComplaint } from './tables.ts';

type ComplaintRow = typeof auctionComplaint.$inferSelect;
type Line = AuctionComplaints['items'][number];
type Reader = { readonly principal: Principal | null; readonly namesOf: NamesOf };

export async function complaintsOf(
  connection: Connection,
  row: AuctionRow,
  { principal, namesOf }: Reader,
): Promise<AuctionComplaints> {
  const rows = await orm(connection)
    .select()
    .from(auctionComplaint)
    .where(eq(auctionComplaint.auctionId, row.id))
    .orderBy(asc(auctionComplaint.number));
  const isStaff = principal?.staff ?? false;
  const viewer = isStaff ? null : (principal?.organisationId ?? null);
  const ids = rows.flatMap(({ organisationId }) => organisationId ?? []);
  const names = isStaff
    ? await namesOf(connection, [...new Set(ids)])
    : new Map<string, { name: string; nameZh: string | null }>();
  const hasFiled = rows.some((one) => one.organisationId !== null && one.organisationId === viewer);
  const tookPart = (await partOf(connection, row, viewer)) !== 'none';
  return {
    items: rows.map((one): Line => {
      const { number, organisationId: by, proposed, decision, decisionReason, decidedAt } = one;
      const mine = by !== null && by === viewer;
      const name = by === null ? undefined : names.get(by);
      return {
        number,
        by: by === null ? 'centre' : by === row.ownerId ? 'owner' : 'bidder',
        mine,
        organisation: by !== null && name ? { id: by, name: name.name, nameZh: name.nameZh } : null,
        reason: mine || isStaff ? one.reason : null,
        filedAt: one.filedAt.toISOString(),
        state: stateOf(one, row),
        proposal:
          isStaff && proposed !== null && decision === null
            ? {
                decision: proposed,
                reason: one.proposedReason ?? '',
                mine: one.proposedBy === principal?.personId,
              }
            : null,
        decision,
        decisionReason,
        decidedAt: decidedAt?.toISOString() ?? null,
      };
    }),
    mayFile: row.state === 'standstill' && tookPart && !hasFiled,
  };
}

function stateOf({ decision }: ComplaintRow, { state }: AuctionRow): Line['state'] {
  if (decision !== null) return decision === 'dismiss' ? 'dismissed' : 'upheld';
  return state === 'standstill' ? 'open' : 'moot';
}

type Waiting = Ok<(typeof auctionComplaintRoutes)['openComplaints']>['items'];
type WaitingRow = {
  auctionId: string;
  title: string;
  number: number;
  filedAt: Date;
  endsAt: string | null;
  proposed: boolean;
};

export async function openComplaints(connection: Connection): Promise<Waiting> {
  const rows = await connection<WaitingRow[]>`
    select c.auction_id as "auctionId", a.title, c.number, c.filed_at as "filedAt",
        a.awarding ->> 'standstillEndsAt' as "endsAt", c.proposed is not null as proposed
      from auction_complaint c join auction a on a.id = c.auction_id
     where c.decision is null and a.state = 'standstill'
     order by (a.awarding ->> 'standstillEndsAt')::bigint, c.auction_id, c.number`;
  return rows.map(({ filedAt, endsAt, ...rest }) => ({
    ...rest,
    filedAt: filedAt.toISOString(),
    standstillEndsAt: endsAt === null ? null : new Date(Number(endsAt)).toISOString(),
  }));
}
