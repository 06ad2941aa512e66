import { inspectionRoutes as r, logisticsRoutes } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import { type NamesOf, deliveryOrderView } from '../logistics/public.ts';
import type { Clock } from '../platform/clock.ts';
import type { Connection } from '../platform/db.ts';
import { type HttpDeps, read, write } from '../platform/http.ts';
import type { Principal } from '../platform/principal.ts';
import { isRefusal, refuse } from '../platform/refusal.ts';
import { recordAnalysis } from './analysis.ts';
import { challenge, recordReferee } from './challenge.ts';
import { inspectionView } from './queries.ts';
import { acceptProposal, proposeOutcome } from './rejection.ts';
import { recordCustody, recordLaboratoryStep, recordSamples } from './samples.ts';

export type QualityDeps = HttpDeps & { readonly clock: Clock; readonly namesOf: NamesOf };

export function qualityRoutes(app: FastifyInstance, deps: QualityDeps): void {
  const view = async (connection: Connection, id: string, principal: Principal) =>
    (await inspectionView(connection, id, principal, deps.clock.now())) ?? refuse('resource.not_found');
  const at = (deliveryOrderId: string) => ({ deliveryOrderId, now: deps.clock.now() });

  write(app, deps, logisticsRoutes.recordAnalysis, async ({ params, body, connection, principal }) => {
    const done = await recordAnalysis(connection, principal, { ...body, ...at(params.id) });
    if (isRefusal(done)) return done;
    const order = await deliveryOrderView(connection, deps.namesOf, params.id, principal);
    return order ?? refuse('resource.not_found');
  });
  read(app, deps, r.inspection, async ({ params, connection, principal }) =>
    view(connection, params.id, principal),
  );
  write(
    app,
    deps,
    r.recordSamples,
    async ({ params, body, connection, principal }) =>
      (await recordSamples(connection, principal, { ...body, ...at(params.id) })) ??
      view(connection, params.id, principal),
  );
  write(
    app,
    deps,
    r.recordCustody,
    async ({ params, body, connection, principal }) =>
      (await recordCustody(connection, principal, { ...body, ...at(params.id) })) ??
      view(connection, params.id, principal),
  );
  write(
    app,
    deps,
    r.recordLaboratoryStep,
    async ({ params, body, connection, principal }) =>
      (await recordLaboratoryStep(connection, principal, { ...body, ...at(params.id) })) ??
      view(connection, params.id, principal),
  );
  write(
    app,
    deps,
    r.recordReferee,
    async ({ params, body, connection, principal }) =>
      (await recordReferee(connection, principal, { ...body, ...at(params.id) })) ??
      view(connection, params.id, principal),
  );
  write(
    app,
    deps,
    r.challenge,
    async ({ params, body, connection, principal }) =>
      (await challenge(connection, principal, { ...body, ...at(params.id) })) ??
      view(connection, params.id, principal),
  );
  write(app, deps, r.proposeOutcome, async ({ params, body, connection, principal }) => {
    const { outcome, pricePerTonne } = body;
    const proposed = { outcome, pricePerTonne, ...at(params.id) };
    return (await proposeOutcome(connection, principal, proposed)) ?? view(connection, params.id, principal);
  });
  write(app, deps, r.acceptOutcome, async ({ params, connection, principal }) => {
    const accepted = { proposalId: params.proposal, ...at(params.id) };
    return (await acceptProposal(connection, principal, accepted)) ?? view(connection, params.id, principal);
  });
}
