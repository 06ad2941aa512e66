import { trackingRoutes as r } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../platform/clock.ts';
import type { Connection } from '../../platform/db.ts';
import { type HttpDeps, read, write } from '../../platform/http.ts';
import type { Principal } from '../../platform/principal.ts';
import { refuse } from '../../platform/refusal.ts';
import { endJourney, journeysView, startJourney } from './journeys.ts';
import { takePositions } from './positions.ts';

export function trackingHttp(app: FastifyInstance, deps: HttpDeps & { readonly clock: Clock }): void {
  const view = async (connection: Connection, principal: Principal, id: string) =>
    (await journeysView(connection, principal, id, deps.clock.now())) ?? refuse('resource.not_found');

  write(app, deps, r.tellPositions, async ({ body, connection }) =>
    takePositions(connection, body, deps.clock.now()),
  );
  read(app, deps, r.journeys, async ({ params, connection, principal }) =>
    view(connection, principal, params.id),
  );
  write(app, deps, r.startJourney, async ({ params, body, connection, principal }) => {
    const of = { deliveryOrderId: params.id, ...body, now: deps.clock.now() };
    return (await startJourney(connection, principal, of)) ?? view(connection, principal, params.id);
  });
  write(app, deps, r.endJourney, async ({ params, connection, principal }) => {
    const of = { deliveryOrderId: params.id, journeyId: params.journeyId, now: deps.clock.now() };
    return (await endJourney(connection, principal, of)) ?? view(connection, principal, params.id);
  });
}
