import type { InstrumentSummary, OverdueTrade } from '@seam/protocol';
import { redirect } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { marketsStaff } from '#lib/i18n/markets-staff.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals, depends }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fstaff%2Fmarkets');
  depends('seam:markets');
  const [instruments, overdue] = await Promise.all([
    call<{ items: InstrumentSummary[] }>(fetch, 'GET', '/v1/instruments'),
    call<{ items: OverdueTrade[] }>(fetch, 'GET', '/v1/staff/overdue-trades'),
  ]);
  // Who may not see the one may not see the page.
  const { items: trades } = orFail(overdue);
  return { title: marketsStaff[locals.locale].title, items: orFail(instruments).items, overdue: trades };
};
