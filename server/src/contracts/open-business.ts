/** Contracts of a company that are not carried out yet, and whether anybody of it can sign one. */
import type { Connection } from '../platform/db.ts';

/** Being signed, or signed and not settled to the end. */
export async function openContracts(
  connection: Connection,
  organisationId: string,
): Promise<{ contracts: number }> {
  const [row] = await connection<{ contracts: number }[]>`
    select count(*)::int as contracts from contract c left join settlement s on s.contract_id = c.id::text
     where ${organisationId} in (c.seller_id, c.buyer_id) and c.state <> 'voided'
       and coalesce(s.state, 'open') not in ('closed', 'cancelled')`;
  return row!;
}

export async function hasSigningCertificate(
  connection: Connection,
  organisationId: string,
  now: Date,
): Promise<boolean> {
  const rows = await connection`select 1 from certificate c left join certificate_revocation r using (serial)
    where c.organisation_id = ${organisationId} and c.person_id is not null and r.serial is null
      and c.not_after > ${now} limit 1`;
  return rows.length > 0;
}
