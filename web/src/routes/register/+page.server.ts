import { COUNTRIES, type Ok, type SessionView, type memberRoutes } from '@seam/protocol';
import { CURRENCIES } from '@seam/units';
import { redirect, type Actions } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { refuse, refuseFields } from '#lib/form/server.ts';
import { languageTag } from '#lib/i18n/dictionary.ts';
import { members } from '#lib/i18n/members.ts';
import { readRegistration } from '#lib/members/register-form.ts';
import { forForm } from '#lib/members/wire-form.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) => {
  if (locals.session?.organisation) redirect(303, '/company');
  const tag = languageTag[locals.locale];
  const names = new Intl.DisplayNames([tag], { type: 'region' });
  const countries = COUNTRIES.map((value) => ({ value, label: names.of(value) ?? value })).sort((a, b) =>
    a.label.localeCompare(b.label, tag),
  );
  return { title: members[locals.locale].registerTitle, countries, currencies: CURRENCIES };
};

export const actions: Actions = {
  default: async ({ request, fetch }) => {
    const data = await request.formData();
    const { body, fields, rename } = readRegistration(data);
    if (Object.keys(fields).length > 0) return refuseFields(fields, data);
    const registered = await call<Ok<typeof memberRoutes.register>>(fetch, 'POST', '/v1/registrations', {
      body: { ...body, draft: true },
    });
    if (!registered.ok) return refuse(forForm(registered.problem, rename), data);
    const { email, password } = body.admin;
    const { organisationId } = registered.data;
    const login = { body: { email, password, organisationId } };
    const session = await call<SessionView>(fetch, 'POST', '/v1/login', login);
    redirect(303, session.ok ? '/company/papers?done=registered' : '/login?returnTo=%2Fcompany%2Fpapers');
  },
};
