import { redirect } from '@sveltejs/kit';
import type { InvoiceList } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { invoices } from '#lib/i18n/invoices.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals, url }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname + url.search)}`);
  const contract = url.searchParams.get('contract');
  const before = url.searchParams.get('before');
  const query = new URLSearchParams({
    ...(contract !== null && { contractId: contract }),
    ...(before !== null && { before }),
  });
  const list = orFail(await call<InvoiceList>(fetch, 'GET', `/v1/invoices?${query}`));
  const next = new URLSearchParams({ ...(contract !== null && { contract }), before: list.nextCursor ?? '' });
  return {
    title: invoices[locals.locale].title,
    items: list.items,
    contract,
    staff: locals.session.staff,
    first: before === null ? null : `/money/invoices${contract === null ? '' : `?contract=${contract}`}`,
    next: list.nextCursor === null ? null : `/money/invoices?${next}`,
  };
};
