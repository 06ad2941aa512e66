/** The second person's answer, from a form on any page: at the centre or inside a company. */
import { call } from '#lib/api/call.ts';
import { idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { forForm } from './wire-form.ts';

export async function answerProposal(
  fetch: typeof globalThis.fetch,
  data: FormData,
  side: 'staff' | 'company',
): Promise<ReturnType<typeof refuse> | undefined> {
  const reason = text(data, 'answerReason').replaceAll('\r\n', '\n');
  if (reason === '') return refuseFields({ answerReason: 'field.required' }, data);
  const answer = text(data, 'answer') === 'approval' ? 'approval' : 'refusal';
  const id = encodeURIComponent(text(data, 'proposal'));
  const body = { reason };
  const result = await call(fetch, 'POST', `/v1/${side}/proposals/${id}/${answer}`, {
    body,
    ...idempotency(data),
  });
  return result.ok ? undefined : refuse(forForm(result.problem), data);
}
