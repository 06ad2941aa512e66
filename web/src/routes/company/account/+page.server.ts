import type { CompanyView, DossierView, PartyProposalView } from '@seam/protocol';
import { CURRENCIES } from '@seam/units';
import { redirect, type Actions } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { hasRole } from '#lib/api/session.ts';
import { idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { parties } from '#lib/i18n/parties.ts';
import { answerProposal } from '#lib/members/answer-proposal.ts';
import { BANK_FIELDS, bankAccountOf, forForm, missing } from '#lib/members/wire-form.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals, url }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fcompany%2Faccount');
  if (!hasRole(locals.session, 'admin', 'legal_representative', 'finance', 'approver'))
    redirect(303, '/company');
  const company = orFail(await call<CompanyView>(fetch, 'GET', '/v1/company'));
  const dossier = orFail(await call<DossierView>(fetch, 'GET', '/v1/company/party'));
  const proposals = orFail(await call<{ items: PartyProposalView[] }>(fetch, 'GET', '/v1/company/proposals'));
  return {
    title: parties[locals.locale].accountTitle,
    company,
    assertions: dossier.assertions,
    proposals: proposals.items,
    currencies: CURRENCIES,
    done: url.searchParams.get('done'),
  };
};

export const actions: Actions = {
  propose: async ({ request, fetch }) => {
    const data = await request.formData();
    const fields = missing(data, ['reason', ...BANK_FIELDS]);
    if (Object.keys(fields).length > 0) return refuseFields(fields, data);
    const body = { bankAccount: bankAccountOf(data), reason: text(data, 'reason').replaceAll('\r\n', '\n') };
    const result = await call(fetch, 'POST', '/v1/company/bank-account', { body, ...idempotency(data) });
    if (!result.ok) return refuse(forForm(result.problem), data);
    redirect(303, '/company/account?done=proposed');
  },
  answer: async ({ request, fetch }) => {
    const refused = await answerProposal(fetch, await request.formData(), 'company');
    if (refused) return refused;
    redirect(303, '/company/account?done=answered');
  },
};
