/** HTTP of the market's shelf: mines, places, lots. */
import { listingRoutes as routes } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import { type HttpDeps, read, write } from '../platform/http.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import type { Connection } from '../platform/db.ts';
import { createListing, repriceListing, takeListing, withdrawListing } from './commands.ts';
import { withImported } from './companies.ts';
import type { Actor, ListingDeps } from './ports.ts';
import { listListings, listOwnListings, listingById } from './queries.ts';
import { createPlace, findMines, findPlaces, placeById } from './sites.ts';
import type { ListingRow } from './tables.ts';
import { listingView } from './view.ts';

export function listingRoutes(app: FastifyInstance, given: ListingDeps): void {
  const deps = { ...given, organisations: withImported(given.organisations) };
  sites(app, deps);
  const view = async (connection: Connection, principal: Principal | null, row: ListingRow | Refusal) =>
    isRefusal(row)
      ? row
      : listingView(connection, deps.organisations, row, {
          viewerOrganisationId: principal?.organisationId,
        });

  read(app, deps, routes.listListings, async ({ connection, query }) =>
    listListings(deps, connection, query),
  );
  read(app, deps, routes.listOwnListings, async ({ connection, query, principal }) =>
    listOwnListings(deps, connection, principal.organisationId, query.cursor),
  );
  read(app, deps, routes.getListing, async ({ connection, params, query, maybePrincipal }) => {
    const row = await listingById(connection, params.id);
    if (!row) return refuse('resource.not_found');
    const to = query.to === undefined ? undefined : await placeById(connection, query.to);
    if (query.to !== undefined && !to) return refuse('listing.place_unknown');
    return listingView(connection, deps.organisations, row, {
      viewerOrganisationId: maybePrincipal?.organisationId,
      to,
    });
  });
  write(app, deps, routes.createListing, async ({ connection, body, principal }) =>
    view(connection, principal, await createListing(connection, deps, actorOf(principal), body)),
  );
  write(app, deps, routes.withdrawListing, async ({ connection, params, principal }) =>
    view(connection, principal, await withdrawListing(connection, actorOf(principal), params.id)),
  );
  write(app, deps, routes.repriceListing, async ({ connection, params, body, principal }) =>
    view(connection, principal, await repriceListing(connection, actorOf(principal), params.id, body)),
  );
  write(app, deps, routes.takeListing, async ({ connection, params, body, principal }) =>
    takeListing(connection, deps, actorOf(principal), params.id, body),
  );
}

function sites(app: FastifyInstance, deps: HttpDeps): void {
  read(app, deps, routes.listMines, async ({ connection, query }) => ({
    items: await findMines(connection, query),
  }));
  read(app, deps, routes.listPlaces, async ({ connection, query }) => ({
    items: await findPlaces(connection, query),
  }));
  write(app, deps, routes.createPlace, async ({ connection, body, principal }) =>
    createPlace(connection, actorOf(principal), body),
  );
}

export function actorOf({ personId, organisationId }: Principal): Actor {
  return { personId, organisationId };
}
