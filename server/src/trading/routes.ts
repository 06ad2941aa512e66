import { type CancelOutcome, type OrderOutcome, type OrdersOutcome, marketRoutes as r } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import { MarketSession } from '../exchange/markets/market-session.ts';
import type { Connection } from '../platform/db.ts';
import { type HttpDeps, act, read, write } from '../platform/http.ts';
import type { Principal } from '../platform/principal.ts';
import { isRefusal, refuse } from '../platform/refusal.ts';
import { hold, release } from './exposure.ts';
import type { LotPort } from './listing-port.ts';
import type { Market } from './market.ts';
import { order } from './orders.ts';
import { bookOf, instrumentById, instrumentView, instruments, position, tape } from './queries.ts';
import { type StaffDeps } from './staff.ts';
import { staffRoutes } from './staff-routes.ts';
import { type NamesOf, nominate, tradesOf } from './trades.ts';

export type TradingDeps = HttpDeps &
  StaffDeps & {
    readonly market: Market;
    readonly lots: LotPort;
    readonly namesOf: NamesOf;
    readonly personNamesOf: (
      connection: Connection,
      ids: readonly string[],
    ) => Promise<ReadonlyMap<string, string>>;
  };

const TAPE_LINES = 100;

export function tradingRoutes(app: FastifyInstance, deps: TradingDeps): void {
  publicRoutes(app, deps);
  orderRoutes(app, deps);
  moneyRoutes(app, deps);
  staffRoutes(app, deps);

  read(app, deps, r.marketTrades, async ({ connection, principal }) => ({
    items: await tradesOf(connection, deps.namesOf, principal.organisationId),
  }));
  write(app, deps, r.nominateTrade, async ({ params, body, connection, principal }) =>
    nominate(connection, deps, principal, { id: params.id, listingId: body.listingId }),
  );
}

function publicRoutes(app: FastifyInstance, deps: TradingDeps): void {
  const { market } = deps;
  read(app, deps, r.instruments, async ({ connection }) => ({
    items: await instruments(connection, market),
    serverTime: market.now().toISOString(),
  }));
  read(app, deps, r.instrument, async ({ params, connection }) => {
    const row = await instrumentById(connection, params.id);
    return row ? instrumentView(connection, market, row) : refuse('resource.not_found');
  });
  read(app, deps, r.instrumentBook, async ({ params }) => {
    const live = market.market(params.id);
    if (!live) return refuse('resource.not_found');
    return { seq: live.seq, at: new Date(live.at).toISOString(), ...bookOf(live) };
  });
  read(app, deps, r.instrumentTrades, async ({ params, query, connection }) => {
    const row = await instrumentById(connection, params.id);
    if (!row) return refuse('resource.not_found');
    const before = query.before === undefined ? undefined : Number(query.before);
    return { items: await tape(connection, row, { before, limit: Number(query.limit ?? TAPE_LINES) }) };
  });
}

/** As on the socket: the same session makes the commands, the same journal answers. */
function orderRoutes(app: FastifyInstance, deps: TradingDeps): void {
  const session = new MarketSession(deps.market);
  act(app, deps, r.placeOrder, async ({ params, body: { commandId, ...fields }, principal }) =>
    order<OrderOutcome>(session, principal, {
      t: 'place_order',
      id: commandId,
      instrumentId: params.id,
      ...fields,
    }),
  );
  act(app, deps, r.placeOrders, async ({ params, body: { commandId, orders }, principal }) =>
    order<OrdersOutcome>(session, principal, {
      t: 'place_orders',
      id: commandId,
      instrumentId: params.id,
      orders,
    }),
  );
  act(app, deps, r.amendOrder, async ({ params, body: { commandId, ...fields }, principal }) =>
    order<OrderOutcome>(session, principal, {
      t: 'amend_order',
      id: commandId,
      instrumentId: params.id,
      orderId: Number(params.orderId),
      ...fields,
    }),
  );
  act(app, deps, r.cancelOrder, async ({ params, body, principal }) =>
    order<CancelOutcome>(session, principal, {
      t: 'cancel_order',
      id: body.commandId,
      instrumentId: params.id,
      orderId: Number(params.orderId),
    }),
  );
  act(app, deps, r.cancelOrders, async ({ params, body: { commandId, ...fields }, principal }) =>
    order<CancelOutcome>(session, principal, {
      t: 'cancel_orders',
      id: commandId,
      instrumentId: params.id,
      ...fields,
    }),
  );
}

function moneyRoutes(app: FastifyInstance, deps: TradingDeps): void {
  const mine = async (connection: Connection, id: string, principal: Principal) => {
    const live = deps.market.market(id);
    return live ? position(connection, live, principal.organisationId) : refuse('resource.not_found');
  };
  read(app, deps, r.marketPosition, async ({ params, connection, principal }) =>
    mine(connection, params.id, principal),
  );
  act(app, deps, r.holdExposure, async ({ params, body, connection, principal }) => {
    const held = await hold(deps, principal, { instrumentId: params.id, amount: body.amount });
    return isRefusal(held) ? held : mine(connection, params.id, principal);
  });
  act(app, deps, r.releaseExposure, async ({ params, body, connection, principal }) => {
    const released = await release(deps, principal, { instrumentId: params.id, ...body });
    return isRefusal(released) ? released : mine(connection, params.id, principal);
  });
}
