import { marketRoutes as r } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import type { Connection } from '../platform/db.ts';
import { type HttpDeps, act, read } from '../platform/http.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { listInstrument, scheduleSession } from './listing.ts';
import { instrumentById, instrumentView, supervision } from './queries.ts';
import type { StaffDeps } from './staff.ts';
import { type Supervised, killSwitch, setCreditLine, supervise } from './supervision.ts';
import { type NamesOf, overdueTrades } from './trades.ts';

export type StaffRouteDeps = HttpDeps &
  StaffDeps & {
    readonly namesOf: NamesOf;
    readonly personNamesOf: (
      connection: Connection,
      ids: readonly string[],
    ) => Promise<ReadonlyMap<string, string>>;
  };

export function staffRoutes(app: FastifyInstance, deps: StaffRouteDeps): void {
  const isMember = async (id: string): Promise<boolean> => (await deps.namesOf(deps.sql, [id])).has(id);
  const view = async (connection: Connection, id: string) => {
    const row = await instrumentById(connection, id);
    return row ? instrumentView(connection, deps.market, row) : refuse('market.unknown');
  };
  const supervised = async (connection: Connection, id: string, answer: Supervised | Refusal) => {
    if (isRefusal(answer)) return answer;
    const instrument = await view(connection, id);
    return isRefusal(instrument) ? instrument : { instrument, ...answer };
  };
  act(app, deps, r.listInstrument, async ({ body, connection, principal }) => {
    const listed = await listInstrument(deps, principal, body);
    return isRefusal(listed) ? listed : view(connection, body.id);
  });
  act(app, deps, r.scheduleSession, async ({ params, body, connection, principal }) => {
    const of = { instrumentId: params.id, phases: body.session };
    const scheduled = await scheduleSession(deps, principal, of);
    return isRefusal(scheduled) ? scheduled : view(connection, params.id);
  });
  act(app, deps, r.superviseMarket, async ({ params, body, connection, principal }) =>
    supervised(connection, params.id, await supervise(deps, principal, params.id, body)),
  );
  act(app, deps, r.killSwitch, async ({ params, body, connection, principal }) =>
    supervised(connection, params.id, await killSwitch({ ...deps, isMember }, principal, params.id, body)),
  );
  act(app, deps, r.setCreditLine, async ({ params, body, principal }) => {
    const set = await setCreditLine(deps, principal, { instrumentId: params.id, ...body });
    return isRefusal(set) ? set : {};
  });
  read(app, deps, r.marketSupervision, async ({ params, connection }) => {
    const row = await instrumentById(connection, params.id);
    return row ? supervision(connection, row, deps.personNamesOf) : refuse('resource.not_found');
  });
  read(app, deps, r.overdueTrades, async ({ connection }) => ({
    items: await overdueTrades(connection, deps.namesOf),
  }));
}
