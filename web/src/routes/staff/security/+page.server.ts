import { redirect, type Actions } from '@sveltejs/kit';
import type { ForfeitureView, SettlementSummary } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { security } from '#lib/i18n/security.ts';
import type { PageServerLoad } from './$types';

type List<T> = { items: T[] };

export const load: PageServerLoad = async ({ fetch, locals }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fstaff%2Fsecurity');
  if (!locals.session.staff) redirect(303, '/money/security');
  const [cases, settlements] = await Promise.all([
    call<List<ForfeitureView>>(fetch, 'GET', '/v1/forfeitures').then(orFail),
    call<List<SettlementSummary>>(fetch, 'GET', '/v1/settlements').then(orFail),
  ]);
  const now = new Date().toISOString();
  const noticed = new Set(cases.items.filter((one) => one.state === 'noticed').map((one) => one.contractId));
  return {
    title: security[locals.locale].staffTitle,
    cases: cases.items,
    overdue: settlements.items.filter(
      (one) =>
        (one.state === 'provisional_due' || one.state === 'defaulted') &&
        one.dueAt !== null &&
        one.dueAt < now &&
        !noticed.has(one.contractId),
    ),
    now,
  };
};

function reasonOf(data: FormData): { reason: string } | { error: string } {
  const reason = text(data, 'reason');
  if (reason.length >= 5) return { reason };
  return { error: reason === '' ? 'field.required' : 'field.too_short' };
}

export const actions: Actions = {
  notice: async ({ request, fetch }) => {
    const data = await request.formData();
    const reason = reasonOf(data);
    if ('error' in reason) return refuseFields({ reason: reason.error }, data);
    const url = `/v1/staff/settlements/${encodeURIComponent(text(data, 'id'))}/default-notice` as const;
    const result = await call(fetch, 'POST', url, {
      body: { side: 'buyer', ...reason },
      ...idempotency(data),
    });
    return result.ok ? { done: 'noticed' as const } : refuse(result.problem, data);
  },
  decide: async ({ request, fetch }) => {
    const data = await request.formData();
    const reason = reasonOf(data);
    const choice = text(data, 'choice');
    if ('error' in reason || choice === '') {
      return refuseFields(
        {
          ...('error' in reason && { reason: reason.error }),
          ...(choice === '' && { choice: 'field.required' }),
        },
        data,
      );
    }
    const url = `/v1/staff/forfeitures/${encodeURIComponent(text(data, 'id'))}/decision` as const;
    const result = await call(fetch, 'POST', url, {
      body: { forfeit: choice === 'forfeit', ...reason },
      ...idempotency(data),
    });
    return result.ok ? { done: 'decided' as const } : refuse(result.problem, data);
  },
  reverse: async ({ request, fetch }) => {
    const data = await request.formData();
    const reason = reasonOf(data);
    if ('error' in reason) return refuseFields({ reason: reason.error }, data);
    const url = `/v1/staff/forfeitures/${encodeURIComponent(text(data, 'id'))}/reversal` as const;
    const result = await call(fetch, 'POST', url, { body: reason, ...idempotency(data) });
    return result.ok ? { done: 'undone' as const } : refuse(result.problem, data);
  },
};
