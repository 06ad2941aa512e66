import { redirect, type Actions } from '@sveltejs/kit';
import type { FeeRuleView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { decimalText, idempotency, instant, refuse, refuseFields, text } from '#lib/form/server.ts';
import { fees } from '#lib/i18n/fees.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fstaff%2Ffees');
  if (!locals.session.staff) redirect(303, '/fees');
  const { items } = orFail(await call<{ items: FeeRuleView[] }>(fetch, 'GET', '/v1/fees'));
  const open = (rule: FeeRuleView): boolean => rule.state === 'proposed';
  return {
    title: fees[locals.locale].staffTitle,
    open: items.filter(open),
    rest: items.filter((rule) => !open(rule)),
  };
};

const SCOPE = [
  'sellerId',
  'buyerId',
  'sellerKind',
  'market',
  'format',
  'coalRank',
  'deliveryTerm',
  'currency',
] as const;
const AMOUNTS = ['percent', 'perTonne', 'minimum', 'maximum', 'taxPercent'] as const;
/** Where the rules of fees name a field otherwise than the form. */
const FIELD: Readonly<Record<string, string>> = { basisPoints: 'percent', taxBasisPoints: 'taxPercent' };

export const actions: Actions = {
  propose: async ({ request, fetch }) => {
    const data = await request.formData();
    const reason = text(data, 'reason');
    const from = instant(data, 'from');
    const to = instant(data, 'to');
    const amounts = Object.fromEntries(AMOUNTS.map((name) => [name, decimalText(data, name)]));
    const missing = {
      ...Object.fromEntries(
        AMOUNTS.filter((name) => amounts[name] === '').map((name) => [name, 'field.required']),
      ),
      ...(reason.length < 5 && { reason: reason === '' ? 'field.required' : 'field.too_short' }),
      ...(!from && { from: 'field.required' }),
    };
    if (Object.keys(missing).length > 0) return refuseFields(missing, data);
    const scope = Object.fromEntries(
      SCOPE.map((name) => [name, text(data, name)] as const).filter(([, value]) => value !== ''),
    );
    const body = { ...scope, ...amounts, paidBy: text(data, 'paidBy'), from, ...(to && { to }), reason };
    const result = await call(fetch, 'POST', '/v1/staff/fees', { body, ...idempotency(data) });
    if (result.ok) return { done: 'proposed' as const };
    const { fields } = result.problem;
    const named =
      fields && Object.fromEntries(Object.entries(fields).map(([name, code]) => [FIELD[name] ?? name, code]));
    return refuse({ ...result.problem, ...(named && { fields: named }) }, data);
  },
  decide: async ({ request, fetch }) => {
    const data = await request.formData();
    const confirm = text(data, 'confirm') === 'yes';
    const url = `/v1/staff/fees/${encodeURIComponent(text(data, 'id'))}/decision` as const;
    const result = await call(fetch, 'POST', url, { body: { confirm }, ...idempotency(data) });
    return result.ok
      ? { done: confirm ? ('confirmed' as const) : ('withdrawn' as const) }
      : refuse(result.problem, data);
  },
};
