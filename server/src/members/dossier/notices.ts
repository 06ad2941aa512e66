/** What a person is told at the next login, until it says that it has read it. */
import type { NoticeView } from '@seam/protocol';
import type { Connection, Tx } from '../../platform/db.ts';

const NOTICES_SHOWN = 20;

export async function noticesOf(connection: Connection, personId: string): Promise<NoticeView[]> {
  const rows = await connection<
    { id: string; kind: NoticeView['kind']; at: Date; detail: { subject: string; day: string | null } }[]
  >`select id, kind, created_at as at, detail from person_notice
     where person_id = ${personId} and seen_at is null order by created_at desc, id limit ${NOTICES_SHOWN}`;
  return rows.map(({ id, kind, at, detail }) => ({ id, kind, at: at.toISOString(), ...detail }));
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
