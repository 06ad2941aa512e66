import { redirect, type Actions } from '@sveltejs/kit';
import type { ListingView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { idempotency, refuse } from '#lib/form/server.ts';
import { listings } from '#lib/i18n/listings.ts';
import { refuseMine, resolveMine } from '#lib/lots/resolve-mine.ts';
import { forForm } from '#lib/lots/wire-form.ts';
import { formChoices } from '../_parts/load-form.ts';
import { lotBody } from '../_parts/lot-body.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent('/lots/new')}`);
  return { title: listings[locals.locale].newTitle, ...(await formChoices(fetch, locals.locale)) };
};

export const actions: Actions = {
  default: async ({ request, fetch }) => {
    const data = await request.formData();
    const mine = await resolveMine(fetch, data);
    if ('several' in mine) return refuseMine(mine, data);
    const result = await call<ListingView>(fetch, 'POST', '/v1/listings', {
      body: lotBody(data, mine.mineId),
      ...idempotency(data),
    });
    if (!result.ok) return refuse(forForm(result.problem), data);
    redirect(303, `/lots/${result.data.id}`);
  },
};
