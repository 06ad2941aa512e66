import { redirect, type Actions } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { refuse } from '#lib/form/server.ts';
import { shell } from '#lib/i18n/shell.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) => {
  if (!locals.session) redirect(303, '/');
  return { title: shell[locals.locale].logout };
};

export const actions: Actions = {
  default: async ({ fetch, request }) => {
    const result = await call(fetch, 'POST', '/v1/logout');
    // Who is no longer logged in has what they wanted.
    if (!result.ok && result.problem.status !== 401) return refuse(result.problem, await request.formData());
    redirect(303, '/');
  },
};
