import { redirect } from '@sveltejs/kit';
import type { PoolView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { pools } from '#lib/i18n/request-pools.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, url, locals }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent('/requests/pools')}`);
  const scope: 'open' | 'own' = url.searchParams.get('scope') === 'own' ? 'own' : 'open';
  const cursor = url.searchParams.get('cursor');
  const query = new URLSearchParams({ scope, ...(cursor !== null && { cursor }) });
  const found = await call<{ items: PoolView[]; nextCursor: string | null }>(
    fetch,
    'GET',
    `/v1/request-pools?${query}`,
  );
  const next = found.ok ? found.data.nextCursor : null;
  return {
    title: pools[locals.locale].title,
    scope,
    pools: found.ok ? found.data.items : [],
    problem: found.ok ? null : found.problem,
    next: next === null ? null : `/requests/pools?${new URLSearchParams({ scope, cursor: next })}`,
  };
};
