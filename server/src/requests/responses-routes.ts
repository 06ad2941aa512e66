/** HTTP of answers: given, changed, taken back; listed, declined, negotiated, awarded. */
import { type ResponseView, requestRoutes as routes } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import { actorOf } from '../listings/public.ts';
import type { Connection } from '../platform/db.ts';
import { read, write } from '../platform/http.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { awardRequest } from './commands/awards.ts';
import { takeLots } from './commands/take-lots.ts';
import { declineResponse, negotiateResponse, shortlistResponse } from './commands/decisions.ts';
import { type Answered, createResponse, reviseResponse, withdrawResponse } from './commands/responses.ts';
import type { RequestDeps } from './ports.ts';
import { requestById } from './queries.ts';
import { standingOf } from './readers.ts';
import { awardViews, responseViews, responsesTo } from './responses-view.ts';

export function responseRoutes(app: FastifyInstance, deps: RequestDeps): void {
  const view = async (
    connection: Connection,
    viewer: Principal,
    of: Answered | Refusal,
  ): Promise<ResponseView | Refusal> => {
    if (isRefusal(of)) return of;
    const [shown] = await responseViews(deps, connection, of.to, [of.row], viewer);
    return shown ?? refuse('resource.not_found');
  };
  read(app, deps, routes.listResponses, async ({ connection, params, principal }) => {
    const row = await requestById(connection, params.id);
    if (!row || !(await standingOf(connection, row, principal))) return refuse('resource.not_found');
    return { items: await responsesTo(deps, connection, row, principal) };
  });
  write(app, deps, routes.createResponse, async ({ connection, params, body, principal }) =>
    view(connection, principal, await createResponse(connection, deps, actorOf(principal), params.id, body)),
  );
  write(app, deps, routes.reviseResponse, async ({ connection, params, body, principal }) => {
    const of = { requestId: params.id, responseId: params.responseId, input: body };
    return view(connection, principal, await reviseResponse(connection, deps, actorOf(principal), of));
  });
  write(app, deps, routes.withdrawResponse, async ({ connection, params, principal }) => {
    const of = { requestId: params.id, responseId: params.responseId };
    return view(connection, principal, await withdrawResponse(connection, actorOf(principal), of));
  });
  write(app, deps, routes.shortlistResponse, async ({ connection, params, body, principal }) => {
    const of = { requestId: params.id, responseId: params.responseId, note: body.note };
    return view(connection, principal, await shortlistResponse(connection, deps, actorOf(principal), of));
  });
  write(app, deps, routes.declineResponse, async ({ connection, params, body, principal }) => {
    const of = { requestId: params.id, responseId: params.responseId, reason: body.reason };
    return view(connection, principal, await declineResponse(connection, deps, actorOf(principal), of));
  });
  write(app, deps, routes.negotiateResponse, async ({ connection, params, body, principal }) =>
    negotiateResponse(connection, deps, actorOf(principal), {
      requestId: params.id,
      responseId: params.responseId,
      listingId: body.listingId,
    }),
  );
  write(app, deps, routes.takeLots, async ({ connection, params, body, principal }) => {
    const made = await takeLots(connection, deps, actorOf(principal), { requestId: params.id, input: body });
    if (isRefusal(made)) return made;
    return { awards: [...(await awardViews(deps, connection, made)).values()].flat() };
  });
  write(app, deps, routes.awardRequest, async ({ connection, params, body, principal }) => {
    const made = await awardRequest(connection, deps, actorOf(principal), {
      requestId: params.id,
      input: body,
    });
    if (isRefusal(made)) return made;
    return { awards: [...(await awardViews(deps, connection, made)).values()].flat() };
  });
}
