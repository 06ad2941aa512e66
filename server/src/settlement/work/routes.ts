/** The house's obligations for the centre's staff. */
import { workRoutes as r } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import { type HttpDeps, read, write } from '../../platform/http.ts';
import { actOnWork } from './act.ts';
import { type Reader, houseObligations } from './obligations.ts';

export type WorkDeskDeps = HttpDeps & { readonly personNamesOf: Reader['people'] };

export function workDeskRoutes(app: FastifyInstance, deps: WorkDeskDeps): void {
  read(app, deps, r.houseObligations, async ({ connection, principal, query }) =>
    houseObligations(connection, { personId: principal.personId, people: deps.personNamesOf }, query),
  );
  write(app, deps, r.actOnWork, async ({ connection, principal, params, body }) =>
    actOnWork(connection, { id: params.id, personId: principal.personId, ...body, reason: body.reason }),
  );
}
