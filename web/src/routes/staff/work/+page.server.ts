import { redirect, type Actions } from '@sveltejs/kit';
import type { Ok, settlementRoutes } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { idempotency, refuse, text } from '#lib/form/server.ts';
import { desk } from '#lib/i18n/desk.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fstaff%2Fwork');
  const work = orFail(await call<Ok<typeof settlementRoutes.openWork>>(fetch, 'GET', '/v1/staff/open-work'));
  return { title: desk[locals.locale].workTitle, work: work.items };
};

export const actions: Actions = {
  retry: async ({ request, fetch }) => {
    const data = await request.formData();
    const id = encodeURIComponent(text(data, 'id'));
    const result = await call(fetch, 'POST', `/v1/staff/open-work/${id}/retry`, idempotency(data));
    return result.ok ? { done: true } : refuse(result.problem, data);
  },
};
