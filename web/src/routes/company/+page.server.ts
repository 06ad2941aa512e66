import type {
  CompanyView,
  DossierView,
  NoticeView,
  PartyProposalView,
  ResubmissionInput,
} from '@seam/protocol';
import { CURRENCIES } from '@seam/units';
import { redirect, type Actions } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { hasRole } from '#lib/api/session.ts';
import { idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { members } from '#lib/i18n/members.ts';
import { BANK_FIELDS, bankAccountOf, forForm, missing } from '#lib/members/wire-form.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals, url }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fcompany');
  if (locals.session.staff) redirect(303, '/staff/certification');
  const speaks = hasRole(locals.session, 'admin', 'legal_representative', 'finance', 'approver');
  const company = orFail(await call<CompanyView>(fetch, 'GET', '/v1/company'));
  const dossier = speaks ? orFail(await call<DossierView>(fetch, 'GET', '/v1/company/party')) : null;
  const notices = orFail(await call<{ items: NoticeView[] }>(fetch, 'GET', '/v1/notices')).items;
  const proposals = speaks
    ? orFail(await call<{ items: PartyProposalView[] }>(fetch, 'GET', '/v1/company/proposals')).items
    : [];
  return {
    title: members[locals.locale].companyTitle,
    company,
    dossier,
    notices,
    waiting: proposals.filter(({ state }) => state === 'open').length,
    currencies: CURRENCIES,
    registered: url.searchParams.has('registered') || url.searchParams.has('submitted'),
  };
};

export const actions: Actions = {
  seen: async ({ request, fetch }) => {
    const id = encodeURIComponent(text(await request.formData(), 'notice'));
    await call(fetch, 'POST', `/v1/notices/${id}/seen`);
    redirect(303, '/company');
  },
  answer: async ({ request, fetch }) => {
    const data = await request.formData();
    const withAccount = data.get('newAccount') === 'on';
    const fields = missing(data, [
      'note',
      'name',
      'address',
      'contact.name',
      'contact.email',
      'contact.phone',
      ...(withAccount ? BANK_FIELDS : []),
    ]);
    if (Object.keys(fields).length > 0) return refuseFields(fields, data);
    const nameZh = text(data, 'nameZh');
    const body: ResubmissionInput = {
      note: text(data, 'note').replaceAll('\r\n', '\n'),
      name: text(data, 'name'),
      ...(nameZh === '' ? {} : { nameZh }),
      address: text(data, 'address'),
      contact: {
        name: text(data, 'contact.name'),
        email: text(data, 'contact.email'),
        phone: text(data, 'contact.phone'),
      },
      ...(withAccount ? { bankAccount: bankAccountOf(data) } : {}),
    };
    const result = await call(fetch, 'POST', '/v1/company/resubmission', { body, ...idempotency(data) });
    if (!result.ok) return refuse(forForm(result.problem), data);
    redirect(303, '/company');
  },
};
