import type { Actions } from '@sveltejs/kit';
import type { ContractTermsView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { contractTerms } from '#lib/i18n/contract-terms.ts';
import { loadTerms, textChoice } from './_parts/load.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const { url, locals } = event;
  const loaded = await loadTerms(event, url.searchParams.get('version'));
  return {
    ...loaded,
    title: `${contractTerms[locals.locale].title} ${loaded.terms.number}`,
    text: textChoice(url),
    sent: url.searchParams.has('sent'),
  };
};

type Answer = 'acceptance' | 'rejection' | 'withdrawal';

async function answer({ request, fetch }: { request: Request; fetch: typeof globalThis.fetch }, how: Answer) {
  const data = await request.formData();
  const reason = text(data, 'reason');
  if (how === 'rejection' && reason === '') return refuseFields({ reason: 'field.required' }, data);
  const body = { acceptance: { sha256: text(data, 'sha256') }, rejection: { reason }, withdrawal: undefined }[
    how
  ];
  const result = await call<ContractTermsView>(
    fetch,
    'POST',
    `/v1/contract-proposals/${encodeURIComponent(text(data, 'proposalId'))}/${how}`,
    { ...(body && { body }), ...idempotency(data) },
  );
  return result.ok ? { done: how, state: result.data.state } : refuse(result.problem, data);
}

export const actions: Actions = {
  accept: async (event) => answer(event, 'acceptance'),
  reject: async (event) => answer(event, 'rejection'),
  withdraw: async (event) => answer(event, 'withdrawal'),
};
