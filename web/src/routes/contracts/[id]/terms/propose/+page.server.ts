import { redirect, type Actions } from '@sveltejs/kit';
import type { ContractTermsView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { contractTerms } from '#lib/i18n/contract-terms.ts';
import { loadTerms } from '../_parts/load.ts';
import { changesTyped } from '../_parts/wire.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const { url, locals } = event;
  const loaded = await loadTerms(event);
  const { terms } = loaded;
  if (!loaded.negotiates || terms.negotiation === null) redirect(303, `/contracts/${terms.contractId}/terms`);
  const counters = terms.proposals.find(
    ({ id, state, side }) =>
      id === url.searchParams.get('counters') && state === 'open' && side !== terms.mine,
  );
  const texts = contractTerms[locals.locale];
  return { ...loaded, counters, title: counters ? texts.counterTitle : texts.proposeTitle };
};

const HOURS = 24;

export const actions: Actions = {
  default: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const id = encodeURIComponent(params['id'] ?? '');
    const terms = orFail(await call<ContractTermsView>(fetch, 'GET', `/v1/contracts/${id}/terms`));
    // Read as it was typed: a space at the end of a name is not taken away here.
    const { changes, wrong } = changesTyped(terms.clauses, (path) => text(data, path));
    const reason = text(data, 'reason');
    const fields = { ...wrong, ...(reason.length < 3 ? { reason: 'field.required' } : {}) };
    if (Object.keys(fields).length > 0) return refuseFields(fields, data);
    if (changes.length === 0) return refuseFields({ changes: 'proposal.unchanged' }, data);
    const counters = text(data, 'counters');
    const result = await call<ContractTermsView>(fetch, 'POST', `/v1/contracts/${id}/proposals`, {
      body: {
        changes,
        reason,
        validHours: Number(text(data, 'validHours')) || HOURS,
        baseVersion: Number(text(data, 'baseVersion')),
        ...(counters === '' ? {} : { counters }),
      },
      ...idempotency(data),
    });
    if (!result.ok) return refuse(result.problem, data);
    redirect(303, `/contracts/${id}/terms?sent`);
  },
};
