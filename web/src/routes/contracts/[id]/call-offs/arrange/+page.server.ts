import { redirect, type Actions } from '@sveltejs/kit';
import type { ContractTermsView, ContractView, IndexSeriesView } from '@seam/protocol';
import { parseMoney } from '@seam/units';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { hasRole } from '#lib/api/session.ts';
import { decimalText, idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { longTerm } from '#lib/i18n/long-term.ts';
import { addMonths, arrangementTyped } from './arrangement.ts';
import type { PageServerLoad } from './$types';

const MONTHS_MAX = 36;

export const load: PageServerLoad = async ({ fetch, locals, params, url }) => {
  const { session } = locals;
  if (!session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname)}`);
  const id = encodeURIComponent(params.id);
  const contract = orFail(await call<ContractView>(fetch, 'GET', `/v1/contracts/${id}`));
  const terms = orFail(await call<ContractTermsView>(fetch, 'GET', `/v1/contracts/${id}/terms`));
  const may = hasRole(session, 'trader') || hasRole(session, 'signatory');
  if (terms.negotiation !== 'new_version' || contract.mine === null || !may)
    redirect(303, `/contracts/${id}/terms`);
  const indices = orFail(await call<{ items: IndexSeriesView[] }>(fetch, 'GET', '/v1/indices')).items;
  const asked = url.searchParams.get('first') ?? '';
  const first = /^\d{4}-(0[1-9]|1[0-2])$/.test(asked)
    ? asked
    : addMonths(new Date().toISOString().slice(0, 7), 1);
  const count = Math.min(Math.max(Number(url.searchParams.get('count') ?? 12) || 12, 1), MONTHS_MAX);
  return {
    title: longTerm[locals.locale].arrangeTitle,
    contract,
    version: terms.version,
    months: Array.from({ length: count }, (_none, at) => addMonths(first, at)),
    first,
    count,
    indices,
  };
};

export const actions: Actions = {
  default: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const id = encodeURIComponent(params['id'] ?? '');
    const indices = orFail(await call<{ items: IndexSeriesView[] }>(fetch, 'GET', '/v1/indices')).items;
    const { arrangement, wrong } = arrangementTyped(
      (name) =>
        name.startsWith('share.') || name.endsWith('Share') ? decimalText(data, name) : text(data, name),
      { indices, months: text(data, 'months').split(','), minor: (amount) => parseMoney(amount) },
    );
    const reason = text(data, 'reason');
    const fields = { ...wrong, ...(reason.length < 3 ? { reason: 'field.required' } : {}) };
    if (Object.keys(fields).length > 0) return refuseFields(fields, data);
    const result = await call<ContractTermsView>(fetch, 'POST', `/v1/contracts/${id}/proposals`, {
      body: {
        changes: [{ path: 'arrangement', to: arrangement }],
        reason,
        validHours: 168,
        baseVersion: Number(text(data, 'baseVersion')),
      },
      ...idempotency(data),
    });
    if (!result.ok) return refuse(result.problem, data);
    redirect(303, `/contracts/${id}/terms?sent`);
  },
};
