import { type ReputationBrief, experienceRoutes, reputationRoutes as r } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../platform/clock.ts';
import { type HttpDeps, read } from '../platform/http.ts';
import { refuse } from '../platform/refusal.ts';
import { experienceOf } from './experience.ts';
import { type NamesOf, reputationBriefs, reputationEvents, reputationView } from './score.ts';

export type ReputationDeps = HttpDeps & { readonly clock: Clock; readonly namesOf: NamesOf };

/** Lists show scores that are this old at most. */
const KEPT_MS = 60_000;
const KEPT_MAX = 5_000;

export function reputationHttp(app: FastifyInstance, deps: ReputationDeps): void {
  const { namesOf, clock } = deps;
  const kept = new Map<string, { readonly at: number; readonly brief: ReputationBrief }>();

  read(app, deps, r.reputation, async ({ params, connection, principal }) => {
    const of = { companyId: params.id, reader: principal, now: clock.now() };
    return (await reputationView(connection, namesOf, of)) ?? refuse('resource.not_found');
  });
  read(app, deps, r.reputationEvents, async ({ params, query, connection, principal }) => {
    const { component, cursor = '0' } = query;
    const of = {
      companyId: params.id,
      component,
      from: Number(cursor),
      reader: principal,
      now: clock.now(),
    };
    return (await reputationEvents(connection, namesOf, of)) ?? refuse('resource.not_found');
  });
  read(app, deps, experienceRoutes.experience, async ({ query, connection, principal }) => ({
    items: await experienceOf(connection, [...new Set(query.listings.split(','))], principal.organisationId),
  }));
  read(app, deps, r.reputations, async ({ query, connection }) => {
    const now = clock.now();
    const wanted = [...new Set(query.companies.split(','))];
    const isFresh = (id: string): boolean => {
      const age = now.getTime() - (kept.get(id)?.at ?? Number.NEGATIVE_INFINITY);
      return age >= 0 && age < KEPT_MS;
    };
    const old = wanted.filter((id) => !isFresh(id));
    if (kept.size + old.length > KEPT_MAX) kept.clear();
    const known = [...(await namesOf(connection, old)).keys()];
    for (const brief of await reputationBriefs(connection, known, now))
      kept.set(brief.companyId, { at: now.getTime(), brief });
    return { items: wanted.flatMap((id) => kept.get(id)?.brief ?? []) };
  });
}
