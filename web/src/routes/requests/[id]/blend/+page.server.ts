import { error, redirect, type Actions } from '@sveltejs/kit';
import type { BlendView, RequestView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { blends } from '#lib/i18n/blends.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, params, locals, url }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname)}`);
  const base = `/v1/requests/${encodeURIComponent(params.id)}` as const;
  const found = await call<RequestView>(fetch, 'GET', base);
  if (!found.ok) error(found.problem.status, { message: found.problem.title, code: found.problem.code });
  const wish = Object.fromEntries(
    ['maximumLots', 'minimumTake'].map((name) => [name, url.searchParams.get(name)?.trim() ?? '']),
  ) as { maximumLots: string; minimumTake: string };
  const query = new URLSearchParams(Object.entries(wish).filter(([, value]) => value !== ''));
  const blend = await call<BlendView>(fetch, 'GET', `${base}/blend?${query}`);
  if (!blend.ok && blend.problem.status === 404) error(404, { message: blend.problem.title });
  return {
    title: blends[locals.locale].title,
    request: found.data,
    wish,
    blend: blend.ok ? blend.data : null,
    problem: blend.ok ? null : blend.problem,
  };
};

/** `lot` of the form: id, version and tonnes of each part, as the page showed them. */
function partsOf(data: FormData) {
  return data.getAll('lot').flatMap((part) => {
    const [listingId, version, quantity] = typeof part === 'string' ? part.split(' ') : [];
    return listingId && version && quantity ? [{ listingId, version: Number(version), quantity }] : [];
  });
}

export const actions: Actions = {
  invite: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const organisationIds = [
      ...new Set(data.getAll('organisationId').filter((id) => typeof id === 'string')),
    ];
    const result = await call(
      fetch,
      'POST',
      `/v1/requests/${encodeURIComponent(params['id'] ?? '')}/invitations`,
      {
        body: { to: 'named', organisationIds },
        ...idempotency(data),
      },
    );
    return result.ok ? { done: 'invited' } : refuse(result.problem, data);
  },
  take: async ({ request, fetch, params }) => {
    const data = await request.formData();
    if (text(data, 'sure') === '') return refuseFields({ sure: 'field.required' }, data);
    const result = await call(fetch, 'POST', `/v1/requests/${encodeURIComponent(params['id'] ?? '')}/take`, {
      body: { lots: partsOf(data) },
      ...idempotency(data),
    });
    if (!result.ok) return refuse(result.problem, data);
    redirect(303, '/contracts');
  },
};
