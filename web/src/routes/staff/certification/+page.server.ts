import {
  ORGANISATION_STATUSES,
  type CertificationRow,
  type NoticeView,
  type PartyProposalView,
} from '@seam/protocol';
import { redirect, type Actions } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { text } from '#lib/form/server.ts';
import { members } from '#lib/i18n/members.ts';
import type { PageServerLoad } from './$types';

type Rows = { items: CertificationRow[]; nextCursor: string | null };

export const load: PageServerLoad = async ({ fetch, locals, url }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fstaff%2Fcertification');
  const wanted = url.searchParams.get('state') ?? 'submitted';
  const state =
    wanted === 'all' ? null : (ORGANISATION_STATUSES.find((one) => one === wanted) ?? 'submitted');
  const cursor = url.searchParams.get('cursor');
  const query = new URLSearchParams({
    ...(state === null ? {} : { state }),
    ...(cursor === null ? {} : { cursor }),
  });
  const page = orFail(await call<Rows>(fetch, 'GET', `/v1/staff/certifications?${query}`));
  const waiting = orFail(await call<{ items: PartyProposalView[] }>(fetch, 'GET', '/v1/staff/proposals'));
  const { items: notices } = orFail(await call<{ items: NoticeView[] }>(fetch, 'GET', '/v1/notices'));
  const next = new URLSearchParams({ state: state ?? 'all', cursor: page.nextCursor ?? '' });
  return {
    title: members[locals.locale].queueTitle,
    rows: page.items,
    proposals: waiting.items,
    notices,
    now: new Date().toISOString(),
    state: state ?? ('all' as const),
    next: page.nextCursor === null ? null : `/staff/certification?${next}`,
  };
};

export const actions: Actions = {
  seen: async ({ request, fetch }) => {
    const id = encodeURIComponent(text(await request.formData(), 'notice'));
    await call(fetch, 'POST', `/v1/notices/${id}/seen`);
    redirect(303, '/staff/certification');
  },
};
