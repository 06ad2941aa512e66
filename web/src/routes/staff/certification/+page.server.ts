import { ORGANISATION_STATUSES, type CertificationRow, type PartyProposalView } from '@seam/protocol';
import { redirect } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
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
  const next = new URLSearchParams({ state: state ?? 'all', cursor: page.nextCursor ?? '' });
  return {
    title: members[locals.locale].queueTitle,
    rows: page.items,
    proposals: waiting.items,
    now: new Date().toISOString(),
    state: state ?? ('all' as const),
    next: page.nextCursor === null ? null : `/staff/certification?${next}`,
  };
};
