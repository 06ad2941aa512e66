import { redirect } from '@sveltejs/kit';
import type { StaffCertificateView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { certificates } from '#lib/i18n/certificates.ts';
import { SHOWS } from '../_parts/shows.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals, url }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fstaff%2Fcertificates%2Fall');
  const q = (url.searchParams.get('q') ?? '').trim().slice(0, 100);
  const show = SHOWS.find((one) => one === url.searchParams.get('show')) ?? 'all';
  const query = new URLSearchParams({ show, ...(q === '' ? {} : { q }) });
  const found = orFail(
    await call<{ items: StaffCertificateView[] }>(fetch, 'GET', `/v1/staff/certificates?${query}`),
  );
  return { title: certificates[locals.locale].allTitle, rows: found.items, q, show };
};
