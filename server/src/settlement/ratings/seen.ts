/** Ratings as each reader may see them. */
import type { RatingView } from '@seam/protocol';
import type { Connection } from '../../platform/db.ts';

/** A rating with its reply, and with what staff took away of both. */
type Read = {
  contractId: string;
  byOrganisation: string;
  ofOrganisation: string;
  sellerId: string;
  score: number;
  criteria: RatingView['criteria'];
  comment: string;
  createdAt: Date;
  shownAt: Date;
  both: boolean;
  reply: string | null;
  repliedAt: Date | null;
  commentHiddenFor: string | null;
  replyHiddenFor: string | null;
};

export type RatingReader = { readonly organisationId: string; readonly staff: boolean };

/** Both have rated, or the time for it is over. */
export function isShown(one: { readonly shownAt: Date }, given: readonly unknown[], now: Date): boolean {
  return given.length === 2 || now >= one.shownAt;
}

const selected = (connection: Connection) => connection`
  select r.contract_id as "contractId", r.by_organisation as "byOrganisation", r.of_organisation as "ofOrganisation",
         s.seller_id as "sellerId", r.score, r.criteria, r.comment, r.created_at as "createdAt", r.shown_at as "shownAt",
         (select count(*) = 2 from rating o where o.contract_id = r.contract_id) as both,
         p.text as reply, p.created_at as "repliedAt",
         (select case when m.hidden then m.reason end from rating_moderation m
           where m.contract_id = r.contract_id and m.by_organisation = r.by_organisation and m.part = 'comment'
           order by m.id desc limit 1) as "commentHiddenFor",
         (select case when m.hidden then m.reason end from rating_moderation m
           where m.contract_id = r.contract_id and m.by_organisation = r.by_organisation and m.part = 'reply'
           order by m.id desc limit 1) as "replyHiddenFor"
    from rating r join settlement s using (contract_id)
    left join rating_reply p using (contract_id, by_organisation)`;

/** Of one contract. The other side's is left out until it is shown; staff reads all. */
export async function ratingsOfContract(
  connection: Connection,
  contractId: string,
  reader: RatingReader,
  now: Date,
): Promise<RatingView[]> {
  const rows = await connection<Read[]>`${selected(connection)}
    where r.contract_id = ${contractId} order by r.created_at, r.by_organisation`;
  return rows.flatMap((row) => view(row, reader, now) ?? []);
}

const LIST_MAX = 50;

/** Shown ratings of a company, newest first. */
export async function ratingsOfCompany(
  connection: Connection,
  organisationId: string,
  reader: RatingReader,
  now: Date,
): Promise<RatingView[]> {
  const rows = await connection<Read[]>`${selected(connection)}
    where r.of_organisation = ${organisationId} and (r.shown_at <= ${now}
      or (select count(*) = 2 from rating o where o.contract_id = r.contract_id))
    order by r.created_at desc, r.contract_id limit ${LIST_MAX}`;
  return rows.flatMap((row) => view(row, reader, now) ?? []);
}

export type RatingSums = { readonly count: number; readonly sum: number };

/** Of the shown ratings of each company; those without are left out. */
export async function ratingSums(
  connection: Connection,
  organisationIds: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, RatingSums>> {
  const rows = await connection<{ id: string; count: number; sum: number }[]>`
    select r.of_organisation as id, count(*)::int as count, sum(r.score)::int as sum from rating r
     where r.of_organisation = any(${[...organisationIds]}) and (r.shown_at <= ${now}
       or (select count(*) = 2 from rating o where o.contract_id = r.contract_id))
     group by 1`;
  return new Map(rows.map(({ id, count, sum }) => [id, { count, sum }]));
}

/** Everything written, for staff, newest first. @param before the place behind which to go on. */
export async function ratingsWritten(
  connection: Connection,
  before: { readonly at: Date; readonly contractId: string } | undefined,
  now: Date,
): Promise<{ items: RatingView[]; next: { at: Date; contractId: string } | undefined }> {
  const rows = await connection<Read[]>`${selected(connection)}
    ${before ? connection`where (r.created_at, r.contract_id) < (${before.at}, ${before.contractId})` : connection``}
    order by r.created_at desc, r.contract_id desc, r.by_organisation limit ${LIST_MAX}`;
  const last = rows.at(-1);
  const reader = { organisationId: '', staff: true };
  return {
    items: rows.flatMap((row) => view(row, reader, now) ?? []),
    next: rows.length === LIST_MAX && last ? { at: last.createdAt, contractId: last.contractId } : undefined,
  };
}

function view(row: Read, { organisationId, staff }: RatingReader, now: Date): RatingView | undefined {
  const shown = row.both || now >= row.shownAt;
  const wrote = organisationId === row.byOrganisation;
  if (!shown && !wrote && !staff) return undefined;
  const isParty = staff || wrote || organisationId === row.ofOrganisation;
  // Staff judges words it can read; whoever wrote them knows them.
  const reads = (hiddenFor: string | null, author: string) =>
    hiddenFor === null || staff || organisationId === author;
  return {
    contractId: isParty ? row.contractId : null,
    by: row.byOrganisation === row.sellerId ? 'seller' : 'buyer',
    score: row.score,
    criteria: row.criteria,
    comment: reads(row.commentHiddenFor, row.byOrganisation) ? row.comment : null,
    commentHiddenFor: row.commentHiddenFor,
    reply:
      row.reply === null || row.repliedAt === null
        ? null
        : {
            text: reads(row.replyHiddenFor, row.ofOrganisation) ? row.reply : null,
            hiddenFor: row.replyHiddenFor,
            at: row.repliedAt.toISOString(),
          },
    at: row.createdAt.toISOString(),
    shown,
    shownAt: row.shownAt.toISOString(),
    mayReply: shown && row.reply === null && organisationId === row.ofOrganisation,
  };
}
