/** What a buyer does on the page of its request. */
import type { ResponseView } from '@seam/protocol';
import { redirect, type RequestEvent } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { decimalText, idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { forForm } from '#lib/lots/wire-form.ts';
import { urlOf } from './url.ts';

export async function invite({ request, fetch, params }: RequestEvent) {
  const data = await request.formData();
  const to = text(data, 'to');
  const organisationIds = data.getAll('organisationId').filter((id) => typeof id === 'string');
  const body = to === 'named' ? { to, organisationIds } : { to };
  const result = await call<{ invited: number }>(fetch, 'POST', urlOf(params, 'invitations'), {
    body,
    ...idempotency(data),
  });
  return result.ok ? { done: 'invitedCount', count: result.data.invited } : refuse(result.problem, data);
}

const responseUrl = (params: RequestEvent['params'], data: FormData, move: string) =>
  urlOf(params, `responses/${encodeURIComponent(text(data, 'responseId'))}/${move}`);

export async function shortlist({ request, fetch, params }: RequestEvent) {
  const data = await request.formData();
  const note = text(data, 'off') === '' ? text(data, 'note') : null;
  const result = await call(fetch, 'POST', responseUrl(params, data, 'shortlist'), {
    body: { note },
    ...idempotency(data),
  });
  return result.ok ? { done: note === null ? 'unlisted' : 'shortlisted' } : refuse(result.problem, data);
}

export async function decline({ request, fetch, params }: RequestEvent) {
  const data = await request.formData();
  const reason = text(data, 'reason');
  if (reason === '') return refuseFields({ [`reason.${text(data, 'responseId')}`]: 'field.required' }, data);
  const result = await call(fetch, 'POST', responseUrl(params, data, 'decline'), {
    body: { reason },
    ...idempotency(data),
  });
  return result.ok ? { done: 'declined' } : refuse(result.problem, data);
}

export async function negotiate({ request, fetch, params }: RequestEvent) {
  const data = await request.formData();
  const result = await call<{ negotiationId: string }>(
    fetch,
    'POST',
    responseUrl(params, data, 'negotiate'),
    {
      body: { listingId: text(data, 'listingId') },
      ...idempotency(data),
    },
  );
  if (!result.ok) return refuse(result.problem, data);
  redirect(303, `/negotiations/${result.data.negotiationId}`);
}

/** The form names its fields `award.<answer>.<lot>`; what is empty is not bought. */
export async function award({ request, fetch, params }: RequestEvent) {
  const data = await request.formData();
  if (text(data, 'sure') === '') return refuseFields({ sureAward: 'field.required' }, data);
  const answers = await call<{ items: ResponseView[] }>(fetch, 'GET', urlOf(params, 'responses'));
  if (!answers.ok) return refuse(answers.problem, data);
  const chosen = answers.data.items.flatMap((one) => {
    const lots = one.lots
      .map(({ listing }) => ({
        listingId: listing.id,
        quantity: decimalText(data, `award.${one.id}.${listing.id}`),
      }))
      .filter(({ quantity }) => quantity !== '');
    // The version the buyer saw, not the one there is by now.
    const version = Number(text(data, `version.${one.id}`));
    return lots.length > 0 ? [{ responseId: one.id, version, lots }] : [];
  });
  if (chosen.length === 0) return refuseFields({ awardNothing: 'field.required' }, data);
  const result = await call(fetch, 'POST', urlOf(params, 'award'), {
    body: { awards: chosen },
    ...idempotency(data),
  });
  if (result.ok) return { done: 'awarded' };
  const fields = Object.entries(result.problem.fields ?? {}).map(([name, code]) => {
    const at = /^awards\.(\d+)\.lots\.(\d+)/.exec(name);
    const one = at && chosen[Number(at[1])];
    const lot = one?.lots[Number(at?.[2])];
    return [one && lot ? `award.${one.responseId}.${lot.listingId}` : name, code];
  });
  return refuse(forForm({ ...result.problem, fields: Object.fromEntries(fields) }), data);
}

export async function publish({ request, fetch, params }: RequestEvent) {
  const data = await request.formData();
  const result = await call(fetch, 'POST', urlOf(params, 'publish'), idempotency(data));
  return result.ok ? { done: 'published' } : refuse(result.problem, data);
}

export async function close({ request, fetch, params }: RequestEvent) {
  const data = await request.formData();
  if (text(data, 'sure') === '') return refuseFields({ sureClose: 'field.required' }, data);
  const result = await call(fetch, 'POST', urlOf(params, 'close'), idempotency(data));
  return result.ok ? { done: 'closed' } : refuse(result.problem, data);
}
