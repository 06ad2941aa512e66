import type { BuyListingView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { shelf } from '#lib/i18n/shelf.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, url, locals }) => {
  const scope = url.searchParams.get('scope') === 'own' && locals.session ? 'own' : 'open';
  const cursor = url.searchParams.get('cursor');
  const query = new URLSearchParams({ scope, ...(cursor !== null && { cursor }) });
  type Page = { items: BuyListingView[]; nextCursor: string | null };
  const page = await call<Page>(fetch, 'GET', `/v1/buy-listings?${query}`);
  const next = page.ok ? page.data.nextCursor : null;
  return {
    title: shelf[locals.locale].wanted,
    scope,
    postings: page.ok ? page.data.items : [],
    problem: page.ok ? null : page.problem,
    next: next === null ? null : `/lots/wanted?${new URLSearchParams({ scope, cursor: next })}`,
  };
};
