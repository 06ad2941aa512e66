/** HTTP of requests: the need, the lots that fit, whom the buyer asks. */
import { type RequestView, requestRoutes as routes } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import { actorOf } from '../listings/public.ts';
import type { Connection } from '../platform/db.ts';
import { read, write } from '../platform/http.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { declineInvitation, inviteProducers } from './commands/invitations.ts';
import { closeRequest, createRequest, editRequest, publishRequest } from './commands/requests.ts';
import { marketMatches, ownMatches } from './matching/matches.ts';
import { poolRoutes } from './pools/routes.ts';
import type { RequestDeps } from './ports.ts';
import { invitationViews, listRequests, requestById, requestViews } from './queries.ts';
import { type Viewer, standingOf } from './readers.ts';
import { responseRoutes } from './responses-routes.ts';
import type { RequestRow } from './tables.ts';

export function requestRoutes(app: FastifyInstance, deps: RequestDeps): void {
  const view = async (
    connection: Connection,
    viewer: Viewer,
    row: RequestRow | Refusal,
  ): Promise<RequestView | Refusal> => {
    if (isRefusal(row)) return row;
    const [shown] = await requestViews(deps, connection, [row], viewer);
    return shown ?? refuse('resource.not_found');
  };
  read(app, deps, routes.listRequests, async ({ connection, query, maybePrincipal }) =>
    listRequests(deps, connection, maybePrincipal, { scope: query.scope ?? 'open', cursor: query.cursor }),
  );
  read(app, deps, routes.getRequest, async ({ connection, params, maybePrincipal }) => {
    const seen = await seenBy(connection, params.id, maybePrincipal);
    return view(connection, maybePrincipal, isRefusal(seen) ? seen : seen.row);
  });
  read(app, deps, routes.listSuggestions, async ({ connection, params, principal }) => {
    const seen = await seenBy(connection, params.id, principal);
    if (isRefusal(seen)) return seen;
    return seen.standing === 'buyer'
      ? marketMatches(deps, connection, seen.row)
      : ownMatches(deps, connection, seen.row, principal.organisationId);
  });
  read(app, deps, routes.listInvitations, async ({ connection, params, principal }) => {
    const seen = await seenBy(connection, params.id, principal);
    if (isRefusal(seen) || seen.standing !== 'buyer') return refuse('resource.not_found');
    return { items: await invitationViews(deps, connection, seen.row) };
  });
  write(app, deps, routes.createRequest, async ({ connection, body, principal }) =>
    view(connection, principal, await createRequest(connection, deps, actorOf(principal), body)),
  );
  write(app, deps, routes.editRequest, async ({ connection, params, body, principal }) =>
    view(connection, principal, await editRequest(connection, deps, actorOf(principal), params.id, body)),
  );
  write(app, deps, routes.publishRequest, async ({ connection, params, principal }) =>
    view(connection, principal, await publishRequest(connection, deps, actorOf(principal), params.id)),
  );
  write(app, deps, routes.closeRequest, async ({ connection, params, principal }) =>
    view(connection, principal, await closeRequest(connection, actorOf(principal), params.id)),
  );
  write(app, deps, routes.inviteProducers, async ({ connection, params, body, principal }) => {
    const done = await inviteProducers(connection, deps, actorOf(principal), {
      requestId: params.id,
      whom: body,
    });
    if (isRefusal(done)) return done;
    return { invited: done.invited, items: await invitationViews(deps, connection, done.row) };
  });
  write(app, deps, routes.declineInvitation, async ({ connection, params, body, principal }) =>
    view(
      connection,
      principal,
      await declineInvitation(connection, deps, actorOf(principal), {
        requestId: params.id,
        reason: body.reason,
      }),
    ),
  );
  responseRoutes(app, deps);
  poolRoutes(app, deps);
}

/** The request as far as the viewer may know of it. */
export async function seenBy(connection: Connection, id: string, viewer: Viewer) {
  const row = await requestById(connection, id);
  const standing = row && (await standingOf(connection, row, viewer));
  return row && standing ? { row, standing } : refuse('resource.not_found');
}
