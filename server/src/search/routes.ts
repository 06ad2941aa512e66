/** HTTP of the search. */
import { searchRoutes as routes } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import type { FreightBook, Organisations } from '../listings/public.ts';
import { readStopToken } from '../mail/public.ts';
import type { Clock } from '../platform/clock.ts';
import { type HttpDeps, read, write } from '../platform/http.ts';
import type { Principal } from '../platform/principal.ts';
import { isRefusal, refuse } from '../platform/refusal.ts';
import { listAlerts } from './alert-list.ts';
import { compareLots } from './compare.ts';
import { ownPlaces } from './own-places.ts';
import {
  type Owner,
  changeSaved,
  deleteSaved,
  listSaved,
  mailOfSearch,
  markRead,
  saveSearch,
  stopMail,
} from './saved.ts';
import type { Search } from './search.ts';
import { stopOnceRoutes } from './stop-once.ts';

export type SearchDeps = HttpDeps & {
  readonly search: Search;
  readonly organisations: Organisations;
  readonly freight?: FreightBook;
  readonly clock: Clock;
  readonly mail: {
    /** Signs the links that stop letters. */
    readonly secret: string;
    /** Whether this exchange sends any. */
    readonly isSent: boolean;
  };
};

export function searchRoutes(app: FastifyInstance, deps: SearchDeps): void {
  read(app, deps, routes.searchLots, async ({ query, reply, maybePrincipal }) => {
    const answer = await deps.search.page(query, maybePrincipal?.organisationId);
    if (isRefusal(answer)) return answer;
    // Written as text already; a test holds it against the schema that would have written it.
    return reply.type('application/json; charset=utf-8').send(answer) as never;
  });
  read(
    app,
    deps,
    routes.explainSearch,
    async ({ query, maybePrincipal }) => deps.search.explain(query, maybePrincipal?.organisationId) as never,
  );
  read(app, deps, routes.searchPlaces, async ({ query, maybePrincipal }) =>
    deps.search.sites(query, maybePrincipal?.organisationId),
  );
  read(app, deps, routes.listOwnPlaces, async ({ connection, principal }) => ({
    items: await ownPlaces(connection, principal.organisationId),
  }));
  read(app, deps, routes.compareLots, async ({ connection, query, maybePrincipal }) =>
    compareLots(deps, connection, query, maybePrincipal?.organisationId),
  );
  write(app, deps, routes.saveSearch, async ({ connection, body, principal }) =>
    saveSearch(connection, deps.search, ownerOf(principal), body),
  );
  read(app, deps, routes.listSavedSearches, async ({ connection, principal }) => ({
    items: await listSaved(connection, ownerOf(principal)),
    mailAvailable: deps.mail.isSent,
  }));
  write(app, deps, routes.changeSavedSearch, async ({ connection, params, body, principal }) =>
    changeSaved(connection, deps.search, ownerOf(principal), { ...body, id: params.id }),
  );
  read(app, deps, routes.getSearchMail, async ({ connection, query }) => {
    const id = searchOf(deps, query.token);
    return id === undefined ? refuse('resource.not_found') : mailOfSearch(connection, id);
  });
  write(app, deps, routes.stopSearchMail, async ({ connection, body }) => {
    const id = searchOf(deps, body.token);
    return id === undefined ? refuse('resource.not_found') : stopMail(connection, id);
  });
  void app.register(async (scope) => stopOnceRoutes(scope, deps, deps.mail.secret));
  write(app, deps, routes.deleteSavedSearch, async ({ connection, params, principal }) =>
    deleteSaved(connection, ownerOf(principal), params.id),
  );
  read(app, deps, routes.listSearchAlerts, async ({ connection, query, principal }) =>
    listAlerts(connection, deps.organisations, ownerOf(principal), query.cursor),
  );
  write(app, deps, routes.readSearchAlerts, async ({ connection, params, principal }) =>
    markRead(connection, ownerOf(principal), params.id, deps.clock.now()),
  );
}

function searchOf({ mail }: SearchDeps, token: string): string | undefined {
  return readStopToken(mail.secret, token);
}

function ownerOf({ personId, organisationId }: Principal): Owner {
  return { personId, organisationId };
}
