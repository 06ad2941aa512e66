/**
 * Holds what changes against every saved search. Whoever finds something asks for the telling of it through
 * the outbox, whose key is the search, the lot and its version: found twice, by two processes or after a
 * crash, it is told once. How far the changes were looked at is moved in the same transaction.
 */
import type { SavedQuery } from '@seam/protocol';
import type { Sql } from 'postgres';
import type { Tx } from '../platform/db.ts';
import { type WorkHandler, enqueue } from '../platform/outbox.ts';
import { isRefusal } from '../platform/refusal.ts';
import { bringNames } from './feed.ts';
import { ALERT_ROWS } from './limits.ts';
import type { LotRow } from './lot-row.ts';
import { type AlertKey, type SearchMail, askForLetter, mailWork } from './mail.ts';
import { readLots } from './read-rows.ts';
import type { Search, SearchOptions } from './search.ts';
import { SearchIndex } from './search-index.ts';

export const ALERT_TOPIC = 'search.alert';

type Saved = { id: string; organisation: string; query: SavedQuery };
/** A lot in a version that came after a search was saved. */
type News = { search: string; listing: string };

/** Looks at everything that changed since the last time. Safe to run in many processes: one at a time works. */
export async function findAlerts(deps: SearchOptions & { readonly search: Search }): Promise<number> {
  return deps.sql.begin(async (tx) => {
    const [progress] = await tx<{ low: string }[]>`
      select low::text as low from search_progress where name = 'alerts' for update skip locked`;
    if (!progress) return 0;
    const changed = await tx<{ low: string; id: string | null }[]>`
      select w.low::text as low, l.id
        from (select pg_snapshot_xmin(s) as low, pg_snapshot_xmax(s) as high from pg_current_snapshot() s) w
        left join listing l on l.changed_xid >= ${progress.low}::xid8 and l.changed_xid < w.high`;
    const ids = changed.flatMap(({ id }) => id ?? []);
    let found = 0;
    for (let from = 0; from < ids.length; from += ALERT_ROWS)
      found += await tell(tx, deps, ids.slice(from, from + ALERT_ROWS));
    await tx`update search_progress set low = ${changed[0]!.low}::xid8 where name = 'alerts' and low <> ${changed[0]!.low}::xid8`;
    return found;
  });
}

async function tell(
  tx: Tx,
  deps: SearchOptions & { readonly search: Search },
  ids: readonly string[],
): Promise<number> {
  const news = await tx<News[]>`
    select s.id as search, l.id as listing from saved_search s, listing l
     where l.id = any(${ids as string[]}) and not pg_visible_in_snapshot(l.version_xid, s.seen)`;
  if (news.length === 0) return 0;
  const rows = await readLots(tx, { ids: [...new Set(news.map(({ listing }) => listing))] });
  const index = await indexOf(tx, deps, rows);
  const wanted = new Map<string, Set<string>>();
  for (const { search, listing } of news) wanted.set(search, (wanted.get(search) ?? new Set()).add(listing));
  const searches = await tx<Saved[]>`
    select id, organisation_id as organisation, query from saved_search where id = any(${[...wanted.keys()]})`;
  let found = 0;
  for (const saved of searches) {
    const question = await deps.search.question(saved.query, saved.organisation);
    // What could be asked when it was saved and cannot be now finds nothing.
    if (isRefusal(question)) continue;
    for (const slot of index.all(question)) {
      const listingId = index.lots.ids[slot]!;
      const seller = index.lots.sellers.items[index.lots.whole.seller[slot]!]!.id;
      if (!wanted.get(saved.id)!.has(listingId) || seller === saved.organisation) continue;
      const version = index.lots.whole.version[slot]!;
      await enqueue(tx, {
        effectKey: `${ALERT_TOPIC}:${saved.id}:${listingId}:${version}`,
        topic: ALERT_TOPIC,
        payload: { searchId: saved.id, listingId, version },
      });
      found += 1;
    }
  }
  return found;
}

/** The same index as the search itself, of these lots alone: what one finds the other finds. */
async function indexOf(tx: Tx, deps: SearchOptions, rows: readonly LotRow[]): Promise<SearchIndex> {
  const index = new SearchIndex(undefined, undefined, deps.freight);
  await bringNames({ sql: tx as unknown as Sql, organisations: deps.organisations }, index.lots, rows);
  for (const row of rows) index.lots.put(row);
  return index;
}

/**
 * Puts what was found into its owner's list, and asks for a letter where one is wanted; a search deleted
 * meanwhile is told nothing.
 *
 * @param mail undefined: this exchange sends no mail.
 */
export function alertWork(mail?: SearchMail): WorkHandler[] {
  const tell: WorkHandler = {
    topic: ALERT_TOPIC,
    async write(tx, { payload }) {
      const key: AlertKey = {
        searchId: String(payload['searchId']),
        listingId: String(payload['listingId']),
        version: Number(payload['version']),
      };
      const [told] = await tx<{ mail: string | null }[]>`
        insert into search_alert (saved_search_id, listing_id, listing_version, mail)
        select id, ${key.listingId}, ${key.version},
               case when mail is not null and ${mail !== undefined} then 'waiting' end
          from saved_search where id = ${key.searchId} for key share
        on conflict do nothing returning mail`;
      if (told?.mail === 'waiting') await askForLetter(tx, key);
    },
  };
  return mail ? [tell, mailWork(mail)] : [tell];
}
