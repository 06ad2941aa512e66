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
import { auctionById, holdBidSecurity, placeBid, scheduleAuction } from './commands.ts';
import type { ListingPort } from './listing-port.ts';
import { type Market, STAFF_ACTOR, refusalOf } from './market.ts';
import { type NamesOf, auctionView, listAuctions, myPosition, tape } from './queries.ts';
import type { AuctionRow } from './tables.ts';

export type AuctionDeps = HttpDeps & {
  readonly market: Market;
  readonly listings: ListingPort;
  readonly namesOf: NamesOf;
  /** The same names as on the socket. */
  readonly pseudonymSecret: string;
  readonly clock: Clock;
  /** Resolves when the views have reached the place of an acknowledged command. */
  readonly caughtUp: (place: { shard: number; seq: number }) => Promise<void>;
};

const LIMIT = 50;

export function auctionRoutes(app: FastifyInstance, deps: AuctionDeps): void {
  const view = async (connection: Connection, id: string) => {
    const row = await auctionById(connection, id);
    return row ? auctionView(connection, deps.namesOf, row, deps.clock.now()) : refuse('resource.not_found');
  };

  act(app, deps, r.scheduleAuction, async ({ body, principal, connection }) => {
    const made = await inTransaction(connection, async (tx) =>
      scheduleAuction(tx, { listings: deps.listings, now: deps.clock.now() }, principal, body),
    );
    return isRefusal(made) ? made : view(connection, made.id);
  });

  read(app, deps, r.auctions, async ({ query, connection }) => ({
    items: await listAuctions(connection, deps.namesOf, {
      ...(query.state === undefined ? {} : { state: query.state }),
      limit: Number(query.limit ?? LIMIT),
    }),
    serverTime: deps.clock.now().toISOString(),
  }));

  read(app, deps, r.auction, async ({ params, connection }) => view(connection, params.id));

  read(app, deps, r.auctionTape, async ({ params, connection, maybePrincipal }) => {
    const row = await auctionById(connection, params.id);
    const viewer = maybePrincipal?.organisationId ?? null;
    return row ? tape(connection, row, viewer, deps.pseudonymSecret) : refuse('resource.not_found');
  });

  read(app, deps, r.myAuctionPosition, async ({ params, connection, principal }) =>
    position(connection, params.id, principal),
  );

  act(app, deps, r.holdBidSecurity, async ({ params, body, connection, principal }) => {
    const held = await holdBidSecurity(connection, deps.market, principal, {
      auctionId: params.id,
      amount: body.amount,
    });
    return isRefusal(held) ? held : position(connection, params.id, principal);
  });

  act(app, deps, r.placeBid, async ({ params, body, connection, principal }) =>
    placeBid(connection, deps.market, principal, params.id, body),
  );

  const supervise = async (
    connection: Connection,
    principal: Principal,
    id: string,
    body: (row: AuctionRow) => Parameters<Market['submit']>[0]['body'],
  ) => {
    const row = await auctionById(connection, id);
    if (!row || row.lastSeq === null) return refuse('resource.not_found');
    const command = body(row);
    const outcome = await deps.market.submit({
      actor: STAFF_ACTOR,
      cmdId: `${command.type}.${id}.${row.lastSeq}`,
      body: command,
    });
    const refusal = refusalOf(outcome, row.terms);
    if (refusal || outcome.status !== 'accepted') return refusal ?? refuse('internal.error');
    await deps.sql`insert into audit_entry (person_id, action, subject, detail)
      values (${principal.personId}, ${command.type}, ${id}, ${deps.sql.json({ seq: outcome.seq })})`;
    await deps.caughtUp(outcome);
    return view(connection, id);
  };
  act(app, deps, r.suspendAuction, async ({ params, body, connection, principal }) =>
    supervise(connection, principal, params.id, () => ({
      type: 'suspend_auction',
      auctionId: params.id,
      reason: body.reason,
    })),
  );
  act(app, deps, r.resumeAuction, async ({ params, connection, principal }) =>
    supervise(connection, principal, params.id, () => ({ type: 'resume_auction', auctionId: params.id })),
  );
  act(app, deps, r.voidAuction, async ({ params, body, connection, principal }) =>
    supervise(connection, principal, params.id, () => ({
      type: 'void_auction',
      auctionId: params.id,
      reason: body.reason,
    })),
  );

  async function position(connection: Connection, id: string, principal: Principal) {
    const row = await auctionById(connection, id);
    if (!row) return refuse('resource.not_found');
    const free = partyAccount(principal.organisationId, row.currency as Currency, 'free');
    const found = (await balances(connection, principal.organisationId)).find(
      (balance) => balance.code === free,
    );
    return myPosition(connection, row, principal.organisationId, found?.available ?? 0n);
  }
}
