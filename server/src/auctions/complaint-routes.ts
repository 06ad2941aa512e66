/** Complaints over HTTP: filed by who took part or the centre, decided by the centre. */
import { auctionComplaintRoutes as r } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import { act, read } from '../platform/http.ts';
import type { Connection } from '../platform/db.ts';
import type { Principal } from '../platform/principal.ts';
import { refuse } from '../platform/refusal.ts';
import { complaintsOf, openComplaints } from './complaint-queries.ts';
import { decideComplaint, fileComplaint } from './complaints.ts';
import type { AuctionDeps } from './routes.ts';
import { shownAuction } from './visibility.ts';

export function complaintRoutes(app: FastifyInstance, deps: AuctionDeps): void {
  read(app, deps, r.auctionComplaints, async ({ params: { id }, connection, maybePrincipal }) =>
    shown(connection, id, maybePrincipal),
  );
  read(app, deps, r.openComplaints, async ({ connection }) => ({ items: await openComplaints(connection) }));

  act(app, deps, r.fileComplaint, async ({ params: { id }, body: { reason }, principal, connection }) => {
    const refusal = await fileComplaint(deps, { auctionId: id, principal, reason });
    return refusal ?? shown(connection, id, principal);
  });
  act(app, deps, r.fileOwnComplaint, async ({ params: { id }, body: { reason }, principal, connection }) => {
    const refusal = await fileComplaint(deps, { auctionId: id, principal, reason });
    return refusal ?? shown(connection, id, principal);
  });
  act(app, deps, r.decideComplaint, async ({ params, body, principal, connection }) => {
    const { id, number } = params;
    const asked = { auctionId: id, number: Number(number), principal, ...body };
    return (await decideComplaint(deps, asked)) ?? shown(connection, id, principal);
  });

  async function shown(connection: Connection, id: string, principal: Principal | null) {
    const row = await shownAuction(connection, deps, id, principal);
    if (!row) return refuse('resource.not_found');
    return complaintsOf(connection, row, { principal, namesOf: deps.namesOf });
  }
}
