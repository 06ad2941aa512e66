import { error, redirect, type Actions } from '@sveltejs/kit';
import type { ListingSummary, RequestView, ResponseView, SuggestionView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { decimalText, idempotency, instant, refuse, refuseFields, text } from '#lib/form/server.ts';
import { requests } from '#lib/i18n/requests.ts';
import { maySell } from '#lib/lots/may.ts';
import { nameIn } from '#lib/lots/options.ts';
import { forForm } from '#lib/lots/wire-form.ts';
import type { PageServerLoad } from './$types';

type List<T> = { items: T[] };

export const load: PageServerLoad = async ({ fetch, params, locals }) => {
  const base = `/v1/requests/${encodeURIComponent(params.id)}` as const;
  const found = await call<RequestView>(fetch, 'GET', base);
  if (!found.ok) error(found.problem.status, { message: found.problem.title, code: found.problem.code });
  const request = found.data;
  const open = request.state === 'open' || request.state === 'responding';
  const answers = maySell(locals.session) && !request.own && open;
  const [suggestions, responses, lots] = await Promise.all([
    locals.session && open ? call<List<SuggestionView>>(fetch, 'GET', `${base}/suggestions`) : null,
    locals.session ? call<List<ResponseView>>(fetch, 'GET', `${base}/responses`) : null,
    answers ? call<List<ListingSummary>>(fetch, 'GET', '/v1/listings/mine') : null,
  ]);
  return {
    title: requests[locals.locale].title,
    request,
    open,
    suggestions: suggestions?.ok ? suggestions.data.items : [],
    responses: responses?.ok ? responses.data.items : [],
    /** The own lots one can answer with; null when the visitor cannot answer. */
    lots: lots?.ok
      ? lots.data.items
          .filter((lot) => lot.state === 'published')
          .map((lot) => ({
            value: lot.id,
            label: `${nameIn(locals.locale, lot.mine)}, ${Number(lot.remaining)} t`,
          }))
      : null,
  };
};

const urlOf = (params: Partial<Record<string, string>>, rest: string): `/v1/${string}` =>
  `/v1/requests/${encodeURIComponent(params['id'] ?? '')}/${rest}`;

export const actions: Actions = {
  answer: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const validUntil = instant(data, 'validUntil');
    const missing = {
      ...(text(data, 'listingId') === '' && { listingId: 'field.required' }),
      ...(validUntil === null && { validUntil: 'field.required' }),
    };
    if (Object.keys(missing).length > 0) return refuseFields(missing, data);
    const result = await call(fetch, 'POST', urlOf(params, 'responses'), {
      body: {
        listingId: text(data, 'listingId'),
        quantity: decimalText(data, 'quantity'),
        price: decimalText(data, 'price'),
        validUntil,
        note: text(data, 'note'),
      },
      ...idempotency(data),
    });
    return result.ok ? { done: 'answerSent' } : refuse(forForm(result.problem), data);
  },
  take: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const responseId = text(data, 'responseId');
    if (text(data, 'sure') === '') return refuseFields({ [`sure.${responseId}`]: 'field.required' }, data);
    const result = await call<{ contractId: string }>(
      fetch,
      'POST',
      urlOf(params, `responses/${encodeURIComponent(responseId)}/take`),
      idempotency(data),
    );
    if (!result.ok) return refuse(forForm(result.problem), data);
    redirect(303, `/contracts/${result.data.contractId}`);
  },
  decline: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const url = urlOf(params, `responses/${encodeURIComponent(text(data, 'responseId'))}/decline`);
    const result = await call(fetch, 'POST', url, idempotency(data));
    return result.ok ? { done: 'declined' } : refuse(result.problem, data);
  },
  close: async ({ request, fetch, params }) => {
    const data = await request.formData();
    if (text(data, 'sure') === '') return refuseFields({ sureClose: 'field.required' }, data);
    const result = await call(fetch, 'POST', urlOf(params, 'close'), idempotency(data));
    return result.ok ? { done: 'closed' } : refuse(result.problem, data);
  },
};
