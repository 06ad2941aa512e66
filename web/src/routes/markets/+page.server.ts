import type { InstrumentSummary } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { markets } from '#lib/i18n/markets.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals, depends }) => {
  depends('seam:markets');
  const { items } = orFail(await call<{ items: InstrumentSummary[] }>(fetch, 'GET', '/v1/instruments'));
  return { title: markets[locals.locale].title, items };
};
