import { error, redirect, type Actions } from '@sveltejs/kit';
import type { LaneView, TransportView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { decimalText, idempotency, instant, refuse, text } from '#lib/form/server.ts';
import { filled } from '#lib/lots/wire-form.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, params, locals }) => {
  const { session } = locals;
  if (!session) redirect(303, `/login?returnTo=${encodeURIComponent(`/freight/transport/${params.id}`)}`);
  const found = await call<TransportView>(fetch, 'GET', `/v1/freight/requests/${params.id}`);
  if (!found.ok) error(found.problem.status, found.problem.title);
  const organisation = session.organisation?.id ?? '';
  const lanes = found.data.own
    ? undefined
    : await call<{ items: LaneView[] }>(fetch, 'GET', `/v1/freight/lanes?carrierId=${organisation}`);
  return {
    title: `${found.data.from.name} – ${found.data.to.name}`,
    request: found.data,
    ownLanes: lanes?.ok ? lanes.data.items.filter(({ capacity }) => capacity !== null) : [],
  };
};

export const actions: Actions = {
  accept: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const url = `/v1/freight/requests/${params['id']}/quotes/${text(data, 'quoteId')}/accept` as const;
    const made = await call(fetch, 'POST', url, { body: { hash: text(data, 'hash') }, ...idempotency(data) });
    return made.ok ? { done: 'accept' } : refuse(made.problem, data);
  },
  withdraw: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const url = `/v1/freight/requests/${params['id']}/quotes/${text(data, 'quoteId')}/withdraw` as const;
    const made = await call(fetch, 'POST', url, idempotency(data));
    return made.ok ? { done: 'withdraw' } : refuse(made.problem, data);
  },
  cancel: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const made = await call(fetch, 'POST', `/v1/freight/requests/${params['id']}/cancel`, idempotency(data));
    return made.ok ? { done: 'cancel' } : refuse(made.problem, data);
  },
  quote: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const laneId = text(data, 'slots.0.laneId');
    const slot = {
      laneId,
      day: text(data, 'slots.0.day'),
      quantity: decimalText(data, 'slots.0.quantity'),
    };
    const made = await call(fetch, 'POST', `/v1/freight/requests/${params['id']}/quotes`, {
      body: {
        pricePerTonne: decimalText(data, 'pricePerTonne'),
        validUntil: instant(data, 'validUntil') ?? '1970-01-01T00:00:00Z',
        ...filled({
          hours: decimalText(data, 'hours'),
          lossPermille: decimalText(data, 'lossPermille'),
          note: text(data, 'note'),
        }),
        ...(laneId !== '' && { slots: [slot] }),
      },
      ...idempotency(data),
    });
    return made.ok ? { done: 'quote' } : refuse(made.problem, data);
  },
};
