/** HTTP of the search. */
import { searchRoutes as routes } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import type { Organisations } from '../listings/public.ts';
import type { Clock } from '../platform/clock.ts';
import { type HttpDeps, read, write } from '../platform/http.ts';
import type { Principal } from '../platform/principal.ts';
import { isRefusal } from '../platform/refusal.ts';
import { listAlerts } from './alert-list.ts';
import { compareLots } from './compare.ts';
import { type Owner, deleteSaved, listSaved, markRead, saveSearch } from './saved.ts';
import type { Search } from './search.ts';

export type SearchDeps = HttpDeps & {
  readonly search: Search;
  readonly organisations: Organisations;
  readonly clock: Clock;
};

export function searchRoutes(app: FastifyInstance, deps: SearchDeps): void {
  read(app, deps, routes.searchLots, async ({ query, reply }) => {
    const answer = await deps.search.page(query);
    if (isRefusal(answer)) return answer;
    // Written as text already; a test holds it against the schema that would have written it.
    return reply.type('application/json; charset=utf-8').send(answer) as never;
  });
  read(app, deps, routes.compareLots, async ({ connection, query }) => compareLots(deps, connection, query));
  write(app, deps, routes.saveSearch, async ({ connection, body, principal }) =>
    saveSearch(connection, deps.search, ownerOf(principal), body),
  );
  read(app, deps, routes.listSavedSearches, async ({ connection, principal }) => ({
    items: await listSaved(connection, ownerOf(principal)),
  }));
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

function ownerOf({ personId, organisationId }: Principal): Owner {
  return { personId, organisationId };
}
