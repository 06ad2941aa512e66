import { redirect } from '@sveltejs/kit';
import type { RequestView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { requests } from '#lib/i18n/requests.ts';
import type { PageServerLoad } from './$types';

const SCOPES = ['open', 'own', 'invited', 'answered'] as const;

export const load: PageServerLoad = async ({ fetch, url, locals }) => {
  const scope = SCOPES.find((name) => name === url.searchParams.get('scope')) ?? 'open';
  if (scope !== 'open' && !locals.session) {
    redirect(303, `/login?returnTo=${encodeURIComponent(`/requests?scope=${scope}`)}`);
  }
  const cursor = url.searchParams.get('cursor');
  const query = new URLSearchParams({ scope, ...(cursor !== null && { cursor }) });
  const found = await call<{ items: RequestView[]; nextCursor: string | null }>(
    fetch,
    'GET',
    `/v1/requests?${query}`,
  );
  const next = found.ok ? found.data.nextCursor : null;
  return {
    title: requests[locals.locale].title,
    scope,
    requests: found.ok ? found.data.items : [],
    problem: found.ok ? null : found.problem,
    next: next === null ? null : `/requests?${new URLSearchParams({ scope, cursor: next })}`,
  };
};
