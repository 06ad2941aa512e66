import { contractRoutes as r } from '@seam/protocol';
import { asc } from 'drizzle-orm';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Clock } from '../platform/clock.ts';
import { type Connection, orm } from '../platform/db.ts';
import { type HttpDeps, read, write } from '../platform/http.ts';
import type { Principal } from '../platform/principal.ts';
import { isRefusal, refuse } from '../platform/refusal.ts';
import type { Authorities } from './pki/authorities.ts';
import {
  decideRequest,
  requestCertificate,
  requestView,
  revocationList,
  revokeCertificate,
} from './pki/certificates.ts';
import type { ContractPorts } from './ports.ts';
import { certificateRequests, contractView, listContracts, myCertificates } from './queries.ts';
import { completeSigning, contractOf, declineSigning, latestRevision, openSigning } from './signing.ts';
import { certificateLog, signingSession } from './tables.ts';
import { eq } from 'drizzle-orm';

export type ContractDeps = HttpDeps & {
  readonly authorities: Authorities;
  readonly ports: ContractPorts;
  readonly clock: Clock;
};

export function contractRoutes(app: FastifyInstance, deps: ContractDeps): void {
  certificateRoutes(app, deps);
  pkiRoutes(app, deps);
  signingRoutes(app, deps);
  const { ports } = deps;

  read(app, deps, r.contracts, async ({ connection, principal }) => ({
    items: await listContracts(connection, ports, principal),
  }));
  read(app, deps, r.contract, async ({ params, connection, principal }) =>
    view(connection, ports, params.id, principal),
  );
  read(app, deps, r.contractDocument, async ({ params, connection, principal, reply }) => {
    const mine = await contractOf(connection, params.id, principal);
    if (!mine) return refuse('resource.not_found');
    const revision = await latestRevision(connection, params.id);
    if (!revision) return refuse('contract.not_ready');
    return sendFile(reply, revision.file, 'application/pdf', `${mine.row.number}.pdf`);
  });
}

async function view(connection: Connection, ports: ContractPorts, id: string, principal: Principal) {
  return (await contractView(connection, ports, id, principal)) ?? refuse('resource.not_found');
}

function sendFile(reply: FastifyReply, bytes: Uint8Array, type: string, name: string): FastifyReply {
  return reply
    .type(type)
    .header('content-disposition', `inline; filename="${name}"`)
    .header('cache-control', 'private, no-store')
    .send(Buffer.from(bytes));
}

function certificateRoutes(app: FastifyInstance, deps: ContractDeps): void {
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

function pkiRoutes(app: FastifyInstance, deps: ContractDeps): void {
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

function signingRoutes(app: FastifyInstance, deps: ContractDeps): void {
  const { ports, clock, authorities } = deps;
  write(app, deps, r.openSigning, async ({ params, body, principal, connection }) => {
    const names = await ports.namesOf(connection, [principal.organisationId]);
    const name = names.get(principal.organisationId);
    const opened = await openSigning(connection, principal, {
      contractId: params.id,
      certificateSerial: body.certificateSerial,
      organisationName: name?.nameZh ?? name?.name ?? '',
      now: clock.now(),
    });
    if (isRefusal(opened)) return opened;
    const { session } = opened;
    return {
      id: session.id,
      contractId: session.contractId,
      field: session.field,
      baseSha256: opened.baseSha256,
      certificateSerial: session.certificateSerial,
      expiresAt: session.expiresAt.toISOString(),
    };
  });
  read(app, deps, r.signingDocument, async ({ params, principal, connection, reply }) => {
    const [session] = await orm(connection)
      .select()
      .from(signingSession)
      .where(eq(signingSession.id, params.id));
    if (!session || session.personId !== principal.personId) return refuse('signing_session.unknown');
    if (session.expiresAt < clock.now()) return refuse('signing_session.expired');
    return sendFile(reply, session.prepared, 'application/pdf', 'to-sign.pdf');
  });
  write(app, deps, r.completeSigning, async ({ params, body, principal, connection }) => {
    const done = await completeSigning(connection, authorities, principal, {
      sessionId: params.id,
      signature: new Uint8Array(Buffer.from(body.signature, 'base64')),
      now: clock.now(),
    });
    return isRefusal(done) ? done : view(connection, ports, done.contractId, principal);
  });
  write(app, deps, r.declineSigning, async ({ params, body, principal, connection }) => {
    const done = await declineSigning(connection, principal, { contractId: params.id, reason: body.reason });
    return isRefusal(done) ? done : view(connection, ports, done.contractId, principal);
  });
}
