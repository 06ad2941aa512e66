import { redirect, type Actions } from '@sveltejs/kit';
import type { DeliveryCase, DeliveryOrderSummary, Device } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { orFail } from '#lib/api/or-fail.ts';
import { hasRole } from '#lib/api/session.ts';
import { idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { deliveries } from '#lib/i18n/deliveries.ts';
import { forForm } from '../money/_parts/problems.ts';
import { mayDispatch } from './_parts/may.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals }) => {
  const { session } = locals;
  if (!session) redirect(303, '/login?returnTo=%2Fdeliveries');
  const list = async <T>(url: `/v1/${string}`): Promise<T[]> =>
    orFail(await call<{ items: T[] }>(fetch, 'GET', url)).items;
  const gate = mayDispatch(session) && session.organisation?.sells === true;
  return {
    title: deliveries[locals.locale].title,
    orders: await list<DeliveryOrderSummary>('/v1/delivery-orders'),
    gate,
    devices: gate ? await list<Device>('/v1/devices') : null,
    admin: hasRole(session, 'admin'),
    cases: session.staff ? await list<DeliveryCase>('/v1/staff/delivery-cases') : null,
  };
};

export const actions: Actions = {
  register: async ({ request, fetch }) => {
    const data = await request.formData();
    const missing = ['name', 'publicKey'].filter((name) => text(data, name) === '');
    if (missing.length > 0)
      return refuseFields(Object.fromEntries(missing.map((name) => [name, 'field.required'])), data);
    const body = { kind: 'weighbridge', name: text(data, 'name'), publicKey: text(data, 'publicKey') };
    const result = await call(fetch, 'POST', '/v1/devices', { body, ...idempotency(data) });
    return result.ok ? { done: 'added' as const } : refuse(forForm(result.problem), data);
  },
  revoke: async ({ request, fetch }) => {
    const data = await request.formData();
    const url = `/v1/devices/${encodeURIComponent(text(data, 'device'))}/revocation` as const;
    const result = await call(fetch, 'POST', url, idempotency(data));
    return result.ok ? { done: 'nowRevoked' as const } : refuse(result.problem, data);
  },
  close: async ({ request, fetch }) => {
    const data = await request.formData();
    if (text(data, 'note') === '') return refuseFields({ note: 'field.required' }, data);
    const url = `/v1/staff/delivery-cases/${encodeURIComponent(text(data, 'case'))}/closing` as const;
    const result = await call(fetch, 'POST', url, {
      body: { note: text(data, 'note') },
      ...idempotency(data),
    });
    return result.ok ? { done: 'caseClosed' as const } : refuse(forForm(result.problem), data);
  },
};
