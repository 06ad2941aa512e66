import { error, redirect, type Actions } from '@sveltejs/kit';
import { REVOCATION_REASONS, type StaffCertificateView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals, params, url }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname)}`);
  const found = orFail(
    await call<{ items: StaffCertificateView[] }>(
      fetch,
      'GET',
      `/v1/staff/certificates?q=${encodeURIComponent(params.serial)}`,
    ),
  );
  const certificate = found.items.find((one) => one.serial === params.serial);
  if (!certificate) error(404, { message: 'Not found', code: 'resource.not_found' });
  return { title: certificate.personName, certificate };
};

export const actions: Actions = {
  revoke: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const reason = REVOCATION_REASONS.find((one) => one === text(data, 'reason'));
    const evidence = text(data, 'evidence');
    if (!reason) return refuseFields({ reason: 'field.required' }, data);
    if (evidence.length < 10) return refuseFields({ evidence: 'field.required' }, data);
    const result = await call(fetch, 'POST', `/v1/staff/certificates/${params['serial'] ?? ''}/revocation`, {
      body: { reason, evidence },
      ...idempotency(data),
    });
    return result.ok ? { revoked: true as const } : refuse(result.problem, data);
  },
};
