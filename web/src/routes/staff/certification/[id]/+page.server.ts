import type { CertificationView, DossierView, PartyProposalView } from '@seam/protocol';
import { redirect, type Actions } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { hasOffice } from '#lib/api/session.ts';
import { idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { answerProposal } from '#lib/members/answer-proposal.ts';
import { forForm, missing } from '#lib/members/wire-form.ts';
import type { PageServerLoad } from './$types';

const base = (id: string | undefined) => `/v1/staff/certifications/${encodeURIComponent(id ?? '')}` as const;

export const load: PageServerLoad = async ({ fetch, locals, params, url }) => {
  if (!locals.session)
    redirect(303, `/login?returnTo=${encodeURIComponent(`/staff/certification/${params.id}`)}`);
  const company = orFail(await call<CertificationView>(fetch, 'GET', base(params.id)));
  const dossier = orFail(await call<DossierView>(fetch, 'GET', `${base(params.id)}/party`));
  const proposals = orFail(
    await call<{ items: PartyProposalView[] }>(fetch, 'GET', `${base(params.id)}/proposals`),
  );
  return {
    title: company.name,
    company,
    dossier,
    proposals: proposals.items,
    writes: hasOffice(locals.session, 'operator_admin', 'supervisor', 'risk_officer'),
    done: url.searchParams.get('done'),
  };
};

const words = (data: FormData, name: string): string => text(data, name).replaceAll('\r\n', '\n');
const done = (id: string | undefined, what: string): never =>
  redirect(303, `/staff/certification/${encodeURIComponent(id ?? '')}?done=${what}`);

export const actions: Actions = {
  decide: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const fields = missing(data, ['decision', 'reason']);
    if (Object.keys(fields).length > 0) return refuseFields(fields, data);
    const decision = text(data, 'decision');
    const body = { decision, reason: words(data, 'reason') };
    const result = await call(fetch, 'POST', `${base(params['id'])}/decision`, {
      body,
      ...idempotency(data),
    });
    if (!result.ok) return refuse(forForm(result.problem), data);
    const atOnce = decision === 'start_review' || decision === 'request_info';
    return done(params['id'], atOnce ? 'decided' : 'proposed');
  },
  answer: async ({ request, fetch, params }) => {
    const refused = await answerProposal(fetch, await request.formData(), 'staff');
    return refused ?? done(params['id'], 'answered');
  },
  document: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const accept = text(data, 'answer') === 'accept';
    const reason = words(data, 'documentReason');
    if (!accept && reason === '') return refuseFields({ documentReason: 'field.required' }, data);
    const id = encodeURIComponent(text(data, 'document'));
    const body = { accept, ...(reason === '' ? {} : { reason }) };
    const url = `${base(params['id'])}/documents/${id}/decision` as const;
    const result = await call(fetch, 'POST', url, { body, ...idempotency(data) });
    return result.ok ? done(params['id'], 'document') : refuse(forForm(result.problem), data);
  },
  relate: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const fields = missing(data, ['relateReason']);
    if (Object.keys(fields).length > 0) return refuseFields(fields, data);
    const other = text(data, 'with');
    const body = { with: other === '' ? null : other, reason: words(data, 'relateReason') };
    const result = await call(fetch, 'POST', `${base(params['id'])}/relations`, {
      body,
      ...idempotency(data),
    });
    return result.ok ? done(params['id'], 'proposed') : refuse(forForm(result.problem), data);
  },
};
