/** Certificates and requests for them, as their holders and staff read them. */
import type {
  CertificateRequestView,
  CertificateView,
  RevocationReason,
  StaffCertificateView,
} from '@seam/protocol';
import { and, desc, eq, inArray } from 'drizzle-orm';
import { type Connection, orm } from '../../platform/db.ts';
import type { Principal } from '../../platform/principal.ts';
import type { ContractPorts } from '../ports.ts';
import {
  type CertificateRequestRow,
  certificate,
  certificateRequest,
  certificateRevocation,
} from './tables.ts';

/** Newest first; a working list, not an archive. */
const LIST_MAX = 200;
/** Time enough for a new key, two approvals, and a holiday. */
const SOON_MS = 30 * 24 * 3600_000;

type Naming = Pick<ContractPorts, 'namesOf' | 'personNamesOf'>;

export const expiresSoon = (notAfter: Date, now: Date): boolean =>
  notAfter >= now && notAfter.getTime() - now.getTime() <= SOON_MS;

export async function myCertificates(
  connection: Connection,
  principal: Principal,
  now: Date,
): Promise<CertificateView[]> {
  const rows = await orm(connection)
    .select()
    .from(certificate)
    .leftJoin(certificateRevocation, eq(certificate.serial, certificateRevocation.serial))
    .where(
      and(
        eq(certificate.organisationId, principal.organisationId),
        eq(certificate.personId, principal.personId),
      ),
    )
    .orderBy(desc(certificate.createdAt));
  return rows.map(({ certificate: row, certificate_revocation: revoked }) => ({
    serial: row.serial,
    deviceLabel: row.deviceLabel,
    personId: row.personId,
    spkiSha256: row.spkiSha256,
    notBefore: row.notBefore.toISOString(),
    notAfter: row.notAfter.toISOString(),
    state: revoked ? 'revoked' : row.notAfter < now ? 'expired' : 'valid',
    expiresSoon: !revoked && expiresSoon(row.notAfter, now),
    certificate: Buffer.from(row.der).toString('base64'),
  }));
}

/** Requests of one person, or all that wait for staff. */
export async function certificateRequests(
  connection: Connection,
  ports: Naming,
  of: { personId: string } | { waiting: true },
): Promise<CertificateRequestView[]> {
  const rows = await orm(connection)
    .select()
    .from(certificateRequest)
    .where(
      'personId' in of
        ? eq(certificateRequest.personId, of.personId)
        : inArray(certificateRequest.state, ['submitted', 'approved']),
    )
    .orderBy(desc(certificateRequest.createdAt))
    .limit(LIST_MAX);
  return requestViews(connection, ports, rows);
}

export async function requestViews(
  connection: Connection,
  ports: Naming,
  rows: readonly CertificateRequestRow[],
): Promise<CertificateRequestView[]> {
  const organisations = await ports.namesOf(
    connection,
    rows.map((row) => row.organisationId),
  );
  const people = await ports.personNamesOf(
    connection,
    rows.flatMap((row) => [row.personId, row.approvedBy ?? []].flat()),
  );
  return rows.map((row) => ({
    id: row.id,
    organisationId: row.organisationId,
    organisationName: organisations.get(row.organisationId)?.name ?? '',
    personId: row.personId,
    personName: people.get(row.personId) ?? '',
    deviceLabel: row.deviceLabel,
    keyKind: row.keyKind,
    spkiSha256: row.spkiSha256,
    kind: row.kind,
    replaces: row.replaces,
    state: row.state,
    approvedBy:
      row.approvedBy === null ? null : { id: row.approvedBy, name: people.get(row.approvedBy) ?? '' },
    approvedAt: row.approvedAt?.toISOString() ?? null,
    fingerprintConfirmedAt: row.fingerprintConfirmedAt?.toISOString() ?? null,
    reason: row.reason,
    createdAt: row.createdAt.toISOString(),
  }));
}

export type Show = 'all' | 'valid' | 'expires' | 'revoked';

type StaffRow = {
  serial: string;
  organisation_id: string;
  person_id: string;
  device_label: string;
  spki_sha256: string;
  not_before: Date;
  not_after: Date;
  anchor: string | null;
  revoked_at: Date | null;
  reason: RevocationReason | null;
  requested_by: string | null;
  evidence: string | null;
};

/**
 * Certificates of all companies. What expires comes first among those that expire; else the newest first.
 * `q` is looked for in names, device, serial and fingerprint, whatever its capitals and spaces.
 */
export async function staffCertificates(
  connection: Connection,
  ports: Naming,
  of: { q?: string | undefined; show: Show; now: Date },
): Promise<StaffCertificateView[]> {
  const soon = new Date(of.now.getTime() + SOON_MS);
  const rows = await connection<StaffRow[]>`
    select c.serial, c.organisation_id, c.person_id, c.device_label, c.spki_sha256, c.not_before, c.not_after,
           a.name as anchor, r.at as revoked_at, r.reason, r.requested_by, r.evidence
      from certificate c left join certificate_revocation r using (serial)
      left join trust_anchor a on a.sha256 = c.anchor_sha256
     where case ${of.show}
             when 'revoked' then r.serial is not null
             when 'valid' then r.serial is null and c.not_after >= ${of.now}
             when 'expires' then r.serial is null and c.not_after between ${of.now} and ${soon}
             else true end
     order by case when ${of.show} = 'expires' then c.not_after end, c.created_at desc, c.serial`;
  const organisations = await ports.namesOf(
    connection,
    rows.map((row) => row.organisation_id),
  );
  const people = await ports.personNamesOf(
    connection,
    rows.flatMap((row) => [row.person_id, row.requested_by ?? []].flat()),
  );
  const views = rows.map((row) => ({
    serial: row.serial,
    organisationId: row.organisation_id,
    organisationName: organisations.get(row.organisation_id)?.name ?? '',
    personName: people.get(row.person_id) ?? '',
    deviceLabel: row.device_label,
    spkiSha256: row.spki_sha256,
    notBefore: row.not_before.toISOString(),
    notAfter: row.not_after.toISOString(),
    state: row.revoked_at
      ? ('revoked' as const)
      : row.not_after < of.now
        ? ('expired' as const)
        : ('valid' as const),
    expiresSoon: !row.revoked_at && expiresSoon(row.not_after, of.now),
    issuedBy: row.anchor,
    revocation:
      row.revoked_at && row.reason
        ? {
            at: row.revoked_at.toISOString(),
            reason: row.reason,
            by: people.get(row.requested_by ?? '') ?? '',
            evidence: row.evidence,
          }
        : null,
  }));
  const wanted = normal(of.q ?? '');
  return views
    .filter((view) => {
      const { organisationName, personName, deviceLabel, serial, spkiSha256 } = view;
      return [organisationName, personName, deviceLabel, serial, spkiSha256].some((text) =>
        normal(text).includes(wanted),
      );
    })
    .slice(0, LIST_MAX);
}

const normal = (text: string): string => text.toLowerCase().replaceAll(/[\s:]/g, '');
