import type { CompanyView, ResubmissionInput } from '@seam/protocol';
import { CURRENCIES } from '@seam/units';
import { redirect, type Actions } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { members } from '#lib/i18n/members.ts';
import { BANK_FIELDS, bankAccountOf, forForm, missing } from '#lib/members/wire-form.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals, url }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fcompany');
  if (locals.session.staff) redirect(303, '/staff/certification');
  const company = orFail(await call<CompanyView>(fetch, 'GET', '/v1/company'));
  return {
    title: members[locals.locale].companyTitle,
    company,
    currencies: CURRENCIES,
    registered: url.searchParams.has('registered'),
  };
};

export const actions: Actions = {
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
