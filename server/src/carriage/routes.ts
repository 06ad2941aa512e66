import { deliveryDocumentRoutes as r } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../platform/clock.ts';
import type { Connection } from '../platform/db.ts';
import { type HttpDeps, read, write } from '../platform/http.ts';
import type { Principal } from '../platform/principal.ts';
import { isRefusal, refuse } from '../platform/refusal.ts';
import { answerDocument, decideDocument } from './answers.ts';
import { decideClaim, objectToClaim } from './claims.ts';
import { enterDocument } from './documents.ts';
import { papersView, readableOrder } from './queries.ts';
import { documentFile } from './rows.ts';

export type CarriageDeps = HttpDeps & { readonly clock: Clock };

export function carriageRoutes(app: FastifyInstance, deps: CarriageDeps): void {
  const view = async (connection: Connection, id: string, principal: Principal) =>
    (await papersView(connection, id, principal, deps.clock.now())) ?? refuse('resource.not_found');

  read(app, deps, r.deliveryPapers, async ({ params, connection, principal }) =>
    view(connection, params.id, principal),
  );
  write(app, deps, r.enterDeliveryDocument, async ({ params, body, connection, principal }) => {
    const of = { deliveryOrderId: params.id, input: body, now: deps.clock.now() };
    return (await enterDocument(connection, principal, of)) ?? view(connection, params.id, principal);
  });
  write(app, deps, r.enterDocumentForCarrier, async ({ params, body, connection, principal }) => {
    const { enteredFor, ...input } = body;
    const of = { deliveryOrderId: params.id, input, enteredFor, now: deps.clock.now() };
    return (await enterDocument(connection, principal, of)) ?? view(connection, params.id, principal);
  });
  read(app, deps, r.readDeliveryDocument, async ({ params, connection, principal, reply }) => {
    const order = await readableOrder(connection, params.id, principal);
    const found =
      order && (await documentFile(connection, { orderId: order.id, documentId: params.documentId }));
    if (!found) return refuse('resource.not_found');
    return reply
      .header('content-type', found.type)
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(found.name)}`)
      .header('x-content-type-options', 'nosniff')
      .send(Buffer.from(found.file));
  });
  write(app, deps, r.answerDeliveryDocument, async ({ params, body, connection, principal }) => {
    const of = { deliveryOrderId: params.id, documentId: params.documentId, ...body, now: deps.clock.now() };
    return (await answerDocument(connection, principal, of)) ?? view(connection, params.id, principal);
  });
  write(app, deps, r.decideDeliveryDocument, async ({ params, body, connection, principal }) => {
    const of = { deliveryOrderId: params.id, documentId: params.documentId, ...body, now: deps.clock.now() };
    return (await decideDocument(connection, principal, of)) ?? view(connection, params.id, principal);
  });
  write(app, deps, r.objectToCarriageClaim, async ({ params, body, connection, principal }) => {
    const of = { id: params.id, ...body, now: deps.clock.now() };
    const order = await objectToClaim(connection, principal, of);
    return isRefusal(order) ? order : view(connection, order.id, principal);
  });
  write(app, deps, r.decideCarriageClaim, async ({ params, body, connection, principal }) => {
    const of = { id: params.id, ...body, now: deps.clock.now() };
    const order = await decideClaim(connection, principal, of);
    return isRefusal(order) ? order : view(connection, order.id, principal);
  });
}
