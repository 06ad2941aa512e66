import { redirect, type Actions } from '@sveltejs/kit';
import type { LongTermView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { hasRole } from '#lib/api/session.ts';
import { decimalText, idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { fill } from '#lib/i18n/dictionary.ts';
import { longTerm } from '#lib/i18n/long-term.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals, params, url }) => {
  const { session } = locals;
  if (!session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname)}`);
  const view = orFail(
    await call<LongTermView>(fetch, 'GET', `/v1/contracts/${encodeURIComponent(params.id)}/long-term`),
  );
  return {
    title: fill(longTerm[locals.locale].heading, { number: view.number }),
    view,
    trades: hasRole(session, 'trader') || hasRole(session, 'dispatcher'),
    negotiates: hasRole(session, 'trader') || hasRole(session, 'signatory'),
    pays: hasRole(session, 'finance'),
  };
};

type Sent = Parameters<NonNullable<Actions[string]>>[0];
type Ask = {
  url: (id: string) => `/v1/${string}`;
  body?: (data: FormData) => object;
  needs?: readonly string[];
};

/** A form of this page: what it needs, where it goes, what it sends. */
function action({ url, body, needs = [] }: Ask) {
  return async ({ request, fetch, params }: Sent) => {
    const data = await request.formData();
    const missing = needs.filter((name) => text(data, name) === '');
    const short = needs.includes('reason') && text(data, 'reason').length < 3 ? ['reason'] : [];
    const wrong = Object.fromEntries([...missing, ...short].map((name) => [name, 'field.required']));
    if (Object.keys(wrong).length > 0) return refuseFields(wrong, data);
    const id = encodeURIComponent(text(data, 'id') || (params['id'] ?? ''));
    const result = await call(fetch, 'POST', url(id), {
      ...(body && { body: body(data) }),
      ...idempotency(data),
    });
    return result.ok ? { done: true } : refuse(result.problem, data);
  };
}

const quantity = (data: FormData) => ({ quantity: decimalText(data, 'quantity') });
const reason = (data: FormData) => ({ reason: text(data, 'reason') });
const answer = (data: FormData) => ({ answer: text(data, 'answer') });

export const actions: Actions = {
  callOff: action({
    url: (id) => `/v1/contracts/${id}/call-offs`,
    needs: ['windowFrom', 'windowTo', 'quantity'],
    body: (data) => ({
      windowFrom: text(data, 'windowFrom'),
      windowTo: text(data, 'windowTo'),
      ...quantity(data),
    }),
  }),
  confirm: action({ url: (id) => `/v1/call-offs/${id}/confirmation` }),
  decline: action({ url: (id) => `/v1/call-offs/${id}/decline`, needs: ['reason'], body: reason }),
  withdraw: action({ url: (id) => `/v1/call-offs/${id}/withdrawal` }),
  report: action({
    url: (id) => `/v1/call-offs/${id}/not-supplied`,
    needs: ['quantity', 'reason'],
    body: (data) => ({ ...quantity(data), ...reason(data) }),
  }),
  move: action({
    url: (id) => `/v1/contracts/${id}/month-moves`,
    needs: ['fromMonth', 'toMonth', 'quantity', 'reason'],
    body: (data) => ({
      fromMonth: text(data, 'fromMonth'),
      toMonth: text(data, 'toMonth'),
      ...quantity(data),
      ...reason(data),
    }),
  }),
  answerMove: action({ url: (id) => `/v1/month-moves/${id}/answer`, body: answer }),
  declare: action({
    url: (id) => `/v1/contracts/${id}/force-majeure`,
    needs: ['month', 'quantity', 'reason'],
    body: (data) => ({ month: text(data, 'month'), ...quantity(data), ...reason(data) }),
  }),
  answerMajeure: action({ url: (id) => `/v1/force-majeure/${id}/answer`, body: answer }),
  decideMajeure: action({
    url: (id) => `/v1/staff/force-majeure/${id}/decision`,
    needs: ['reason'],
    body: (data) => ({ accept: text(data, 'answer') === 'accepted', ...reason(data) }),
  }),
  object: action({ url: (id) => `/v1/shortfalls/${id}/objection`, needs: ['reason'], body: reason }),
  decide: action({
    url: (id) => `/v1/staff/shortfalls/${id}/decision`,
    needs: ['amount', 'reason'],
    body: (data) => ({ amount: decimalText(data, 'amount'), ...reason(data) }),
  }),
  pay: action({ url: (id) => `/v1/obligations/${id}/payment` }),
};
