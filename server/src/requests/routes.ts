/** HTTP of requests: the need, the lots that fit, the answers. */
import { type RequestView, type ResponseView, requestRoutes as routes } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import { actorOf } from '../listings/public.ts';
import type { Connection } from '../platform/db.ts';
import { read, write } from '../platform/http.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { closeRequest, createRequest, createResponse, declineResponse, takeResponse } from './commands.ts';
import type { RequestDeps } from './ports.ts';
import {
  listRequests,
  requestById,
  requestViews,
  responseViews,
  responsesTo,
  suggestions,
} from './queries.ts';
import type { RequestRow, ResponseRow } from './tables.ts';

export function requestRoutes(app: FastifyInstance, deps: RequestDeps): void {
  const requestView = async (
    connection: Connection,
    viewer: Principal | null,
    row: RequestRow | Refusal,
  ): Promise<RequestView | Refusal> => {
    if (isRefusal(row)) return row;
    const [view] = await requestViews(deps, connection, [row], viewer);
    return view ?? refuse('resource.not_found');
  };
  const responseView = async (
    connection: Connection,
    viewer: Principal,
    of: { to: RequestRow; row: ResponseRow } | Refusal,
  ): Promise<ResponseView | Refusal> => {
    if (isRefusal(of)) return of;
    const [view] = await responseViews(deps, connection, of.to, [of.row], viewer);
    return view ?? refuse('resource.not_found');
  };

  read(app, deps, routes.listRequests, async ({ connection, query, maybePrincipal }) =>
    listRequests(deps, connection, maybePrincipal, { scope: query.scope ?? 'open', cursor: query.cursor }),
  );
  read(app, deps, routes.getRequest, async ({ connection, params, maybePrincipal }) =>
    requestView(
      connection,
      maybePrincipal,
      (await requestById(connection, params.id)) ?? refuse('resource.not_found'),
    ),
  );
  read(app, deps, routes.listSuggestions, async ({ connection, params, principal }) => {
    const row = await requestById(connection, params.id);
    return row
      ? { items: await suggestions(deps, connection, row, principal) }
      : refuse('resource.not_found');
  });
  read(app, deps, routes.listResponses, async ({ connection, params, principal }) => {
    const row = await requestById(connection, params.id);
    return row
      ? { items: await responsesTo(deps, connection, row, principal) }
      : refuse('resource.not_found');
  });
  write(app, deps, routes.createRequest, async ({ connection, body, principal }) =>
    requestView(connection, principal, await createRequest(connection, deps, actorOf(principal), body)),
  );
  write(app, deps, routes.closeRequest, async ({ connection, params, principal }) =>
    requestView(connection, principal, await closeRequest(connection, actorOf(principal), params.id)),
  );
  write(app, deps, routes.createResponse, async ({ connection, params, body, principal }) =>
    responseView(
      connection,
      principal,
      await createResponse(connection, deps, actorOf(principal), params.id, body),
    ),
  );
  write(app, deps, routes.takeResponse, async ({ connection, params, principal }) =>
    takeResponse(connection, deps, actorOf(principal), {
      requestId: params.id,
      responseId: params.responseId,
    }),
  );
  write(app, deps, routes.declineResponse, async ({ connection, params, principal }) =>
    responseView(
      connection,
      principal,
      await declineResponse(connection, actorOf(principal), {
        requestId: params.id,
        responseId: params.responseId,
      }),
    ),
  );
}
