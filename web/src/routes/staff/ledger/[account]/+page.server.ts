import { redirect } from '@sveltejs/kit';
import type { StaffAccountStatement } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { fromLocalInput, isTimeZone } from '#lib/format/zone.ts';
import { momentOf } from '#lib/form/moment.ts';
import { ledgerStaff } from '#lib/i18n/ledger-staff.ts';
import { codeOf } from '../_parts/address.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals, params, url }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fstaff%2Fledger');
  const asked = url.searchParams;
  const at = momentOf(asked);
  const reason = asked.get('reason') ?? '';
  const [from, to] = [moment(asked, 'from'), moment(asked, 'to')];
  const before = asked.get('before');
  const filter = new URLSearchParams({
    account: codeOf(params.account),
    ...(/^[a-z_]{1,40}$/.test(reason) && { reason }),
    ...(from && { from }),
    ...(to && { to }),
  });
  const query = new URLSearchParams(filter);
  if (at.instant !== null) query.set('at', at.instant);
  if (before !== null) query.set('before', before);
  const statement = orFail(
    await call<StaffAccountStatement>(fetch, 'GET', `/v1/staff/ledger/statement?${query}`),
  );
  const page = new URLSearchParams(asked);
  page.delete('before');
  const first = `?${page}`;
  if (statement.next !== null) page.set('before', statement.next);
  return {
    title: ledgerStaff[locals.locale].code,
    statement,
    at,
    reason,
    typed: { from: asked.get('from') ?? '', to: asked.get('to') ?? '' },
    filtered: reason !== '' || from !== null || to !== null,
    first: before === null ? null : first,
    next: statement.next === null ? null : `?${page}`,
    file: `${url.pathname}/file.csv?${filter}`,
  };
};

/** A moment as `DateTimeField` sends it; null when none was asked for. */
function moment(query: URLSearchParams, name: string): string | null {
  const zone = query.get(`${name}.zone`) ?? '';
  const typed = query.get(name) ?? '';
  return typed === '' || !isTimeZone(zone) ? null : fromLocalInput(typed, zone);
}
