import { redirect } from '@sveltejs/kit';
import type { LedgerAccountView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { ledgerStaff } from '#lib/i18n/ledger-staff.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals, url }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fstaff%2Fledger');
  const currency = url.searchParams.get('currency') ?? 'CNY';
  const kind = url.searchParams.get('kind') ?? 'free';
  const after = url.searchParams.get('after');
  const query = new URLSearchParams({ currency, kind, ...(after !== null && { after }) });
  const page = orFail(
    await call<{ items: LedgerAccountView[]; next: string | null }>(
      fetch,
      'GET',
      `/v1/staff/ledger/accounts?${query}`,
    ),
  );
  const to = (more: Record<string, string>): string => `?${new URLSearchParams({ currency, kind, ...more })}`;
  return {
    title: ledgerStaff[locals.locale].accountsTitle,
    currency,
    kind,
    accounts: page.items,
    first: after === null ? null : to({}),
    next: page.next === null ? null : to({ after: page.next }),
  };
};
