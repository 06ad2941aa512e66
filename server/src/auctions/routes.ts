import { auctionRoutes as r } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import { partyAccount } from '@seam/ledger';
import type { Currency } from '@seam/units';
import type { Clock } from '../platform/clock.ts';
import { type HttpDeps, act, read } from '../platform/http.ts';
import { inTransaction } from '../platform/http.ts';
import type { Connection } from '../platform/db.ts';
import type { Principal } from '../platform/principal.ts';
import { isRefusal, refuse } from '../platform/refusal.ts';
import { balances } from '../settlement/public.ts';
import { AuctionRenderer } from '../exchange/auction-frames.ts';
import type { AuctionView as LiveAuction } from '../exchange/live-view.ts';
import { awardRoutes } from './award-routes.ts';
import { complaintRoutes } from './complaint-routes.ts';
import { type GoodsPorts, holdBidSecurity, placeBid, scheduleAuction } from './commands.ts';
import type { Market } from './market.ts';
import { outlook } from './outlook.ts';
import { type NamesOf, auctionView, listAuctions, myPosition, tape } from './queries.ts';
import { shownAuction } from './visibility.ts';
import { staffRoutes } from './staff-routes.ts';

export type AuctionDeps = HttpDeps &
  GoodsPorts & {
    readonly market: Market;
    /** The auction as it is at this moment; undefined before it is journaled and long after its end. */
    readonly live: (auctionId: string) => LiveAuction | undefined;
    readonly namesOf: NamesOf;
    /** The same names as on the socket. */
    readonly pseudonymSecret: string;
    readonly clock: Clock;
    /** Resolves when the views have reached the place of an acknowledged command. */
    readonly caughtUp: (place: { shard: number; seq: number }) => Promise<void>;
  };

const LIMIT = 50;

export function auctionRoutes(app: FastifyInstance, deps: AuctionDeps): void {
  const view = async (connection: Connection, id: string, viewer: Principal | null) => {
    const row = await shownAuction(connection, deps, id, viewer);
    return row ? auctionView(connection, deps.namesOf, row, deps.clock.now()) : refuse('resource.not_found');
  };

  act(app, deps, r.scheduleAuction, async ({ body, principal, connection }) => {
    const made = await inTransaction(connection, async (tx) =>
      scheduleAuction(tx, { ...deps, now: deps.clock.now() }, principal, body),
    );
    return isRefusal(made) ? made : view(connection, made.id, principal);
  });

  read(app, deps, r.auctions, async ({ query, connection, maybePrincipal: viewer }) => ({
    items: await listAuctions(connection, deps, {
      viewer,
      ...(query.state !== undefined && { state: query.state }),
      ...(query.format !== undefined && { format: query.format }),
      ...(query.direction !== undefined && { direction: query.direction }),
      limit: Number(query.limit ?? LIMIT),
    }),
    serverTime: deps.clock.now().toISOString(),
  }));

  read(app, deps, r.auction, async ({ params, connection, maybePrincipal }) =>
    view(connection, params.id, maybePrincipal),
  );

  const renderer = new AuctionRenderer(deps.pseudonymSecret);
  read(app, deps, r.auctionRoom, async ({ params, connection, maybePrincipal }) => {
    const running = deps.live(params.id);
    if (!running || !(await shownAuction(connection, deps, params.id, maybePrincipal)))
      return refuse('resource.not_found');
    return renderer.snapshotOf(running, maybePrincipal?.organisationId ?? '');
  });

  read(app, deps, r.auctionTape, async ({ params, connection, maybePrincipal }) => {
    const row = await shownAuction(connection, deps, params.id, maybePrincipal);
    const viewer = maybePrincipal?.organisationId ?? null;
    return row ? tape(connection, row, viewer, deps.pseudonymSecret) : refuse('resource.not_found');
  });

  read(app, deps, r.myAuctionPosition, async ({ params, connection, principal }) =>
    position(connection, params.id, principal),
  );

  act(app, deps, r.holdBidSecurity, async ({ params, body, connection, principal }) => {
    const held = await holdBidSecurity(connection, deps, principal, {
      auctionId: params.id,
      amount: body.amount,
      listingId: body.listingId,
      from: body.from,
    });
    return isRefusal(held) ? held : position(connection, params.id, principal);
  });

  act(app, deps, r.placeBid, async ({ params, body, connection, principal }) =>
    placeBid(connection, deps, principal, params.id, body),
  );

  read(app, deps, r.bidOutlook, async ({ params, query, connection, principal }) => {
    const running = deps.live(params.id);
    if (!running || !(await shownAuction(connection, deps, params.id, principal)))
      return refuse('resource.not_found');
    return outlook(running, principal.organisationId, { query, now: deps.clock.now() });
  });

  staffRoutes(app, { ...deps, view });
  awardRoutes(app, deps);
  complaintRoutes(app, deps);

  async function position(connection: Connection, id: string, principal: Principal) {
    const row = await shownAuction(connection, deps, id, principal);
    if (!row) return refuse('resource.not_found');
    const own = await balances(connection, principal.organisationId);
    const left = (kind: 'free' | 'standing_deposit'): bigint => {
      const code = partyAccount(principal.organisationId, row.currency as Currency, kind);
      return own.find((balance) => balance.code === code)?.available ?? 0n;
    };
    return myPosition(connection, row, principal.organisationId, {
      free: left('free'),
      standing: left('standing_deposit'),
    });
  }
}
