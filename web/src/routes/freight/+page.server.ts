import { FREIGHT_MODES, type LaneView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { freight } from '#lib/i18n/freight.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, url, locals }) => {
  const mode = FREIGHT_MODES.find((name) => name === url.searchParams.get('mode')) ?? null;
  const cursor = url.searchParams.get('cursor');
  const query = new URLSearchParams({ ...(mode && { mode }), ...(cursor && { cursor }) });
  const found = await call<{ items: LaneView[]; nextCursor: string | null }>(
    fetch,
    'GET',
    `/v1/freight/lanes?${query}`,
  );
  const next = found.ok ? found.data.nextCursor : null;
  return {
    title: freight[locals.locale].title,
    mode,
    lanes: found.ok ? found.data.items : [],
    problem: found.ok ? null : found.problem,
    next: next === null ? null : `/freight?${new URLSearchParams({ ...(mode && { mode }), cursor: next })}`,
  };
};
