import { redirect } from '@sveltejs/kit';
import type { ListingSummary } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { listings } from '#lib/i18n/listings.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, url, locals }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent('/lots/mine')}`);
  const cursor = url.searchParams.get('cursor');
  const query = cursor === null ? '' : `?${new URLSearchParams({ cursor })}`;
  const lots = await call<{ items: ListingSummary[]; nextCursor: string | null }>(
    fetch,
    'GET',
    `/v1/listings/mine${query}`,
  );
  const next = lots.ok ? lots.data.nextCursor : null;
  return {
    title: listings[locals.locale].myLots,
    lots: lots.ok ? lots.data.items : [],
    problem: lots.ok ? null : lots.problem,
    next: next === null ? null : `/lots/mine?${new URLSearchParams({ cursor: next })}`,
  };
};
