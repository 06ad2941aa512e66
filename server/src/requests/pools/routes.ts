/** HTTP of pools. */
import { type PoolView, poolRoutes as routes } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import { actorOf } from '../../listings/public.ts';
import type { Connection } from '../../platform/db.ts';
import { read, write } from '../../platform/http.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import type { RequestDeps } from '../ports.ts';
import type { PoolRow } from '../tables.ts';
import { cancelPool, closePool, joinPool, leavePool, openPool } from './commands.ts';
import { listPools, poolById, poolViews } from './queries.ts';

export function poolRoutes(app: FastifyInstance, deps: RequestDeps): void {
  const view = async (
    connection: Connection,
    viewer: Principal,
    row: PoolRow | Refusal | undefined,
  ): Promise<PoolView | Refusal> => {
    if (isRefusal(row)) return row;
    const [shown] = row ? await poolViews(deps, connection, [row], viewer) : [];
    return shown ?? refuse('resource.not_found');
  };
  read(app, deps, routes.listPools, async ({ connection, query, principal }) =>
    listPools(deps, connection, principal, { scope: query.scope ?? 'open', cursor: query.cursor }),
  );
  read(app, deps, routes.getPool, async ({ connection, params, principal }) =>
    view(connection, principal, await poolById(connection, params.id)),
  );
  write(app, deps, routes.openPool, async ({ connection, body, principal }) =>
    view(connection, principal, await openPool(connection, deps, actorOf(principal), body)),
  );
  write(app, deps, routes.joinPool, async ({ connection, params, body, principal }) =>
    view(
      connection,
      principal,
      await joinPool(connection, deps, actorOf(principal), { poolId: params.id, input: body }),
    ),
  );
  write(app, deps, routes.leavePool, async ({ connection, params, principal }) =>
    view(connection, principal, await leavePool(connection, deps, actorOf(principal), params.id)),
  );
  write(app, deps, routes.closePool, async ({ connection, params, principal }) =>
    view(connection, principal, await closePool(connection, deps, actorOf(principal), params.id)),
  );
  write(app, deps, routes.cancelPool, async ({ connection, params, body, principal }) =>
    view(
      connection,
      principal,
      await cancelPool(connection, deps, actorOf(principal), { poolId: params.id, reason: body.reason }),
    ),
  );
}
