/**
 * What people are told: in their list at the next login until they say that they have read it, and by a letter
 * where the exchange sends mail. What has been settled meanwhile is told to nobody any more.
 */
import type { CentreRole, NoticeView } from '@seam/protocol';
import type { Connection, Tx } from '../../platform/db.ts';
import { enqueue } from '../../platform/outbox.ts';

const NOTICES_SHOWN = 20;
export const NOTICE_LETTER = 'members.notice_letter';

export type Notice = {
  readonly kind: NoticeView['kind'];
  /** Of whom or what: a company's name, a kind of document. */
  readonly subject: string;
  readonly day?: string | null;
  /** The page where something can be done about it. */
  readonly link?: string;
  /** What has to be settled; `settled` takes the notices of it back. */
  readonly about?: string;
};

export async function tellPeople(
  tx: Tx,
  people: readonly string[],
  { kind, subject, day = null, link = '', about }: Notice,
  now: Date,
): Promise<void> {
  if (people.length === 0) return;
  const told = await tx<{ id: string }[]>`
    insert into person_notice (person_id, kind, detail, about, mail, created_at)
    select id, ${kind}, ${tx.json({ subject, day, link })}, ${about ?? null}, 'waiting', ${now} from person
     where id in ${tx(people)} and disabled_at is null
    returning id`;
  for (const { id } of told)
    await enqueue(tx, {
      effectKey: `${NOTICE_LETTER}:${id}`,
      topic: NOTICE_LETTER,
      payload: { noticeId: id },
    });
}

/** @param except does not need to be told what it did itself. */
export async function tellOffices(
  tx: Tx,
  offices: readonly CentreRole[],
  notice: Notice,
  { now, except = '' }: { readonly now: Date; readonly except?: string },
): Promise<void> {
  const staff = await tx<{ id: string }[]>`select id from person
    where staff and disabled_at is null and centre_roles && ${[...offices]} and id <> ${except} order by id`;
  await tellPeople(
    tx,
    staff.map(({ id }) => id),
    notice,
    now,
  );
}

/** Whoever trades for a company. */
export async function tellTraders(tx: Tx, organisationId: string, notice: Notice, now: Date): Promise<void> {
  const people = await tx<{ id: string }[]>`select id from person
    where organisation_id = ${organisationId} and disabled_at is null and not robot and 'trader' = any(roles)
    order by id`;
  await tellPeople(
    tx,
    people.map(({ id }) => id),
    notice,
    now,
  );
}

/** Whoever answers for the money of a company. */
export async function tellMoneyPeople(
  tx: Tx,
  organisationId: string,
  notice: Notice,
  now: Date,
): Promise<void> {
  const people = await tx<{ id: string }[]>`select id from person
    where organisation_id = ${organisationId} and disabled_at is null and not robot
      and roles && array['finance', 'legal_representative', 'admin'] order by id`;
  await tellPeople(
    tx,
    people.map(({ id }) => id),
    notice,
    now,
  );
}

/** Whoever has not read of it needs not any more. */
export async function settled(tx: Tx, about: string, now: Date): Promise<void> {
  await tx`update person_notice set seen_at = ${now} where about = ${about} and seen_at is null`;
}

export async function noticesOf(connection: Connection, personId: string): Promise<NoticeView[]> {
  const rows = await connection<
    { id: string; kind: NoticeView['kind']; at: Date; subject: string; day: string | null; link: string }[]
  >`select id, kind, created_at as at, detail->>'subject' as subject, detail->>'day' as day,
           coalesce(detail->>'link', '') as link
      from person_notice
     where person_id = ${personId} and seen_at is null order by created_at desc, id limit ${NOTICES_SHOWN}`;
  return rows.map(({ at, link, ...row }) => ({
    ...row,
    link: link === '' ? null : link,
    at: at.toISOString(),
  }));
}

/** @returns whether it is one of the person's own. */
export async function seen(
  tx: Tx,
  of: { readonly personId: string; readonly id: string; readonly now: Date },
): Promise<boolean> {
  if (!/^[0-9a-f-]{36}$/.test(of.id)) return false;
  const { count } = await tx`update person_notice set seen_at = coalesce(seen_at, ${of.now})
    where id = ${of.id} and person_id = ${of.personId}`;
  return count === 1;
}
