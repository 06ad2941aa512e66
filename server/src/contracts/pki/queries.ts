/** Certificates and requests for them, as their holders and staff read them. */
import type { CertificateRequestView, CertificateView } from '@seam/protocol';
import { and, desc, eq } from 'drizzle-orm';
import { type Connection, orm } from '../../platform/db.ts';
import type { Principal } from '../../platform/principal.ts';
import type { ContractPorts } from '../ports.ts';
import { requestView } from './certificates.ts';
import { certificate, certificateRequest, certificateRevocation } from './tables.ts';

/** Newest first; a working list, not an archive. */
const LIST_MAX = 200;

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
    certificate: Buffer.from(row.der).toString('base64'),
  }));
}

/** Requests of one person, or all that wait for staff. */
export async function certificateRequests(
  connection: Connection,
  ports: ContractPorts,
  of: { personId: string } | { state: 'submitted' },
): Promise<CertificateRequestView[]> {
  const rows = await orm(connection)
    .select()
    .from(certificateRequest)
    .where(
      'personId' in of
        ? eq(certificateRequest.personId, of.personId)
        : eq(certificateRequest.state, of.state),
    )
    .orderBy(desc(certificateRequest.createdAt))
    .limit(LIST_MAX);
  const names = await ports.namesOf(
    connection,
    rows.map((row) => row.organisationId),
  );
  const people = await ports.personNamesOf(
    connection,
    rows.map((row) => row.personId),
  );
  return rows.map((row) =>
    requestView(row, {
      organisationName: names.get(row.organisationId)?.name ?? '',
      personName: people.get(row.personId) ?? '',
    }),
  );
}
