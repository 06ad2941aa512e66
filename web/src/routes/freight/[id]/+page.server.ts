import { error, type Actions } from '@sveltejs/kit';
import type { LaneDetail } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { decimalText, idempotency, refuse, text } from '#lib/form/server.ts';
import { filled } from '#lib/lots/wire-form.ts';
import { readTariff } from '../_parts/tariff-form.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, params }) => {
  const found = await call<LaneDetail>(fetch, 'GET', `/v1/freight/lanes/${params.id}`);
  if (!found.ok) error(found.problem.status, found.problem.title);
  return { title: `${found.data.from.name} – ${found.data.to.name}`, lane: found.data };
};

export const actions: Actions = {
  reserve: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const body = {
      laneId: params['id'],
      day: text(data, 'day'),
      quantity: decimalText(data, 'quantity'),
      contractId: text(data, 'contractId') || '-',
    };
    const made = await call(fetch, 'POST', '/v1/freight/reservations', { body, ...idempotency(data) });
    return made.ok ? { done: 'reserve' } : refuse(made.problem, data);
  },
  tariff: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const replaces = text(data, 'replaces');
    const made = await call(fetch, 'POST', `/v1/freight/lanes/${params['id']}/tariffs`, {
      body: { tariff: readTariff(data), ...(replaces !== '' && { replaces: Number(replaces) }) },
      ...idempotency(data),
    });
    return made.ok ? { done: 'tariff' } : refuse(made.problem, data);
  },
  end: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const made = await call(fetch, 'POST', `/v1/freight/lanes/${params['id']}/end`, {
      body: { version: Number(text(data, 'version')) },
      ...idempotency(data),
    });
    return made.ok ? { done: 'end' } : refuse(made.problem, data);
  },
  capacity: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const body = {
      per: 'month',
      ...filled({ per: text(data, 'per') }),
      quantity: decimalText(data, 'quantity'),
    };
    const made = await call(fetch, 'POST', `/v1/freight/lanes/${params['id']}/capacity`, {
      body,
      ...idempotency(data),
    });
    return made.ok ? { done: 'capacity' } : refuse(made.problem, data);
  },
};
