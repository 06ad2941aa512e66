import { contractRoutes as r } from '@seam/protocol';
import { eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../platform/clock.ts';
import { type Connection, orm } from '../platform/db.ts';
import { type HttpDeps, read, write } from '../platform/http.ts';
import type { Principal } from '../platform/principal.ts';
import { isRefusal, refuse } from '../platform/refusal.ts';
import type { Authorities } from './pki/authorities.ts';
import { pkiRoutes } from './pki/routes.ts';
import type { ContractPorts } from './ports.ts';
import { contractView, listContracts } from './queries.ts';
import { sendFile } from './send-file.ts';
import { completeSigning, contractOf, declineSigning, latestRevision, openSigning } from './signing.ts';
import { signingSession } from './tables.ts';

export type ContractDeps = HttpDeps & {
  readonly authorities: Authorities;
  readonly ports: ContractPorts;
  readonly clock: Clock;
};

export function contractRoutes(app: FastifyInstance, deps: ContractDeps): void {
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
