/** What was found for a person's saved searches, with the lots as they are now. */
import type { SearchAlertView } from '@seam/protocol';
import { type Organisations, listingSummaries, listingsById } from '../listings/public.ts';
import type { Connection } from '../platform/db.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { ALERTS_PAGE } from './limits.ts';
import { markText, readMark } from './mark.ts';
import type { Owner } from './saved.ts';

type Row = {
  searchId: string;
  searchName: string;
  listingId: string;
  foundVersion: number;
  /** To the microsecond, which a Date would lose. */
  at: string;
  foundAt: Date;
  readAt: Date | null;
  mail: SearchAlertView['mail'];
};

const ORDER = 'alerts';

export async function listAlerts(
  sql: Connection,
  organisations: Organisations,
  owner: Owner,
  cursor: string | undefined,
): Promise<{ items: SearchAlertView[]; nextCursor: string | null } | Refusal> {
  const after = cursor === undefined ? undefined : readMark(cursor);
  const [at, searchId, version] = after?.mark.split('|') ?? [];
  const isOurs = after?.ranking === ORDER && /^\d{1,19}$/.test(at ?? '') && /^\d{1,9}$/.test(version ?? '');
  if (cursor !== undefined && !isOurs) return refuse('listing.cursor_invalid');
  const rows = await sql<Row[]>`
    select s.id as "searchId", s.name as "searchName", a.listing_id as "listingId",
           a.listing_version as "foundVersion", a.created_at as "foundAt", a.read_at as "readAt", a.mail,
           (extract(epoch from a.created_at) * 1000000)::bigint::text as at
      from search_alert a join saved_search s on s.id = a.saved_search_id
     where s.person_id = ${owner.personId}
       ${
         after
           ? sql`and ((extract(epoch from a.created_at) * 1000000)::bigint, a.saved_search_id, a.listing_id, a.listing_version)
                      < (${at!}::bigint, ${searchId!}, ${after.id}, ${Number(version)})`
           : sql``
       }
     order by a.created_at desc, a.saved_search_id desc, a.listing_id desc, a.listing_version desc
     limit ${ALERTS_PAGE + 1}`;
  const page = rows.slice(0, ALERTS_PAGE);
  const lots = await listingsById(
    sql,
    page.map(({ listingId }) => listingId),
  );
  const summaries = await listingSummaries(sql, organisations, [...lots.values()]);
  const byId = new Map(summaries.map((summary) => [summary.id, summary]));
  const last = rows.length > ALERTS_PAGE ? page.at(-1) : undefined;
  return {
    items: page.map(({ listingId, foundAt, readAt, at: _at, ...row }) => ({
      ...row,
      lot: byId.get(listingId)!,
      foundAt: foundAt.toISOString(),
      readAt: readAt?.toISOString() ?? null,
    })),
    nextCursor: last
      ? markText({
          ranking: ORDER,
          mark: `${last.at}|${last.searchId}|${last.foundVersion}`,
          id: last.listingId,
        })
      : null,
  };
}
