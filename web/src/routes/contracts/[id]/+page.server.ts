import { redirect, type Actions } from '@sveltejs/kit';
import type {
  CertificateRequestView,
  CertificateView,
  ContractTermsView,
  ContractView,
  LongTermView,
} from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { hasRole } from '#lib/api/session.ts';
import { idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { contracts } from '#lib/i18n/contracts.ts';
import { fill } from '#lib/i18n/dictionary.ts';
import type { Clause } from '#lib/signing/clauses.ts';
import { readTermsView } from '#lib/signing/terms.ts';
import type { PageServerLoad } from './$types';

type Certificates = { certificates: CertificateView[]; requests: CertificateRequestView[] };

export const load: PageServerLoad = async ({ fetch, params, url, locals, depends }) => {
  const { session } = locals;
  if (!session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname)}`);
  depends('seam:contract');
  const contract = orFail(
    await call<ContractView>(fetch, 'GET', `/v1/contracts/${encodeURIComponent(params.id)}`),
  );
  const signatory = contract.mine !== null && hasRole(session, 'signatory');
  const certificates =
    signatory && contract.state !== 'binding' && contract.state !== 'voided'
      ? orFail(await call<Certificates>(fetch, 'GET', '/v1/certificates'))
      : { certificates: [], requests: [] };
  // Without the words the page still has the terms and the PDF.
  const words =
    contract.terms === null
      ? null
      : await call<Pick<ContractTermsView, 'negotiation'> & { clauses: Clause[] }>(
          fetch,
          'GET',
          `/v1/contracts/${encodeURIComponent(params.id)}/terms`,
        );
  const calledOff =
    contract.state === 'binding'
      ? await call<LongTermView>(fetch, 'GET', `/v1/contracts/${encodeURIComponent(params.id)}/long-term`)
      : null;
  return {
    longTerm: calledOff?.ok ? calledOff.data : null,
    /** Before it is signed a trader may propose to make it a contract that is called off. */
    arrangeable:
      words?.ok === true &&
      words.data.negotiation === 'new_version' &&
      contract.mine !== null &&
      (hasRole(session, 'trader') || hasRole(session, 'signatory')),
    clauses: words?.ok ? words.data.clauses : [],
    title: fill(contracts[locals.locale].contract, { number: contract.number }),
    contract,
    terms: contract.terms === null ? null : (readTermsView(contract.terms) ?? null),
    signatory,
    ...certificates,
  };
};

export const actions: Actions = {
  decline: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const reason = text(data, 'reason');
    const wrong = {
      ...(reason === '' ? { reason: 'field.required' } : {}),
      ...(text(data, 'sure') === '' ? { sure: 'field.required' } : {}),
    };
    if (Object.keys(wrong).length > 0) return refuseFields(wrong, data);
    const result = await call<ContractView>(
      fetch,
      'POST',
      `/v1/contracts/${encodeURIComponent(params['id'] ?? '')}/decline`,
      { body: { reason }, ...idempotency(data) },
    );
    return result.ok ? { declined: true } : refuse(result.problem, data);
  },
};
