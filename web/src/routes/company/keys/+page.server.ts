import { redirect, type Actions } from '@sveltejs/kit';
import type { CertificateNews, CertificateRequestView, CertificateView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { hasRole } from '#lib/api/session.ts';
import { idempotency, localPath, refuse, refuseFields, text } from '#lib/form/server.ts';
import { keysTexts } from '#lib/signing/texts/keys.ts';
import type { PageServerLoad } from './$types';

type Certificates = { certificates: CertificateView[]; requests: CertificateRequestView[] };

export const load: PageServerLoad = async ({ fetch, url, locals, depends }) => {
  const { session } = locals;
  if (!session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname + url.search)}`);
  depends('seam:keys');
  const [mine, news] = await Promise.all([
    call<Certificates>(fetch, 'GET', '/v1/certificates'),
    call<{ items: CertificateNews[] }>(fetch, 'GET', '/v1/certificate-news'),
  ]);
  const returnTo = url.searchParams.get('returnTo');
  return {
    title: keysTexts[locals.locale].title,
    signatory: hasRole(session, 'signatory'),
    active: session.organisation?.status === 'active',
    news: news.ok ? news.data.items.slice(0, 12) : [],
    returnTo: returnTo === null ? null : localPath(returnTo),
    certificates: mine.ok ? mine.data.certificates : [],
    requests: mine.ok ? mine.data.requests : [],
    problem: mine.ok ? null : mine.problem,
  };
};

export const actions: Actions = {
  revoke: async ({ request, fetch }) => {
    const data = await request.formData();
    const serial = text(data, 'serial');
    const wrong = {
      ...(text(data, 'reason') === '' ? { reason: 'field.required' } : {}),
      ...(text(data, 'sure') === '' ? { sure: 'field.required' } : {}),
    };
    if (Object.keys(wrong).length > 0) return refuseFields(wrong, data);
    const result = await call(fetch, 'POST', `/v1/certificates/${encodeURIComponent(serial)}/revocation`, {
      body: { reason: text(data, 'reason') },
      ...idempotency(data),
    });
    return result.ok ? { revoked: serial } : refuse(result.problem, data);
  },
};
