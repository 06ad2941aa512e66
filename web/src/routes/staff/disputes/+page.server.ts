import { redirect } from '@sveltejs/kit';
import type { DisputeSummary } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { disputes } from '#lib/i18n/disputes.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fstaff%2Fdisputes');
  if (!locals.session.staff) redirect(303, '/money');
  const { items } = orFail(await call<{ items: DisputeSummary[] }>(fetch, 'GET', '/v1/disputes'));
  return { title: disputes[locals.locale].deskTitle, items, now: new Date().toISOString() };
};
