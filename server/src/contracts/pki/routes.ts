/** Certificates over HTTP: asking for them, standing behind them, revoking them. */
import { certificateRoutes as r } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../platform/clock.ts';
import type { Connection } from '../../platform/db.ts';
import { type HttpDeps, read, write } from '../../platform/http.ts';
import { type Refusal, isRefusal } from '../../platform/refusal.ts';
import type { ContractPorts } from '../ports.ts';
import { anchorViews, decideAnchor, proposeAnchor } from './anchors.ts';
import type { Authorities } from './authorities.ts';
import { ownCertificateAuthority } from './certificate-authority.ts';
import { decideRequest } from './decisions.ts';
import { importCertificate, openImport } from './imports.ts';
import { certificateNews } from './news.ts';
import { publicRoutes } from './public-routes.ts';
import { certificateRequests, myCertificates, requestViews, staffCertificates } from './queries.ts';
import { confirmFingerprint, requestCertificate } from './requests.ts';
import { revokeByStaff, revokeOwn } from './revocation.ts';
import type { CertificateRequestRow } from './tables.ts';

export type PkiDeps = HttpDeps & {
  readonly authorities: Authorities;
  readonly ports: ContractPorts;
  readonly clock: Clock;
};

export function pkiRoutes(app: FastifyInstance, deps: PkiDeps): void {
  publicRoutes(app, deps);
  memberRoutes(app, deps);
  staffRoutes(app, deps);
  anchorRoutes(app, deps);
}

const viewOf = async (
  deps: PkiDeps,
  connection: Connection,
  row: CertificateRequestRow | Refusal,
): Promise<Refusal | Awaited<ReturnType<typeof requestViews>>[number]> =>
  isRefusal(row) ? row : (await requestViews(connection, deps.ports, [row]))[0]!;

function memberRoutes(app: FastifyInstance, deps: PkiDeps): void {
  const { ports, clock, authorities } = deps;
  const { certifiedPersonOf } = ports;
  write(app, deps, r.requestCertificate, async ({ body, principal, connection }) => {
    const at = { authorities, now: clock.now() };
    return viewOf(deps, connection, await requestCertificate(connection, at, principal, body));
  });
  write(app, deps, r.confirmFingerprint, async ({ params, body, principal, connection }) => {
    const input = { id: params.id, spkiSha256: body.spkiSha256, now: clock.now() };
    return viewOf(deps, connection, await confirmFingerprint(connection, principal, input));
  });
  write(app, deps, r.openImport, async ({ principal, connection }) =>
    openImport(connection, principal, clock.now()),
  );
  write(app, deps, r.importCertificate, async ({ body, principal, connection }) => {
    const { challengeId, deviceLabel } = body;
    const input = {
      challengeId,
      deviceLabel,
      signature: bytes(body.signature),
      certificate: bytes(body.certificate),
      chain: body.chain.map(bytes),
    };
    const at = { certifiedPersonOf, now: clock.now() };
    return viewOf(deps, connection, await importCertificate(connection, at, principal, input));
  });
  read(app, deps, r.myCertificates, async ({ principal, connection }) => ({
    certificates: await myCertificates(connection, principal, clock.now()),
    requests: await certificateRequests(connection, ports, { personId: principal.personId }),
  }));
  read(app, deps, r.certificateNews, async ({ principal, connection }) => {
    const of = { organisationId: principal.organisationId, now: clock.now() };
    return { items: await certificateNews(connection, ports, of) };
  });
  write(app, deps, r.revokeCertificate, async ({ params, body, principal, connection }) => {
    const at = { authorities, now: clock.now() };
    return revokeOwn(connection, at, principal, { serial: params.id, reason: body.reason });
  });
}

function staffRoutes(app: FastifyInstance, deps: PkiDeps): void {
  const { ports, clock, authorities, sql } = deps;
  const authority = ownCertificateAuthority(sql, authorities);
  read(app, deps, r.certificateRequests, async ({ connection }) => ({
    items: await certificateRequests(connection, ports, { waiting: true }),
  }));
  write(app, deps, r.decideCertificateRequest, async ({ params, body, principal, connection }) => {
    const row = await decideRequest(
      connection,
      { authority, certifiedPersonOf: ports.certifiedPersonOf, now: clock.now() },
      { id: params.id, by: principal.personId, decision: body.decision, reason: body.reason ?? null },
    );
    return viewOf(deps, connection, row);
  });
  read(app, deps, r.staffCertificates, async ({ query, connection }) => {
    const of = { q: query.q, show: query.show ?? 'all', now: clock.now() };
    return { items: await staffCertificates(connection, ports, of) };
  });
  write(app, deps, r.revokeCertificateByStaff, async ({ params, body, principal, connection }) => {
    const at = { authorities, now: clock.now() };
    return revokeByStaff(connection, at, principal, { serial: params.id, ...body });
  });
}

function anchorRoutes(app: FastifyInstance, deps: PkiDeps): void {
  const { ports, clock } = deps;
  const view = async (connection: Connection, done: { sha256: string } | Refusal) =>
    isRefusal(done) ? done : (await anchorViews(connection, ports.personNamesOf, done.sha256))[0]!;
  read(app, deps, r.trustAnchors, async ({ connection }) => ({
    items: await anchorViews(connection, ports.personNamesOf),
  }));
  write(app, deps, r.proposeTrustAnchor, async ({ body, principal, connection }) => {
    const input = {
      certificate: bytes(body.certificate),
      name: body.name,
      by: principal.personId,
      now: clock.now(),
    };
    return view(connection, await proposeAnchor(connection, input));
  });
  write(app, deps, r.decideTrustAnchor, async ({ params, body, principal, connection }) => {
    const input = { sha256: params.id, decision: body.decision, by: principal.personId };
    return view(connection, await decideAnchor(connection, input));
  });
}

const bytes = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
