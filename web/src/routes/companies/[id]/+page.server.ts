import { redirect } from '@sveltejs/kit';
import { COMPONENTS, type ReputationEventView, type ReputationView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { reputation } from '#lib/i18n/reputation.ts';
import { nameIn } from '#lib/lots/options.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals, params, url }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname + url.search)}`);
  const asked = url.searchParams.get('component');
  const component = COMPONENTS.find((one) => one === asked);
  const from = /^\d{1,6}$/.exec(url.searchParams.get('from') ?? '')?.[0];
  const base = `/v1/companies/${encodeURIComponent(params.id)}/reputation` as const;
  const query = new URLSearchParams({ ...(component && { component }), ...(from && { cursor: from }) });
  const view = orFail(await call<ReputationView>(fetch, 'GET', base));
  const events = orFail(
    await call<{ items: ReputationEventView[]; nextCursor: string | null }>(
      fetch,
      'GET',
      `${base}/events?${query}`,
    ),
  );
  const next = new URLSearchParams({ ...(component && { component }), from: events.nextCursor ?? '' });
  return {
    title: reputation[locals.locale].title.replace('{name}', nameIn(locals.locale, view.company)),
    view,
    component: component ?? null,
    events: events.items,
    first: from === undefined ? null : component ? `?component=${component}` : '?',
    next: events.nextCursor === null ? null : `?${next}`,
    staff: locals.session.staff,
  };
};
