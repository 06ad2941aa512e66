import { redirect } from '@sveltejs/kit';
import type { ResultReport } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { resultReport } from '#lib/i18n/result-report.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals, params, url }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname)}`);
  const path = `/v1/settlements/${encodeURIComponent(params.id)}/result-report` as const;
  const report = orFail(await call<ResultReport>(fetch, 'GET', path));
  return {
    title: resultReport[locals.locale].title.replace('{number}', report.contractNumber),
    report,
  };
};
