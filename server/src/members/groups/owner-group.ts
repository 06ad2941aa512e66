/** Which companies are one owner to the markets: the group that two people of the centre confirmed. */
import type { Connection } from '../../platform/db.ts';

/** The group's id; a company that belongs to none is a group of its own. */
export async function ownerGroupOf(connection: Connection, organisationId: string): Promise<string> {
  const [row] = await connection<{ id: string }[]>`select group_id as id from party_group_member
    where organisation_id = ${organisationId}`;
  return row?.id ?? organisationId;
}

/** The other companies of its group, itself left out. */
export async function relatedTo(connection: Connection, organisationId: string): Promise<string[]> {
  const rows = await connection<{ id: string }[]>`
    select other.organisation_id as id from party_group_member own
      join party_group_member other on other.group_id = own.group_id and other.organisation_id <> own.organisation_id
     where own.organisation_id = ${organisationId} order by other.organisation_id`;
  return rows.map(({ id }) => id);
}
