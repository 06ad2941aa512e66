import { COUNTRIES, type CompanyView, type DossierView } from '@seam/protocol';
import { redirect, type Actions } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { hasRole } from '#lib/api/session.ts';
import { idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { languageTag } from '#lib/i18n/dictionary.ts';
import { parties } from '#lib/i18n/parties.ts';
import { readDeclaration, readDocument } from '#lib/members/party-form.ts';
import { forForm } from '#lib/members/wire-form.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals, url }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fcompany%2Fpapers');
  if (!hasRole(locals.session, 'admin', 'legal_representative')) redirect(303, '/company');
  const company = orFail(await call<CompanyView>(fetch, 'GET', '/v1/company'));
  const dossier = orFail(await call<DossierView>(fetch, 'GET', '/v1/company/party'));
  const tag = languageTag[locals.locale];
  const names = new Intl.DisplayNames([tag], { type: 'region' });
  const countries = COUNTRIES.map((value) => ({ value, label: names.of(value) ?? value })).sort((a, b) =>
    a.label.localeCompare(b.label, tag),
  );
  return {
    title: parties[locals.locale].papersTitle,
    company,
    dossier,
    countries,
    done: url.searchParams.get('done'),
  };
};

export const actions: Actions = {
  declare: async ({ request, fetch }) => {
    const data = await request.formData();
    const { body, fields, rename } = readDeclaration(data);
    if (Object.keys(fields).length > 0) return refuseFields(fields, data);
    const result = await call(fetch, 'PUT', '/v1/company/declaration', { body, ...idempotency(data) });
    if (!result.ok) return refuse(forForm(result.problem, rename), data);
    redirect(303, '/company/papers?done=declared');
  },
  upload: async ({ request, fetch }) => {
    const data = await request.formData();
    const { body, fields } = await readDocument(data);
    if (!body) return refuseFields(fields, data);
    const result = await call(fetch, 'POST', '/v1/company/documents', { body });
    if (!result.ok) return refuse(forForm(result.problem), data);
    redirect(303, '/company/papers?done=uploaded');
  },
  submit: async ({ request, fetch }) => {
    const data = await request.formData();
    const result = await call(fetch, 'POST', '/v1/company/submission', { body: {}, ...idempotency(data) });
    if (!result.ok) return refuse(result.problem, data);
    redirect(303, `/company?${text(data, 'again') === '' ? 'registered' : 'submitted'}`);
  },
};
