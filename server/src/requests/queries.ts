/** What is asked about requests: pages of them, one, whom a buyer asked. Who sees what is decided here. */
import type { InvitationView, RequestView } from '@seam/protocol';
import { LIVE_REQUEST_STATES } from '@seam/protocol';
import { formatMoney, formatTonnes } from '@seam/units';
import { type SQL, and, asc, desc, eq, exists, gt, inArray, lt, or, sql } from 'drizzle-orm';
import { partyOf, placeView, placesById } from '../listings/public.ts';
import { type Connection, first, orm } from '../platform/db.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { PAGE } from './limits.ts';
import type { NamedAccount, RequestDeps } from './ports.ts';
import type { Viewer } from './readers.ts';
import { limitStatement } from './rules.ts';
import { type RequestRow, invitation, poolMember, request, response } from './tables.ts';

type Reader = Pick<RequestDeps, 'organisations' | 'clock'>;
export type Scope = 'open' | 'own' | 'invited' | 'answered';

export async function requestById(connection: Connection, id: string): Promise<RequestRow | undefined> {
  return first(await orm(connection).select().from(request).where(eq(request.id, id)));
}

export async function listRequests(
  deps: Reader,
  connection: Connection,
  viewer: Viewer,
  of: { scope: Scope; cursor: string | undefined },
): Promise<{ items: RequestView[]; nextCursor: string | null } | Refusal> {
  if (of.scope !== 'open' && !viewer) return refuse('auth.required');
  const found = await orm(connection)
    .select()
    .from(request)
    .where(
      and(
        scoped(connection, of.scope, viewer, deps.clock.now()),
        of.cursor ? lt(request.id, of.cursor) : undefined,
      ),
    )
    .orderBy(desc(request.id))
    .limit(PAGE + 1);
  const rows = found.slice(0, PAGE);
  return {
    items: await requestViews(deps, connection, rows, viewer),
    nextCursor: found.length > PAGE ? (rows.at(-1)?.id ?? null) : null,
  };
}

function scoped(connection: Connection, scope: Scope, viewer: Viewer, now: Date): SQL | undefined {
  const self = viewer?.organisationId ?? '';
  const some = sql`1`;
  const asked = exists(
    orm(connection)
      .select({ some })
      .from(invitation)
      .where(and(eq(invitation.requestId, request.id), eq(invitation.organisationId, self))),
  );
  const live = and(inArray(request.state, [...LIVE_REQUEST_STATES]), gt(request.expiresAt, now));
  switch (scope) {
    case 'own':
      return or(
        eq(request.buyerId, self),
        exists(
          orm(connection)
            .select({ some })
            .from(poolMember)
            .where(and(eq(poolMember.poolId, request.poolId), eq(poolMember.organisationId, self))),
        ),
      );
    case 'invited':
      return and(live, asked);
    case 'answered':
      return exists(
        orm(connection)
          .select({ some })
          .from(response)
          .where(and(eq(response.requestId, request.id), eq(response.sellerId, self))),
      );
    case 'open': {
      if (viewer?.staff) return live;
      return and(live, or(eq(request.audience, 'public'), eq(request.buyerId, self), asked));
    }
  }
}

type Counts = { answers: number; shortlisted: number; asked: boolean; members: number; member: boolean };

async function countsOf(
  connection: Connection,
  rows: readonly RequestRow[],
  viewer: Viewer,
): Promise<ReadonlyMap<string, Counts>> {
  const self = viewer && !viewer.staff ? viewer.organisationId : '';
  const found = await connection<(Counts & { id: string })[]>`
    select r.id,
           (select count(*)::int from response p where p.request_id = r.id) as answers,
           (select count(*)::int from response p where p.request_id = r.id and p.state = 'shortlisted') as shortlisted,
           exists (select 1 from request_invitation i
                    where i.request_id = r.id and i.organisation_id = ${self}) as asked,
           (select count(*)::int from request_pool_member m where m.pool_id = r.pool_id) as members,
           exists (select 1 from request_pool_member m
                    where m.pool_id = r.pool_id and m.organisation_id = ${self}) as member
      from request r where r.id = any(${rows.map(({ id }) => id)})`;
  return new Map(found.map((counts) => [counts.id, counts]));
}

export async function requestViews(
  deps: Reader,
  connection: Connection,
  rows: readonly RequestRow[],
  viewer: Viewer,
): Promise<RequestView[]> {
  if (rows.length === 0) return [];
  const names = await deps.organisations(connection, [...new Set(rows.map((row) => row.buyerId))]);
  const places = await placesById(
    connection,
    rows.map((row) => row.plantPlaceId),
  );
  const counts = await countsOf(connection, rows, viewer);
  return rows.map((row) => {
    const plant = places.get(row.plantPlaceId);
    if (!plant) throw new Error(`request ${row.id} has lost its place`);
    const { answers, shortlisted, asked, members, member } = counts.get(row.id)!;
    const own = viewer !== null && !viewer.staff && viewer.organisationId === row.buyerId;
    const isBuyers = own || member || viewer?.staff === true;
    return {
      id: row.id,
      // What only the buyer's own view of the answers shows is no news for others.
      state: isBuyers ? row.state : publicState(row.state),
      audience: row.audience,
      buyer: partyOf(row.buyerId, names),
      coalRanks: row.coalRanks,
      limits: row.limits.map(limitStatement),
      quantity: formatTonnes(row.quantityKg),
      minimumQuantity: formatTonnes(row.minimumKg),
      outstanding: formatTonnes(row.quantityKg - row.contractedKg - row.auctionedKg),
      plant: placeView(plant),
      windowFrom: row.windowFrom,
      windowTo: row.windowTo,
      currency: row.currency,
      priceCeiling: row.priceCeiling === null ? null : formatMoney(row.priceCeiling),
      ceilingAt: row.ceilingAt,
      account: viewer ? accountView(row.account) : null,
      note: row.note,
      expiresAt: row.expiresAt.toISOString(),
      createdAt: row.createdAt.toISOString(),
      matchedLots: isBuyers ? row.matchedLots : null,
      responseCount: answers,
      shortlisted: isBuyers ? shortlisted : 0,
      pool: row.poolId === null ? null : { id: row.poolId, members },
      own,
      member,
      invited: asked,
    };
  });
}

function publicState(state: RequestRow['state']): RequestRow['state'] {
  return state === 'shortlisted' || state === 'negotiating'
    ? 'responding'
    : state === 'matched'
      ? 'open'
      : state;
}

/** Without what identifies it inside the exchange. */
export function accountView(account: NamedAccount | null): RequestView['account'] {
  if (!account) return null;
  const { bankName, bankCode, ending, currency } = account;
  return { bankName, bankCode, ending, currency };
}

/** For the buyer alone. */
export async function invitationViews(
  deps: Reader,
  connection: Connection,
  row: RequestRow,
): Promise<InvitationView[]> {
  const asked = await orm(connection)
    .select()
    .from(invitation)
    .where(eq(invitation.requestId, row.id))
    .orderBy(asc(invitation.invitedAt), asc(invitation.organisationId));
  const names = await deps.organisations(
    connection,
    asked.map((one) => one.organisationId),
  );
  const answered = await connection<{ seller: string; n: number }[]>`
    select seller_id as seller, count(*)::int as n from response
     where request_id = ${row.id} and state in ('offered', 'shortlisted', 'negotiating', 'taken') group by seller_id`;
  const counts = new Map(answered.map(({ seller, n }) => [seller, n]));
  return asked.map((one) => ({
    organisation: partyOf(one.organisationId, names),
    invitedAt: one.invitedAt.toISOString(),
    answers: counts.get(one.organisationId) ?? 0,
    declined: one.declineReason,
  }));
}
