import type { Action } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { idempotency, refuse, text } from '#lib/form/server.ts';

/** The second person of a reversal says yes or no; the same form stands on two pages. */
export const decideReversal: Action = async ({ request, fetch }) => {
  const data = await request.formData();
  const id = encodeURIComponent(text(data, 'id'));
  const confirm = text(data, 'confirm') === 'yes';
  const result = await call(fetch, 'POST', `/v1/staff/ledger/reversals/${id}/decision`, {
    body: { confirm },
    ...idempotency(data),
  });
  return result.ok
    ? { done: confirm ? ('reversed' as const) : ('rejected' as const) }
    : refuse(result.problem, data);
};
