import { redirect } from '@sveltejs/kit';
import type { ClauseRedlineView, PayoffCurveView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { negotiations } from '#lib/i18n/negotiations.ts';
import type { PageServerLoad } from './$types';

type Redline = { redline: ClauseRedlineView[]; curves: PayoffCurveView[] };

export const load: PageServerLoad = async ({ fetch, params, url, locals }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname + url.search)}`);
  const number = (name: string): string => encodeURIComponent(url.searchParams.get(name) ?? '');
  const path =
    `/v1/negotiations/${encodeURIComponent(params.id)}/redline?from=${number('from')}&to=${number('to')}` as const;
  const found = orFail(await call<Redline>(fetch, 'GET', path));
  return {
    title: negotiations[locals.locale].redline,
    id: params.id,
    from: number('from'),
    to: number('to'),
    ...found,
  };
};
