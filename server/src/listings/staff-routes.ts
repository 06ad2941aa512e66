/** HTTP of the centre's desk for lots: cases, suspension, sessions, quotas, rules. */
import {
  type ListingRuleView,
  listingChannelRoutes as channels,
  listingLifeRoutes as routes,
} from '@seam/protocol';
import { asc, eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { orm } from '../platform/db.ts';
import { read, write } from '../platform/http.ts';
import { isRefusal, refuse } from '../platform/refusal.ts';
import type { ListingDeps } from './ports.ts';
import { quotaViews, setQuota } from './quotas.ts';
import { decideReview, listReviews, reinstateListing, reviewViews, suspendListing } from './reviews.ts';
import { createSession, listSessions } from './sessions.ts';
import { type RuleRow, listingRule } from './tables-more.ts';
import { listingView } from './view.ts';

export function listingStaffRoutes(app: FastifyInstance, deps: ListingDeps): void {
  read(app, deps, routes.listListingReviews, async ({ connection, query }) =>
    listReviews(connection, deps, { state: query.state ?? 'pending', cursor: query.cursor }),
  );
  write(app, deps, routes.decideListingReview, async ({ connection, params, body, principal }) => {
    const decided = await decideReview(connection, deps, principal, params.id, body);
    if (isRefusal(decided)) return decided;
    const [view] = await reviewViews(connection, deps, [decided]);
    return view ?? refuse('resource.not_found');
  });
  write(app, deps, routes.suspendListing, async ({ connection, params, body }) => {
    const row = await suspendListing(connection, params.id, body.reason);
    return isRefusal(row) ? row : listingView(connection, deps.organisations, row, { viewer: 'staff' });
  });
  write(app, deps, routes.reinstateListing, async ({ connection, params }) => {
    const row = await reinstateListing(connection, params.id);
    return isRefusal(row) ? row : listingView(connection, deps.organisations, row, { viewer: 'staff' });
  });
  sessionsAndQuotas(app, deps);
  rules(app, deps);
}

function sessionsAndQuotas(app: FastifyInstance, deps: ListingDeps): void {
  read(app, deps, channels.listSpecialSessions, async ({ connection }) => ({
    items: await listSessions(connection, deps.clock.now()),
  }));
  write(app, deps, channels.createSpecialSession, async ({ connection, body, principal }) =>
    createSession(connection, {
      name: body.name,
      nameZh: body.nameZh,
      opensAt: body.opensAt,
      closesAt: body.closesAt,
      personId: principal.personId,
      now: deps.clock.now(),
    }),
  );
  read(app, deps, channels.listOwnQuotas, async ({ connection, principal }) => ({
    items: await quotaViews(connection, deps, principal.organisationId),
  }));
  read(app, deps, channels.listQuotas, async ({ connection }) => ({
    items: await quotaViews(connection, deps),
  }));
  write(app, deps, channels.setQuota, async ({ connection, body, principal }) =>
    setQuota(connection, deps, principal, body),
  );
}

function rules(app: FastifyInstance, deps: ListingDeps): void {
  read(app, deps, channels.listListingRules, async ({ connection }) => ({
    items: (await orm(connection).select().from(listingRule).orderBy(asc(listingRule.id))).map(ruleView),
  }));
  write(app, deps, channels.setListingRule, async ({ connection, params, body, principal }) => {
    const [row] = await orm(connection)
      .update(listingRule)
      .set({ ...body, changedBy: principal.personId, changedAt: deps.clock.now() })
      .where(eq(listingRule.id, params.id))
      .returning();
    return row ? ruleView(row) : refuse('resource.not_found');
  });
}

function ruleView({ id, enabled, channels: of, changedAt }: RuleRow): ListingRuleView {
  return { id, enabled, channels: of, changedAt: changedAt.toISOString() };
}
