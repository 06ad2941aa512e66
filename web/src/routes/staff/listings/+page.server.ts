import { redirect, type Actions } from '@sveltejs/kit';
import { REVIEW_STATES, type ListingReviewView, type ListingRuleView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { idempotency, refuse, text } from '#lib/form/server.ts';
import { lots } from '#lib/i18n/lots.ts';
import type { PageServerLoad } from './$types';

type Page = { items: ListingReviewView[]; nextCursor: string | null };

export const load: PageServerLoad = async ({ fetch, locals, url }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fstaff%2Flistings');
  const state = REVIEW_STATES.find((one) => one === url.searchParams.get('state')) ?? 'pending';
  const cursor = url.searchParams.get('cursor');
  const query = new URLSearchParams({ state, ...(cursor === null ? {} : { cursor }) });
  const page = orFail(await call<Page>(fetch, 'GET', `/v1/staff/listing-reviews?${query}`));
  const rules = orFail(await call<{ items: ListingRuleView[] }>(fetch, 'GET', '/v1/listing-rules'));
  return {
    title: lots[locals.locale].reviews,
    state,
    reviews: page.items,
    rules: rules.items,
    next:
      page.nextCursor === null
        ? null
        : `/staff/listings?${new URLSearchParams({ state, cursor: page.nextCursor })}`,
  };
};

export const actions: Actions = {
  default: async ({ request, fetch }) => {
    const data = await request.formData();
    const body =
      text(data, 'decision') === 'confirm'
        ? { decision: 'confirm' }
        : { decision: 'decline', reason: text(data, 'reason') };
    const id = encodeURIComponent(text(data, 'id'));
    const result = await call(fetch, 'POST', `/v1/staff/listing-reviews/${id}/decide`, {
      body,
      ...idempotency(data),
    });
    return result.ok ? { decided: true } : refuse(result.problem, data);
  },
};
