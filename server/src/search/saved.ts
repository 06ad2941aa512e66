/** Searches that a person keeps. Another person's are said not to exist. */
import type { Body, Ok, SavedQuery, SavedSearchView, searchRoutes } from '@seam/protocol';
import type { Connection, Tx } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { SAVED_MAX } from './limits.ts';
import type { Search } from './search.ts';

export type Owner = { readonly personId: string; readonly organisationId: string };

type Row = {
  id: string;
  name: string;
  query: SavedQuery;
  mail: SavedSearchView['mail'];
  unread: number;
  createdAt: Date;
};

/** From now on; a lot that can be seen already is no news. */
export async function saveSearch(
  tx: Tx,
  search: Pick<Search, 'question'>,
  owner: Owner,
  { name, query, mail = null }: Body<typeof searchRoutes.saveSearch>,
): Promise<SavedSearchView | Refusal> {
  const question = await search.question(query);
  if (isRefusal(question)) return question;
  // Two at once: the second counts after the first.
  await tx`select pg_advisory_xact_lock(hashtext(${`saved-search:${owner.personId}`}))`;
  const [kept] = await tx<{ n: number }[]>`
    select count(*)::int as n from saved_search where person_id = ${owner.personId}`;
  if (kept!.n >= SAVED_MAX)
    return refuse('search.too_many_saved', { accepted: { searches: String(SAVED_MAX) } });
  const id = newId();
  const [row] = await tx<Row[]>`
    insert into saved_search (id, person_id, organisation_id, name, query, mail)
    values (${id}, ${owner.personId}, ${owner.organisationId}, ${name.trim() || name}, ${tx.json(query)}, ${mail})
    returning id, name, query, mail, 0 as unread, created_at as "createdAt"`;
  return viewOf(row!);
}

export async function listSaved(sql: Connection, owner: Owner): Promise<SavedSearchView[]> {
  const rows = await sql<Row[]>`
    select id, name, query, mail, created_at as "createdAt",
           (select count(*)::int from search_alert where saved_search_id = s.id and read_at is null) as unread
      from saved_search s where person_id = ${owner.personId} order by id desc`;
  return rows.map(viewOf);
}

/** What fits a moved limit counts from now on, as if the search had just been saved. */
export async function changeSaved(
  tx: Tx,
  search: Pick<Search, 'question'>,
  owner: Owner,
  { id, name, mail, landedMax }: Body<typeof searchRoutes.changeSavedSearch> & { readonly id: string },
): Promise<SavedSearchView | Refusal> {
  const [own] = await tx<Row[]>`
    select id, name, query, mail from saved_search
     where id = ${id} and person_id = ${owner.personId} for update`;
  if (!own) return refuse('resource.not_found');
  const { landedMax: oldMax, ...rest } = own.query;
  const max = landedMax === undefined ? oldMax : (landedMax ?? undefined);
  const query: SavedQuery = { ...rest, ...(max !== undefined && { landedMax: max }) };
  const question = await search.question(query);
  if (isRefusal(question)) return question;
  const moved = max !== oldMax;
  const [row] = await tx<Row[]>`
    update saved_search set name = ${name?.trim() || own.name}, mail = ${mail === undefined ? own.mail : mail},
           query = ${tx.json(query)}, seen = ${moved ? tx`pg_current_snapshot()` : tx`seen`}
     where id = ${id}
    returning id, name, query, mail, created_at as "createdAt",
      (select count(*)::int from search_alert where saved_search_id = ${id} and read_at is null) as unread`;
  return viewOf(row!);
}

type MailOfSearch = Ok<typeof searchRoutes.stopSearchMail>;

/** Whoever holds the link of a letter may. */
export async function mailOfSearch(sql: Connection, id: string): Promise<MailOfSearch | Refusal> {
  const [row] = await sql<MailOfSearch[]>`
    select name, mail is not null as active from saved_search where id = ${id}`;
  return row ?? refuse('resource.not_found');
}

/** Letters that wait are not written any more. Safe twice. */
export async function stopMail(tx: Tx, id: string): Promise<MailOfSearch | Refusal> {
  await tx`update saved_search set mail = null where id = ${id}`;
  return mailOfSearch(tx, id);
}

export async function deleteSaved(
  tx: Tx,
  owner: Owner,
  id: string,
): Promise<Record<string, never> | Refusal> {
  const { count } = await tx`delete from saved_search where id = ${id} and person_id = ${owner.personId}`;
  return count === 1 ? {} : refuse('resource.not_found');
}

export async function markRead(
  tx: Tx,
  owner: Owner,
  id: string,
  now: Date,
): Promise<Record<string, never> | Refusal> {
  const [own] = await tx`select 1 from saved_search where id = ${id} and person_id = ${owner.personId}`;
  if (!own) return refuse('resource.not_found');
  await tx`update search_alert set read_at = ${now} where saved_search_id = ${id} and read_at is null`;
  return {};
}

function viewOf({ createdAt, ...row }: Row): SavedSearchView {
  return { ...row, createdAt: createdAt.toISOString() };
}
