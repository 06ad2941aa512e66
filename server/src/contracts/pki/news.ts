/**
 * What a company is told about certificates in its name: every one issued, so that a second one made behind
 * its back is seen, and every one that is about to expire.
 */
import type { CertificateNews } from '@seam/protocol';
import type { Connection } from '../../platform/db.ts';
import type { ContractPorts } from '../ports.ts';
import { expiresSoon } from './queries.ts';

const LIST_MAX = 100;

type Row = {
  kind: CertificateNews['kind'];
  at: Date;
  serial: string | null;
  person_id: string;
  device_label: string;
  not_after: Date | null;
};

export async function certificateNews(
  connection: Connection,
  ports: Pick<ContractPorts, 'personNamesOf'>,
  of: { organisationId: string; now: Date },
): Promise<CertificateNews[]> {
  const { organisationId, now } = of;
  const rows = await connection<Row[]>`
    select 'issued' as kind, created_at as at, serial, person_id, device_label, null::timestamptz as not_after
      from certificate where organisation_id = ${organisationId}
    union all
    select 'revoked', r.at, serial, c.person_id, c.device_label, null
      from certificate_revocation r join certificate c using (serial) where c.organisation_id = ${organisationId}
    union all
    select 'expires', ${now}, serial, person_id, device_label, not_after
      from certificate where organisation_id = ${organisationId}
       and not exists (select 1 from certificate_revocation r where r.serial = certificate.serial)
    union all
    select 'requested', created_at, null, person_id, device_label, null
      from certificate_request where organisation_id = ${organisationId}
    union all
    select 'refused', decided_at, null, person_id, device_label, null
      from certificate_request where organisation_id = ${organisationId} and state = 'refused'
    order by at desc`;
  const told = rows
    .filter((row) => row.not_after === null || expiresSoon(row.not_after, now))
    .slice(0, LIST_MAX);
  const people = await ports.personNamesOf(
    connection,
    told.map((row) => row.person_id),
  );
  return told.map((row) => ({
    kind: row.kind,
    // Of what is about to happen, when it will.
    at: (row.not_after ?? row.at).toISOString(),
    serial: row.serial,
    personName: people.get(row.person_id) ?? '',
    deviceLabel: row.device_label,
  }));
}
