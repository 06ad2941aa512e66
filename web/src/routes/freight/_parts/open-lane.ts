/** The form of a new lane, sent to the exchange; whoever opened one goes on to its page. */
import { redirect, type RequestEvent } from '@sveltejs/kit';
import type { LaneDetail } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { decimalText, idempotency, refuse, text } from '#lib/form/server.ts';
import { readTariff } from './tariff-form.ts';

export async function openLane({
  request,
  fetch,
}: Pick<RequestEvent, 'request' | 'fetch'>): Promise<ReturnType<typeof refuse>> {
  const data = await request.formData();
  const quantity = decimalText(data, 'capacity.quantity');
  const per = text(data, 'capacity.per') === 'week' ? 'week' : 'month';
  const made = await call<LaneDetail>(fetch, 'POST', '/v1/freight/lanes', {
    body: {
      fromPlaceId: text(data, 'fromPlaceId') || '-',
      toPlaceId: text(data, 'toPlaceId') || '-',
      mode: text(data, 'mode'),
      tariff: readTariff(data),
      ...(quantity !== '' && { capacity: { quantity, per } }),
    },
    ...idempotency(data),
  });
  if (!made.ok) return refuse(made.problem, data);
  redirect(303, `/freight/${made.data.id}`);
}
