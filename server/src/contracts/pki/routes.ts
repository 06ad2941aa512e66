/** Certificates over HTTP: asking, deciding, revoking, and what anybody may read of the authority. */
import { certificateRoutes as r } from '@seam/protocol';
import { asc } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../platform/clock.ts';
import { orm } from '../../platform/db.ts';
import { type HttpDeps, read, write } from '../../platform/http.ts';
import { isRefusal } from '../../platform/refusal.ts';
import type { ContractPorts } from '../ports.ts';
import { sendFile } from '../send-file.ts';
import type { Authorities } from './authorities.ts';
import {
  decideRequest,
  requestCertificate,
  requestView,
  revocationList,
  revokeCertificate,
} from './certificates.ts';
import { certificateRequests, myCertificates } from './queries.ts';
import { certificateLog } from './tables.ts';

export type PkiDeps = HttpDeps & {
  readonly authorities: Authorities;
  readonly ports: ContractPorts;
  readonly clock: Clock;
};

export function pkiRoutes(app: FastifyInstance, deps: PkiDeps): void {
  publicRoutes(app, deps);
  const { ports, clock, authorities } = deps;
  write(app, deps, r.requestCertificate, async ({ body, principal, connection }) => {
    const row = await requestCertificate(connection, principal, body);
    if (isRefusal(row)) return row;
    const names = await ports.namesOf(connection, [principal.organisationId]);
    return requestView(row, {
      organisationName: names.get(principal.organisationId)?.name ?? '',
      personName: principal.personName,
    });
  });
  read(app, deps, r.myCertificates, async ({ principal, connection }) => ({
    certificates: await myCertificates(connection, principal, clock.now()),
    requests: await certificateRequests(connection, ports, { personId: principal.personId }),
  }));
  read(app, deps, r.certificateRequests, async ({ connection }) => ({
    items: await certificateRequests(connection, ports, { state: 'submitted' }),
  }));
  write(app, deps, r.decideCertificateRequest, async ({ params, body, principal, connection }) => {
    const row = await decideRequest(
      connection,
      { authorities, certifiedPersonOf: ports.certifiedPersonOf, now: clock.now() },
      { id: params.id, decidedBy: principal.personId, decision: body.decision, reason: body.reason ?? null },
    );
    if (isRefusal(row)) return row;
    const names = await ports.namesOf(connection, [row.organisationId]);
    const people = await ports.personNamesOf(connection, [row.personId]);
    return requestView(row, {
      organisationName: names.get(row.organisationId)?.name ?? '',
      personName: people.get(row.personId) ?? '',
    });
  });
  write(app, deps, r.revokeCertificate, async ({ params, body, principal, connection }) =>
    revokeCertificate(connection, principal, params.id, body.reason),
  );
}

function publicRoutes(app: FastifyInstance, deps: PkiDeps): void {
  const { authorities, clock } = deps;
  read(app, deps, r.rootCertificate, async ({ reply }) =>
    sendFile(reply, authorities.root, 'application/pkix-cert', 'seam-root.cer'),
  );
  read(app, deps, r.issuingCertificate, async ({ reply }) =>
    sendFile(reply, authorities.issuing.certificate, 'application/pkix-cert', 'seam-issuing.cer'),
  );
  read(app, deps, r.revocationList, async ({ connection, reply }) =>
    sendFile(
      reply,
      await revocationList(connection, authorities, clock.now()),
      'application/pkix-crl',
      'seam-issuing.crl',
    ),
  );
  read(app, deps, r.certificateLog, async ({ connection }) => {
    const rows = await orm(connection).select().from(certificateLog).orderBy(asc(certificateLog.seq));
    const organisations = await connection<
      { serial: string; organisation_id: string }[]
    >`select serial, organisation_id from certificate`;
    const holder = new Map(organisations.map((row) => [row.serial, row.organisation_id]));
    return {
      items: rows.map((row) => ({
        seq: row.seq,
        serial: row.serial,
        organisationId: holder.get(row.serial) ?? '',
        leafHash: Buffer.from(row.leafHash).toString('hex'),
        chainHash: Buffer.from(row.chainHash).toString('hex'),
        at: row.at.toISOString(),
      })),
    };
  });
}
