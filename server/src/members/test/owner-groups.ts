/** Companies that two people of the centre have confirmed as one owner, for tests that have no companies. */
import type { Sql } from 'postgres';
import { newId } from '../../platform/id.ts';

/** @param ids of companies as the test calls them; each gets a row, and all of them one group. */
export async function makeOwnerGroup(sql: Sql, ids: readonly string[]): Promise<string> {
  const group = newId();
  await sql.begin(async (tx) => {
    for (const id of ids)
      await tx`insert into organisation (id, name, kind, sells, buys, legal_id_kind, legal_id, country, address,
          contact_name, contact_email, contact_phone, status, status_since, created_at, active_at)
        values (${id}, ${id}, 'trader', true, true, 'lei', ${newId().replaceAll('-', '').slice(0, 20)}, 'DE', 'a', 'c',
          'e', 'p', 'active', now(), now(), now()) on conflict do nothing`;
    for (const id of ['one', 'two'])
      await tx`insert into person (id, staff, name, email, password_hash, created_at)
        values (${id}, true, ${id}, ${`${id}@seam.test`}, '$argon2id$none', now()) on conflict do nothing`;
    const proposal = newId();
    await tx`insert into party_proposal (id, side, organisation_id, kind, reason, proposed_by, proposed_at, expires_at,
        state, decided_by, decided_at, decided_reason)
      values (${proposal}, 'centre', ${ids[0]!}, 'relate', 'r', 'one', now(), now() + interval '1 day', 'approved', 'two',
        now(), 'r')`;
    for (const id of ids)
      await tx`insert into party_group_member (organisation_id, group_id, proposal_id, since)
        values (${id}, ${group}, ${proposal}, now())`;
  });
  return group;
}
