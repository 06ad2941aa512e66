import { error, redirect, type Actions } from '@sveltejs/kit';
import type { CertificateRequestView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { certificates } from '#lib/i18n/certificates.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, url, locals }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname)}`);
  if (!locals.session.staff) error(403, { message: 'Forbidden', code: 'auth.forbidden' });
  const queue = await call<{ items: CertificateRequestView[] }>(
    fetch,
    'GET',
    '/v1/staff/certificate-requests',
  );
  return {
    title: certificates[locals.locale].title,
    me: locals.session.person.id,
    // Who has waited longest comes first.
    items: queue.ok ? queue.data.items.toReversed() : [],
    problem: queue.ok ? null : queue.problem,
  };
};

type Decision = { decision: 'approve' | 'issue' } | { decision: 'refuse'; reason: string };

async function decide(fetch: typeof globalThis.fetch, data: FormData, body: Decision) {
  const result = await call<CertificateRequestView>(
    fetch,
    'POST',
    `/v1/staff/certificate-requests/${encodeURIComponent(text(data, 'id'))}/decision`,
    { body, ...idempotency(data) },
  );
  return result.ok ? { decided: result.data } : refuse(result.problem, data);
}

const behind =
  (decision: 'approve' | 'issue') =>
  async ({ request, fetch }: { request: Request; fetch: typeof globalThis.fetch }) => {
    const data = await request.formData();
    if (text(data, 'compared') === '') return refuseFields({ compared: 'field.required' }, data);
    return decide(fetch, data, { decision });
  };

export const actions: Actions = {
  approve: behind('approve'),
  issue: behind('issue'),
  refuse: async ({ request, fetch }) => {
    const data = await request.formData();
    const reason = text(data, 'reason');
    if (reason === '') return refuseFields({ reason: 'field.required' }, data);
    return decide(fetch, data, { decision: 'refuse', reason });
  },
};
