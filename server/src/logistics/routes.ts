import { logisticsRoutes as r } from '@seam/protocol';
import { formatTonnes } from '@seam/units';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../platform/clock.ts';
import type { Connection } from '../platform/db.ts';
import { type HttpDeps, read, write } from '../platform/http.ts';
import type { Principal } from '../platform/principal.ts';
import { isRefusal, refuse } from '../platform/refusal.ts';
import { completeDelivery } from './commands.ts';
import { gateRoutes } from './gate-routes.ts';
import { nominate, withdrawLifting } from './liftings.ts';
import type { PassKey } from './pass-token.ts';
import { issuePass, usablePass } from './passes.ts';
import { type NamesOf, deliveryOrderView, listDeliveryOrders, passView } from './queries.ts';
import { resumeDelivery, suspendDelivery } from './suspension.ts';
import { recordTicket } from './tickets.ts';
import { trackingHttp } from './tracking/routes.ts';

export type LogisticsDeps = HttpDeps & {
  readonly clock: Clock;
  readonly namesOf: NamesOf;
  readonly passKey: PassKey;
};

export function logisticsRoutes(app: FastifyInstance, deps: LogisticsDeps): void {
  const view = async (connection: Connection, id: string, principal: Principal) =>
    (await deliveryOrderView(connection, deps.namesOf, id, principal)) ?? refuse('resource.not_found');

  read(app, deps, r.deliveryOrders, async ({ connection, principal }) => ({
    items: await listDeliveryOrders(connection, deps.namesOf, principal),
  }));
  read(app, deps, r.deliveryOrder, async ({ params, connection, principal }) =>
    view(connection, params.id, principal),
  );
  write(app, deps, r.issuePass, async ({ params, body, connection, principal }) => {
    const pass = await issuePass(connection, deps.passKey, principal, {
      deliveryOrderId: params.id,
      ...body,
      now: deps.clock.now(),
    });
    return isRefusal(pass) ? pass : passView(pass);
  });
  write(app, deps, r.checkPass, async ({ body, connection, principal }) => {
    const usable = await usablePass(
      connection,
      deps.passKey,
      principal.organisationId,
      body.token,
      deps.clock.now(),
    );
    if (isRefusal(usable)) return usable;
    const { pass, order } = usable;
    return {
      passId: pass.id,
      deliveryOrderId: order.id,
      plate: pass.plate,
      driver: pass.driver,
      maximum: formatTonnes(pass.maximumKg),
      remaining: formatTonnes(order.quantityKg - order.liftedKg),
      token: pass.token,
    };
  });
  write(app, deps, r.recordTicket, async ({ params, body, connection, principal }) => {
    const done = await recordTicket(connection, deps.passKey, principal, {
      deliveryOrderId: params.id,
      ...body,
      now: deps.clock.now(),
    });
    return isRefusal(done) ? done : view(connection, done.deliveryOrderId, principal);
  });
  write(app, deps, r.nominateLifting, async ({ params, body, connection, principal }) => {
    const of = { deliveryOrderId: params.id, ...body, now: deps.clock.now() };
    const done = await nominate(connection, principal, of);
    return isRefusal(done) ? done : view(connection, params.id, principal);
  });
  write(app, deps, r.withdrawLifting, async ({ params, connection, principal }) => {
    const of = { deliveryOrderId: params.id, liftingId: params.liftingId, now: deps.clock.now() };
    const done = await withdrawLifting(connection, principal, of);
    return isRefusal(done) ? done : view(connection, params.id, principal);
  });
  write(app, deps, r.suspendDelivery, async ({ params, body, connection, principal }) => {
    const of = { deliveryOrderId: params.id, reason: body.reason, now: deps.clock.now() };
    const done = await suspendDelivery(connection, principal, of);
    return isRefusal(done) ? done : view(connection, params.id, principal);
  });
  write(app, deps, r.resumeDelivery, async ({ params, connection, principal }) => {
    const done = await resumeDelivery(connection, params.id);
    return isRefusal(done) ? done : view(connection, params.id, principal);
  });
  write(app, deps, r.completeDelivery, async ({ params, connection, principal }) => {
    const done = await completeDelivery(connection, principal, {
      deliveryOrderId: params.id,
      now: deps.clock.now(),
    });
    return isRefusal(done) ? done : view(connection, done.deliveryOrderId, principal);
  });
  gateRoutes(app, deps);
  trackingHttp(app, deps);
}
