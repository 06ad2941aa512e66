import type { CertificationView } from '@seam/protocol';
import { redirect, type Actions } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { forForm, missing } from '#lib/members/wire-form.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals, params, url }) => {
  if (!locals.session)
    redirect(303, `/login?returnTo=${encodeURIComponent(`/staff/certification/${params.id}`)}`);
  const company = orFail(
    await call<CertificationView>(fetch, 'GET', `/v1/staff/certifications/${encodeURIComponent(params.id)}`),
  );
  return { title: company.name, company, decided: url.searchParams.has('decided') };
};

export const actions: Actions = {
  default: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const fields = missing(data, ['decision', 'reason']);
    if (Object.keys(fields).length > 0) return refuseFields(fields, data);
    const id = encodeURIComponent(params['id'] ?? '');
    const body = { decision: text(data, 'decision'), reason: text(data, 'reason').replaceAll('\r\n', '\n') };
    const result = await call(fetch, 'POST', `/v1/staff/certifications/${id}/decision`, {
      body,
      ...idempotency(data),
    });
    if (!result.ok) return refuse(forForm(result.problem), data);
    redirect(303, `/staff/certification/${id}?decided`);
  },
};
