/** HTTP of freight: lanes, the calculator, room, requests for transport and quotes. */
import { type TransportView, freightRoutes as laneRoutes, transportRoutes } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import { placeById, withImported } from '../listings/public.ts';
import type { Connection, Tx } from '../platform/db.ts';
import { act, read, write } from '../platform/http.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { acceptedQuotes } from './accepted.ts';
import { freightCost, quoteCost } from './cost.ts';
import { type Keeper, createLane, endTariff, keeperOf, setCapacity, setTariff } from './lane-commands.ts';
import { exportLanes, importLanes } from './lane-file.ts';
import { laneDetail, listLanes } from './lane-queries.ts';
import type { FreightDeps } from './ports.ts';
import { quoteTransport, withdrawQuote } from './quotes.ts';
import { release, reserve } from './rooms.ts';
import type { LaneRow, ReservationRow, TransportRow } from './tables.ts';
import { acceptQuote, cancelTransport, createTransport } from './transport.ts';
import { listReservations, listTransport, transportById, transportViews } from './transport-queries.ts';

const routes = { ...laneRoutes, ...transportRoutes };

export function freightRoutes(app: FastifyInstance, given: FreightDeps): void {
  const deps: FreightDeps = {
    ...given,
    organisations: withImported(given.organisations),
    // Whoever changed a tariff finds the change in the next answer.
    wake: () => {
      void given.book.refresh().catch(() => {});
      given.wake();
    },
  };
  lanes(app, deps);
  costs(app, deps);
  rooms(app, deps);
  transport(app, deps);
  files(app, deps);
}

function lanes(app: FastifyInstance, deps: FreightDeps): void {
  const detail = async (connection: Connection, viewer: Principal | null, id: string) =>
    (await laneDetail(deps, connection, viewer, id)) ?? refuse('resource.not_found');
  const kept = async (
    tx: Tx,
    principal: Principal,
    change: (keeper: Keeper) => Promise<LaneRow | Refusal>,
  ) => {
    const keeper = await keeperOf(tx, deps, principal);
    const row = isRefusal(keeper) ? keeper : await change(keeper);
    return isRefusal(row) ? row : detail(tx, principal, row.id);
  };
  read(app, deps, routes.listLanes, async ({ connection, query, maybePrincipal }) =>
    listLanes(deps, connection, maybePrincipal, query),
  );
  read(app, deps, routes.getLane, async ({ connection, params, maybePrincipal }) =>
    detail(connection, maybePrincipal, params.id),
  );
  write(app, deps, routes.createLane, async ({ connection: tx, body, principal }) =>
    kept(tx, principal, async (keeper) => createLane(tx, deps, keeper, body)),
  );
  write(app, deps, routes.setTariff, async ({ connection: tx, params, body, principal }) =>
    kept(tx, principal, async (keeper) =>
      setTariff(tx, deps, keeper, { laneId: params.id, tariff: body.tariff, replaces: body.replaces }),
    ),
  );
  write(app, deps, routes.endTariff, async ({ connection: tx, params, body, principal }) =>
    kept(tx, principal, async (keeper) =>
      endTariff(tx, deps, keeper, { laneId: params.id, version: body.version }),
    ),
  );
  write(app, deps, routes.setCapacity, async ({ connection: tx, params, body, principal }) =>
    kept(tx, principal, async (keeper) => setCapacity(tx, deps, keeper, { laneId: params.id, ...body })),
  );
}

function costs(app: FastifyInstance, deps: FreightDeps): void {
  read(app, deps, routes.freightCost, async ({ connection, query, maybePrincipal }) =>
    freightCost(deps, connection, maybePrincipal, query),
  );
  read(app, deps, routes.contractFreight, async ({ connection, params, principal }) => {
    const contract = await deps.contractOf(connection, params.id);
    const party = contract && [contract.sellerId, contract.buyerId].includes(principal.organisationId);
    if (!contract || !(party || principal.staff)) return refuse('resource.not_found');
    const quotes = await acceptedQuotes(connection, { contractId: contract.id });
    const items = [];
    for (const quote of quotes) {
      const from = await placeById(connection, quote.fromPlaceId);
      const to = await placeById(connection, quote.toPlaceId);
      if (!from || !to) continue;
      items.push(
        await quoteCost(deps, connection, {
          quote,
          from,
          to,
          currency: quote.currency,
          kg: quote.quantityKg,
          day: quote.windowTo,
          lot: undefined,
        }),
      );
    }
    return { items };
  });
}

function rooms(app: FastifyInstance, deps: FreightDeps): void {
  const view = async (connection: Connection, principal: Principal, row: ReservationRow | Refusal) => {
    if (isRefusal(row)) return row;
    const [shown] = await listReservations(deps, connection, principal, { id: row.id });
    return shown ?? refuse('resource.not_found');
  };
  read(app, deps, routes.listReservations, async ({ connection, principal }) => ({
    items: await listReservations(deps, connection, principal),
  }));
  write(app, deps, routes.reserveRoom, async ({ connection: tx, body, principal }) =>
    view(tx, principal, await reserve(tx, deps, principal, body)),
  );
  write(app, deps, routes.releaseRoom, async ({ connection: tx, params, principal }) =>
    view(tx, principal, await release(tx, deps, principal, params.id)),
  );
}

function transport(app: FastifyInstance, deps: FreightDeps): void {
  const view = async (
    connection: Connection,
    principal: Principal,
    row: TransportRow | Refusal,
  ): Promise<TransportView | Refusal> => {
    if (isRefusal(row)) return row;
    const [shown] = await transportViews(deps, connection, principal, [row]);
    return shown ?? refuse('resource.not_found');
  };
  read(app, deps, routes.listTransport, async ({ connection, query, principal }) =>
    listTransport(deps, connection, principal, query.cursor),
  );
  read(
    app,
    deps,
    routes.getTransport,
    async ({ connection, params, principal }) =>
      (await transportById(deps, connection, principal, params.id)) ?? refuse('resource.not_found'),
  );
  write(app, deps, routes.createTransport, async ({ connection: tx, body, principal }) =>
    view(tx, principal, await createTransport(tx, deps, principal, body)),
  );
  write(app, deps, routes.cancelTransport, async ({ connection: tx, params, principal }) =>
    view(tx, principal, await cancelTransport(tx, deps, principal, params.id)),
  );
  write(app, deps, routes.quoteTransport, async ({ connection: tx, params, body, principal }) =>
    view(tx, principal, await quoteTransport(tx, deps, principal, { requestId: params.id, input: body })),
  );
  write(app, deps, routes.withdrawQuote, async ({ connection: tx, params, principal }) =>
    view(
      tx,
      principal,
      await withdrawQuote(tx, principal, { requestId: params.id, quoteId: params.quoteId }),
    ),
  );
  write(app, deps, routes.acceptQuote, async ({ connection: tx, params, body, principal }) =>
    view(
      tx,
      principal,
      await acceptQuote(tx, deps, principal, {
        requestId: params.id,
        quoteId: params.quoteId,
        hash: body.hash,
      }),
    ),
  );
}

function files(app: FastifyInstance, deps: FreightDeps): void {
  act(app, deps, routes.importLanes, async ({ connection, body, principal }) =>
    importLanes(connection, deps, { personId: principal.personId, carrierId: null }, body),
  );
  read(app, deps, routes.exportLanes, async ({ connection, reply }) => {
    await reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="lanes.csv"')
      .send(await exportLanes(connection));
    return '';
  });
}
