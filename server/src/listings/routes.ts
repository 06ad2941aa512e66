/** HTTP of the market's shelf: mines, places, lots and their papers. */
import {
  type ListingView,
  listingLifeRoutes as life,
  listingPaperRoutes as papers,
  listingSiteRoutes as register,
  listingRoutes as routes,
} from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import { type HttpDeps, read, write } from '../platform/http.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import type { Connection } from '../platform/db.ts';
import { addCertificate } from './certificates.ts';
import { changeListing, submitListing } from './changes.ts';
import { takeListing, withdrawListing } from './commands.ts';
import { withImported } from './companies.ts';
import { addDocument, documentFile, maySee } from './documents.ts';
import { createListing } from './offer.ts';
import type { Actor, ListingDeps } from './ports.ts';
import { destined, listListings, listOwnListings, listingById } from './queries.ts';
import { findMines } from './mines.ts';
import type { Destined } from './market.ts';
import { createPlace, findPlaces, placeById } from './sites.ts';
import { listingStaffRoutes } from './staff-routes.ts';
import type { ListingRow, PlaceRow } from './tables.ts';
import { versionViews } from './versions.ts';
import { isHidden, listingView, viewerOf } from './view.ts';

export function listingRoutes(app: FastifyInstance, given: ListingDeps): void {
  const deps = { ...given, organisations: withImported(given.organisations) };
  sites(app, deps);
  lots(app, deps);
  paperRoutes(app, deps);
  listingStaffRoutes(app, deps);
}

function lots(app: FastifyInstance, deps: ListingDeps): void {
  const view = async (
    connection: Connection,
    principal: Principal | null,
    row: ListingRow | Refusal,
    to?: PlaceRow & Destined,
  ): Promise<ListingView | Refusal> =>
    isRefusal(row)
      ? row
      : listingView(connection, deps.organisations, row, { viewer: viewerOf(row, principal), principal, to });

  read(app, deps, routes.listListings, async ({ connection, query, maybePrincipal }) =>
    listListings(deps, connection, query, maybePrincipal),
  );
  read(app, deps, routes.listOwnListings, async ({ connection, query, principal }) =>
    listOwnListings(deps, connection, principal.organisationId, query.cursor),
  );
  read(app, deps, routes.getListing, async ({ connection, params, query, maybePrincipal }) => {
    const row = await visible(connection, params.id, maybePrincipal);
    if (isRefusal(row)) return row;
    const to = query.to === undefined ? undefined : await placeById(connection, query.to);
    if (query.to !== undefined && !to) return refuse('listing.place_unknown');
    return view(connection, maybePrincipal, row, to && (await destined(deps, to, maybePrincipal)));
  });
  read(app, deps, life.listListingVersions, async ({ connection, params, maybePrincipal }) => {
    const row = await visible(connection, params.id, maybePrincipal);
    if (isRefusal(row)) return row;
    const told = viewerOf(row, maybePrincipal) !== 'other';
    const people = told ? await versionAuthors(connection, deps, row) : new Map<string, string>();
    return { items: await versionViews(connection, row, (id) => people.get(id) ?? null) };
  });
  write(app, deps, routes.createListing, async ({ connection, body, principal }) =>
    view(connection, principal, await createListing(connection, deps, actorOf(principal), body)),
  );
  write(app, deps, life.submitListing, async ({ connection, params, principal }) =>
    view(connection, principal, await submitListing(connection, deps, actorOf(principal), params.id)),
  );
  write(app, deps, routes.withdrawListing, async ({ connection, params, principal }) =>
    view(connection, principal, await withdrawListing(connection, actorOf(principal), params.id)),
  );
  write(app, deps, routes.repriceListing, async ({ connection, params, body, principal }) => {
    const change = { version: body.version, proposal: { price: body.price } };
    const row = await changeListing(connection, deps, actorOf(principal), params.id, change);
    return view(connection, principal, row);
  });
  write(app, deps, life.changeListing, async ({ connection, params, body, principal }) => {
    const change = { version: body.version, proposal: { terms: body.terms } };
    const row = await changeListing(connection, deps, actorOf(principal), params.id, change);
    return view(connection, principal, row);
  });
  write(app, deps, routes.takeListing, async ({ connection, params, body, principal }) =>
    takeListing(connection, deps, actorOf(principal), params.id, body),
  );
}

/** A lot that was never on the market is its company's and the centre's business: others are told it is not there. */
async function visible(
  connection: Connection,
  id: string,
  principal: Principal | null,
): Promise<ListingRow | Refusal> {
  const row = await listingById(connection, id);
  return !row || isHidden(row, principal) ? refuse('resource.not_found') : row;
}

async function versionAuthors(
  connection: Connection,
  deps: ListingDeps,
  row: ListingRow,
): Promise<ReadonlyMap<string, string>> {
  const authors = await connection<{ id: string }[]>`
    select distinct coalesce(terms ->> 'version_by', terms ->> 'created_by') as id from listing_version
    where listing_id = ${row.id}`;
  const ids = [...authors.map(({ id }) => id), row.versionBy, row.createdBy].filter((id) => id !== null);
  return deps.personNames(connection, [...new Set(ids)]);
}

function paperRoutes(app: FastifyInstance, deps: ListingDeps): void {
  write(app, deps, papers.addListingDocument, async ({ connection, params, body, principal }) =>
    addDocument(connection, actorOf(principal), params.id, body),
  );
  write(app, deps, papers.addCertificate, async ({ connection, params, body, principal }) =>
    addCertificate(connection, deps, actorOf(principal), params.id, body),
  );
  read(app, deps, papers.readListingDocument, async ({ connection, params, maybePrincipal, reply }) => {
    const row = await visible(connection, params.id, maybePrincipal);
    if (isRefusal(row)) return row;
    const found = await documentFile(connection, { listingId: row.id, documentId: params.documentId });
    if (!found || !maySee(found.visibility, row, maybePrincipal)) return refuse('resource.not_found');
    const { name, mime, file } = found;
    return reply
      .header('content-type', mime)
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
      .header('x-content-type-options', 'nosniff')
      .send(Buffer.from(file));
  });
}

function sites(app: FastifyInstance, deps: HttpDeps): void {
  read(app, deps, register.listMines, async ({ connection, query }) => findMines(connection, query));
  read(app, deps, register.listPlaces, async ({ connection, query }) => ({
    items: await findPlaces(connection, query),
  }));
  write(app, deps, register.createPlace, async ({ connection, body, principal }) =>
    createPlace(connection, actorOf(principal), body),
  );
}

export function actorOf({ personId, organisationId }: Principal): Actor {
  return { personId, organisationId };
}
