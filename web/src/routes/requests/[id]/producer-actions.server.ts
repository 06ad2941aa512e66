/** What a producer does on the page of a request. */
import { redirect, type RequestEvent } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { decimalText, idempotency, instant, refuse, refuseFields, text } from '#lib/form/server.ts';
import { filled, forForm } from '#lib/lots/wire-form.ts';
import { ANSWER_LOTS } from './answer.ts';
import { urlOf } from './url.ts';

/** The rows of the form in which a lot was chosen, by their place in the form. */
function chosenLots(data: FormData) {
  return Array.from({ length: ANSWER_LOTS }, (_, place) => place)
    .filter((place) => place === 0 || text(data, `lots.${place}.listingId`) !== '')
    .map((place) => ({
      place,
      lot: {
        listingId: text(data, `lots.${place}.listingId`),
        quantity: decimalText(data, `lots.${place}.quantity`),
        price: decimalText(data, `lots.${place}.price`),
        ...filled({ minimumQuantity: decimalText(data, `lots.${place}.minimumQuantity`) }),
      },
    }));
}

export async function answer({ request, fetch, params }: RequestEvent) {
  const data = await request.formData();
  const validUntil = instant(data, 'validUntil');
  const chosen = chosenLots(data);
  const missing = {
    ...(text(data, 'lots.0.listingId') === '' && { 'lots.0.listingId': 'field.required' }),
    ...(validUntil === null && { validUntil: 'field.required' }),
  };
  if (Object.keys(missing).length > 0) return refuseFields(missing, data);
  const responseId = text(data, 'responseId');
  const body = { lots: chosen.map(({ lot }) => lot), validUntil, note: text(data, 'note') };
  const result =
    responseId === ''
      ? await call(fetch, 'POST', urlOf(params, 'responses'), { body, ...idempotency(data) })
      : await call(fetch, 'POST', urlOf(params, `responses/${encodeURIComponent(responseId)}/revise`), {
          body: { version: Number(text(data, 'version')), ...body },
          ...idempotency(data),
        });
  if (!result.ok) {
    // The wire counts the lots that were sent, the form its rows.
    const fields = Object.entries(result.problem.fields ?? {}).map(([name, code]) => [
      name.replace(/^lots\.(\d+)/, (_, at: string) => `lots.${chosen[Number(at)]?.place ?? 0}`),
      code,
    ]);
    return refuse(forForm({ ...result.problem, fields: Object.fromEntries(fields) }), data);
  }
  if (responseId !== '') redirect(303, `/requests/${params['id'] ?? ''}?done=revised`);
  return { done: 'answerSent' };
}

export async function withdraw({ request, fetch, params }: RequestEvent) {
  const data = await request.formData();
  const url = urlOf(params, `responses/${encodeURIComponent(text(data, 'responseId'))}/withdraw`);
  const result = await call(fetch, 'POST', url, idempotency(data));
  return result.ok ? { done: 'withdrawn' } : refuse(result.problem, data);
}

export async function declineInvitation({ request, fetch, params }: RequestEvent) {
  const data = await request.formData();
  const result = await call(fetch, 'POST', urlOf(params, 'invitations/decline'), {
    body: { reason: text(data, 'invitationReason') },
    ...idempotency(data),
  });
  if (result.ok) return { done: 'invitationDeclined' };
  const { fields = {} } = result.problem;
  return refuse(
    { ...result.problem, ...(fields['reason'] && { fields: { invitationReason: 'field.required' } }) },
    data,
  );
}
