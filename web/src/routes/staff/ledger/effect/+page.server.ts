import { redirect, type Actions } from '@sveltejs/kit';
import type { LedgerEffectView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { ledgerStaff } from '#lib/i18n/ledger-staff.ts';
import { decideReversal } from '../_parts/decide-reversal.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals, url }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fstaff%2Fledger');
  const key = url.searchParams.get('key') ?? '';
  const effect = orFail(
    await call<LedgerEffectView>(fetch, 'GET', `/v1/staff/ledger/effect?key=${encodeURIComponent(key)}`),
  );
  return { title: ledgerStaff[locals.locale].effect, effect };
};

export const actions: Actions = {
  propose: async ({ request, fetch }) => {
    const data = await request.formData();
    const reason = text(data, 'reason');
    if (reason.length < 5) {
      return refuseFields({ reason: reason === '' ? 'field.required' : 'field.too_short' }, data);
    }
    const result = await call(fetch, 'POST', '/v1/staff/ledger/reversals', {
      body: { effectKey: text(data, 'effectKey'), reason },
      ...idempotency(data),
    });
    return result.ok ? { done: 'proposed' as const } : refuse(result.problem, data);
  },
  decide: decideReversal,
};
