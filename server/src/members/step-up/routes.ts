/** HTTP of proving a person again, and of the passkeys that do it. */
import { type StepUpView, stepUpRoutes as routes } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../platform/clock.ts';
import type { Connection } from '../../platform/db.ts';
import { type HttpDeps, act, read, write } from '../../platform/http.ts';
import type { Principal } from '../../platform/principal.ts';
import { isRefusal } from '../../platform/refusal.ts';
import { STEP_UP_MS } from '../limits.ts';
import {
  addPasskey,
  beginPasskey,
  credentialIdsOf,
  listPasskeys,
  relyingParty,
  removePasskey,
} from './passkeys.ts';
import { freshProof, stepUp } from './proof.ts';

export function stepUpRoutes(
  app: FastifyInstance,
  deps: HttpDeps & { readonly clock: Clock; readonly publicUrl: string },
): void {
  const { clock } = deps;
  const relying = relyingParty(deps.publicUrl);

  const state = async (connection: Connection, principal: Principal): Promise<StepUpView> => {
    const at = await freshProof(connection, principal, clock.now());
    return {
      provenUntil: at ? new Date(at.getTime() + STEP_UP_MS).toISOString() : null,
      passkeysOffered: relying !== undefined,
      passkeys: (await credentialIdsOf(connection, principal.personId)).length,
    };
  };

  read(app, deps, routes.stepUpState, async ({ connection, principal }) => state(connection, principal));
  act(app, deps, routes.stepUp, async ({ connection, principal, body }) => {
    const until = await stepUp({ sql: connection, clock }, principal, body.password);
    return isRefusal(until) ? until : state(connection, principal);
  });
  read(app, deps, routes.passkeys, async ({ connection, principal }) => ({
    offered: relying !== undefined,
    items: await listPasskeys(connection, principal.personId),
  }));
  write(app, deps, routes.beginPasskey, async ({ connection, principal }) =>
    beginPasskey(connection, relying, principal, clock.now()),
  );
  write(app, deps, routes.addPasskey, async ({ connection, principal, body }) =>
    addPasskey(connection, relying, principal, body, clock.now()),
  );
  write(app, deps, routes.removePasskey, async ({ connection, principal, params }) =>
    removePasskey(connection, principal, params.id, clock.now()),
  );
}
