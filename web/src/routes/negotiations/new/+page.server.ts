import { redirect, type Actions } from '@sveltejs/kit';
import type { ListingView, NegotiationSummary } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { idempotency, refuse, text } from '#lib/form/server.ts';
import { negotiations } from '#lib/i18n/negotiations.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, url, locals }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname + url.search)}`);
  const id = encodeURIComponent(url.searchParams.get('lot') ?? '');
  if (id === '') redirect(303, '/negotiations');
  const lot = orFail(await call<ListingView>(fetch, 'GET', `/v1/listings/${id}`));
  return { title: negotiations[locals.locale].newTitle, lot };
};

export const actions: Actions = {
  default: async ({ request, fetch }) => {
    const data = await request.formData();
    const result = await call<NegotiationSummary>(fetch, 'POST', '/v1/negotiations', {
      body: { listingId: text(data, 'listingId') },
      ...idempotency(data),
    });
    if (!result.ok) return refuse(result.problem, data);
    redirect(303, `/negotiations/${result.data.id}`);
  },
};
