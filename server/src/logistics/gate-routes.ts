/** Gates, weighbridges and the steps of a truck. Devices prove themselves by their signatures: they have no session. */
import { gateRoutes as r } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import { act, read, write } from '../platform/http.ts';
import { isRefusal } from '../platform/refusal.ts';
import { closeDeliveryCase, deliveryCases } from './cases.ts';
import { listDevices, registerDevice, revokeDevice } from './devices.ts';
import { revokedPasses, syncGate } from './gate.ts';
import { movePass } from './passes.ts';
import type { LogisticsDeps } from './routes.ts';
import { takeWeighing } from './weighbridge.ts';

export function gateRoutes(app: FastifyInstance, deps: LogisticsDeps): void {
  const now = (): Date => deps.clock.now();
  const { keyId, publicText } = deps.passKey;

  read(app, deps, r.passKeys, async () => ({ keys: [{ keyId, publicKey: publicText }] }));
  read(app, deps, r.passRevocations, async ({ connection }) => ({
    asOf: now().toISOString(),
    passIds: await revokedPasses(connection, now()),
  }));
  act(app, deps, r.gateSync, async ({ body, connection }) => syncGate(connection, deps.passKey, body, now()));
  write(app, deps, r.weigh, async ({ body, connection }) =>
    takeWeighing(connection, deps.passKey, body, now()),
  );
  read(app, deps, r.devices, async ({ connection, principal }) => ({
    items: await listDevices(connection, principal),
  }));
  write(app, deps, r.registerDevice, async ({ body, connection, principal }) =>
    registerDevice(connection, principal, { ...body, now: now() }),
  );
  write(app, deps, r.revokeDevice, async ({ params, connection, principal }) =>
    revokeDevice(connection, principal, { id: params.id, now: now() }),
  );
  write(app, deps, r.movePass, async ({ params, body, connection, principal }) => {
    const moved = await movePass(connection, principal, {
      deliveryOrderId: params.id,
      passId: params.passId,
      ...body,
      now: now(),
    });
    return isRefusal(moved) ? moved : { passId: moved.id, state: moved.state };
  });
  read(app, deps, r.deliveryCases, async ({ connection }) => ({ items: await deliveryCases(connection) }));
  write(app, deps, r.closeDeliveryCase, async ({ params, body, connection, principal }) =>
    closeDeliveryCase(connection, principal, { id: params.id, note: body.note, now: now() }),
  );
}
