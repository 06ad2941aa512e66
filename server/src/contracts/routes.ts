/** HTTP of contracts: reading them, signing them, and ending them. */
import { contractRoutes as r } from '@seam/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Connection } from '../platform/db.ts';
import { type HttpDeps, act, read, write } from '../platform/http.ts';
import type { Principal } from '../platform/principal.ts';
import { isRefusal, refuse } from '../platform/refusal.ts';
import { evidenceOf } from './evidence/read.ts';
import { type PkiDeps, pkiRoutes } from './pki/routes.ts';
import type { ContractPorts } from './ports.ts';
import { contractView, listContracts } from './queries.ts';
import { sendFile } from './send-file.ts';
import { type HandedIn, completeSigning } from './signing/complete.ts';
import type { SignerProof, SigningDeps } from './signing/deps.ts';
import { declineSigning } from './signing/end.ts';
import { type OpenedSession, openSigning, sessionOf } from './signing/open.ts';
import { contractOf } from './signing/parties.ts';
import { decideRefusal, proposeRefusal } from './signing/refusal.ts';
import { fileOf, latestRevision, revisionOf } from './signing/revisions.ts';

export type ContractDeps = HttpDeps &
  PkiDeps &
  SigningDeps & { readonly ports: ContractPorts; readonly proof: SignerProof };

export function contractRoutes(app: FastifyInstance, deps: ContractDeps): void {
  pkiRoutes(app, deps);
  readingRoutes(app, deps);
  signingRoutes(app, deps);
  endingRoutes(app, deps);
}

async function view(connection: Connection, ports: ContractPorts, id: string, principal: Principal) {
  return (await contractView(connection, ports, id, principal)) ?? refuse('resource.not_found');
}

function readingRoutes(app: FastifyInstance, deps: ContractDeps): void {
  const { ports } = deps;
  read(app, deps, r.contracts, async ({ connection, principal }) => ({
    items: await listContracts(connection, ports, principal),
  }));
  read(app, deps, r.contract, async ({ params, connection, principal }) =>
    view(connection, ports, params.id, principal),
  );
  read(app, deps, r.contractDocument, async ({ params, query, connection, principal, reply }) => {
    const mine = await contractOf(connection, params.id, principal);
    if (!mine) return refuse('resource.not_found');
    const asked = query.revision;
    const revision =
      asked === undefined
        ? await latestRevision(connection, params.id)
        : await revisionOf(connection, params.id, Number(asked));
    if (!revision) return refuse(asked === undefined ? 'contract.not_ready' : 'resource.not_found');
    const file = await deps.files.run('revision', fileOf(revision));
    return sendFile(reply, file, 'application/pdf', `${mine.row.number}.pdf`);
  });
  read(app, deps, r.contractEvidence, async ({ params, connection, principal, reply }) => {
    const mine = await contractOf(connection, params.id, principal);
    if (!mine) return refuse('resource.not_found');
    if (mine.row.state !== 'binding') return refuse('contract.not_binding');
    const bytes = await evidenceOf(deps, mine.row);
    if (isRefusal(bytes)) return bytes;
    return sendFile(reply, bytes, 'application/zip', `${mine.row.number}-evidence.zip`);
  });
}

function signingRoutes(app: FastifyInstance, deps: ContractDeps): void {
  const { ports, clock } = deps;
  // Neither holds a transaction: documents are made in the press, and the timestamp comes from elsewhere.
  act(app, deps, r.openSigning, async ({ params, body, principal, connection }) => {
    const names = await ports.namesOf(connection, [principal.organisationId]);
    const name = names.get(principal.organisationId);
    const opened = await openSigning(deps, principal, {
      contractId: params.id,
      certificateSerial: body.certificateSerial,
      organisationName: name?.nameZh ?? name?.name ?? '',
      proof: body.proof ?? 'password',
    });
    return isRefusal(opened) ? opened : sessionView(opened);
  });
  read(app, deps, r.signingDocument, async ({ params, principal, reply }) => {
    const session = await sessionOf(deps, params.id, principal);
    if (!session) return refuse('signing_session.unknown');
    if (session.expiresAt < clock.now()) return refuse('signing_session.expired');
    const prepared = await deps.files.run('prepared', { sessionId: session.id });
    return sendFile(reply, prepared, 'application/pdf', 'to-sign.pdf');
  });
  act(app, deps, r.completeSigning, async ({ params, body, principal, connection, httpRequest }) => {
    const done = await completeSigning(deps, principal, {
      sessionId: params.id,
      signature: new Uint8Array(Buffer.from(body.signature, 'base64')),
      passkey: body.passkey,
      clientBundleSha256: body.clientBundleSha256,
      ...callerOf(httpRequest),
    });
    return isRefusal(done) ? done : view(connection, ports, done.contractId, principal);
  });
}

function endingRoutes(app: FastifyInstance, deps: ContractDeps): void {
  const { ports, clock } = deps;
  write(app, deps, r.declineSigning, async ({ params, body, principal, connection }) => {
    const done = await declineSigning(connection, principal, { contractId: params.id, reason: body.reason });
    return isRefusal(done) ? done : view(connection, ports, done.contractId, principal);
  });
  write(app, deps, r.proposeRefusal, async ({ params, body, principal, connection }) => {
    const input = { contractId: params.id, reason: body.reason, now: clock.now() };
    return (
      (await proposeRefusal(connection, principal, input)) ?? view(connection, ports, params.id, principal)
    );
  });
  write(app, deps, r.decideRefusal, async ({ params, body, principal, connection }) => {
    const input = { contractId: params.id, decision: body.decision, now: clock.now() };
    return (
      (await decideRefusal(connection, principal, input)) ?? view(connection, ports, params.id, principal)
    );
  });
}

function callerOf(httpRequest: FastifyRequest): Pick<HandedIn, 'ip' | 'userAgent'> {
  return { ip: httpRequest.ip, userAgent: httpRequest.headers['user-agent'] ?? '' };
}

function sessionView({ session, baseSha256, passkey }: OpenedSession) {
  return {
    id: session.id,
    contractId: session.contractId,
    field: session.field,
    baseSha256: Buffer.from(baseSha256).toString('hex'),
    digest: Buffer.from(session.digest).toString('hex'),
    certificateSerial: session.certificateSerial,
    expiresAt: session.expiresAt.toISOString(),
    proof: session.proofKind,
    passkey,
  };
}
