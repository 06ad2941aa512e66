import type { CompanyView, PersonInput } from '@seam/protocol';
import { redirect, type Actions } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { refuse, refuseFields, text } from '#lib/form/server.ts';
import { members } from '#lib/i18n/members.ts';
import { forForm, missing, password, rolesOf } from '#lib/members/wire-form.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals, url }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fcompany%2Fpeople');
  const { people } = orFail(await call<CompanyView>(fetch, 'GET', '/v1/company'));
  return { title: members[locals.locale].peopleTitle, people, done: url.searchParams.get('done') };
};

export const actions: Actions = {
  default: async ({ request, fetch }) => {
    const data = await request.formData();
    const roles = rolesOf(data, 'roles.');
    const fields = {
      ...missing(data, ['name', 'email', 'password']),
      ...(roles.length === 0 ? { roles: 'field.required' } : {}),
    };
    if (Object.keys(fields).length > 0) return refuseFields(fields, data);
    const body: PersonInput = {
      name: text(data, 'name'),
      email: text(data, 'email'),
      password: password(data, 'password'),
      roles,
    };
    const result = await call(fetch, 'POST', '/v1/company/people', { body });
    if (!result.ok) return refuse(forForm(result.problem), data);
    redirect(303, '/company/people?done=added');
  },
};
