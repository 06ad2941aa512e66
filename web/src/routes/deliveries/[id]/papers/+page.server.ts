import { redirect, type Actions } from '@sveltejs/kit';
import { DELIVERY_DOCUMENT_KINDS, type DeliveryDocumentKind, type DeliveryPapers } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { hasRole } from '#lib/api/session.ts';
import { decimalText, idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { papers } from '#lib/i18n/papers.ts';
import { forForm } from '../../../money/_parts/problems.ts';
import { mayDispatch } from '../../_parts/may.ts';
import { factsOf, fieldOf } from './read-paper.ts';
import type { PageServerLoad } from './$types';

type Params = Partial<Record<string, string>>;
const order = (params: Params): string =>
  `delivery-orders/${encodeURIComponent(params['id'] ?? '')}/documents`;
const kindOf = (typed: string | null): DeliveryDocumentKind | undefined =>
  DELIVERY_DOCUMENT_KINDS.find((kind) => kind === typed);

export const load: PageServerLoad = async ({ fetch, locals, params, url }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname)}`);
  const view = orFail(await call<DeliveryPapers>(fetch, 'GET', `/v1/${order(params)}`));
  const corrected = view.documents.find(
    ({ id, may }) => may.correct && id === url.searchParams.get('correct'),
  );
  const byShip = view.transport === 'sea' || view.transport === 'river';
  const ofShip = view.may.enter.includes('loading') ? 'bill_of_lading' : 'draft_survey';
  return {
    title: papers[locals.locale].title,
    papers: view,
    kind:
      corrected?.kind ?? kindOf(url.searchParams.get('kind')) ?? (byShip ? ofShip : 'rail_receipt'),
    corrected: corrected ?? null,
    staff: locals.session.staff,
    mayDispatch: mayDispatch(locals.session),
    mayObject: hasRole(locals.session, 'trader', 'finance'),
  };
};

export const actions: Actions = {
  enter: async ({ request, fetch, params, locals }) => {
    const data = await request.formData();
    const kind = kindOf(text(data, 'kind'));
    const given = data.get('file');
    const missing = {
      ...(kind === undefined && { kind: 'field.required' }),
      ...(text(data, 'number') === '' && { number: 'field.required' }),
      ...(text(data, 'issuedOn') === '' && { issuedOn: 'field.required' }),
      ...(!(given instanceof File && given.size > 0) && { file: 'field.required' }),
    };
    if (kind === undefined || !(given instanceof File) || Object.keys(missing).length > 0)
      return refuseFields(missing, data);
    const staff = locals.session?.staff === true;
    const receives = text(data, 'receives');
    const supersedes = text(data, 'supersedes');
    const result = await call(fetch, 'POST', `/v1/${staff ? 'staff/' : ''}${order(params)}`, {
      body: {
        kind,
        place: text(data, 'place'),
        number: text(data, 'number'),
        issuedOn: text(data, 'issuedOn'),
        ...(receives !== '' && { receives }),
        ...(supersedes !== '' && { supersedes }),
        ...(staff && { enteredFor: text(data, 'enteredFor') }),
        ...factsOf(kind, data),
        fileName: given.name,
        file: Buffer.from(await given.arrayBuffer()).toString('base64'),
      },
      ...idempotency(data),
    });
    if (result.ok) return { done: 'saved' as const };
    const { fields } = result.problem;
    const names = Object.fromEntries(Object.keys(fields ?? {}).map((name) => [name, fieldOf(name)]));
    return refuse(forForm(result.problem, names), data);
  },
  answer: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const reason = text(data, 'reason');
    const objects = text(data, 'answer') === 'object';
    if (objects && reason.length < 5)
      return refuseFields({ reason: reason === '' ? 'field.required' : 'field.too_short' }, data);
    const url = `/v1/${order(params)}/${encodeURIComponent(text(data, 'document'))}/answer` as const;
    const body = objects ? { answer: 'object', reason } : { answer: 'confirm' };
    const result = await call(fetch, 'POST', url, { body, ...idempotency(data) });
    return result.ok ? { done: 'answered' as const } : refuse(forForm(result.problem), data);
  },
  decide: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const reason = text(data, 'reason');
    if (reason.length < 5)
      return refuseFields({ reason: reason === '' ? 'field.required' : 'field.too_short' }, data);
    const url = `/v1/staff/${order(params)}/${encodeURIComponent(text(data, 'document'))}/decision` as const;
    const body = { outcome: text(data, 'outcome'), reason };
    const result = await call(fetch, 'POST', url, { body, ...idempotency(data) });
    return result.ok ? { done: 'decided' as const } : refuse(forForm(result.problem), data);
  },
  objectClaim: async ({ request, fetch }) => {
    const data = await request.formData();
    const reason = text(data, 'reason');
    if (reason.length < 5)
      return refuseFields({ reason: reason === '' ? 'field.required' : 'field.too_short' }, data);
    const url = `/v1/carriage-claims/${encodeURIComponent(text(data, 'claim'))}/objection` as const;
    const result = await call(fetch, 'POST', url, { body: { reason }, ...idempotency(data) });
    return result.ok ? { done: 'answered' as const } : refuse(forForm(result.problem), data);
  },
  decideClaim: async ({ request, fetch }) => {
    const data = await request.formData();
    const reason = text(data, 'reason');
    if (reason.length < 5)
      return refuseFields({ reason: reason === '' ? 'field.required' : 'field.too_short' }, data);
    const url = `/v1/staff/carriage-claims/${encodeURIComponent(text(data, 'claim'))}/decision` as const;
    const body = { amount: decimalText(data, 'amount'), reason };
    const result = await call(fetch, 'POST', url, { body, ...idempotency(data) });
    return result.ok ? { done: 'decided' as const } : refuse(forForm(result.problem), data);
  },
};
