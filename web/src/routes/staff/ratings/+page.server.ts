import { redirect, type Actions } from '@sveltejs/kit';
import type { RatingView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { reputation } from '#lib/i18n/reputation.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals, url }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname + url.search)}`);
  const before = url.searchParams.get('before');
  const query = new URLSearchParams(before === null ? {} : { cursor: before });
  const list = orFail(
    await call<{ items: RatingView[]; nextCursor: string | null }>(
      fetch,
      'GET',
      `/v1/staff/ratings?${query}`,
    ),
  );
  return {
    title: reputation[locals.locale].staffTitle,
    items: list.items,
    first: before === null ? null : '?',
    next: list.nextCursor === null ? null : `?${new URLSearchParams({ before: list.nextCursor })}`,
  };
};

export const actions: Actions = {
  default: async ({ request, fetch }) => {
    const data = await request.formData();
    const reason = text(data, 'reason');
    if (reason.length < 5)
      return refuseFields({ reason: reason === '' ? 'field.required' : 'field.too_short' }, data);
    const by = text(data, 'by') === 'seller' ? 'seller' : 'buyer';
    const url =
      `/v1/staff/settlements/${encodeURIComponent(text(data, 'contract'))}/ratings/${by}/moderation` as const;
    const body = { part: text(data, 'part'), hidden: text(data, 'hidden') === 'yes', reason };
    const result = await call(fetch, 'POST', url, { body, ...idempotency(data) });
    return result.ok ? { done: true as const } : refuse(result.problem, data);
  },
};
